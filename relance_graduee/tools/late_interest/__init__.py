"""Late interest of one debt, line by line as it is printed. Pure Python, no ORM.

::

    legal = LegalValues(rates, values)            # dated records, never constants in code
    debt = Debt(Decimal("12000.00"), invoice_date, due_date, payments=[Payment(day, amount)])
    answer = compute_interest(debt, Regime("business"), legal, until=date(2026, 8, 31))
    answer.segments, answer.interest, answer.total_due

**Which days count.** The first is the day after the due date (for consumers and
nonprofessionals: after the receipt of the formal notice, if that is later); the last is
``until``, or the day on which the money arrived, both included. So their number is a plain
subtraction of dates. An opening judgment stops interest the day before.

**Order of what happens on one day.** (1) Credit notes: they reduce the principal from their
own date, so that day already bears interest on less. (2) The interest of the day. (3) Payments,
in the order in which they are given: the day of arrival is a day of delay, so it still bears
interest on what was owed in the morning, and a payment that takes interest first finds that
day's interest too. Sums and segments do not depend on the order in which anything is given.

**Segments.** A new one begins where base or rate may change: after a payment, with a credit
note, on 1 January and 1 July where the rate follows the semesters (even if it stays the same),
and with ``act_act`` on the 1 January where a leap year begins or ends. Each is
``base × rate % × days / 365`` (or 366) rounded to the currency, and every sum is made of these,
so what is printed adds up. Interest bears no interest (C. civ. 1343-2).

**Rates are asked for only when they are needed**: a debt that bears no interest needs none.
The names of the other files are offered here too: this is the module to import.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from .debt import (
    CreditNote,
    Debt,
    InvalidDebt,
    InvalidRegime,
    Options,
    Payment,
    Regime,
)
from .indemnity import (
    IndemnityCase,
    Instalment,
    indemnity_amount,
    indemnity_count,
    indemnity_refusal,
    late_instalments,
)
from .ledger import (
    CONTEXT,
    Ledger,
    PaymentShare,
    Segment,
    interest_period,
    round_amount,
)
from .values import (
    DatedValue,
    FloorWarning,
    InvalidRate,
    LateInterestError,
    LegalValues,
    MissingRate,
    MissingValue,
    SemesterRate,
    contract_floor,
    floor_warnings,
    next_semester,
    require_date,
    semester_first_day,
    semester_last_day,
    semester_of,
)

__all__ = [
    "CreditNote",
    "DatedValue",
    "Debt",
    "FloorWarning",
    "IndemnityCase",
    "Instalment",
    "InterestAnswer",
    "InvalidDebt",
    "InvalidRate",
    "InvalidRegime",
    "LateInterestError",
    "LegalValues",
    "MissingRate",
    "MissingValue",
    "Options",
    "Payment",
    "PaymentShare",
    "Regime",
    "Segment",
    "SemesterRate",
    "compute_interest",
    "contract_floor",
    "floor_warnings",
    "indemnity_amount",
    "indemnity_count",
    "indemnity_refusal",
    "interest_period",
    "late_instalments",
    "next_semester",
    "round_amount",
    "semester_first_day",
    "semester_last_day",
    "semester_of",
]


@dataclass(frozen=True)
class InterestAnswer:
    """Where a debt stands at the end of the day ``until``. Later events are left out.

    - ``segments``: the lines, by date; ``interest``: their sum
    - ``shares``: a :class:`PaymentShare` a payment, by date
    - ``credited``: principal taken away by credit notes; ``excess``: what payments and credit
      notes brought beyond the debt
    - ``principal_paid``, ``interest_paid``; ``principal_due``, ``interest_due``: what remains
    - ``settled_on``: the day on which the principal became zero, or None. With
      ``interest_first`` this is later than the day on which the books call it paid.

    gross = credited + principal_paid + principal_due; interest = interest_paid + interest_due.
    """

    until: date
    segments: tuple[Segment, ...]
    interest: Decimal
    shares: tuple[PaymentShare, ...]
    credited: Decimal
    excess: Decimal
    principal_paid: Decimal
    interest_paid: Decimal
    principal_due: Decimal
    interest_due: Decimal
    settled_on: date | None

    @property
    def total_due(self):
        """Principal and interest that remain, without the fixed indemnity."""
        return self.principal_due + self.interest_due


def compute_interest(debt, regime, legal, until, options=None):
    """The interest of a debt up to and including the day ``until``.

    :param debt: :class:`Debt`
    :param regime: :class:`Regime`
    :param legal: :class:`LegalValues`
    :param until: the day at which the calculation is stopped
    :param options: :class:`Options`; without them ACT/365, principal first, cents
    :return: :class:`InterestAnswer`
    :raise MissingRate: a semester that bears interest has no rate; names the semester
    :raise MissingValue: no margin was in force on the first day of a semester
    :raise InvalidDebt: ``not_rounded`` (an amount is no multiple of the rounding), ``bad_date``
    """
    options = options or Options()
    require_date(until, InvalidDebt, "until")
    with localcontext(CONTEXT):
        _require_rounded(debt, options.rounding)
        return _answer(Ledger(debt, regime, legal, until, options))


def _require_rounded(debt, rounding):
    events = debt.payments + debt.credit_notes
    for amount in (debt.gross, *(event.amount for event in events)):
        if amount % rounding:
            raise InvalidDebt("not_rounded", f"{amount} is no multiple of {rounding}.")


def _answer(ledger):
    """Balances at the end of the last day."""
    ledger.run()
    paid = {
        part: sum((getattr(share, part) for share in ledger.shares), Decimal(0))
        for part in ("principal", "interest")
    }
    return InterestAnswer(
        until=ledger.until,
        segments=tuple(ledger.segments),
        interest=sum((segment.interest for segment in ledger.segments), Decimal(0)),
        shares=tuple(ledger.shares),
        credited=ledger.credited,
        excess=ledger.excess,
        principal_paid=paid["principal"],
        interest_paid=paid["interest"],
        principal_due=ledger.principal,
        interest_due=ledger.interest,
        settled_on=ledger.settled_on,
    )
