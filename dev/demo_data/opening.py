"""The opening balance: what some customers owed when the books were moved into Odoo."""

from datetime import timedelta

from odoo import fields

from .tools import HISTORY_DAYS, today

# customer: (number of the old invoice, balance, days late when the books were opened)
BALANCES = {
    "Transports Bellerive & Fils": ("A-20417", 3184.20, 12),
    "Imprimeries Castelfranc": ("A-20433", 1260.00, -20),
    "Librairie du Pont-Levis": ("A-20388", 412.80, 45),
    "Camping Les Pins Penchés": ("A-20401", 968.40, 30),
    "Commune de Saint-Vérin-sur-Azergue": ("A-20440", 756.00, -8),
    "Patrick Sauvanet": ("A-20296", 189.90, 80),
}


def fill(env, customers):
    """Post one entry of the general journal for all of them; Odoo excludes it from follow-up."""
    day = today(env) - timedelta(days=HISTORY_DAYS + 5)
    partners = {each.partner.name: each.partner for each in customers}
    lines = [_line_vals(partners[name], day, *values) for name, values in BALANCES.items()]
    lines.append(_counterpart_vals(env))
    entry = env["account.move"].create(
        {
            "move_type": "entry",
            "journal_id": _general_journal(env).id,
            "date": day,
            "ref": "Reprise des soldes clients",
            "line_ids": [fields.Command.create(line) for line in lines],
        }
    )
    entry.action_post()


def _line_vals(partner, day, number, balance, late):
    return {
        "partner_id": partner.id,
        "account_id": partner.property_account_receivable_id.id,
        "name": f"Facture {number}",
        "debit": balance,
        "date_maturity": day - timedelta(days=late),
    }


def _counterpart_vals(env):
    """The other side stands on a suspense account of the chart (471)."""
    account = env["account.account"].search([("code", "=like", "471%")], limit=1)
    total = sum(balance for _number, balance, _late in BALANCES.values())
    return {"account_id": account.id, "name": "Reprise des soldes clients", "credit": total}


def _general_journal(env):
    domain = [("type", "=", "general"), ("company_id", "=", env.company.id)]
    return env["account.journal"].search(domain, order="sequence, id", limit=1)
