"""Semesters, legal rates and other legal values of late interest. Pure Python, no ORM.

No legal value stands in this code: rates, margins, multiples and fixed amounts are dated
records that the caller passes (see :class:`LegalValues`). What is not there is an error that
names it; nothing is ever taken from a neighbouring semester or guessed.

Units: rates, margins and floors are annual percentages (``Decimal("12.15")`` is 12.15 % a
year); a margin is in percentage points. A semester is written ``"2026-1"`` (1 January to
30 June) or ``"2026-2"`` (1 July to 31 December).
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

ONE_DAY = timedelta(days=1)
SEMESTER = re.compile(r"[1-9][0-9]{3}-[12]")
# Kinds of a SemesterRate: the fixed rate of the European Central Bank's main refinancing
# operations in force on the first day of the semester; the "taux de l'intérêt légal" where the
# creditor is not a natural person acting outside business ("autres cas", whoever the debtor is).
RATE_KINDS = ("ecb_refi", "legal_professional")
# Kinds of a DatedValue: points above ecb_refi (C. com. L441-10; CCP R2192-31), what a
# contractual rate must not be below, in times legal_professional (C. com. L441-10), and the
# fixed indemnity for recovery costs, in euros (C. com. D441-5; CCP D2192-35).
VALUE_KINDS = ("business_margin", "public_margin", "floor_multiple", "indemnity")


class LateInterestError(ValueError):
    """Data that cannot be computed. ``code`` is stable, the message is for the log."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class MissingRate(LateInterestError):
    """No rate of this ``kind`` was given for ``semester`` (``"2027-1"``)."""

    def __init__(self, kind, semester):
        super().__init__("missing_rate", f"The rate {kind} of semester {semester} is missing.")
        self.kind, self.semester = kind, semester


class MissingValue(LateInterestError):
    """No value of this ``kind`` was in force on ``day``."""

    def __init__(self, kind, day):
        super().__init__("missing_value", f"The value {kind} in force on {day} is missing.")
        self.kind, self.day = kind, day


class InvalidRate(LateInterestError):
    """``code``: not_decimal, negative, unknown_kind, twice, overlap, bad_semester, bad_date."""


def require_amount(value, error, name):
    """Refuse what is not a finite ``Decimal`` (floats are never exact) or is negative."""
    if not isinstance(value, Decimal) or not value.is_finite():
        raise error("not_decimal", f"{name} must be a finite Decimal, not {value!r}.")
    if value < 0:
        raise error("negative", f"{name} must not be negative, and is {value}.")


