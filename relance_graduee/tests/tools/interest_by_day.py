"""Late interest the slow way: one day after the other, in exact fractions of a cent.

The second opinion of ``test_late_interest``. It shares neither code nor method with
``tools/late_interest``: it never asks how long a period is, but walks every evening from the
invoice to the end; money is whole cents, rates are whole hundredths of a percent, and what a day
brings is an exact :class:`fractions.Fraction` of a cent (its numerator, over the denominator that
the days of one line share).

A history is a plain dict: ``kind``, ``gross`` (cents), ``invoiced``, ``due``, ``until`` (dates),
``notice``, ``judgment`` (dates or None), ``agreed`` (hundredths of a percent, or None),
``credits`` and ``payments`` ({date: cents}), ``leap`` (act_act?), ``interest_first``.
``tables`` gives hundredths of a percent: ``refi`` and ``legal`` by (year, half), and the points
``business`` and ``public``.
"""

from datetime import timedelta
from fractions import Fraction


def half_of(day):
    """(year, 1 or 2)"""
    return day.year, 1 if day.month < 7 else 2


def is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def rate_of(day, history, tables):
    """Hundredths of a percent a year; None on a day that can bear no interest."""
    kind, judgment = history["kind"], history["judgment"]
    if day <= history["due"]:
        return None
    if judgment and history["invoiced"] <= judgment <= day:
        return None
    if kind == "public":
        return tables["refi"][half_of(history["due"] + timedelta(1))] + tables["public"]
    if kind == "business":
        return history["agreed"] or tables["refi"][half_of(day)] + tables["business"]
    return tables["legal"][half_of(day)] if history["notice"] and day > history["notice"] else None


def to_cents(fraction):
    """The nearest whole number of cents; half a cent goes up."""
    return int((2 * fraction + 1) // 2)


class Diary:
    """What is owed each evening. ``lines`` are (first day, days, base, exact, cents)."""

    def __init__(self, history, tables):
        self.history, self.tables = history, tables
        self.owed, self.interest, self.paid = history["gross"], 0, {"interest": 0, "owed": 0}
        self.excess, self.lines, self.line = 0, [], None

    def live(self):
        day, until, night = self.history["invoiced"], self.history["until"], timedelta(1)
        while day <= until:
            if day in self.history["credits"]:
                self.morning(self.history["credits"][day])
            self.noon(day)
            if day in self.history["payments"]:
                self.evening(self.history["payments"][day])
            day += night
        self.close_line()
        return self

    def morning(self, credit):
        self.close_line()
        self.owed -= credit
        if self.owed < 0:
            self.excess, self.owed = self.excess - self.owed, 0

    def noon(self, day):
        rate = rate_of(day, self.history, self.tables) if self.owed else None
        if rate is None:
            return self.close_line()
        year = 366 if self.history["leap"] and is_leap(day.year) else 365
        follows = self.history["kind"] != "public" and not self.history["agreed"]
        line_key = (rate, year, half_of(day) if follows else None)
        if self.line is None or self.line["key"] != line_key:
            self.close_line()
            self.line = {"key": line_key, "first": day, "days": 0, "base": self.owed, "parts": 0}
        self.line["days"] += 1
        self.line["parts"] += self.owed * rate  # of a cent, over 100 * 100 * year

    def close_line(self):
        if self.line:
            exact = Fraction(self.line["parts"], 100 * 100 * self.line["key"][1])
            line = (self.line["first"], self.line["days"], self.line["base"], exact)
            self.lines.append((*line, to_cents(exact)))
            self.interest += to_cents(exact)
            self.line = None

    def evening(self, money):
        self.close_line()
        names = ["interest", "owed"] if self.history["interest_first"] else ["owed", "interest"]
        for name in names:
            part = min(money, getattr(self, name))
            setattr(self, name, getattr(self, name) - part)
            self.paid[name] += part
            money -= part
        self.excess += money
