"""What was ordered and delivered counts, worked by hand; the limit with it."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SaleCommon


@tagged("post_install", "-at_install")
class TestExposure(SaleCommon):
    def _amounts(self, partner=None):
        account = self._account(partner or self.good)
        return account.amount_ordered, account.amount_to_invoice, account.amount_invoiced

    def _ordered(self, quantity=10, **vals):
        return self._order(self.good, quantity=quantity, confirm=True, **vals).sudo()

    def test_quotation_counts_nothing(self):
        self._order(self.good)
        self.assertFalse(self._account(self.good))

    def test_ordered_delivered_invoiced(self):
        order = self._ordered()
        self.assertEqual(self._amounts(), (1000, 0, 0))
        order.order_line.qty_delivered = 4
        self.assertEqual(self._amounts(), (600, 400, 0))
        invoice = order._create_invoices()
        self.assertEqual(self._amounts(), (600, 400, 0), "a draft is owed by nobody yet")
        invoice.action_post()
        self.assertEqual(self._amounts(), (600, 0, 400))
        self.assertEqual(self._account(self.good).exposure, 1000)
        order.order_line.qty_delivered = 10
        order._create_invoices().action_post()
        self.assertEqual(self._amounts(), (0, 0, 1000))

    def test_with_vat(self):
        tax = self.env["account.tax"].create({"name": "20", "amount": 20})
        order = self._ordered(quantity=1)
        order.order_line.tax_ids = tax
        self.assertEqual(self._amounts(), (120, 0, 0))

    def test_more_delivered_than_ordered(self):
        order = self._ordered(quantity=1)
        order.order_line.qty_delivered = 3
        self.assertEqual(self._amounts(), (0, 300, 0))

    def test_cancelled_counts_nothing(self):
        self._ordered()._action_cancel()
        self.assertFalse(self._account(self.good))

    def test_down_payment_is_counted_once(self):
        order = self._ordered()
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        )
        vals = {"advance_payment_method": "percentage", "amount": 30}
        wizard.create(vals).create_invoices()
        order.invoice_ids.action_post()
        self.assertEqual(self._amounts(), (700, 0, 300))
        self._pay(order.invoice_ids)
        self.assertEqual(self._account(self.good).exposure, 700)
        order.order_line[:1].qty_delivered = 10
        self.assertEqual(self._amounts(), (0, 700, 0))

    def test_money_received_in_advance_lowers_the_exposure(self):
        self._ordered()
        self._credit(400, partner=self.good)
        account = self._account(self.good)
        self.assertEqual((account.amount_credit, account.exposure), (-400, 600))

    def test_in_another_currency(self):
        franc = self.env.ref("base.CHF")
        franc.active = True
        rate = 1.25 * self.company.currency_id.rate
        self.env["res.currency.rate"].create(
            {
                "name": self._at(-100),
                "currency_id": franc.id,
                "rate": rate,
                "company_id": self.company.id,
            }
        )
        pricelist = self.env["product.pricelist"].create({"name": "F", "currency_id": franc.id})
        order = self._ordered(pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, franc)
        self.assertEqual(self._amounts(), (800, 0, 0))
        self.assertEqual(order._get_dunning_value(), 800)

    def test_who_pays_is_exposed(self):
        payer = self._create_customer("Payer")
        self._ordered(partner_invoice_id=payer.id)
        self.assertFalse(self._account(self.good))
        self.assertEqual(self._amounts(payer), (1000, 0, 0))

    def test_two_orders_within_the_limit_and_together_above(self):
        self.company.dunning_sale_hold = "ask"
        self.good.credit_limit = 100
        first, second = (self._order(self.good, price=60) for _each in range(2))
        first.action_confirm()
        with self.assertRaisesRegex(UserError, "on hold"):
            second.action_confirm()

    def test_limit_of_another_company_does_not_count(self):
        other = self._prepare_company(self.env["res.company"].create({"name": "Other"}))
        self.company.dunning_sale_hold = other.dunning_sale_hold = "ask"
        self.good.with_company(other).credit_limit = 10
        order = self._order(self.good, user=self.env.user)
        order.with_company(other).action_confirm()
        self.assertEqual(order.state, "sale")
        self.good.credit_limit = 10
        self.assertEqual(self._hold(self.good), ("blocked", {"limit"}))

    def test_many_orders_cost_no_query_each(self):
        def ask():
            self.env.invalidate_all()
            self._hold(self.good)

        self._ordered()
        ask()
        few = self._count_queries(ask)
        self._order(
            self.good,
            order_line=[
                Command.create({"product_id": self.product.id, "price_unit": 1})
                for _line in range(30)
            ],
            confirm=True,
        )
        self.env.flush_all()
        self.assertLessEqual(self._count_queries(ask), few + 1)

    def _count_queries(self, function):
        before = self.cr.sql_log_count
        function()
        return self.cr.sql_log_count - before

    def test_confirming_an_order_asks_once(self):
        """The guard of an order costs a constant, small number of statements."""
        self.company.dunning_sale_hold = "ask"
        orders = [self._order(self.good) for _each in range(3)]
        orders[0].action_confirm()
        checks = []
        for order in orders[1:]:
            self.env.flush_all()
            checks.append(
                self._count_queries(lambda o=order: o.sudo()._check_dunning_hold(self.company))
            )
        self.assertLessEqual(max(checks), 25)
