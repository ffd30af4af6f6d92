"""Long queries about few customers: PostgreSQL plans each once a connection, and keeps the plan.

Planning is most of what such a query costs, and a plan takes megabytes of the connection's server
process. So what a caller chooses (customers, day, companies and their settings) is given with each
execution (``IDS``, ``OTHER_IDS``, ``varying``); the text, which names the plan, is ours: it
changes with the add-ons and the number of companies. ``MOST_PLANS`` are kept at most.
Whether one is there is asked each time: a pooler may hand out another connection.
"""

import hashlib

from psycopg2.extensions import AsIs, adapt

from odoo.tools import SQL

# A plan that is kept suits a handful of customers; for more, a plan of their own is worth it.
MOST_IDS = 100
# Plans that a connection keeps; the oldest makes room for the next.
MOST_PLANS = 8
PREFIX = "dunning_"
IDS, OTHER_IDS = SQL("$1::int[]"), SQL("$2::int[]")


class Varying:
    """A value that a kept plan is given with each execution; elsewhere a parameter as any."""

    def __init__(self, value):
        self.value = value

    def __conform__(self, _protocol):
        return adapt(self.value)


def varying(value, sql_type):
    """SQL of ``value``, which the caller chose or which changes from day to day.

    :param sql_type: name of its type in PostgreSQL
    """
    return SQL("%s::%s", Varying(value), SQL(sql_type))


def are_few(ids):
    """Whether these ids are given, and so few that a kept plan suits them."""
    return ids is not None and len(ids) <= MOST_IDS


def ids_sql(ids):
    """An array of these ids; ``IDS`` or ``OTHER_IDS`` as they are."""
    return ids if isinstance(ids, SQL) else SQL("%s::int[]", list(ids))


def fetch(env, query, ids, other_ids):
    """Execute ``query`` over ``IDS`` and ``OTHER_IDS``; nothing is flushed.

    :param ids: list of at most ``MOST_IDS`` ids, as ``other_ids``
    :return: list of dicts
    """
    cr = env.cr
    text, values = _split(query, [list(ids), list(other_ids)])
    name = SQL.identifier(_prepare(cr, text))
    cr.execute(SQL("EXECUTE %s (%s)", name, SQL(", ").join(SQL("%s", v) for v in values)))
    return cr.dictfetchall()


def _split(query, values):
    """(``query`` with numbers for what varies, ``values`` followed by what varies)."""
    params = []
    for param in query.params:
        if isinstance(param, Varying):
            values.append(param.value)
            params.append(AsIs(f"${len(values)}"))
        else:
            params.append(param)
    return SQL(query.code, *params), values


def _prepare(cr, query):
    """The name of the plan of ``query``, which is there from now on."""
    text = cr.mogrify(query.code, query.params)
    name = f"{PREFIX}{hashlib.sha256(text).hexdigest()[:24]}"
    cr.execute(
        SQL(
            """SELECT set_config('plan_cache_mode', 'force_generic_plan', true),
                      (SELECT array_agg(name ORDER BY prepare_time DESC)
                         FROM pg_prepared_statements WHERE starts_with(name, %s))""",
            PREFIX,
        )
    )
    kept = cr.fetchone()[1] or []
    if name not in kept:
        for oldest in kept[MOST_PLANS - 1 :]:
            cr.execute(SQL("DEALLOCATE %s", SQL.identifier(oldest)))
        cr.execute(SQL("PREPARE %s (int[], int[]) AS %s", SQL.identifier(name), query))
    return name
