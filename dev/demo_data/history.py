"""Three months of dunning: runs on chosen days, and what people did on them.

On each day but the last ones everything is done: proposals approved, calls made, letters
posted. The last run's work is left for whoever opens the demonstration.
"""

from contextlib import suppress
from datetime import timedelta

from odoo.exceptions import UserError

from ..clock import clock
from . import users
from .tools import dice, today, working_day

# Calendar days before today; each moved to the working day before it.
DAYS_AGO = (90, 82, 74, 66, 58, 50, 42, 34, 27, 20, 13, 6)
LAST_DAYS_AGO = 1
# Of a finished day's work, what people did not manage.
FORGOTTEN_CALLS, FORGOTTEN_PROPOSALS = 0.08, 0.04
CRONS = ("mail.ir_cron_mail_scheduler_action", "sms.ir_cron_sms_scheduler_action")
PEOPLE_CHANNELS, POST_CHANNELS = ("phone", "visit"), ("letter", "registered")

# (outcome, weight, what was said)
OUTCOMES = [
    ("voicemail", 4, "Message laissé, demande de rappel."),
    ("unreachable", 3, "Pas de réponse après deux essais."),
    ("forgotten", 3, "Facture oubliée, la met au prochain règlement."),
    ("awaiting_approval", 3, "En attente du visa du responsable."),
    ("not_received", 2, "N'a pas reçu la facture ; duplicata demandé."),
    ("already_sent", 2, "Virement parti en fin de semaine, selon la comptabilité."),
    ("will_pay", 3, "Paiement annoncé au prochain échéancier fournisseurs."),
    ("cannot_pay", 2, "Trésorerie tendue, demande un échelonnement."),
    ("purchase_order", 1, "Numéro de commande absent de la facture."),
    ("bank_details", 1, "Demande un RIB récent."),
    ("wrong_number", 1, "Le numéro n'est plus attribué."),
]
VISIT_NOTE = "Rendez-vous sur place : difficultés passagères, proposera un échéancier."
CONTESTS_NOTE = "Conteste une partie de la livraison : article manquant."


def fill(env):
    """Walk the overdue invoices through the steps, up to yesterday's run."""
    if "dunning.run" not in env:
        return
    _stop_queues(env)
    rng = dice("history")
    for days_ago in DAYS_AGO:
        day = working_day(env.company, today(env) - timedelta(days=days_ago), direction=-1)
        _live_one_day(env, rng, day, approves=days_ago != DAYS_AGO[-1])
    last = working_day(env.company, today(env) - timedelta(days=LAST_DAYS_AGO), direction=-1)
    _run(env, last)
    _bounce_one(env)


def _stop_queues(env):
    """The e-mails stay in the outbox: the demonstration writes to nobody."""
    for xml_id in CRONS:
        cron = env.ref(xml_id, raise_if_not_found=False)
        if cron:
            cron.active = False


def _run(env, day):
    with clock(env, day):
        env["dunning.run"].launch(date=day)


def _live_one_day(env, rng, day, approves=True):
    """The run of ``day``, then the day's work; the last day's proposals are left to approve."""
    _run(env, day)
    with clock(env, day):
        if approves:
            _approve(env, rng)
        _close_calls(env, rng, day)
        _post_letters(env, rng, day)
        _bring_receipts_back(env, rng, day)
        _empty_queues(env)


# ------------------------------------------------------------
# A DAY'S WORK
# ------------------------------------------------------------


def _approve(env, rng):
    """Claire approves the reminders, Hélène the formal notices."""
    proposals = env["dunning.notice"].search([("state", "=", "proposed")])
    chosen = proposals.filtered(lambda _notice: rng.random() > FORGOTTEN_PROPOSALS)
    formal = chosen.filtered("is_formal_notice")
    approve_as(env, "claire.fontanel", chosen - formal)
    for notice in formal:
        with suppress(UserError):  # what the law refuses stays among the proposals, and says why
            approve_as(env, "helene.marchadier", notice)


