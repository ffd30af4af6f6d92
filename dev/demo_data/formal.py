"""Three formal notices with their calculation sheets, posted a few days ago.

A business that paid a part of an old invoice, a town hall, and a consumer who was asked once
before: each by its own law, on three pages, with copies of the invoices behind.
"""

from dataclasses import dataclass
from datetime import timedelta

from odoo import fields

from ..clock import clock
from . import customers, history, payments, users
from .tools import known, today, working_day

DAYS_AGO = 4
REMINDED_DAYS_BEFORE = 30
RECEIVED_AFTER = 3
TERM = 30


@dataclass
class Case:
    """``bills``: (days before today on which it was due, product, quantity); ``paid``: place of
    the bill, days before today, part of it; ``before``: days since an earlier formal notice."""

    name: str
    kind: str
    address: tuple
    step: str
    bills: tuple
    paid: tuple
    before: int = 0


CASES = [
    Case(
        "Menuiseries du Valromey",
        "business",
        ("12 chemin des Scieries", "01260", "Valromey-sur-Séran"),
        "step_progressive_5",
        ((784, "ARM01", 38), (430, "BUR01", 2), (399, "FAU01", 5), (368, "IMP01", 2)),
        (0, 601, 0.4),
    ),
    Case(
        "Commune de Chanteloube-le-Haut",
        "public",
        ("1 place de l'Hôtel-de-Ville", "43320", "Chanteloube-le-Haut"),
        "step_public_4",
        tuple((days, "BUR01", 2 + days % 4) for days in range(160, 600, 60)),
        (2, 300, 0.5),
    ),
    Case(
        "Bernard Aubertin",
        "consumer",
        ("7 rue des Églantiers", "69380", "Chazay-les-Vignes"),
        "step_consumer_3",
        tuple((days, "ISO01", 1 + days % 3) for days in range(480, 640, 25)),
        (0, 250, 0.3),
        420,
    ),
]


def fill(env, products):
    """Make the customers, what they owe, and their formal notices; bring the ledger up to date."""
    if "dunning.penalty" not in env:
        return
    for place, case in enumerate(CASES):
        lines = _owe(env, case, _customer(env, case, place), products)
        if case.before:
            _give_notice(env, case, lines, case.before, is_received=True)
        place_paid, days, part = case.paid
        _pay(env, lines[place_paid], _day(env, days), part)
        _give_notice(env, case, lines, DAYS_AGO)
    env["dunning.penalty"]._cron_accrue()


def _day(env, days_ago):
    return working_day(env.company, today(env) - timedelta(days=days_ago), direction=-1)


def _customer(env, case, place):
    street, postcode, city = case.address
    group = "shop" if case.kind == "business" else case.kind
    vals = {
        "name": case.name,
        "lang": "fr_FR",
        "is_company": case.kind != "consumer",
        "customer_kind": case.kind,
        "street": street,
        "zip": postcode,
        "city": city,
        "country_id": env.ref("base.fr").id,
        "email": f"contact@{customers.domain_name(case.name)}",
        "dunning_user_id": users.by_login(env, "claire.fontanel").id,
        **customers.get_registrations(group, "FR", 900 + place),
    }
    return env["res.partner"].create(known(env["res.partner"], vals))


def _owe(env, case, partner, products):
    """The receivable lines of the invoices of a case, the oldest first."""
    vals_list = [
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": _day(env, days + TERM),
            "invoice_date_due": today(env) - timedelta(days=days),
            "invoice_payment_term_id": False,
            "is_move_sent": True,
            "invoice_line_ids": [
                fields.Command.create({"product_id": products[code].id, "quantity": quantity})
            ],
        }
        for days, code, quantity in sorted(case.bills, reverse=True)
    ]
    moves = env["account.move"].create(vals_list)
    moves.action_post()
    return payments.receivable(moves).sorted("date_maturity")


def _pay(env, line, day, part):
    amount = line.currency_id.round(line.amount_currency * part)
    payments.register(env, [[payments.Share(line, day, amount)]])


def _give_notice(env, case, lines, days_ago, is_received=False):
    """These items were reminded; Hélène approves the formal notice, and it is posted."""
    step = env.ref(f"relance_graduee.{case.step}")
    day = _day(env, days_ago)
    before = step.policy_id.step_ids.filtered(lambda each: each.sequence < step.sequence)[-1:]
    reminded = day - timedelta(days=REMINDED_DAYS_BEFORE)
    lines._set_dunning_step(before, reminded, "Relances antérieures")
    with clock(env, day):
        letter = _send(env, lines, day)
    if is_received:
        letter.action_done(outcome="received", date=day + timedelta(days=RECEIVED_AFTER))


def _send(env, lines, day):
    """The registered letter of their formal notice, posted on ``day``, and its copies."""
    run = env["dunning.run"]._get_or_create(env.company, day)
    proposals = env["dunning.proposal"]
    notice = proposals._create_notices(env.company, lines.partner_id.ids, run)
    run.state = "done"
    history.approve_as(env, "helene.marchadier", notice)
    letter = notice.delivery_ids.filtered(lambda each: each.channel == "registered")
    letter.tracking_number = f"2C 900 {notice.id:07d} 1"
    letter.action_done()
    notice.delivery_ids.filtered(lambda each: each.channel == "letter").action_done()
    return letter


def notices(env):
    """The newest formal notice of each case."""
    found = env["dunning.notice"].search(
        [
            ("is_formal_notice", "=", True),
            ("partner_id.name", "in", [case.name for case in CASES]),
            ("state", "=", "sent"),
        ],
        order="date desc, id desc",
    )
    newest = {notice.partner_id: notice for notice in found.sorted("date")}
    return found.browse([notice.id for notice in newest.values()])
