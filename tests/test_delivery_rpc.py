"""Deliveries over JSON-RPC, on a real server with batches, waves and dropshipping.

Of a customer on hold nothing leaves, whoever tries it by which path and context; with a release,
a paid order or a debt that was just paid, everything goes.
"""

import os

import pytest
from deliveries_plan import HELD, PAID, PATHS, PREPAID, QUANTITY, RELEASED, SELLER, WORKER
from rpc_client import Caller, RpcError

from dev import addons, odoo, places
from dev.pytest_server import OdooServer

MODULES = ["stock_picking_batch", "stock_dropshipping"]
FORGED = {
    "dunning_date": "2000-01-01",
    "dunning_partner_ids": [],
    "dunning_sale_hold": "warn",
    "dunning_stock_hold": "shipping",
    "skip_sanity_check": True,
    "is_scrap": True,
    "su": True,
    "sudo": True,
    "uid": 1,
    "install_mode": True,
    "tracking_disable": True,
}
# The words of a hold, or that this user may not even try.
REFUSED = ("credit department", "customer on hold", "not allowed", "operation type", "records")


@pytest.fixture(scope="module")
def server(new_database):
    name = new_database(os.environ["RELANCE_TEST_DATABASE"], "deliveries")
    addons.apply(name, install=MODULES)
    odoo.call(places.logs() / "deliveries.log", name, "tests.deliveries_inside:fill")
    places.BUILD.mkdir(exist_ok=True)
    server = OdooServer(name).start("--max-cron-threads=0")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def people(server):
    """Login -> who calls; ``clerk`` looks and prepares, he may everything but dun."""
    return {who: Caller(server.url, server.database, who) for who in (WORKER, SELLER, "clerk")}