def approve_as(env, login, notices):
    notices = notices.with_user(users.by_login(env, login))
    notices.action_approve()
    notices.action_send()


def _close_calls(env, rng, day):
    """Most calls and visits are made on the day itself."""
    tasks = _open_deliveries(env, PEOPLE_CHANNELS, day)
    for task in tasks.filtered(lambda _task: rng.random() > FORGOTTEN_CALLS).exists():
        if task.state == "todo":
            _close(rng, task, day)


def _close(rng, task, day):
    outcome, note = _outcome(rng, task)
    if outcome == "will_pay":
        task.write({"outcome_date": day + timedelta(days=rng.randint(5, 12))})
    task = task.with_user(_collector(task))
    with suppress(UserError):  # one call a day: another notice's call already said it
        task.action_done(outcome=outcome, note=note, date=day)


def _collector(task):
    """Who notes the outcome: the responsible, or Claire for the salespeople."""
    if task.user_id.has_group("relance_graduee.group_dunning_user"):
        return task.user_id
    return users.by_login(task.env, "claire.fontanel")


def _outcome(rng, task):
    if task.channel == "visit":
        return "cannot_pay", VISIT_NOTE
    if "Architectes" in task.partner_id.name and rng.random() < 0.6:
        return "contests", CONTESTS_NOTE
    outcome, _weight, note = rng.choices(OUTCOMES, [weight for _o, weight, _n in OUTCOMES])[0]
    return outcome, note


def _post_letters(env, rng, day):
    """The day's letters are posted, the registered ones with their numbers."""
    letters = _open_deliveries(env, POST_CHANNELS, day)
    letters.action_print() if letters else None
    # What carries a formal notice leaves before its copies.
    for letter in letters.exists().sorted(lambda each: each.channel != "registered"):
        if letter.state != "todo" or letter.waits_for_proof:
            continue
        if letter.channel == "registered":
            letter.tracking_number = f"2C {rng.randint(0, 999):03d} {rng.randint(0, 9999999):07d} 1"
        letter.action_done(date=day)


def _bring_receipts_back(env, rng, day):
    """Registered letters of earlier days: most were received, one was not fetched."""
    domain = [("channel", "=", "registered"), ("outcome", "=", "pending"), ("date_done", "<", day)]
    for letter in env["dunning.delivery"].search(domain):
        outcome = rng.choices(("received", "unclaimed", "unknown"), (8, 2, 1))[0]
        letter.action_done(outcome=outcome, date=letter.date_done + timedelta(days=3))


def _open_deliveries(env, channels, day):
    domain = [
        ("channel", "in", channels),
        ("state", "=", "todo"),
        ("date_planned", "<=", day),
    ]
    return env["dunning.delivery"].search(domain, order="date_planned, id")


def _empty_queues(env):
    """What was queued on past days has long left."""
    queued = [("channel", "in", ("email", "sms")), ("state", "=", "todo")]
    deliveries = env["dunning.delivery"].search(queued).filtered(lambda d: d.mail_id or d.sms_id)
    deliveries.mail_id.write({"state": "sent"})
    deliveries.sms_id.write({"state": "sent"})  # the deliveries learn it by themselves
    env["dunning.channel.email"]._record_sent(deliveries.filtered("mail_id"))


# ------------------------------------------------------------
# THE LAST DAY
# ------------------------------------------------------------


def _bounce_one(env):
    """The newest e-mail came back: nobody of that name any more."""
    domain = [("channel", "=", "email"), ("state", "in", ("todo", "done"))]
    newest = env["dunning.delivery"].search(domain, order="date_planned desc, id desc", limit=1)
    reason = "550 5.1.1 Recipient address rejected: User unknown in virtual mailbox table"
    env["dunning.channel.email"]._record_failure(newest, reason, outcome="bounced")
