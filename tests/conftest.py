"""What the tests from outside share: databases of their own, and Odoo in processes of its own.

``make test`` leads here with RELANCE_TEST_DATABASE: a database with all our add-ons, which is
only copied. PostgreSQL is found through libpq's variables, Odoo through ``dev.odoo``.
"""

import os
import time

import pytest
from office_launcher import Launcher
from office_snapshot import take_snapshot

from dev import databases

CUSTOMERS, INVOICES = 300, 600
LEAD = 6.0  # seconds for both processes to have begun their transactions


@pytest.fixture(scope="session")
def new_database():
    """``new_database(source, suffix)``: a copy with a name of our own, dropped at the end."""
    prefix = (
        f"{os.environ['RELANCE_TEST_DATABASE']}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    )
    made = set()

    def copy(source, suffix):
        name = f"{prefix}_{suffix}"
        made.add(name)
        databases.copy(source, name)
        return name

    yield copy
    for name in made:
        databases.drop(name)


@pytest.fixture
def at_once(new_database):
    """``at_once(module, work, argument)``: the name of a database on which ``module:work`` was
    done twice at one moment, in two processes, after ``module:prepare`` with the argument."""
    launchers = []

    def work_at_once(module, work, argument):
        database = new_database(os.environ["RELANCE_TEST_DATABASE"], f"{module}_{argument}")
        launcher = Launcher(database)
        launchers.append(launcher)
        launcher.call(f"{module}:prepare", argument).finish()
        moment = time.time() + LEAD
        for call in [launcher.call(f"{module}:{work}", number, moment) for number in range(2)]:
            call.finish()
        return database

    yield work_at_once
    for launcher in launchers:
        launcher.stop()


class Office:
    """A live company with 300 customers to remind, before its first run, and a launcher on it.

    ``reset()`` gives a fresh copy of that moment under the name that the launcher knows;
    ``expected`` is what an undisturbed run makes of it, ``seconds`` how long that takes.
    """

    def __init__(self, template, database, copy):
        self.template, self.database, self._copy = template, database, copy
        self.launcher = Launcher(database)
        self.expected, self.seconds = None, 0.0

    def reset(self):
        """Go back to the moment before the first run."""
        self._copy(self.template, "office")

    def look(self):
        """What the run has made so far, in a form that can be compared."""
        return take_snapshot(self.database)


@pytest.fixture(scope="session")
def office(new_database):
    """The office, after one undisturbed run was measured."""
    template = new_database(os.environ["RELANCE_TEST_DATABASE"], "template")
    filler = Launcher(template)
    filler.call("office_inside:prepare", CUSTOMERS, INVOICES).finish()
    filler.stop()
    office = Office(template, new_database(template, "office"), new_database)
    office.seconds = office.launcher.call("office_inside:launch").finish()
    office.expected = office.look()
    yield office
    office.launcher.stop()
