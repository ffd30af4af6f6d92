"""The check holds on every path, for a salesperson, whatever the context says."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..models.sale_order import is_order_held
from .common import SaleCommon

FORGED = {
    "dunning_date": "2000-01-01",
    "dunning_partner_ids": [],
    "dunning_sale_hold": "warn",
    "su": True,
    "install_mode": True,
    "tracking_disable": True,
    "no_check": True,
}


@tagged("post_install", "-at_install")
class TestAsk(SaleCommon):
    """Confirming an order of a customer on hold needs a release."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_sale_hold = "ask"

    def _refused(self, function, *args):
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            function(*args)
        self.assertTrue(is_order_held(caught.exception), caught.exception)
        self.env.invalidate_all()

    def _release_order(self, order, **vals):
        return self._release("order", order_id=order.id, partner_id=False, **vals)

    # ------------------------------------------------------------
    # PATHS
    # ------------------------------------------------------------

    def test_confirm_button(self):
        order = self._order()
        self._refused(order.action_confirm)
        self.assertEqual(order.state, "draft")

    def test_message_says_why_and_who_helps(self):
        with self.assertRaises(UserError) as caught:
            self._order().action_confirm()
        self.assertIs(type(caught.exception), UserError, "the web client knows no other")
        for words in ("Customer", "overdue beyond", self.company._get_dunning_manager().name):
            self.assertIn(words, str(caught.exception))

    def test_forged_context(self):
        self._refused(self._order().with_context(**FORGED).action_confirm)

    def test_several_at_once(self):
        good, held = self._order(self.good), self._order()
        self._refused((good | held).action_confirm)
        self.assertEqual(good.state, "draft")
        good.action_confirm()
        self.assertEqual(good.state, "sale")

    def test_state_written_or_imported(self):
        order = self._order()
        self._refused(order.write, {"state": "sale"})
        self._refused(lambda: self._order(state="sale"))
        columns = ["partner_id/.id", "state", "order_line/product_id/.id"]
        columns += ["order_line/product_uom_qty", "order_line/price_unit"]
        data = [[str(self.customer.id), "sale", str(self.product.id), "1", "100"]]
        orders = self.env["sale.order"].with_user(self.seller)
        count = orders.search_count([("partner_id", "=", self.customer.id)])
        result = orders.load(columns, data)
        self.assertFalse(result["ids"])
        found = orders.search_count([("partner_id", "=", self.customer.id)])
        self.assertEqual(found, count)

    def test_quantity_price_and_lines_raised_afterwards(self):
        order = self._order(self.good, confirm=True)
        self._invoice(20, 900, partner=self.good)
        line = order.order_line
        self._refused(line.write, {"product_uom_qty": 2})
        self._refused(line.write, {"price_unit": 101})
        self._refused(
            order.write, {"order_line": [Command.update(line.id, {"product_uom_qty": 3})]}
        )
        self._refused(
            order.write,
            {"order_line": [Command.create({"product_id": self.product.id, "price_unit": 5})]},
        )
        self._refused(
            line.create, {"order_id": order.id, "product_id": self.product.id, "price_unit": 5}
        )
        line.price_unit = 99
        self.assertEqual(order.amount_total, 99)

    def test_another_customer_put_on_a_confirmed_order(self):
        order = self._order(self.good, confirm=True)
        self._refused(order.write, {"partner_id": self.customer.id})
        self._refused(order.write, {"partner_invoice_id": self.customer.id})

    def test_the_invoice_address_of_another_does_not_help(self):
        order = self._order(partner_invoice_id=self.good.id)
        self._refused(order.action_confirm)

    def test_goods_delivered_to_another_company_of_a_blocked_customer(self):
        order = self._order(self.good, partner_shipping_id=self.customer.id)
        order.action_confirm()
        self.assertEqual(order.state, "sale", "who pays decides")

    def test_cancelled_and_confirmed_again(self):
        order = self._order(self.good, confirm=True)
        order._action_cancel()
        self._invoice(20, 900, partner=self.good)
        order.action_draft()
        self._refused(order.action_confirm)

    def test_contact_of_the_customer(self):
        contact = self.env["res.partner"].create({"name": "A", "parent_id": self.customer.id})
        self._refused(self._order(contact).action_confirm)

    def test_amounts_are_not_written(self):
        order = self._order()
        for vals in (
            {"amount_total": 0},
            {"currency_rate": 1000},
            {"invoice_status": "invoiced"},
            {"amount_paid": 10**6},
            {"dunning_hold": "none"},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                order.write(vals | {"state": "sale"})
        for vals in (
            {"price_total": 0},
            {"qty_invoiced": 10},
            {"invoice_status": "invoiced"},
            {"state": "cancel"},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                order.order_line.write(vals)

    # ------------------------------------------------------------
    # WHAT LETS THEM GO
    # ------------------------------------------------------------

    def test_paying_lets_go_at_once(self):
        order = self._order()
        self._refused(order.action_confirm)
        self._pay(self.debt)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_release_of_the_order_covers_what_was_known(self):
        order = self._order()
        release = self._release_order(order)
        self.assertEqual((release.amount, release.partner_id), (100, self.customer))
        order.action_confirm()
        self.assertEqual(release.use_ids.name, order.display_name)
        self._refused(order.order_line.write, {"product_uom_qty": 2})
        self._refused(self._order().action_confirm)
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(len(release.use_ids), 1)

    def test_raised_before_it_is_confirmed(self):
        order = self._order()
        self._release_order(order)
        order.order_line.product_uom_qty = 2
        self._refused(order.action_confirm)

    def test_release_of_an_amount(self):
        self._release("amount", amount=150)
        self._order(confirm=True)
        self._refused(self._order().action_confirm)
        self._order(price=50, confirm=True)

    def test_salesperson_asks_and_manager_grants(self):
        order = self._order()
        action = order.action_ask_release()
        requests = self.env["dunning.release"].with_user(self.seller)
        with Form(requests.with_context(**action["context"])) as form:
            form.reason = "A fair on Monday"
        release = form.record
        self.assertEqual((release.order_id, release.amount), (order, 100))
        with self.assertRaises(AccessError):
            release.action_grant()
        self._refused(order.action_confirm)
        release.with_user(self.manager).action_grant()
        self.assertIn("granted", order.message_ids[0].body)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_warn_only(self):
        self.company.dunning_sale_hold = "warn"
        self.assertEqual(self._order(confirm=True).state, "sale")

    # ------------------------------------------------------------
    # PREPAID
    # ------------------------------------------------------------

    def _transaction(self, order, amount, state="done"):
        provider = self.env["payment.provider"].create(
            {"name": "Test", "company_id": self.company.id}
        )
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": self.env.ref("payment.payment_method_card").id,
                    "amount": amount,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "reference": f"{order.name}-{amount}-{state}",
                    "state": state,
                    "sale_order_ids": [Command.set(order.ids)],
                }
            )
        )

    def test_prepaid_passes(self):
        order = self._order()
        self._transaction(order, 99.99)
        self._refused(order.action_confirm)
        self._transaction(order, 0.01)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_pending_payment_and_another_orders_do_not_count(self):
        order, other = self._order(), self._order()
        self._transaction(order, 100, state="pending")
        shared = self._transaction(other, 100)
        shared.sale_order_ids |= order
        self._refused(order.action_confirm)

    def test_paid_online_in_full(self):
        order = self._order(require_payment=True, prepayment_percent=1.0)
        confirmed = self._transaction(order, 100)._check_amount_and_confirm_order()
        self.assertEqual((confirmed, order.state), (order, "sale"))

    def test_deposit_paid_online_goes_to_review(self):
        order = self._order(require_payment=True, prepayment_percent=0.3)
        confirmed = self._transaction(order, 30)._check_amount_and_confirm_order()
        self.assertFalse(confirmed)
        self.assertEqual((order.state, order.dunning_in_review), ("draft", True))

    # ------------------------------------------------------------
    # PORTAL
    # ------------------------------------------------------------

    def test_signed_in_the_portal_goes_to_review(self):
        order = self._order()
        order.sudo()._validate_order()
        self.assertEqual((order.state, order.dunning_in_review), ("draft", True))
        self.assertEqual(order.activity_ids.user_id, self.seller)
        self._release_order(order)
        order.action_confirm()
        self.assertEqual((order.state, order.dunning_in_review), ("sale", False))

    def test_salesperson_reads_of_it_in_french_whatever_the_customer_speaks(self):
        self.seller.lang = "fr_FR"
        order = self._order()
        order.sudo().with_context(lang="en_US")._validate_order()
        task = order.activity_ids
        self.assertIn("examiner", task.summary)
        self.assertIn("retard", task.note)

    def test_signed_by_a_customer_in_order_is_confirmed(self):
        order = self._order(self.good)
        order.sudo()._validate_order()
        self.assertEqual(order.state, "sale")


@tagged("post_install", "-at_install")
class TestHoldDeliveries(SaleCommon):
    def test_confirmed_and_told(self):
        order = self._order(confirm=True)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.activity_ids.user_id, self.seller)
        self.assertIn("overdue beyond", order.message_ids[0].body)

    def test_customer_in_order_is_not_told_of(self):
        self.assertFalse(self._order(self.good, confirm=True).activity_ids)

    def test_a_release_is_not_used_up_by_confirming(self):
        release = self._release("amount", amount=100)
        order = self._order(confirm=True)
        self.assertFalse(release.use_ids)
        self.assertFalse(order.activity_ids)


@tagged("post_install", "-at_install")
class TestReleaseRights(SaleCommon):
    def test_without_an_order(self):
        with self.assertRaises(UserError):
            self._release("order", amount=5)

    def test_order_of_another_is_not_asked_about(self):
        other = self._user("other", "sales_team.group_sale_salesman")
        order = self._order()
        with self.assertRaises(AccessError):
            self.env["dunning.release"].with_user(other).create(
                {"scope": "order", "order_id": order.id, "reason": "x"}
            )