class Path:
    """One way to send goods: ``go`` tries it as ``caller``."""

    def __init__(self, people, name, user, context):
        self.clerk, self.caller, self.context = people["clerk"], people[user], context
        order = self.clerk.ids("sale.order", ("client_order_ref", "=", name))
        self.order = order[0]
        self.pickings = self._find("stock.picking", ("sale_id", "in", order))

    def _find(self, model, *domain):
        return self.clerk.ids(model, *domain)

    def _try(self, model, method, *arguments, **context):
        return self.caller.call(model, method, *arguments, context={**self.context, **context})

    def _validate(self, pickings=None, **context):
        self._try("stock.picking", "button_validate", pickings or self.pickings, **context)

    def _moves(self):
        return self._find("stock.move", ("picking_id", "in", self.pickings))

    # ------------------------------------------------------------
    # THE WAYS
    # ------------------------------------------------------------

    def validate(self):
        self._validate()

    def several(self):
        """With a delivery of a customer in order."""
        good = self._find("stock.picking", ("sale_id.client_order_ref", "=", "good"))
        self._validate(self.pickings + good)

    def backorder(self):
        """A part of it, by the wizard that asks about the rest."""
        self._try("stock.move", "write", self._moves(), {"quantity": 2, "picked": True})
        lines = [(0, 0, {"to_backorder": True, "picking_id": self.pickings[0]})]
        vals = {
            "pick_ids": [(6, 0, self.pickings)],
            "backorder_confirmation_line_ids": lines,
        }
        wizard = self._try("stock.backorder.confirmation", "create", vals)
        ids = {"button_validate_picking_ids": self.pickings}
        self._try("stock.backorder.confirmation", "process", [wizard], **ids)

    def by_hand(self):
        """An immediate transfer, made and validated by the caller, in place of the delivery."""
        (picking,) = self.clerk.call("stock.picking", "read", self.pickings)
        self.clerk.call("stock.picking", "action_cancel", self.pickings)
        (move,) = self.clerk.call("stock.move", "read", self._moves(), ["product_id"])
        places = {name: picking[name][0] for name in ("location_id", "location_dest_id")}
        line = {"product_id": move["product_id"][0], "quantity": QUANTITY, **places}
        vals = {
            "partner_id": picking["partner_id"][0],
            "picking_type_id": picking["picking_type_id"][0],
            "move_ids": [(0, 0, line)],
            **places,
        }
        self.pickings = [self._try("stock.picking", "create", vals)]
        self._validate()

    def batch(self):
        vals = {"picking_ids": [(6, 0, self.pickings)]}
        batch = self._try("stock.picking.batch", "create", vals)
        self._try("stock.picking.batch", "action_confirm", [batch])
        self._try("stock.picking.batch", "action_done", [batch])

    def wave(self):
        lines = self._find("stock.move.line", ("picking_id", "in", self.pickings))
        wizard = self._try("stock.add.to.wave", "create", {"line_ids": [(6, 0, lines)]})
        self._try("stock.add.to.wave", "attach_pickings", [wizard])
        waves = self._find("stock.picking.batch", ("picking_ids", "in", self.pickings))
        self._try("stock.picking.batch", "action_confirm", waves)
        self._try("stock.picking.batch", "action_done", waves)

    def scanner(self):
        """What a barcode scanner writes: lines picked one by one, then the end."""
        for line in self._find("stock.move.line", ("picking_id", "in", self.pickings)):
            vals = {"quantity": QUANTITY, "picked": True}
            self._try("stock.move.line", "write", [line], vals, barcode_trigger=True)
        self._validate(barcode_trigger=True, skip_backorder=True)

    def state(self):
        """Written as done, as an import would; then validated where that did nothing."""
        self._try("stock.move", "write", self._moves(), {"state": "done"})

    def partner(self):
        """Another customer on the delivery first."""
        (other,) = self._find("res.partner", ("name", "=", "In order"))
        self._try("stock.picking", "write", self.pickings, {"partner_id": other})
        self._validate()

    def split(self):
        self._try("stock.move", "write", self._moves(), {"quantity": 2})
        self._try("stock.picking", "action_split_transfer", self.pickings)
        self.pickings = self._find("stock.picking", ("sale_id", "=", self.order))
        self._try("stock.picking", "action_assign", self.pickings)
        self._validate()

    def again(self):
        """The order is cancelled and confirmed again."""
        self.clerk.call("sale.order", "action_cancel", [self.order])
        self.clerk.call("sale.order", "action_draft", [self.order])
        self.clerk.call("sale.order", "action_confirm", [self.order])
        domain = ("sale_id", "=", self.order), ("state", "!=", "cancel")
        self.pickings = self._find("stock.picking", *domain)
        self._validate()

    def dropship(self):
        self._validate()

    def steps(self):
        """Pick and pack are done by whoever works there; the last step is tried."""
        for _step in range(2):
            self.clerk.call("stock.picking", "button_validate", self.pickings)
            done = self.pickings
            domain = ("sale_id", "=", self.order), ("state", "!=", "done")
            self.pickings = self._find("stock.picking", *domain)
            assert len(self.pickings) == 1 and self.pickings != done
        self._validate()

    # ------------------------------------------------------------
    # WHAT LEFT
    # ------------------------------------------------------------

    def left(self):
        """How many goods of this order, or of the transfer made in its place, have left."""
        domain = [
            "|",
            ("picking_id", "in", self.pickings),
            ("move_id.sale_line_id.order_id", "=", self.order),
            ("state", "=", "done"),
            ("location_dest_id.usage", "=", "customer"),
        ]
        lines = self.clerk.call("stock.move.line", "search_read", domain, ["quantity"])
        return sum(line["quantity"] for line in lines)


@pytest.mark.parametrize(
    ("user", "context"),
    [(WORKER, {}), (WORKER, FORGED), (SELLER, FORGED)],
    ids=["worker", "worker-forged", "seller-forged"],
)
@pytest.mark.parametrize("name", PATHS)
def test_nothing_leaves(people, name, user, context):
    path = Path(people, f"{HELD}-{user}-{name}", user, context)
    with pytest.raises(RpcError) as refused:
        getattr(path, name)()
    error = refused.value
    assert error.name.startswith("odoo.exceptions."), error.name
    assert any(word in str(error) for word in REFUSED), str(error)
    if user == WORKER:
        assert error.name == "odoo.exceptions.UserError", str(error)
    assert path.left() == 0


@pytest.mark.parametrize("kind", [RELEASED, PREPAID, PAID])
@pytest.mark.parametrize("name", PATHS)
def test_everything_goes(people, name, kind):
    if name == "by_hand" and kind == PREPAID:
        name = "validate"  # what was paid is the order
    path = Path(people, f"{kind}-{WORKER}-{name}", WORKER, {})
    getattr(path, name)()
    assert path.left() == (2 if name == "backorder" else QUANTITY)
