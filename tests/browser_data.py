"""The company of the browser test: one collector's morning. Runs inside Odoo.

Days count back from the latest working day, for which the run is launched; each customer
stands where one section of the morning needs it.
"""

import datetime

DAY = datetime.timedelta(days=1)

BOUNCED = "Menuiserie Aubrac"
WRITTEN = "Papeterie Bellecour"
CALLED = "Garage des Deux Ponts"
APPROVED = ("Imprimerie Chabrol", "Fromagerie du Pilat")
FORMAL = "Ferronnerie Vidal"
LETTER = "Grand Hôtel des Alpes"
REGISTERED = "Constructions Mercadal"
COVERED = "Librairie des Carmes"
DISPUTED = "Pharmacie du Marché"
PAUSED = "Cave des Coteaux"
ENDED = "Transports Gaillard"

COLLECTOR = "claire.fontanel"
MANAGER = "helene.marchadier"

# Name, (net amount, days late) of each invoice, last step done and how many days ago.
CUSTOMERS = [
    (BOUNCED, [(1240, 6)], None, 0),
    (WRITTEN, [(368.5, 7)], None, 0),
    (CALLED, [(1875, 14), (420, 13)], "progressive_1", 8),
    (APPROVED[0], [(2960, 24), (815.4, 22)], "progressive_2", 10),
    (APPROVED[1], [(1130, 23)], "progressive_2", 10),
    (FORMAL, [(5240, 52), (1980, 47)], "progressive_4", 13),
    (LETTER, [(14850, 9)], "key_accounts_2", 5),
    (REGISTERED, [(22400, 26)], "key_accounts_3", 15),
    (COVERED, [(400, 21)], None, 0),
    (DISPUTED, [(960, 33)], "progressive_2", 20),
    (PAUSED, [(745, 19)], "progressive_1", 12),
    (ENDED, [(3150, 81)], "progressive_6", 15),
]
STREETS = ["quai Jayr", "rue des Remparts", "avenue Félix-Faure", "place du Marché"]
TOWNS = [("69009", "Lyon"), ("42000", "Saint-Étienne"), ("38000", "Grenoble"), ("26000", "Valence")]


def fill(env):
    """The company, its people and customers, and the run of the latest working day."""
    from dev.clock import clock
    from dev.demo_data import company, users
    from dev.demo_data.tools import quiet, today, working_day

    env = quiet(env)
    company.fill(env)
    users.fill(env)
    env = env(context={**env.context, "tracking_disable": True})
    day = working_day(env.company, today(env), direction=-1)
    collector = users.by_login(env, COLLECTOR)
    for place, (name, invoices, step, ago) in enumerate(CUSTOMERS):
        partner = _create_customer(env, place, name, collector)
        lines = [_create_invoice(partner, net, day - late * DAY) for net, late in invoices]
        if step:
            step = env.ref(f"relance_graduee.step_{step}")
            _term_lines(lines)._set_dunning_step(step, day - ago * DAY, "Reprise du dossier")
    _add_contact(env, _customer(env, CALLED))
    _hold(env, today(env))
    with clock(env, day):
        run = env["dunning.run"].launch(date=day, companies=env.company)
        _settle(env, run)


def _create_customer(env, place, name, collector):
    words = name.lower().replace("é", "e").replace("ô", "o").split()
    postcode, city = TOWNS[place % len(TOWNS)]
    return env["res.partner"].create(
        {
            "name": name,
            "is_company": True,
            "lang": "fr_FR",
            "customer_kind": "business",
            "street": f"{3 * place + 2} {STREETS[place % len(STREETS)]}",
            "zip": postcode,
            "city": city,
            "country_id": env.ref("base.fr").id,
            "phone": f"+33 4 65 71 20 {10 + place}",
            "email": f"comptabilite@{words[0]}-{words[-1]}.example",
            "dunning_user_id": collector.id,
        }
    )


def _create_invoice(partner, net, due, move_type="out_invoice"):
    move = partner.env["account.move"].create(
        {
            "move_type": move_type,
            "partner_id": partner.id,
            "invoice_date": due - 30 * DAY,
            "invoice_date_due": due,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [(0, 0, {"name": "Fournitures", "price_unit": net})],
        }
    )
    move.action_post()
    return move


def _term_lines(moves):
    lines = moves[0].concat(*moves).line_ids
    return lines.filtered(lambda line: line.display_type == "payment_term")


def _customer(env, name):
    return env["res.partner"].search([("name", "=", name)])


def _add_contact(env, partner):
    """The person to ask for."""
    env["res.partner"].create(
        {
            "parent_id": partner.id,
            "type": "invoice",
            "name": "Sylvie Roux",
            "function": "Comptable fournisseurs",
            "phone": "+33 4 65 71 20 48",
            "email": "s.roux@garage-ponts.example",
        }
    )


def _hold(env, today):
    """One customer has a credit, one contests, one was promised some peace."""
    covered, disputed = _customer(env, COVERED), _customer(env, DISPUTED)
    _create_invoice(covered, 400, today, move_type="out_refund")
    _term_lines([disputed.invoice_ids])._set_dunning_disputed(True, "Deux cartons manquants")
    _customer(env, PAUSED)._set_dunning_pause(today + 2 * DAY, "Le gérant rentre de congés")


def _settle(env, run):
    """One e-mail is refused, the other taken; a registered letter waits to be posted."""
    notices = {notice.partner_id.name: notice for notice in run.notice_ids}
    email = env["dunning.channel.email"]
    refused = "550 5.1.1 Adresse inconnue : la boîte n'existe pas"
    email._record_failure(notices[BOUNCED].delivery_ids, refused)
    email._record_sent(notices[WRITTEN].delivery_ids)
    notices[REGISTERED].action_approve_and_send()
