"""Debts, and the rates that were published from 2013 to 2026, for the tests of late interest."""

from datetime import date, timedelta
from decimal import Decimal

from ...tools.late_interest import (
    DatedValue,
    Debt,
    LegalValues,
    Options,
    Payment,
    Regime,
    SemesterRate,
    compute_interest,
)

D = Decimal
CENT = D("0.01")
ZERO = D(0)
DAY = timedelta(1)
# Annual percent of the main refinancing operations, and "taux d'intérêt légal" (other cases).
PUBLISHED = {
    "2013-1": ("0.75", "0.04"),
    "2013-2": ("0.50", "0.04"),
    "2014-1": ("0.25", "0.04"),
    "2014-2": ("0.15", "0.04"),
    "2015-1": ("0.05", "0.93"),
    "2015-2": ("0.05", "0.99"),
    "2016-1": ("0.05", "1.01"),
    "2016-2": ("0.00", "0.93"),
    "2017-1": ("0.00", "0.90"),
    "2017-2": ("0.00", "0.90"),
    "2018-1": ("0.00", "0.89"),
    "2018-2": ("0.00", "0.88"),
    "2019-1": ("0.00", "0.86"),
    "2019-2": ("0.00", "0.87"),
    "2020-1": ("0.00", "0.87"),
    "2020-2": ("0.00", "0.84"),
    "2021-1": ("0.00", "0.79"),
    "2021-2": ("0.00", "0.76"),
    "2022-1": ("0.00", "0.76"),
    "2022-2": ("0.00", "0.77"),
    "2023-1": ("2.50", "2.06"),
    "2023-2": ("4.00", "4.22"),
    "2024-1": ("4.50", "5.07"),
    "2024-2": ("4.25", "4.92"),
    "2025-1": ("3.15", "3.71"),
    "2025-2": ("2.15", "2.76"),
    "2026-1": ("2.15", "2.62"),
    "2026-2": ("2.40", "2.75"),
}
VALUES = [
    DatedValue("business_margin", D(10), date(2009, 1, 1)),
    DatedValue("public_margin", D(8), date(2013, 1, 1)),
    DatedValue("floor_multiple", D(3), date(2009, 1, 1)),
    DatedValue("indemnity", D(40), date(2013, 1, 1)),
]


def rate_records():
    for semester, texts in PUBLISHED.items():
        for kind, text in zip(("ecb_refi", "legal_professional"), texts):
            yield SemesterRate(kind, semester, D(text))


LAW = LegalValues(rate_records(), VALUES)
BUSINESS, PUBLIC = Regime("business"), Regime("public")
INTEREST_FIRST = Options(imputation="interest_first")
ACT_ACT = Options(day_count="act_act")
STOP = date(2026, 8, 31)


def owing(gross="12000.00", due=date(2025, 11, 30), **more):
    """A debt that was invoiced a month before it fell due."""
    return Debt(D(gross), more.pop("invoiced", due - 30 * DAY), due, **more)


def paid(day, amount, ref=None):
    return Payment(day, D(amount), ref)


def interest(debt, until=STOP, regime=BUSINESS, options=None):
    return compute_interest(debt, regime, LAW, until, options).interest


def lines(debt, until=STOP, regime=BUSINESS, options=None):
    """(days, base, rate, interest) a segment, as text."""
    answer = compute_interest(debt, regime, LAW, until, options)
    return [f"{s.days} {s.base} {s.rate} {s.interest}" for s in answer.segments]
