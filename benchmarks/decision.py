"""The decision alone, at 100 000 and 1 000 000 open items: time against a plain GROUP BY, memory.

Seconds are wall time, each a median of three after a warm-up. The GROUP BY reads the same lines
through the same conditions, and is measured in turn with the decision. Both work on one core:
PostgreSQL shares out a plain GROUP BY among idle cores and a query with common tables never, so
that the ratio would tell how many cores are idle; the GROUP BY on all cores is printed beside.
"""

import time

from odoo.tools import SQL

from . import data, measure

CUSTOMERS_PER_ITEM = 20
SINGLES = 20
MAX_RATIO, MAX_PART, MAX_MB = 8, 1 / 50, 1024
GROUP_BY = """
    SELECT l.partner_id, sum(l.amount_residual), min(l.date_maturity)
      FROM account_move_line l JOIN account_account a ON a.id = l.account_id
     WHERE a.account_type = 'asset_receivable' AND l.parent_state = 'posted'
       AND l.reconciled IS NOT TRUE AND l.amount_residual_currency != 0
  GROUP BY l.partner_id"""


def fill(env, items):
    """A database of so many open items, a twentieth as many customers."""
    data.prepare_company(env)
    data.fill(env, int(items) // CUSTOMERS_PER_ITEM, int(items), data.find_working_day(env))


def run(env, items):
    """Measure on a filled database; prints the figures and whether they are met."""
    items = int(items)
    env = env(context={**env.context, "dunning_date": data.find_working_day(env)})
    decision, cr = env["dunning.decision"], env.cr
    env.company.dunning_mode = "discovery"
    cr.commit()
    shared, _none = measure.timed(lambda: cr.execute(GROUP_BY))
    cr.execute("SET max_parallel_workers_per_gather = 0")
    with measure.Backend(cr) as backend:
        (group, _none), (whole, partners), (reasons, _rows) = measure.timed_in_turn(
            (lambda: cr.execute(GROUP_BY), None),
            (lambda: decision._get_ready_partner_ids(env.company), None),
            (lambda: _count_reasons(env), None),
        )
        one = _time_singles(env)
    print(f"{items} items: GROUP BY {group:.2f} s (on all cores {shared:.2f} s),")
    print(f"    who is ready {whole:.2f} s ({len(partners)} customers),")
    print(f"    all reasons counted {reasons:.2f} s, one customer {one * 1000:.1f} ms")
    measure.verdict("the decision against the GROUP BY", whole / group, MAX_RATIO, " times")
    measure.verdict("one customer against the whole", one / whole, MAX_PART)
    measure.verdict("memory of the server process", backend.peak, MAX_MB, " MB")
    measure.verdict("memory of Python", measure.python_mb(), MAX_MB, " MB")
    measure.note("GROUP BYs", items, whole / group)


def _count_reasons(env):
    """What a run counts at its end: every item with its reason."""
    return env.execute_query(
        SQL(
            "SELECT hold_reason, count(*) FROM (%s) AS decision GROUP BY hold_reason",
            env["dunning.decision"]._get_query(company_ids=env.company.ids),
        )
    )


def _time_singles(env):
    """Seconds for one customer, over customers spread through all that owe something."""
    rows = env.execute_query(SQL("%s ORDER BY l.partner_id", SQL(GROUP_BY)))
    chosen = [partner_id for partner_id, *_sums in rows][:: len(rows) // SINGLES][:SINGLES]

    def ask():
        for partner_id in chosen:
            env["dunning.decision"]._get_rows([partner_id], env.company.ids)

    seconds, _none = measure.timed(ask)
    return seconds / len(chosen)


def run_discovery(env):
    """The whole run in mode discovery: proposals written, held items counted. Wall time, once."""
    env.company.dunning_mode = "discovery"
    day = data.find_working_day(env)
    counted = []
    with measure.Backend(env.cr) as backend, measure.statements(env.cr, counted):
        start = time.perf_counter()
        run = env["dunning.run"].launch(day, env.company)
        seconds = time.perf_counter() - start
    lines = env["dunning.notice.line"].search_count([("notice_id.run_id", "=", run.id)])
    print(
        f"the whole run in discovery: {seconds:.1f} s, {run.notice_count} notices, {lines} lines,"
    )
    print(f"    {counted[0]} statements, {seconds / lines * 1000:.3f} ms a line")
    measure.verdict("memory of the server process", backend.peak, MAX_MB, " MB")
    measure.verdict("memory of Python", measure.python_mb(), MAX_MB, " MB")
