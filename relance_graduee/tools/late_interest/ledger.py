"""The days of one debt, in their order: what ``late_interest.compute_interest`` runs. No ORM.

The rules (which days count, what comes first on a day, where a segment begins) are told in
``late_interest``.
"""

from calendar import isleap
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from .debt import BUSINESS, ON_NOTICE, PUBLIC, Payment
from .values import ONE_DAY, semester_last_day, semester_of

# Enough digits for any product of an amount, a rate and a number of days to be exact, whatever
# context the caller works in.
CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP)
ZERO = Decimal(0)
MORNING, EVENING = 0, 1  # a credit note counts before the interest of its day, a payment after


@dataclass(frozen=True)
class Segment:
    """One printed line: ``days`` from ``first_day`` to ``last_day``, both included, on ``base``
    at ``rate`` annual percent over ``year_days`` (365 or 366), rounded to ``interest``."""

    first_day: date
    last_day: date
    days: int
    base: Decimal
    rate: Decimal
    year_days: int
    interest: Decimal


@dataclass(frozen=True)
class PaymentShare:
    """Allotment of one payment. The three parts add up to its amount; ``excess`` is what was left
    when neither principal nor interest was owed any more."""

    payment: Payment
    principal: Decimal
    interest: Decimal
    excess: Decimal


def interest_period(debt, regime, until):
    """(first day, last day) that may bear interest, both included, or None if there is none."""
    if regime.customer_kind in ON_NOTICE and regime.formal_notice_received is None:
        return None
    first = max(debt.due_date, regime.formal_notice_received or debt.due_date) + ONE_DAY
    last = min(until, debt.insolvency_date - ONE_DAY) if debt.is_stopped else until
    return (first, last) if first <= last else None


def round_amount(amount, rounding):
    """``amount`` as it is printed: the nearest multiple of ``rounding``, half away from zero."""
    with localcontext(CONTEXT):
        return (amount / rounding).quantize(Decimal(1)) * rounding


def year_days(day, day_count):
    """How many days the year has that a day is a part of: 365, or 366 (``act_act``)."""
    return 366 if day_count == "act_act" and isleap(day.year) else 365


class Ledger:
    """The books of one debt, kept up to ``until``: ``principal`` and ``interest`` that remain,
    ``credited``, ``excess``, ``segments``, ``shares``, ``settled_on``."""

    def __init__(self, debt, regime, legal, until, options):
        self.debt, self.regime, self.legal = debt, regime, legal
        self.until, self.options = until, options
        # Without a day that bears interest: a period that is already over.
        first, self.last_day = interest_period(debt, regime, until) or (until, until - ONE_DAY)
        self.first_day = self.next_day = first  # next_day: the first that is not counted yet
        self.principal, self.segments, self.shares = debt.gross, [], []
        self.interest = self.credited = self.excess = ZERO
        self.settled_on = None

    def run(self):
        """Everything that happened, and the interest up to the last day."""
        for day, moment, event in self._events():
            if moment == MORNING:
                self._accrue(day - ONE_DAY)
                self._credit(event)
            else:
                self._accrue(day)
                self._pay(event)
            if not self.principal and self.settled_on is None:
                self.settled_on = day
        self._accrue(self.last_day)

    def _events(self):
        """(day, moment, event) in order. The sort is stable: payments of a day stay as given."""
        events = [(note.day, MORNING, note) for note in self.debt.credit_notes]
        events += [(payment.day, EVENING, payment) for payment in self.debt.payments]
        return sorted((e for e in events if e[0] <= self.until), key=lambda e: e[:2])

    # ---------------------------------------------------------- interest

    def _accrue(self, last):
        """Count the days up to and including ``last``, one segment after the other."""
        last = min(last, self.last_day)
        while self.next_day <= last:
            end = min(last, self._segment_limit(self.next_day))
            if self.principal:
                self._add_segment(self.next_day, end)
            self.next_day = end + ONE_DAY

    def _segment_limit(self, day):
        """The last day that has the same rate and the same length of the year as ``day``."""
        if self.regime.follows_semesters:
            return semester_last_day(semester_of(day))
        if self.options.day_count != "act_act":
            return date.max
        year = day.year
        while isleap(year) == isleap(year + 1):
            year += 1
        return date(year, 12, 31)

    def _add_segment(self, first, last):
        days, rate = (last - first).days + 1, self._rate(first)
        length = year_days(first, self.options.day_count)
        exact = self.principal * rate * days / (100 * length)
        interest = round_amount(exact, self.options.rounding)
        self.interest += interest
        self.segments.append(Segment(first, last, days, self.principal, rate, length, interest))

    def _rate(self, day):
        """Annual percent of a day: C. com. L441-10, CCP R2192-31, or C. civ. 1231-6."""
        if self.regime.contract_rate is not None:
            return self.regime.contract_rate
        if self.regime.customer_kind == PUBLIC:
            return self.legal.public_rate(semester_of(self.first_day))
        if self.regime.customer_kind == BUSINESS:
            return self.legal.business_rate(semester_of(day))
        return self.legal.legal_rate(semester_of(day))

    # ------------------------------------------- credit notes and payments

    def _credit(self, note):
        taken = min(note.amount, self.principal)
        self.principal -= taken
        self.credited += taken
        self.excess += note.amount - taken

    def _pay(self, payment):
        """Share a payment out; ``interest`` is what was printed by that evening."""
        shares, rest = {}, payment.amount
        order = ("principal", "interest")
        for part in order if self.options.imputation == "principal_first" else order[::-1]:
            shares[part] = min(rest, getattr(self, part))
            rest -= shares[part]
            setattr(self, part, getattr(self, part) - shares[part])
        self.excess += rest
        self.shares.append(PaymentShare(payment, excess=rest, **shares))
