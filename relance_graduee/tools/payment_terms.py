"""The latest day on which a professional may be asked to pay, by law. Pure Python.

Caps of the French Code de commerce (articles L441-10 I and L441-11 II) and of the Code de la
commande publique (R2192-10). No number of days stands here: they are dated records that the
caller passes as ``caps``, a mapping of ``RULES`` (and ``end_of_month``, which the rule
``general`` also allows) to days. The day a cap counts from is the invoice's, or the delivery's
for perishables and drinks.
"""

import calendar
from datetime import date, timedelta

RULES = ("general", "periodic", "perishable", "livestock", "spirits", "transport", "public")
END_OF_MONTH = "end_of_month"
# Rules that count from the delivery, and the one that counts from the end of its month.
FROM_DELIVERY = ("perishable", "livestock", "spirits")
# A later day is a slip of the pen, and the caps that count from it have no name any more.
LAST_DAY = date(9990, 1, 1)
# A year with a 29 February: every invoice date that a term may meet.
SAMPLE_YEAR = [date(2028, 1, 1) + timedelta(days=n) for n in range(366)]


def end_of_month(day):
    """The last day of the month of ``day``."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def get_end_of_month_cap(invoice_date, days):
    """The later of the two lawful ways to count ``days`` end of month.

    The days, then the end of that month; or the end of the month, then the days.
    """
    days = timedelta(days=days)
    return max(end_of_month(invoice_date + days), end_of_month(invoice_date) + days)


def get_cap(rule, caps, invoice_date, delivery_date=None, end_of_month_agreed=True):
    """The latest lawful due date, or None: no cap is known.

    :param rule: one of ``RULES``
    :param caps: mapping of rules to days
    :param end_of_month_agreed: days end of month may have been agreed (``general`` only)
    """
    if rule not in caps:
        return None
    start = (delivery_date or invoice_date) if rule in FROM_DELIVERY else invoice_date
    if max(start, invoice_date) > LAST_DAY:
        return None
    if rule == "spirits":
        start = end_of_month(start)
    cap = start + timedelta(days=caps[rule])
    if rule == "general" and end_of_month_agreed and END_OF_MONTH in caps:
        cap = max(cap, get_end_of_month_cap(invoice_date, caps[END_OF_MONTH]))
    return cap


def is_ever_beyond(rule, caps, get_due_date, is_end_of_month):
    """Whether a way to compute due dates goes beyond the cap for some invoice date.

    :param get_due_date: function of the invoice date
    :param is_end_of_month: its due dates are counted from ends of months
    """
    return rule in caps and any(
        get_due_date(day) > get_cap(rule, caps, day, end_of_month_agreed=is_end_of_month)
        for day in SAMPLE_YEAR
    )