def require_date(value, error, name):
    """Refuse what is not a calendar date; a ``datetime`` has a time zone to forget."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise error("bad_date", f"{name} must be a date, not {value!r}.")


def require_choice(value, choices, error, code):
    """Refuse what is not one of ``choices``."""
    if value not in choices:
        raise error(code, f"{value!r} is none of {', '.join(choices)}.")


# -------------------------------------------------------------- semesters


def semester_of(day):
    """The semester of a date: ``semester_of(date(2026, 6, 30)) == "2026-1"``."""
    return f"{day.year:04d}-{1 if day.month <= 6 else 2}"


def semester_first_day(semester):
    """1 January or 1 July: the day whose central bank rate holds for the whole semester."""
    if not isinstance(semester, str) or not SEMESTER.fullmatch(semester):
        raise InvalidRate("bad_semester", f"{semester!r} is no semester such as 2026-1.")
    return date(int(semester[:4]), 1 if semester[5] == "1" else 7, 1)


def semester_last_day(semester):
    """30 June or 31 December."""
    first = semester_first_day(semester)
    return date(first.year, 6, 30) if first.month == 1 else date(first.year, 12, 31)


def next_semester(semester):
    """``next_semester("2026-2") == "2027-1"``."""
    return semester_of(semester_last_day(semester) + ONE_DAY)


# ---------------------------------------------------------- dated records


@dataclass(frozen=True)
class SemesterRate:
    """One rate of one semester: ``kind`` of RATE_KINDS, ``value`` in annual percent.

    :raise InvalidRate: not a Decimal, negative, unknown kind, no semester
    """

    kind: str
    semester: str
    value: Decimal

    def __post_init__(self):
        require_choice(self.kind, RATE_KINDS, InvalidRate, "unknown_kind")
        semester_first_day(self.semester)
        require_amount(self.value, InvalidRate, f"{self.kind} of {self.semester}")


@dataclass(frozen=True)
class DatedValue:
    """A margin, a multiple or an amount: ``kind`` of VALUE_KINDS, its ``value``, and the days
    on which it is in force, both included (``valid_to`` None: until further notice).

    :raise InvalidRate: not a Decimal, negative, unknown kind, no dates, ends before it begins
    """

    kind: str
    value: Decimal
    valid_from: date
    valid_to: date | None = None

    def __post_init__(self):
        require_choice(self.kind, VALUE_KINDS, InvalidRate, "unknown_kind")
        require_amount(self.value, InvalidRate, self.kind)
        for day in (self.valid_from, self.last_day):
            require_date(day, InvalidRate, f"the validity of {self.kind}")
        if self.last_day < self.valid_from:
            raise InvalidRate("bad_date", f"{self.kind} ends before it begins, {self.valid_from}.")

    @property
    def last_day(self):
        """The last day in force, for comparisons."""
        return date.max if self.valid_to is None else self.valid_to


@dataclass(frozen=True)
class LegalValues:
    """Every legal value that a computation may need, as the records say it.

    :param rates: iterable of :class:`SemesterRate`, one a kind and semester
    :param values: iterable of :class:`DatedValue`, one a kind and day
    :raise InvalidRate: ``twice`` (a kind has two rates for a semester, even equal ones) or
        ``overlap`` (two values of a kind are in force on the same day)
    """

    rates: tuple[SemesterRate, ...] = ()
    values: tuple[DatedValue, ...] = ()
    _by_semester: dict = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        for name in ("rates", "values"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        object.__setattr__(self, "_by_semester", _index_rates(self.rates))
        _refuse_overlaps(self.values)

    def rate(self, kind, semester):
        """The rate of a kind and semester. :raise MissingRate: names kind and semester"""
        if (kind, semester) not in self._by_semester:
            raise MissingRate(kind, semester)
        return self._by_semester[kind, semester]

    def value(self, kind, day):
        """The value of a kind in force on a day. :raise MissingValue: names kind and day"""
        for record in self.values:
            if record.kind == kind and record.valid_from <= day <= record.last_day:
                return record.value
        raise MissingValue(kind, day)

    def _above_refi(self, kind, semester):
        """Margins are read on the same day as the rate: the first of the semester."""
        rate = self.rate("ecb_refi", semester)
        return rate + self.value(kind, semester_first_day(semester))

    def business_rate(self, semester):
        """Default rate between professionals for a semester: refi + margin (C. com. L441-10 II).

        The floor of :func:`contract_floor` does not raise it (it was above in 2024).
        """
        return self._above_refi("business_margin", semester)

    def public_rate(self, semester):
        """Rate of a public buyer whose delay *began* in this semester: refi + margin, for the
        whole delay (CCP L2192-13, R2192-31)."""
        return self._above_refi("public_margin", semester)

    def legal_rate(self, semester):
        """The "taux de l'intérêt légal" that a company may claim (C. civ. 1231-6, CMF L313-2)."""
        return self.rate("legal_professional", semester)


def _index_rates(rates):
    index = {}
    for record in rates:
        key = record.kind, record.semester
        if key in index:
            raise InvalidRate("twice", f"{record.kind} of {record.semester} is given twice.")
        index[key] = record.value
    return index


def _refuse_overlaps(values):
    ordered = sorted(values, key=lambda record: (record.kind, record.valid_from))
    for before, after in zip(ordered, ordered[1:]):
        if before.kind == after.kind and after.valid_from <= before.last_day:
            raise InvalidRate("overlap", f"Two {after.kind} are in force on {after.valid_from}.")


# ------------------------------------------------- floor of contractual rates


@dataclass(frozen=True)
class FloorWarning:
    """A contractual rate that is below what the law allows, in one semester. A piece of
    information: the rate that was agreed is used all the same (what a judge would put in its
    place is not settled).

    ``contract_rate``, ``legal_rate``, ``floor`` in annual percent; ``floor`` is ``multiple``
    times ``legal_rate``.
    """

    semester: str
    contract_rate: Decimal
    legal_rate: Decimal
    multiple: Decimal
    floor: Decimal


def contract_floor(semester, legal):
    """Lowest lawful contractual rate of a semester, in annual percent (C. com. L441-10 II)."""
    multiple = legal.value("floor_multiple", semester_first_day(semester))
    return multiple * legal.legal_rate(semester)


def floor_warnings(contract_rate, first_day, last_day, legal):
    """A :class:`FloorWarning` for each semester of a period (both days included) in which a
    contractual rate is below the floor. A rate equal to the floor is lawful.

    :raise MissingRate: no legal rate for one of these semesters
    :raise MissingValue: no multiple in force on the first day of one of them
    """
    require_amount(contract_rate, InvalidRate, "the contractual rate")
    found, semester = [], semester_of(first_day)
    while semester_first_day(semester) <= last_day:
        if contract_rate < contract_floor(semester, legal):
            found.append(_floor_warning(contract_rate, semester, legal))
        semester = next_semester(semester)
    return tuple(found)


def _floor_warning(contract_rate, semester, legal):
    return FloorWarning(
        semester=semester,
        contract_rate=contract_rate,
        legal_rate=legal.legal_rate(semester),
        multiple=legal.value("floor_multiple", semester_first_day(semester)),
        floor=contract_floor(semester, legal),
    )
