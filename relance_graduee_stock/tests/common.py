"""Deliveries to customers who may be on hold; days are counted from today, as guards count them."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.http import serialize_exception

from odoo.addons.relance_graduee.tests.common_credit import MODULE
from odoo.addons.relance_graduee_sale.tests.common import SaleCommon

# Words of every refusal that a hold is the reason of.
HELD = "see the credit department|customer on hold"
FORGED = {
    "dunning_date": "2000-01-01",
    "dunning_partner_ids": [],
    "dunning_sale_hold": "warn",
    "skip_sanity_check": True,
    "skip_backorder": True,
    "cancel_backorder": True,
    "is_scrap": True,
    "su": True,
    "install_mode": True,
    "tracking_disable": True,
    "no_check": True,
}


class StockCommon(SaleCommon):
    """``cls.customer`` owes 900, 20 days late: blocked. ``cls.worker`` works in the warehouse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_sale_hold = "hold_deliveries"
        cls.worker = cls._user("worker", "stock.group_stock_user")
        cls.keeper = cls._user("keeper", "stock.group_stock_manager")
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        ) or cls.env["stock.warehouse"].create(
            {"name": "Warehouse", "code": "WHD", "company_id": cls.company.id}
        )
        cls.stock = cls.warehouse.lot_stock_id
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")
        cls.out_type = cls.warehouse.out_type_id
        cls.product.is_storable = True
        cls._fill(100)

    @classmethod
    def _fill(cls, quantity):
        cls.env["stock.quant"]._update_available_quantity(cls.product, cls.stock, quantity)

    def _delivery(self, partner=None, quantity=5, **vals):
        """The delivery of a confirmed order, as the worker opens it."""
        order = self._order(partner or self.customer, quantity=quantity, confirm=True, **vals)
        picking = order.picking_ids
        picking.sudo().action_assign()
        return picking.with_user(self.worker)

    def _transfer(
        self, partner=None, source=None, destination=None, kind=None, quantity=5, user=None
    ):
        """A transfer made by hand."""
        source, destination = source or self.stock, destination or self.customers
        picking = (
            self.env["stock.picking"]
            .with_user(user or self.worker)
            .create(
                {
                    "partner_id": partner.id if partner else False,
                    "picking_type_id": (kind or self.out_type).id,
                    "location_id": source.id,
                    "location_dest_id": destination.id,
                    "move_ids": [Command.create(self._move_vals(source, destination, quantity))],
                }
            )
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    def _move_vals(self, source, destination, quantity=5):
        return {
            "product_id": self.product.id,
            "product_uom_qty": quantity,
            "location_id": source.id,
            "location_dest_id": destination.id,
        }

    def _refused(self, function, *args):
        """That ``function`` is refused because of a hold, in words that the web client shows.

        It has a dialog for each class by its name: a subclass would be a "server error".
        """
        with self.assertRaisesRegex(UserError, HELD) as caught, self.cr.savepoint():
            function(*args)
        self.env.invalidate_all()
        error = serialize_exception(caught.exception)
        self.assertEqual(error["name"], "odoo.exceptions.UserError")
        return error["message"]

    def _in_stock(self):
        self.env.invalidate_all()
        quants = self.env["stock.quant"]
        return quants._get_available_quantity(self.product, self.stock, allow_negative=True) + sum(
            quants._gather(self.product, self.stock).mapped("reserved_quantity")
        )

    def _assert_gone(self, quantity):
        self.assertEqual(self._in_stock(), 100 - quantity)

    def _release_delivery(self, picking, **vals):
        return self._release("delivery", picking_id=picking.id, partner_id=False, **vals)


__all__ = ["FORGED", "MODULE", "StockCommon"]
