"""Deliveries of several companies and currencies, with figures worked by hand; many addresses."""

from odoo import Command
from odoo.tests import tagged

from .common import StockCommon


@tagged("post_install", "-at_install")
class TestCompanies(StockCommon):
    """A second company, in francs, delivers to the same customers from its own warehouse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.franc = cls.env.ref("base.CHF")
        cls.franc.active = True
        cls.other = cls._prepare_company(cls.env["res.company"].create({"name": "Other"}))
        cls.other.currency_id = cls.franc
        cls.other.dunning_sale_hold = "hold_deliveries"
        cls.env.user.company_ids |= cls.other
        cls.depot = cls.env["stock.warehouse"].search([("company_id", "=", cls.other.id)], limit=1)
        cls.env["stock.quant"]._update_available_quantity(cls.product, cls.depot.lot_stock_id, 100)

    def _order_there(self, partner, quantity=5, company=None):
        company = company or self.other
        env = self.env(context={**self.env.context, "allowed_company_ids": company.ids})
        line = {"product_id": self.product.id, "product_uom_qty": quantity, "price_unit": 100}
        order = env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "order_line": [Command.create({**line, "tax_ids": False})],
            }
        )
        order.action_confirm()
        order.picking_ids.action_assign()
        return order

    def test_a_debt_holds_the_deliveries_of_its_company_alone(self):
        self._refused(self._delivery().button_validate)
        there = self._order_there(self.customer).picking_ids
        self.assertFalse(there.dunning_held)
        there.button_validate()
        self.assertEqual(there.state, "done")

    def test_each_company_has_its_limit_in_its_currency(self):
        """600 francs ordered there, above 500 francs; here nothing is above 1 000 euros."""
        self.good.credit_limit = 1000
        self.good.with_company(self.other).credit_limit = 500
        order = self._order_there(self.good, quantity=6)
        account = self._account(self.good, self.other)
        self.assertEqual((account.amount_ordered, account.credit_limit), (600, 500))
        self._refused(order.picking_ids.button_validate)
        self._delivery(self.good).button_validate()
        self._assert_gone(5)

    def test_a_release_is_of_one_company(self):
        self.customer.with_company(self.other).credit_limit = 100
        there = self._order_there(self.customer).picking_ids
        self._release("until")
        self._refused(there.button_validate)
        release = self._release("amount", company_id=self.other.id, amount=500)
        self.assertEqual(release.currency_id, self.franc)
        there.button_validate()
        self.assertEqual(there.state, "done")
        self.assertEqual(release.use_ids.amount, 500)

    def test_screens_of_both_companies_at_once(self):
        here = self._delivery()
        self.good.with_company(self.other).credit_limit = 100
        there = self._order_there(self.good).picking_ids
        both = (self.company | self.other).ids
        pickings = self.env["stock.picking"].with_context(allowed_company_ids=both)
        found = pickings.search([("dunning_held", "=", True)])
        self.assertLessEqual({here.id, there.id}, set(found.ids))
        alone = self.env["stock.picking"].with_context(allowed_company_ids=self.other.ids)
        self.assertEqual(alone.search([("dunning_held", "=", True)]).ids, there.ids)

    def test_a_branch_delivers_under_the_holds_of_its_root(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        depot = self.env["stock.warehouse"].search([("company_id", "=", branch.id)], limit=1)
        if not depot:
            depot = self.env["stock.warehouse"].create(
                {"name": "Branch", "code": "BRA", "company_id": branch.id}
            )
        self.env["stock.quant"]._update_available_quantity(self.product, depot.lot_stock_id, 10)
        picking = self._order_there(self.customer, company=branch).picking_ids
        self.assertEqual(
            (picking.company_id, picking.picking_type_id.warehouse_id), (branch, depot)
        )
        self._refused(picking.button_validate)


@tagged("post_install", "-at_install")
class TestCurrencies(StockCommon):
    """One euro is 1.25 francs: 10 pieces at 100 francs are 1 000 francs, or 800 euros."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        franc = cls.env.ref("base.CHF")
        franc.active = True
        cls.env["res.currency.rate"].create(
            {
                "name": cls.day,
                "currency_id": franc.id,
                "rate": 1.25 * cls.company.currency_id.rate,
                "company_id": cls.company.id,
            }
        )
        cls.prices = cls.env["product.pricelist"].create({"name": "F", "currency_id": franc.id})

    def _delivery_in_francs(self, partner):
        picking = self._delivery(partner, quantity=10, pricelist_id=self.prices.id)
        self.assertEqual(picking.sale_id.sudo().currency_id.name, "CHF")
        return picking

    def _amounts(self, partner):
        account = self._account(partner)
        return account.amount_ordered, account.amount_to_invoice, account.exposure

    def test_exposure_follows_the_goods(self):
        """4 of 10 leave: 320 euros are delivered, 480 ordered; with 200 euros ordered as well."""
        picking = self._delivery_in_francs(self.good)
        self._order(self.good, quantity=2, confirm=True)
        self.assertEqual(self._amounts(self.good), (1000, 0, 1000))
        picking.move_ids.quantity = 4
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(self._amounts(self.good), (680, 320, 1000))
        picking.sale_id.sudo()._create_invoices().action_post()
        self.assertEqual(self._amounts(self.good), (680, 0, 1000))

    def test_limit_in_euros_of_orders_in_francs(self):
        self.good.credit_limit = 800
        picking = self._delivery_in_francs(self.good)
        self.assertFalse(picking.dunning_held, "800 of 800 euros")
        self._order(self.good, price=0.01, confirm=True)
        self.env.invalidate_all()
        self._refused(picking.button_validate)

    def test_release_in_euros_for_a_delivery_in_francs(self):
        """6 of 10 are worth 480 euros, 7 of them 560: 500 euros let 6 go."""
        picking = self._delivery_in_francs(self.customer)
        release = self._release("amount", amount=500)
        picking.move_ids.quantity = 7
        self._refused(picking.with_context(skip_backorder=True).button_validate)
        picking.move_ids.quantity = 6
        picking.with_context(skip_backorder=True).button_validate()
        self._assert_gone(6)
        self.assertEqual(release.amount_used, 480)

    def test_release_of_the_delivery_is_worth_it_in_euros(self):
        self.assertEqual(
            self._release_delivery(self._delivery_in_francs(self.customer)).amount, 800
        )


