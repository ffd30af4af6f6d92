"""Working days and French public holidays, in pure Python.

Working days are Monday to Friday, less the eleven legal holidays of article
L3133-1 of the Code du travail (computed, never listed), less the closing days
that the caller names. Every date is a :class:`datetime.date` in the calendar of
the company: no times, no time zones.
"""

from datetime import date, timedelta
from functools import lru_cache

ONE_DAY = timedelta(days=1)
SATURDAY = 5
# (month, day) of the holidays whose date never moves.
FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
# Days after Easter Sunday: Easter Monday, Ascension Day, Whit Monday.
EASTER_OFFSETS = (1, 39, 50)


def easter_sunday(year):
    """Easter Sunday of a Gregorian ``year``, by the Meeus/Jones/Butcher algorithm."""
    golden, (century, in_century) = year % 19, divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - correction + 15) % 30
    leap_years, year_rest = divmod(in_century, 4)
    weekday = (32 + 2 * century_rest + 2 * leap_years - epact - year_rest) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=128)
def public_holidays(year):
    """The eleven French public holidays of ``year``, as a frozenset of dates."""
    fixed = {date(year, month, day) for month, day in FIXED_HOLIDAYS}
    easter = easter_sunday(year)
    return frozenset(fixed | {easter + timedelta(days=offset) for offset in EASTER_OFFSETS})


def is_working_day(day, closing_days=()):
    """Whether anybody works on ``day``; ``closing_days`` is any container of dates."""
    return (
        day.weekday() < SATURDAY
        and day not in public_holidays(day.year)
        and day not in closing_days
    )


def next_working_day(day, closing_days=()):
    """``day`` itself when it is a working day, else the first one after it."""
    while day < date.max and not is_working_day(day, closing_days):
        day += ONE_DAY
    return day


def add_working_days(day, count, closing_days=()):
    """The working day ``count`` working days after ``day`` (0: as :func:`next_working_day`)."""
    day = next_working_day(day, closing_days)
    for _working_day in range(count):
        day = next_working_day(min(day, date.max - ONE_DAY) + ONE_DAY, closing_days)
    return day


def subtract_working_days(day, count, closing_days=()):
    """The working day that lies ``count`` working days before ``day``."""
    while count > 0 and day > date.min:
        day -= ONE_DAY
        count -= is_working_day(day, closing_days)
    return day


@lru_cache(maxsize=128)
def moved_days(first, last, closing_days=frozenset()):
    """The days between ``first`` and ``last`` on which nobody works, and where they move to.

    :param closing_days: a frozenset of dates
    :return: tuple of (day off, next working day), both dates, in order
    """
    days = ((first + timedelta(days=n)) for n in range((last - first).days + 1))
    return tuple(
        (day, next_working_day(day, closing_days))
        for day in days
        if not is_working_day(day, closing_days)
    )
