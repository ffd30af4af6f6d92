"""The warehouse sees that a delivery waits and whom to ask; the customer sees nothing of it."""

from odoo.tests import tagged

from odoo.addons.relance_graduee.tests.attacks.common import SECRET, SECRET_AMOUNT
from odoo.addons.relance_graduee.tests.attacks.shown import ShownCommon


@tagged("post_install", "-at_install")
class TestShownFields(ShownCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._invoice(60, SECRET_AMOUNT)
        cls.customer.with_company(cls.company)._set_delivery_hold(cls._today(), SECRET)
        warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)])[:1]
        product = cls.env["product.product"].create({"name": "Goods", "is_storable": True})
        places = {
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": cls.env.ref("stock.stock_location_customers").id,
        }
        move = {"product_id": product.id, "product_uom_qty": 1, **places}
        cls.picking = cls.env["stock.picking"].create(
            {
                "partner_id": cls.customer.id,
                "picking_type_id": warehouse.out_type_id.id,
                "move_ids": [(0, 0, move)],
                **places,
            }
        )
        cls.picking.action_confirm()

    def test_each_kind_of_user_reads_no_amount_and_no_opinion(self):
        for kind in self.users:
            for record in (self.picking, self.picking.move_ids, self.picking.picking_type_id):
                self._walk(kind, record)

    def test_warehouse_sees_that_it_waits_and_whom_to_ask(self):
        names = ["dunning_held", "dunning_hold_message"]
        _refused, result = self._rpc("warehouse", self.picking, "read", names)
        self.assertTrue(result[0]["dunning_held"])
        self.assertIn("see the credit department", result[0]["dunning_hold_message"])
        self.assertEqual(self._find_secrets(result), [])

    def test_refused_delivery_says_why_without_opinion(self):
        self.picking.move_ids.quantity = 1
        refused, error = self._rpc("warehouse", self.picking, "button_validate")
        self.assertTrue(refused)
        self.assertIn("Held by hand", str(error))
        self.assertEqual(self._find_secrets(str(error)), [])
