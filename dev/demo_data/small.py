"""Small invoices of customers who owe nothing else: the ladder of small amounts, with its SMS."""

from datetime import timedelta

from odoo import fields

from .tools import today, working_day

# Days late today: the one of 30 gets its SMS today, the one of 32 with the run before.
LATE = (30, 32, 11)
TERM_DAYS = 30


def fill(env, customers, products):
    """Create and post an invoice of less than 150 euros for as many shops that owe nothing."""
    owing = _get_owing(env)
    shops = [c.partner for c in customers if c.group == "shop" and c.partner not in owing]
    vals_list = [_vals(env, partner, products["LAM01"], late) for partner, late in zip(shops, LATE)]
    env["account.move"].create(vals_list).action_post()


def _get_owing(env):
    lines = env["account.move.line"].search(
        [
            ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
        ]
    )
    return lines.partner_id.commercial_partner_id


def _vals(env, partner, product, late):
    due = today(env) - timedelta(days=late)
    day = working_day(env.company, due - timedelta(days=TERM_DAYS), direction=-1)
    return {
        "move_type": "out_invoice",
        "partner_id": partner.id,
        "invoice_date": day,
        "date": day,
        "invoice_date_due": due,
        "invoice_payment_term_id": False,
        "invoice_user_id": partner.user_id.id,
        "is_move_sent": True,
        "invoice_line_ids": [fields.Command.create({"product_id": product.id, "quantity": 1})],
    }
