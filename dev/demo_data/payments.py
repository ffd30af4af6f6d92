"""Who paid, when and how much: each customer has its habits."""

from dataclasses import dataclass
from datetime import timedelta

from . import company
from .tools import dice, today, working_day

# Days since the due date after which a customer in difficulty had paid in the end.
STOP_DAYS = 100


@dataclass
class Share:
    """``amount`` of the instalment ``line`` (all of it when None), paid on ``day``."""

    line: object
    day: object
    amount: float = None

    @property
    def paid(self):
        return self.amount or self.line.amount_currency


def fill(env, invoices, customer_of):
    """Register the payments of ``invoices``.

    :return: the account.payment records
    """
    rng = dice("payments")
    now = today(env)
    decided = [_decide(rng, line, customer_of, now) for line in _instalments(invoices)]
    shares = [share for share in decided if share and share.day < now]
    for share in shares:
        share.day = working_day(env.company, share.day, direction=-1)
    return register(env, _together(shares))


def _instalments(invoices):
    lines = invoices.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
    return lines.sorted(lambda line: (line.date_maturity, line.id))


def _decide(rng, line, customer_of, now):
    """The payment of ``line``, or None when nothing came."""
    customer = customer_of[line.move_id.id]
    return HABITS[customer.behaviour](rng, line, (now - line.date_maturity).days)


def _together(shares):
    """What one customer pays whole in the same half month is one payment, a part stands alone."""
    grouped = {}
    for share in shares:
        line = share.line
        half = line.id if share.amount else (share.day.year, share.day.month, share.day.day > 15)
        key = line.partner_id.id, line.currency_id.id, half
        grouped.setdefault(key, []).append(share)
    return list(grouped.values())


# ------------------------------------------------------------
# HABITS
# ------------------------------------------------------------


def _after(line, days, part=None):
    """A share paid so many days after the due date, never before the invoice."""
    day = max(line.move_id.invoice_date, line.date_maturity + timedelta(days=days))
    return Share(line, day, part and line.currency_id.round(line.amount_currency * part))


def _good(rng, line, late):
    """Pays on the day, but for a recent invoice now and then."""
    if 0 < late < 40 and rng.random() < 0.15:
        return None
    return _after(line, rng.randint(-4, 4))


def _slow(rng, line, late):
    """Pays three weeks late or more, and sometimes not before it was asked twice."""
    if 5 < late < 85 and rng.random() < 0.65:
        return None
    return _after(line, max(3, round(rng.gauss(30, 14))))


def _forgetful(rng, line, late):
    """Pays on time, or forgets; what was forgotten long ago was mostly paid when reminded."""
    if rng.random() < (0.5 if late > 90 else 0.35):
        return _after(line, rng.randint(-3, 6))
    paid_in_the_end = 0.88 if late > 90 else 0.1
    return _after(line, rng.randint(40, 85)) if rng.random() < paid_in_the_end else None


def _difficulty(rng, line, late):
    """Paid late while it could; since then a little here, a little there."""
    if late > STOP_DAYS:
        return _after(line, rng.randint(35, 95)) if rng.random() < 0.96 else None
    drawn = rng.random()
    if drawn < 0.12:
        return _after(line, rng.randint(10, 50))
    part = rng.choice((0.3, 0.4, 0.5))
    return _after(line, rng.randint(5, 40), part) if drawn < 0.4 else None


def _disputes(rng, line, late):
    """Pays what it agrees with, and deducts the rest."""
    if late > 200 or rng.random() < 0.5:
        return _after(line, rng.randint(0, 20))
    return _after(line, rng.randint(5, 25), 0.8) if rng.random() < 0.5 else None


def _insolvent(rng, line, late):
    return _after(line, rng.randint(20, 45)) if late > 100 else None


HABITS = {
    "good": _good,
    "slow": _slow,
    "forgetful": _forgetful,
    "difficulty": _difficulty,
    "disputes": _disputes,
    "insolvent": _insolvent,
}

# ------------------------------------------------------------
# BOOKS
# ------------------------------------------------------------


def register(env, groups):
    """Create, post and reconcile one payment for each list of shares."""
    journal = company.bank_journal(env)
    payments = env["account.payment"].create([_vals(journal, shares) for shares in groups])
    payments.action_post()
    plan = [
        receivable(payment.move_id) | _lines(env, shares)
        for payment, shares in zip(payments, groups)
    ]
    env["account.move.line"]._reconcile_plan(plan)
    return payments


def receivable(moves):
    """The customer lines of ``moves``."""
    return moves.line_ids.filtered(lambda line: line.account_type == "asset_receivable")


def _lines(env, shares):
    return env["account.move.line"].union(*(share.line for share in shares))


def _vals(journal, shares):
    line = shares[0].line
    references = [share.line.move_id.payment_reference or "" for share in shares]
    return {
        "payment_type": "inbound",
        "partner_type": "customer",
        "partner_id": line.partner_id.id,
        "journal_id": journal.id,
        "currency_id": line.currency_id.id,
        "amount": sum(share.paid for share in shares),
        "date": max(share.day for share in shares),
        "memo": f"VIR {' '.join(references)}",
    }
