"""A pytest plugin for the tests that run inside Odoo.

It upgrades our add-ons in the registry that the tests use anyway: an upgrade in
a process of its own would load Odoo's modules twice.

It keeps the files of parallel workers apart from Odoo's tidying up.

It checks that Odoo's own loader finds the classes that pytest found.

And it makes a skipped test a failure. A skipped browser test looks like a
passed one in a hurry. Whatever the reason, a missing program or a forgotten
marker, the run ends with a failure.
"""

import logging
import traceback

import pytest

from . import addons, places
from .console import Failure

_skipped = []
_found_by_odoo = set()


def pytest_addoption(parser):
    """The developer's database asks for an upgrade; the databases of a full run are ready."""
    parser.addoption("--relance-develop", action="store_true", help="upgrade our add-ons first")
    parser.addoption("--relance-loader", action="store_true", help="compare with Odoo's loader")


def pytest_sessionstart(session):
    """Upgrade before the tests are collected."""
    if _is_worker(session.config):
        _keep_files_of_other_workers()
    if session.config.getoption("--relance-develop"):
        database = session.config.getoption("--odoo-database")
        try:
            addons.develop(database, _apply_here)
        except Failure as failure:
            pytest.exit(f"\n\n{failure}", returncode=pytest.ExitCode.INTERNAL_ERROR)
    if session.config.getoption("--relance-loader"):
        _found_by_odoo.update(_ask_loader())


def pytest_collection_modifyitems(config, items):
    """Leave out what is tagged ``-standard``, as Odoo does, unless it is asked for by name."""
    if _found_by_odoo:
        _compare_with_loader(items)
    if any("::" in argument for argument in config.args):
        return
    left_out = [item for item in items if not _is_standard(item)]
    items[:] = [item for item in items if _is_standard(item)]
    config.hook.pytest_deselected(items=left_out)


def _ask_loader():
    """The classes that Odoo would run: asked before pytest has imported any file itself.

    Odoo: odoo/tests/loader.py, get_test_modules.
    """
    from odoo.tests import loader

    modules = [each for name in places.our_addons() for each in loader.get_test_modules(name)]
    return {type(test) for each in modules for test in loader.get_module_test_cases(each)}


def _compare_with_loader(items):
    """A file that no ``__init__`` of the tests imports would run nowhere but here."""
    here = {item.cls for item in items if getattr(item, "cls", None)}
    differing = sorted(f"{each.__module__}.{each.__name__}" for each in here ^ _found_by_odoo)
    if differing:
        raise pytest.UsageError(
            "Odoo's loader and pytest find different tests:\n" + "\n".join(differing)
        )


def _is_standard(item):
    tags = getattr(getattr(item, "cls", None), "test_tags", None)
    return tags is None or "standard" in tags


def _keep_files_of_other_workers():
    """The workers share one file store, and Odoo tidies it up after each class of tests.

    What a test of another worker has just written is in no committed row: it would be deleted.
    """
    from odoo.tests.common import TransactionCase

    TransactionCase._gc_filestore = classmethod(lambda cls: None)


def _apply_here(database, install, upgrade):
    """Install and upgrade in this process; a warning fails, as it does in the full run."""
    from odoo.modules.registry import Registry

    warnings = _Warnings()
    logging.getLogger().addHandler(warnings)
    try:
        Registry.new(database, update_module=True, install_modules=install, upgrade_modules=upgrade)
    except Exception:
        raise Failure(traceback.format_exc()) from None
    finally:
        logging.getLogger().removeHandler(warnings)
    if warnings.lines:
        raise Failure("The upgrade warns:\n" + "\n".join(warnings.lines))


class _Warnings(logging.Handler):
    """Keeps what is logged as a warning or worse."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


def pytest_runtest_logreport(report):
    """Remember what was skipped; under xdist this runs in the controlling process."""
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


def pytest_collectreport(report):
    """A whole file can be skipped while it is collected."""
    if report.skipped:
        _skipped.append(report.nodeid)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session):
    """Turn a success with skipped tests into a failure."""
    if _skipped and session.exitstatus == pytest.ExitCode.OK and not _is_worker(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    """Name the skipped tests: the status alone would be a riddle."""
    if _skipped:
        terminalreporter.section("skipped tests are failures here", red=True)
        for nodeid in _skipped:
            terminalreporter.line(nodeid)


def _is_worker(config):
    return hasattr(config, "workerinput")
