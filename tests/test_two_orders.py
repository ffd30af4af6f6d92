"""Two orders of one customer at once, each within the limit and together above: one passes."""

import pytest

from dev.postgres import connect


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
def test_two_orders_at_once(at_once, mode, expected):
    """Without the question both pass, so that the first case proves something."""
    assert _states(at_once("orders_inside", "confirm", mode)) == expected
