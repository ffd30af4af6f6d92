"""The demonstration company: customers, invoices and payments, and reminders on their way.

``fill(env)`` makes everything through the ORM, the same each time up to the day it is
run on; ``show.show(env, folder)`` runs today's reminders and prints what they did.
"""

import logging
import time

from . import (
    bank,
    catalogue,
    company,
    credits,
    customers,
    formal,
    history,
    invoices,
    opening,
    payments,
    small,
    users,
)
from .tools import quiet

_logger = logging.getLogger(__name__)


def fill(env):
    """Turn the empty database of ``env`` into the demonstration; nothing if it already is one."""
    env = quiet(env)
    if env.company.name == company.NAME:
        return
    _timed("company", company.fill, env)
    _timed("people", users.fill, env)
    products, terms = _timed("catalogue", catalogue.fill, env)
    clients = _timed("customers", customers.fill, env)
    issued, customer_of = _timed("invoices", invoices.fill, env, clients, products, terms)
    paid = _timed("payments", payments.fill, env, issued, customer_of)
    _timed("credits", credits.fill, env, clients, issued)
    _timed("opening balance", opening.fill, env, clients)
    _timed("small invoices", small.fill, env, clients, products)
    _timed("bank", bank.fill, env, paid, clients)
    _timed("history", history.fill, env)
    _timed("formal notices", formal.fill, env, products)


def _timed(name, function, *arguments):
    start = time.monotonic()
    result = function(*arguments)
    _logger.info("demo company: %s in %.1f s", name, time.monotonic() - start)
    return result
