"""Long queries about few customers: PostgreSQL plans each once a connection, and keeps the plan.

Planning is most of what such a query costs. The statement is prepared under a name that its text
gives, so that another text (the next day, another company, one more add-on) is another statement.
Whether it is there is asked each time: a pooler may hand out another connection.
"""

import hashlib

from odoo.tools import SQL

# A plan that is kept suits a handful of customers; for more, a plan of their own is worth it.
MOST_IDS = 100
IDS, OTHER_IDS = SQL("$1::int[]"), SQL("$2::int[]")


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
    text = cr.mogrify(query.code, query.params)
    name = f"dunning_{hashlib.sha256(text).hexdigest()[:24]}"
    cr.execute(
        SQL(
            """SELECT set_config('plan_cache_mode', 'force_generic_plan', true),
                      EXISTS (SELECT 1 FROM pg_prepared_statements WHERE name = %s)""",
            name,
        )
    )
    if not cr.fetchone()[1]:
        cr.execute(SQL("PREPARE %s (int[], int[]) AS %s", SQL.identifier(name), query))
    cr.execute(SQL("EXECUTE %s (%s, %s)", SQL.identifier(name), list(ids), list(other_ids)))
    return cr.dictfetchall()
