"""The latest day on which a professional may be asked to pay, by law. Pure Python.

Caps of the French Code de commerce (articles L441-10 I and L441-11 II) and of the Code de la
commande publique (R2192-10). A cap is a rule code and the days it allows; the day it counts from
is the invoice's, or the delivery's for perishables and drinks.
"""

import calendar
from datetime import date, timedelta

# Rule -> days. ``general`` also allows 45 days end of month, counted either way.
CAP_DAYS = {
    "general": 60,
    "periodic": 45,
    "perishable": 30,
    "livestock": 20,
    "spirits": 30,
    "transport": 30,
    "public": 30,
}
END_OF_MONTH_DAYS = 45
# Rules that count from the delivery, and the one that counts from the end of its month.
FROM_DELIVERY = ("perishable", "livestock", "spirits")
# A year with a 29 February: every invoice date that a term may meet.
SAMPLE_YEAR = [date(2028, 1, 1) + timedelta(days=n) for n in range(366)]


def end_of_month(day):
    """The last day of the month of ``day``."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def get_end_of_month_cap(invoice_date):
    """The later of the two lawful ways to count 45 days end of month.

    45 days, then the end of that month; or the end of the month, then 45 days.
    """
    days = timedelta(days=END_OF_MONTH_DAYS)
    return max(end_of_month(invoice_date + days), end_of_month(invoice_date) + days)


def get_cap(rule, invoice_date, delivery_date=None, end_of_month_agreed=True):
    """The latest lawful due date.

    :param rule: a key of ``CAP_DAYS``
    :param end_of_month_agreed: 45 days end of month may have been agreed (``general`` only)
    """
    start = (delivery_date or invoice_date) if rule in FROM_DELIVERY else invoice_date
    if rule == "spirits":
        start = end_of_month(start)
    cap = start + timedelta(days=CAP_DAYS[rule])
    if rule == "general" and end_of_month_agreed:
        cap = max(cap, get_end_of_month_cap(invoice_date))
    return cap


def is_ever_beyond(rule, get_due_date, is_end_of_month):
    """Whether a way to compute due dates goes beyond the cap for some invoice date.

    :param get_due_date: function of the invoice date
    :param is_end_of_month: its due dates are counted from ends of months
    """
    return any(
        get_due_date(day) > get_cap(rule, day, end_of_month_agreed=is_end_of_month)
        for day in SAMPLE_YEAR
    )
