"""Whether the fixed indemnity for recovery costs is due, and how much. Pure Python, no ORM.

C. com. L441-10 II and D441-5 (between professionals), CCP L2192-13 and D2192-35 (public
buyers): a fixed sum for being late at all, by law and without any reminder, once an invoice
whatever the number of days and reminders; also when the invoice was paid in part at its due
date, or in full one day late. Neither consumers nor nonprofessionals owe it. It is outside VAT.

The amount is a dated record that the caller passes (``LegalValues``, kind ``indemnity``). What
was claimed, paid or waived is kept by the caller's ledger, not here.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .debt import CUSTOMER_KINDS, ON_NOTICE, InvalidDebt, InvalidRegime, arose_before
from .values import ONE_DAY, require_choice, require_date

PER = ("invoice", "instalment")


@dataclass(frozen=True)
class Instalment:
    """A due date of an invoice, and the day on which the last of its principal was paid
    (``InterestAnswer.settled_on``; None: it is still open)."""

    due_date: date
    settled_on: date | None = None

    def __post_init__(self):
        require_date(self.due_date, InvalidDebt, "due_date")
        if self.settled_on is not None:
            require_date(self.settled_on, InvalidDebt, "settled_on")

    def is_late(self, until):
        """Whether some of it was unpaid at the end of its due date, seen on the day ``until``."""
        return self.due_date < min(until, self.settled_on or until)


@dataclass(frozen=True)
class IndemnityCase:
    """Facts that decide about the indemnity of one invoice.

    :param customer_kind: business, public, consumer or nonprofessional
    :param invoice_date: its date
    :param instalments: iterable of :class:`Instalment`, one a due date
    :param insolvency_date: the day of an opening judgment, or None
    :param delivery_date: as in ``Debt``: decides, where it is known, whether the debt arose
        before the judgment
    :param debtor_at_fault: False when the delay is not the debtor's doing, as where the
        invoice was wrong: then nothing is due
    """

    customer_kind: str
    invoice_date: date
    instalments: tuple[Instalment, ...]
    insolvency_date: date | None = None
    delivery_date: date | None = None
    debtor_at_fault: bool = True

    def __post_init__(self):
        object.__setattr__(self, "instalments", tuple(self.instalments))
        require_choice(self.customer_kind, CUSTOMER_KINDS, InvalidRegime, "unknown_kind")
        require_date(self.invoice_date, InvalidDebt, "invoice_date")
        for day in (self.insolvency_date, self.delivery_date):
            if day is not None:
                require_date(day, InvalidDebt, "insolvency_date or delivery_date")

    def is_forbidden(self, instalment):
        """Whether an opening judgment forbade paying an instalment when it fell due: the debt
        arose on or before the judgment and falls due on or after it (L441-10 II, at the end)."""
        arose_on = self.delivery_date or self.invoice_date
        prior = arose_before(self.insolvency_date, arose_on)
        return prior and instalment.due_date >= self.insolvency_date


def late_instalments(case, until):
    """The instalments for which the indemnity can be claimed on a day, by due date."""
    if case.customer_kind in ON_NOTICE or not case.debtor_at_fault:
        return ()
    late = [i for i in case.instalments if i.is_late(until) and not case.is_forbidden(i)]
    return tuple(sorted(late, key=lambda instalment: instalment.due_date))


def indemnity_refusal(case, until):
    """Why no indemnity is due: ``not_professional``, ``not_at_fault``, ``not_late``,
    ``insolvency``; empty when one is due. The first that applies, in this order."""
    if case.customer_kind in ON_NOTICE:
        return "not_professional"
    if not case.debtor_at_fault:
        return "not_at_fault"
    if not any(instalment.is_late(until) for instalment in case.instalments):
        return "not_late"
    return "" if late_instalments(case, until) else "insolvency"


def indemnity_count(case, until, per="invoice"):
    """How many indemnities are due on a day: one an invoice, or one a late ``instalment``."""
    return len(_claimed(case, until, per))


def indemnity_amount(case, until, legal, per="invoice"):
    """Their sum; each is the amount in force on the first day of its delay.

    :param legal: ``LegalValues``
    :raise MissingValue: no amount was in force on that day
    """
    claimed = _claimed(case, until, per)
    return sum((legal.value("indemnity", i.due_date + ONE_DAY) for i in claimed), Decimal(0))


def _claimed(case, until, per):
    require_choice(per, PER, InvalidRegime, "unknown_option")
    late = late_instalments(case, until)
    return late[:1] if per == "invoice" else late
