"""Bank statement lines up to the last working day; the newest are still to be reconciled."""

from datetime import timedelta

from . import company
from .tools import dice, today, working_day

DAYS, OPEN = 35, 5
OPEN_LABELS = [
    ("VIR SEPA RECU {name}", 486.0),
    ("REMISE CHEQUES 3 CHQ", 1312.4),
    ("VIR INST {name}", 96.6),
    ("FRAIS DE TENUE DE COMPTE", -24.9),
    ("VIR SEPA RECU REF ILLISIBLE", 540.0),
]


def fill(env, payments, customers):
    """Lines for the payments of the last weeks, reconciled, and a handful that are not."""
    now = today(env)
    recent = payments.filtered(
        lambda p: p.date >= now - timedelta(days=DAYS) and p.currency_id == env.company.currency_id
    )
    _add_reconciled(env, recent)
    last = working_day(env.company, now - timedelta(days=1), direction=-1)
    rng = dice("bank")
    vals_list = [
        _open_vals(env, last - timedelta(days=place // 2), label, amount, rng.choice(customers))
        for place, (label, amount) in enumerate(OPEN_LABELS)
    ]
    env["account.bank.statement.line"].create(vals_list)


def _add_reconciled(env, payments):
    """A statement line against the account on which each payment waits for the bank."""
    lines = env["account.bank.statement.line"].create(
        [
            {
                "journal_id": payment.journal_id.id,
                "date": payment.date,
                "payment_ref": payment.memo,
                "partner_id": payment.partner_id.id,
                "amount": payment.amount,
                "counterpart_account_id": payment.outstanding_account_id.id,
            }
            for payment in payments
        ]
    )
    plan = [
        (payment.move_id | line.move_id).line_ids.filtered(
            lambda each, account=payment.outstanding_account_id: each.account_id == account
        )
        for payment, line in zip(payments, lines)
    ]
    env["account.move.line"]._reconcile_plan(plan)


def _open_vals(env, day, label, amount, customer):
    return {
        "journal_id": company.bank_journal(env).id,
        "date": day,
        "payment_ref": label.format(name=customer.partner.name.upper()[:24]),
        "amount": amount,
    }
