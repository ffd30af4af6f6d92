"""Two orders of one customer at once, each within the limit and together above: one passes."""

import os
import time

import pytest
from office_launcher import Launcher

from dev.postgres import connect

LEAD = 6.0  # seconds for both processes to have begun their transactions


@pytest.fixture
def shop(new_database):
    """``shop(mode)``: a launcher on a fresh database with two quotations."""
    launchers = []

    def open_shop(mode):
        database = new_database(os.environ["RELANCE_TEST_DATABASE"], f"orders_{mode}")
        launchers.append(Launcher(database))
        launchers[-1].call("orders_inside:prepare", mode).finish()
        return database, launchers[-1]

    yield open_shop
    for launcher in launchers:
        launcher.stop()


def _states(database):
    with connect(database) as cursor:
        cursor.execute(
            """SELECT so.state FROM sale_order so JOIN res_partner p ON p.id = so.partner_id
                WHERE p.name = 'Two Orders' ORDER BY so.state"""
        )
        return [state for (state,) in cursor.fetchall()]


@pytest.mark.parametrize(
    ("mode", "expected"), [("ask", ["draft", "sale"]), ("warn", ["sale", "sale"])]
)
def test_two_orders_at_once(shop, mode, expected):
    """Without the question both pass, so that the first case proves something."""
    database, launcher = shop(mode)
    moment = time.time() + LEAD
    calls = [launcher.call("orders_inside:confirm", number, moment) for number in range(2)]
    for call in calls:
        call.finish()
    assert _states(database) == expected