@tagged("post_install", "-at_install")
class TestAddresses(StockCommon):
    def test_delivery_address_of_another_company(self):
        """Who buys and pays decides: a site that belongs to another neither holds nor frees."""
        self._refused(self._delivery(partner_shipping_id=self.good.id).button_validate)
        self._delivery(self.good, partner_shipping_id=self.customer.id).button_validate()
        self._assert_gone(5)

    def test_redirected_to_a_blocked_company_afterwards(self):
        picking = self._delivery(self.good)
        picking.partner_id = self.customer
        self._refused(picking.button_validate)

    def test_customer_with_forty_contacts(self):
        """Ordered by one, delivered to another: all are the customer; asked in as few queries."""
        contacts = self.env["res.partner"].create(
            [
                {"name": f"Site {number}", "parent_id": self.customer.id, "type": kind}
                for number in range(20)
                for kind in ("delivery", "contact")
            ]
        )
        for address, person in zip(contacts[::2], contacts[1::2], strict=True):
            self._order(person, partner_shipping_id=address.id, confirm=True)
        pickings = self.env["stock.picking"].search([("partner_id", "in", contacts.ids)])
        self.assertEqual(len(pickings), 20)
        self.assertTrue(all(pickings.mapped("dunning_held")))
        words = self._refused(pickings.with_user(self.worker).button_validate)
        for picking in pickings:
            self.assertIn(picking.name, words)
        self.assertEqual(self._account().amount_ordered, 20 * 100)
        self._pay(self.debt)
        pickings.with_user(self.worker).button_validate()
        self.assertEqual(set(pickings.mapped("state")), {"done"})

    def test_many_addresses_are_asked_about_at_once(self):
        def count(pickings):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertTrue(all(pickings.mapped("dunning_held")))
            return self.cr.sql_log_count - before

        contacts = self.env["res.partner"].create(
            [{"name": str(n), "parent_id": self.customer.id} for n in range(40)]
        )
        for contact in contacts:
            self._transfer(contact, quantity=1)
        pickings = self.env["stock.picking"].search([("partner_id", "in", contacts.ids)])
        few = count(pickings[:2])
        self.assertLessEqual(count(pickings), few + 2)

    def test_goods_without_an_order_are_held_and_no_exposure(self):
        """Nothing says what they cost, nor when they are invoiced: they would never leave it."""
        self._transfer(self.good).button_validate()
        self._assert_gone(5)
        self.assertFalse(self._account(self.good))
        self._refused(self._transfer(self.customer).button_validate)
