"""A pytest plugin: which lines and branches of our add-ons the tests reach (SlipCover).

SlipCover instruments our modules when they are imported, and nothing else. What traces, as
coverage.py does before Python 3.14, makes the whole of Odoo slower: 40 % of a run.

Its own pytest plugin is of no use here: its finder asks all other finders of modules, as Odoo's
does, and the two would ask each other for ever.
"""

import fnmatch
import io
import json
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder

import pytest
import slipcover
from slipcover.importer import SlipcoverLoader

from . import places

OMITTED = ("*/tests/*", "*/__manifest__.py", "*/migrations/*")
EXCLUDED = ("if TYPE_CHECKING:", "raise NotImplementedError")
KEY = "relance_coverage"
_found = []


def pytest_addoption(parser):
    """Measured in full runs only."""
    parser.addoption("--relance-coverage", action="store_true", help="measure our add-ons")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """In each worker, before Odoo imports our add-ons."""
    if config.getoption("--relance-coverage") and hasattr(config, "workeroutput"):
        config.stash[KEY] = finder = _Finder()
        sys.meta_path.insert(0, finder)


class _Finder(MetaPathFinder):
    """Finds the modules of our add-ons as Python does, and has them instrumented."""

    def __init__(self):
        names = places.our_addons()
        self._packages = {f"odoo.addons.{name}" for name in names}
        self.measured = slipcover.Slipcover(
            branch=True,
            source=[str(places.ROOT / name) for name in names],
            omit=list(OMITTED),
            exclude_also=list(EXCLUDED),
        )

    def find_spec(self, fullname, path, target=None):
        if ".".join(fullname.split(".")[:3]) not in self._packages:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if not spec or not spec.origin or _is_omitted(spec.origin):
            return None
        spec.loader = SlipcoverLoader(self.measured, spec.loader, spec.origin)
        return spec


def _is_omitted(path):
    return any(fnmatch.fnmatch(path, pattern) for pattern in OMITTED)


def pytest_sessionfinish(session):
    """A worker hands over what it has seen."""
    finder = session.config.stash.get(KEY, None)
    if finder:
        session.config.workeroutput[KEY] = json.dumps(finder.measured.get_coverage())


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """A worker is done: the controlling process takes over what it has seen."""
    text = getattr(node, "workeroutput", {}).get(KEY)
    if text:
        _found.append(json.loads(text))


def pytest_terminal_summary(terminalreporter):
    """The table of what was missed."""
    if not _found:
        return
    whole = _found[0]
    for part in _found[1:]:
        slipcover.merge_coverage(whole, part)
    table = io.StringIO()
    slipcover.print_coverage(whole, outfile=table, skip_covered=True)
    terminalreporter.section("coverage of our add-ons")
    terminalreporter.write_line(table.getvalue().strip())
