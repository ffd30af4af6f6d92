"""Two deliveries of one customer on hold at once, under one released amount: one passes."""

import pytest

from dev.postgres import connect


def _rows(database, query):
    with connect(database) as cursor:
        cursor.execute(query)
        return [value for (value,) in cursor.fetchall()]


@pytest.mark.parametrize(
    ("amount", "expected"), [(100, ["assigned", "done"]), (120, ["done", "done"])]
)
def test_two_deliveries_at_once(at_once, amount, expected):
    """Two of 60 each. With enough for both, both pass: so the first case proves something."""
    database = at_once("shipping_inside", "ship", amount)
    states = """SELECT k.state FROM stock_picking k JOIN res_partner p ON p.id = k.partner_id
                 WHERE p.name = 'Two Deliveries' ORDER BY k.state"""
    assert _rows(database, states) == expected
    used = _rows(database, "SELECT amount FROM dunning_release_use")
    assert used == [60] * expected.count("done")
