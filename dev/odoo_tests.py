"""``make test-odoo``: Odoo's own tests without our add-ons and with them, and the difference.

What fails without us is no matter: Odoo's tests expect demonstration data, a timezone, a browser.
What fails with us alone is a change that our add-ons make to Odoo for everybody.
"""

import collections
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from . import addons, databases, odoo, odoo_source, places, python_env
from .console import Failure, part, say

MODULES = ("account", "sale", "stock", "sale_stock")
WORKERS = 2


def compare(words):
    """Run the tests both ways; whether each has the same result.

    :param words: names of Odoo's modules (default: ``MODULES``); options go to pytest
    """
    modules = [word for word in words if not word.startswith("-")] or MODULES
    options = [word for word in words if word.startswith("-")]
    folders = [_get_folder(module) for module in modules]
    without = _run("without", [], folders, options)
    with_us = _run("with", places.our_addons(), folders, options)
    return _show(without, with_us)


def _get_folder(module):
    for path in map(str, odoo_source.addons_path()):
        folder = f"{path}/{module}/tests"
        if Path(folder).exists():
            return folder
    raise Failure(f"Odoo's package has no tests of {module}.")


def _run(name, ours, folders, options):
    """Name of each test -> its result, on a fresh database with the add-ons ``ours``."""
    database = f"relance_odoo_{name}_{places.clone_key()}"
    databases.copy(databases.ensure_base(), database)
    if ours:
        with part(f"installing {', '.join(ours)}"):
            addons.apply(database, install=ours)
    report = places.BUILD / f"odoo_tests_{name}.xml"
    report.unlink(missing_ok=True)
    with part(f"Odoo's tests {name} our add-ons (10 to 30 minutes)"):
        _pytest(database, report, folders, options)
    databases.drop(database)
    if not report.exists():
        raise Failure(f"pytest ended without a report; its output is {_get_log(report)}")
    return _read(report)


def _pytest(database, report, folders, options):
    odoo_options = [f"--odoo-config={odoo.CONFIG}", f"--odoo-database={database}", "--odoo-http"]
    plugins = ["-p", "no:cacheprovider", "-n", WORKERS, "--dist", "loadscope"]
    words = [*odoo_options, "--odoo-log-level=critical", *plugins, f"--junitxml={report}"]
    command = [python_env.python(), "-m", "pytest", "-q", "--tb=line", *words, *options, *folders]
    with open(_get_log(report), "w") as log:
        subprocess.run(
            [str(word) for word in command],
            cwd=places.ROOT,
            env=odoo.environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )


def _get_log(report):
    return report.with_suffix(".log")


def _read(report):
    """The worst result of each test; a parameter or a sub-test counts for its test."""
    results = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        kinds = {child.tag for child in case}
        failed = bool(kinds & {"failure", "error"})
        result = "failed" if failed else "skipped" if "skipped" in kinds else "passed"
        results[name] = min(result, results.get(name, "z"))
    return results


def _show(without, with_us):
    """Print both counts and the tests that differ; whether none does."""
    for name, results in (("without", without), ("with", with_us)):
        kinds = collections.Counter(results.values())
        counts = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        say(f"{name} our add-ons: {len(results)} tests, {counts}")
    both = {*without, *with_us}
    differing = sorted(name for name in both if without.get(name) != with_us.get(name))
    for name in differing:
        say(f"    {name}: {without.get(name)} without, {with_us.get(name)} with")
    say(f"{len(differing)} tests have another result with our add-ons.")
    return not differing
