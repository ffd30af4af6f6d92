"""``make bench``: every benchmark, or those named (``SUBJECTS``).

Each part runs in an Odoo process of its own, on a database of its own that is dropped afterwards
(BENCH_KEEP=1 keeps the databases and uses them again). See README.md for what is measured.
"""

import os
import subprocess
import sys
import time

from benchmarks import everyday, installation, measure
from dev import databases, odoo, places, python_env

PREFIX = "relance_bench"
BASE = os.environ.get("BENCH_BASE")
PEER = os.environ.get("BENCH_PEER_ADDONS")
CONFIG = places.BUILD / "bench.conf"
OURS, THEIRS = "relance_graduee", "account_credit_control"
OUR_ORDERS, THEIR_ORDERS = "relance_graduee_sale", "sale_financial_risk"
ODOO_GOODS, OUR_GOODS = "sale_stock", "relance_graduee_stock"
COMPARED = (2_000, 20_000)
LATE = (2_000, 20_000)
ALONE = (100_000, 1_000_000)
# Fewer while something is developed: a million take minutes to fill, and theirs to be listed.
RISK_ITEMS = int(os.environ.get("BENCH_RISK_ITEMS", "1000000"))
# A batch or two more, where more of the same customers have something to be told.
STATEMENT_MARGIN = 1.25
# The machine is not alone: what is called linear may be off by so much.
LINEAR_MARGIN = 1.2
EVERYDAY_ROUNDS = 2
# What our list and count of customers on hold are to be faster than theirs.
MIN_LIST_RATIO = 5


def write_config():
    """Odoo's configuration with the peer's add-on on the path and the log kept quiet."""
    lines = odoo.CONFIG.read_text().splitlines()
    lines = [f"{line},{PEER}" if line.startswith("addons_path") else line for line in lines]
    CONFIG.write_text("\n".join([*lines, "log_level = warn"]) + "\n")


def call(database, function, *words):
    """Call ``module:function(env, *words)`` inside Odoo.

    :return: what it noted (see ``measure.note``), as a dict; the rest is printed
    """
    command = [python_env.python(), "-m", "dev.inside", CONFIG, database, function, *words]
    done = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        text=True,
        env=odoo.with_ours(),
        cwd=places.ROOT,
        check=True,
    )
    noted = {}
    for line in done.stdout.splitlines():
        if line.startswith("#"):
            _what, items, value = line.rsplit(maxsplit=2)
            noted[int(items)] = float(value)
        else:
            print(line, flush=True)
    return noted


def ensure(name, *modules, source=BASE):
    """A database with these modules; (its name, whether it is new)."""
    database = f"{PREFIX}_{name}"
    if os.environ.get("BENCH_KEEP") and databases.exists(database):
        return database, False
    databases.copy(source, database)
    if modules:
        install(database, *modules)
    return database, True


def install(database, *modules):
    """Install modules; seconds of the whole process."""
    start = time.monotonic()
    words = ("-c", CONFIG, "-d", database, "-i", ",".join(modules), "--stop-after-init")
    odoo.run(places.logs() / f"{database}.log", *words, "--no-http")
    return time.monotonic() - start


def drop(database):
    """Drop a database unless it is to be kept."""
    if not os.environ.get("BENCH_KEEP"):
        databases.drop(database)


def filled(name, function, items, *modules):
    """A database with these modules, filled by ``function`` with so many items."""
    database, is_new = ensure(f"{name}_{items}", *modules)
    if is_new:
        print(f"==> filling {items} items ...", flush=True)
        call(database, function, items)
    return database


# ------------------------------------------------------------
# SUBJECTS
# ------------------------------------------------------------


def against_oca():
    """Our run and OCA's, from nothing decided to lines persisted."""
    noted = {}
    for items in COMPARED:
        database = filled("oca", "benchmarks.against_oca:fill", items, OURS, THEIRS)
        noted |= call(database, "benchmarks.against_oca:run", items)
        drop(database)
    measure.compare("our statements", noted, lambda _times: STATEMENT_MARGIN)


def decision():
    """The decision alone, and a whole run in discovery."""
    noted = {}
    for items in ALONE:
        database = filled("decision", "benchmarks.decision:fill", items, OURS)
        noted |= call(database, "benchmarks.decision:run", items)
        if items == ALONE[0]:
            call(database, "benchmarks.decision:run_discovery")
        drop(database)
    # Reading the lines itself grows faster than they do, once they leave PostgreSQL's memory.
    measure.compare("GROUP BYs that a decision takes", noted, lambda _times: LINEAR_MARGIN)


def financial_risk():
    """Our holds and OCA's financial risk: one order, the list of those on hold, their count."""
    noted = []
    for name, module in (("risk", OUR_ORDERS), ("risk_oca", THEIR_ORDERS)):
        database = filled(name, "benchmarks.financial_risk:fill", RISK_ITEMS, module)
        noted.append(call(database, "benchmarks.financial_risk:run", module))
        drop(database)
    ours, theirs = noted
    measure.verdict("confirming an order, ours against theirs", ours[0] / theirs[0], 1, " times")
    for place, label in ((1, "listing the customers on hold"), (2, "counting them")):
        ratio = theirs[place] / ours[place]
        measure.verdict(f"{label}, ours faster", ratio, MIN_LIST_RATIO, " times", at_least=True)


def everyday_work():
    """Posting, matching, confirming and delivering, with our add-ons and without."""
    databases_by_way = {
        way: filled(f"everyday_{way}", "benchmarks.everyday:fill", 0, "account", module)
        for way, module in (("without", ODOO_GOODS), ("with", OUR_GOODS))
    }
    rounds = {way: [] for way in databases_by_way}
    for _number in range(EVERYDAY_ROUNDS):
        for way, database in databases_by_way.items():
            rounds[way].append(call(database, "benchmarks.everyday:run"))
    everyday.show(rounds)
    for database in databases_by_way.values():
        drop(database)


def installation_cost():
    """Installing on a full database against installing on an empty one."""
    installation.run(sys.modules[__name__])


def letters():
    """200 letters as one job against one rendering each."""
    database, _is_new = ensure("letters", OURS)
    call(database, "benchmarks.letters:run")
    drop(database)


def penalties():
    """The ledger of late interest and indemnities, night after night."""
    noted = {}
    for items in LATE:
        database = filled("penalties", "benchmarks.penalties:fill", items, OURS)
        noted |= call(database, "benchmarks.penalties:run", items)
        drop(database)
    measure.compare("seconds of the nights", noted, lambda times: LINEAR_MARGIN * times)


SUBJECTS = {
    "against_oca": against_oca,
    "decision": decision,
    "everyday": everyday_work,
    "financial_risk": financial_risk,
    "installation": installation_cost,
    "letters": letters,
    "penalties": penalties,
}


def main(words):
    """Run the subjects named, or all."""
    unknown = [word for word in words if word not in SUBJECTS]
    if unknown:
        sys.exit(f"There is no benchmark {unknown[0]}: {', '.join(SUBJECTS)}")
    write_config()
    for name in words or SUBJECTS:
        print(f"\n== {name}: {SUBJECTS[name].__doc__}", flush=True)
        SUBJECTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
