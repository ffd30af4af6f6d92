"""Debts and their rules: the input of ``late_interest``. No ORM.

Amounts are ``Decimal`` in the currency of the debt, VAT included, multiples of its rounding;
dates are calendar dates (:class:`datetime.date`) of the company. Everything is frozen and
checked when it is made: what contradicts itself raises, with a ``code``.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .values import (
    InvalidRate,
    LateInterestError,
    require_amount,
    require_choice,
    require_date,
)

BUSINESS, PUBLIC = "business", "public"
ON_NOTICE = ("consumer", "nonprofessional")  # nothing runs before a formal notice is received
CUSTOMER_KINDS = (BUSINESS, PUBLIC, *ON_NOTICE)
DAY_COUNTS = ("act_365", "act_act")
IMPUTATIONS = ("principal_first", "interest_first")


class InvalidDebt(LateInterestError):
    """``code``: not_decimal, negative, zero, not_rounded, bad_date, due_before_invoice,
    event_before_invoice."""


class InvalidRegime(LateInterestError):
    """``code``: unknown_kind, contract_rate, formal_notice, bad_date, unknown_option."""


def require_positive(value, name):
    """Refuse an amount of a debt that is not above zero."""
    require_amount(value, InvalidDebt, name)
    if not value:
        raise InvalidDebt("zero", f"{name} must not be zero.")


@dataclass(frozen=True)
class Payment:
    """Money: ``amount`` (above 0) counts on ``day``, the day on which it *arrived* on the
    creditor's account, not the day it was ordered or booked (Cass. com. 3 Feb. 2009; CJEU
    C-306/06). The day of arrival still bears interest. ``ref`` is the caller's own, to find
    the payment again in the answer. A payment that bounced is not passed at all.

    An advance, paid before the invoice existed, is passed with the date of the invoice.
    """

    day: date
    amount: Decimal
    ref: object = None

    def __post_init__(self):
        require_date(self.day, InvalidDebt, "the day of a payment")
        require_positive(self.amount, "a payment")


@dataclass(frozen=True)
class CreditNote:
    """A reduction of the principal by ``amount`` (above 0), from the morning of ``day``, its
    own date. Not a payment: it never pays interest, and interest of the days before stays."""

    day: date
    amount: Decimal
    ref: object = None

    def __post_init__(self):
        require_date(self.day, InvalidDebt, "the day of a credit note")
        require_positive(self.amount, "a credit note")


@dataclass(frozen=True)
class Debt:
    """One invoice, or one instalment of it.

    :param gross: what was owed at first, VAT included
    :param invoice_date: its date. For an opening entry the date of the invoice behind it.
    :param due_date: the last day on which paying is in time; it bears no interest
    :param payments: iterable of :class:`Payment`, what is allotted to this debt
    :param credit_notes: iterable of :class:`CreditNote`
    :param insolvency_date: the day of the opening judgment of the debtor's safeguard,
        receivership or liquidation. Interest of debts that arose on or before it stops the day
        before (C. com. L622-28, L641-3). Leave it out where the law lets interest go on:
        loans for a year or more and payments deferred by a year or more.
    :param delivery_date: the day of delivery or performance where it is known: it, not the
        invoice, decides whether a debt arose before a judgment (C. com. L622-17)
    :raise InvalidDebt: ``due_before_invoice``; ``event_before_invoice`` (a payment or credit
        note dated before the invoice); an amount that is no Decimal, negative or zero
    """

    gross: Decimal
    invoice_date: date
    due_date: date
    payments: tuple[Payment, ...] = ()
    credit_notes: tuple[CreditNote, ...] = ()
    insolvency_date: date | None = None
    delivery_date: date | None = None

    def __post_init__(self):
        for name in ("payments", "credit_notes"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        require_positive(self.gross, "the gross amount")
        self._require_dates()

    def _require_dates(self):
        for name in ("invoice_date", "due_date"):
            require_date(getattr(self, name), InvalidDebt, name)
        for name in ("insolvency_date", "delivery_date"):
            if getattr(self, name) is not None:
                require_date(getattr(self, name), InvalidDebt, name)
        if self.due_date < self.invoice_date:
            raise InvalidDebt("due_before_invoice", f"Due {self.due_date}, before the invoice.")
        for event in self.payments + self.credit_notes:
            if event.day < self.invoice_date:
                raise InvalidDebt("event_before_invoice", f"{event} is before the invoice.")

    @property
    def is_stopped(self):
        """Whether the insolvency, if any, stops the interest of this debt."""
        return arose_before(self.insolvency_date, self.delivery_date or self.invoice_date)


def arose_before(insolvency_date, arose_on):
    """Whether a debt arose on or before the day of an opening judgment (None: there is none)."""
    return insolvency_date is not None and arose_on <= insolvency_date


@dataclass(frozen=True)
class Regime:
    """Which rules make the debt bear interest.

    - ``business``: C. com. L441-10. From the day after the due date, without any reminder, at
      the rate of *each* semester; or at ``contract_rate`` (annual percent) where one was agreed.
    - ``public``: CCP L2192-13, R2192-31. From the day after the due date, at *one* rate: that
      of the semester in which interest began.
    - ``consumer``, ``nonprofessional`` (association, copropriété): C. civ. 1231-6 and 1344-1.
      Nothing before ``formal_notice_received``, the day on which a formal notice was received
      (None: none was); from the day after, the legal rate of each semester.

    :raise InvalidRegime: unknown kind; a contractual rate for another kind than business; a
        formal notice for another kind than consumer or nonprofessional
    :raise InvalidRate: the contractual rate is negative or no Decimal
    """

    customer_kind: str
    contract_rate: Decimal | None = None
    formal_notice_received: date | None = None

    def __post_init__(self):
        require_choice(self.customer_kind, CUSTOMER_KINDS, InvalidRegime, "unknown_kind")
        if self.contract_rate is not None:
            self._require_kind((BUSINESS,), "contract_rate")
            require_amount(self.contract_rate, InvalidRate, "the contractual rate")
        if self.formal_notice_received is not None:
            self._require_kind(ON_NOTICE, "formal_notice")
            require_date(self.formal_notice_received, InvalidRegime, "the formal notice")

    def _require_kind(self, kinds, code):
        if self.customer_kind not in kinds:
            raise InvalidRegime(code, f"A {code} means nothing for a {self.customer_kind}.")

    @property
    def follows_semesters(self):
        """Whether the rate changes on 1 January and 1 July."""
        return self.customer_kind != PUBLIC and self.contract_rate is None


@dataclass(frozen=True)
class Options:
    """Choices of the company that no statute fixes, to be printed on the calculation sheet.

    - ``day_count``: ``act_365``, the published formula: days / 365, also in leap years; or
      ``act_act``: a day of a leap year is 1/366 of a year. Never 360.
    - ``imputation``: ``principal_first`` (as the books have it; kinder to the debtor), or
      ``interest_first`` (C. civ. 1343-1). What is left of a payment goes to the other.
    - ``rounding``: the smallest printed amount of the currency. Lines are rounded to it, half
      away from zero.

    :raise InvalidRegime: ``unknown_option``
    :raise InvalidDebt: the rounding is no Decimal, negative or zero
    """

    day_count: str = "act_365"
    imputation: str = "principal_first"
    rounding: Decimal = Decimal("0.01")

    def __post_init__(self):
        require_choice(self.day_count, DAY_COUNTS, InvalidRegime, "unknown_option")
        require_choice(self.imputation, IMPUTATIONS, InvalidRegime, "unknown_option")
        require_positive(self.rounding, "the rounding")
