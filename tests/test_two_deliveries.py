"""Two deliveries of one customer on hold at once, under one released amount: one passes."""

import os
import time

import pytest
from office_launcher import Launcher

from dev.postgres import connect

LEAD = 6.0  # seconds for both processes to have begun their transactions


@pytest.fixture
def depot(new_database):
    """``depot(amount)``: a launcher on a fresh database with two deliveries of 60."""
    launchers = []

    def open_depot(amount):
        database = new_database(os.environ["RELANCE_TEST_DATABASE"], f"shipping_{amount}")
        launchers.append(Launcher(database))
        launchers[-1].call("shipping_inside:prepare", amount).finish()
        return database, launchers[-1]

    yield open_depot
    for launcher in launchers:
        launcher.stop()


def _rows(database, query):
    with connect(database) as cursor:
        cursor.execute(query)
        return [value for (value,) in cursor.fetchall()]


@pytest.mark.parametrize(
    ("amount", "expected"), [(100, ["assigned", "done"]), (120, ["done", "done"])]
)
def test_two_deliveries_at_once(depot, amount, expected):
    """With enough for both, both pass: so the first case proves something."""
    database, launcher = depot(amount)
    moment = time.time() + LEAD
    calls = [launcher.call("shipping_inside:ship", number, moment) for number in range(2)]
    for call in calls:
        call.finish()
    states = """SELECT k.state FROM stock_picking k JOIN res_partner p ON p.id = k.partner_id
                 WHERE p.name = 'Two Deliveries' ORDER BY k.state"""
    assert _rows(database, states) == expected
    used = _rows(database, "SELECT amount FROM dunning_release_use")
    assert used == [60] * expected.count("done")
