"""The ledger of penalties: the first night, when nothing is known yet, and a following one.

Every invoice is overdue, by up to 400 days, and owes interest of up to three semesters and the
indemnity: two rows of the ledger each. The nights work as the scheduled action does, in batches
of customers with a transaction each. Wall time, once: a night that is worked twice has nothing
left to do.
"""

import time
from datetime import timedelta

from . import data, measure

CUSTOMERS_PER_ITEM = 10
LATEST_DAYS = 400
NIGHT_ITEMS, NIGHT_MINUTES = 200_000, 60
MAX_MB = 1024
BATCH = 200


def fill(env, items):
    """So many late invoices, a tenth as many customers."""
    data.prepare_company(env)
    customers = int(items) // CUSTOMERS_PER_ITEM
    day = data.find_working_day(env)
    data.fill(env, customers, int(items), day, life=False, latest=LATEST_DAYS)


def run(env, items):
    """Both nights; prints seconds, statements a batch, and what so many invoices would take."""
    items = int(items)
    today = env.company._get_dunning_today()
    first = _night(env, items, today, "the first night")
    second = _night(env, items, today + timedelta(days=1), "a following night")
    rows = env["dunning.penalty"].search_count([])
    print(f"    {rows} rows of the ledger")
    for label, seconds in (("first", first), ("following", second)):
        minutes = seconds / items * NIGHT_ITEMS / 60
        title = f"the {label} night of {NIGHT_ITEMS} invoices"
        measure.verdict(title, minutes, NIGHT_MINUTES, " min")
    measure.verdict("memory of Python", measure.python_mb(), MAX_MB, " MB")
    measure.note("seconds", items, first + second)


def _night(env, items, day, label):
    """Seconds of the work of a night."""
    counted = []
    env.invalidate_all()
    with measure.statements(env.cr, counted):
        start = time.perf_counter()
        env["dunning.penalty"]._accrue_company(env.company, day)
        seconds = time.perf_counter() - start
    customers = len(env["dunning.penalty"]._read_group([], ["partner_id"], []))
    batches = -(-customers // BATCH)
    print(f"{label} of {items} invoices: {seconds:.1f} s, {seconds / items * 1000:.2f} ms each,")
    print(f"    {counted[0]} statements, {counted[0] / batches:.0f} a batch of customers")
    return seconds
