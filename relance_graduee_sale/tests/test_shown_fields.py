"""A held order tells the customer nothing, the warehouse no amount, its salesperson everything."""

from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.relance_graduee.tests.attacks.common import SECRET, SECRET_AMOUNT
from odoo.addons.relance_graduee.tests.attacks.shown import ShownCommon

SHOWN = ("dunning_hold", "dunning_hold_reason", "dunning_banner", "dunning_in_review")


@tagged("post_install", "-at_install")
class TestShownFields(ShownCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._invoice(60, SECRET_AMOUNT)
        cls.customer.with_company(cls.company)._set_delivery_hold(cls._today(), SECRET)
        product = cls.env["product.product"].create({"name": "Goods", "type": "service"})
        line = {"product_id": product.id, "price_unit": 10, "tax_ids": False}
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "user_id": cls.users["seller"].id,
                "order_line": [Command.create(line)],
            }
        )
        cls.order.action_quotation_sent()
        cls.order.message_subscribe(cls.users["portal"].partner_id.ids)

    def test_each_kind_of_user_reads_what_is_meant_for_it(self):
        for kind in self.users:
            told = {"dunning_banner"} if kind in ("seller", *self._get_accountants()) else set()
            self._walk(kind, self.order, told)

    def _get_accountants(self):
        return ("invoicing", "collector", "manager")

    def test_salesperson_reads_what_is_owed_and_why(self):
        _refused, result = self._rpc("seller", self.order, "read", list(SHOWN))
        self.assertEqual(result[0]["dunning_hold"], "blocked")
        self.assertIn("98,765.43", result[0]["dunning_banner"])
        self.assertIn(SECRET, result[0]["dunning_banner"])
        self.assertNotIn(SECRET, result[0]["dunning_hold_reason"])

    def test_customer_sees_the_page_of_a_held_order(self):
        """Accepted and held: a neutral sentence, read from no field that the customer may read."""
        self.order.sudo().dunning_in_review = True
        self.authenticate("attack_portal", "attack_portal")
        page = self.url_open(self.order.get_portal_url()).text
        self.assertIn("It is being reviewed", page)
        for mark in (SECRET, "98,765.43", "dunning_"):
            self.assertNotIn(mark, page.replace("relance_graduee", ""))

    def test_note_on_a_held_order_tells_the_warehouse_no_opinion(self):
        self.order.action_confirm()
        said = self.order.message_ids.mapped("body") + self.order.activity_ids.mapped("note")
        self.assertIn("Held by hand", "".join(filter(None, said)))
        self.assertEqual(self._find_secrets(said), [])
