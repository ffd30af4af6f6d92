"""What installing costs on a full database: 200 000 posted invoices against none.

Wall time of the whole process (Odoo's own start included), the two measured in turn, median of
three after a warm-up on the empty one.
"""

import statistics
from datetime import date

from dev import databases

from . import measure

INVOICES, CUSTOMERS = 200_000, 10_000
MAX_RATIO = 2


def fill(env, items):
    """So many posted invoices, made before our add-on is there."""
    from . import data

    data.prepare_company(env)
    data.fill(env, CUSTOMERS, int(items), date.today(), life=False)


def run(tools):
    """Measure; ``tools`` is the module run.py."""
    full = tools.filled("full", "benchmarks.installation:fill", INVOICES)
    tools.drop(_install(tools, tools.BASE)[1])
    seconds = {tools.BASE: [], full: []}
    for _number in range(measure.REPEAT):
        for source, taken in seconds.items():
            took, database = _install(tools, source)
            taken.append(took)
            databases.drop(database)
    tools.drop(full)
    empty, used = (statistics.median(taken) for taken in seconds.values())
    print(f"installing: {empty:.1f} s on an empty database, {used:.1f} s on {INVOICES} invoices")
    measure.verdict("the full one against the empty one", used / empty, MAX_RATIO, " times")


def _install(tools, source):
    database = f"{tools.PREFIX}_install"
    databases.copy(source, database)
    return tools.install(database, tools.OURS), database
