"""What is not a plain invoice paid or not: credit notes, payments on account, a blocked invoice."""

from datetime import timedelta

from odoo import fields

from . import company
from .payments import receivable
from .tools import dice, today, working_day

ALLOCATED, OPEN, ON_ACCOUNT = 8, 5, 6
REASONS = [
    "Retour de marchandise",
    "Erreur de prix",
    "Geste commercial",
    "Article livré abîmé",
]


def fill(env, customers, invoices):
    """Credit notes (allocated and open), payments on account (open), one blocked invoice."""
    rng = dice("credits")
    owed = invoices.filtered(lambda move: move.payment_state == "not_paid")
    chosen = rng.sample(list(owed.sorted("id")), ALLOCATED + OPEN + 1)
    _add_credit_notes(env, rng, chosen[:ALLOCATED], allocate=True)
    _add_credit_notes(env, rng, chosen[ALLOCATED:-1], allocate=False)
    chosen[-1].action_toggle_block_payment()
    _add_payments_on_account(env, rng, customers)


def _add_credit_notes(env, rng, invoices, allocate):
    notes = env["account.move"].create([_note_vals(env, rng, invoice) for invoice in invoices])
    notes.action_post()
    if allocate:
        plan = [
            receivable(invoice | note).filtered(lambda line: not line.reconciled)
            for invoice, note in zip(invoices, notes)
        ]
        env["account.move.line"]._reconcile_plan(plan)


def _note_vals(env, rng, invoice):
    """A part of the first line of ``invoice`` is taken back some days later."""
    line = invoice.invoice_line_ids[0]
    day = min(invoice.invoice_date + timedelta(days=rng.randint(4, 25)), today(env))
    day = working_day(env.company, day, direction=-1)
    return {
        "move_type": "out_refund",
        "partner_id": invoice.partner_id.id,
        "currency_id": invoice.currency_id.id,
        "invoice_user_id": invoice.invoice_user_id.id,
        "invoice_date": max(day, invoice.invoice_date),
        "invoice_payment_term_id": False,
        "ref": f"{rng.choice(REASONS)}, facture {invoice.name}",
        "invoice_line_ids": [fields.Command.create(_line_vals(rng, line))],
    }


def _line_vals(rng, line):
    return {
        "product_id": line.product_id.id,
        "quantity": max(1, line.quantity // 4),
        "price_unit": round(line.price_unit * rng.choice((0.5, 1, 1)), 2),
        "tax_ids": [fields.Command.set(line.tax_ids.ids)],
    }


def _add_payments_on_account(env, rng, customers):
    """Money that came without a reference and that nobody allocated yet."""
    late = [each for each in customers if each.behaviour in ("slow", "forgetful", "difficulty")]
    in_euros = [each for each in late if each.currency == "EUR"]
    vals_list = [_payment_vals(env, rng, customer) for customer in rng.sample(in_euros, ON_ACCOUNT)]
    env["account.payment"].create(vals_list).action_post()


def _payment_vals(env, rng, customer):
    day = today(env) - timedelta(days=rng.randint(2, 60))
    return {
        "payment_type": "inbound",
        "partner_type": "customer",
        "partner_id": customer.partner.id,
        "journal_id": company.bank_journal(env).id,
        "amount": rng.choice((150, 200, 320.5, 480, 600, 1000)),
        "date": working_day(env.company, day, direction=-1),
        "memo": "VIR SANS REFERENCE",
    }
