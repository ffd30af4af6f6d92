"""What the check of an order costs, in statements: few, and none more for more open items."""

from odoo.tests import tagged

from .common import SaleCommon

# Who shares the limit, the lock, whether the plan is kept, the query, closing days.
CHECK_STATEMENTS = 7


@tagged("post_install", "-at_install")
class TestCosts(SaleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.good.credit_limit = 100_000
        cls._order(cls.good, confirm=True)  # what is read once a process

    def _count(self, work):
        """SQL statements of ``work`` on a cold cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _confirm(self, mode):
        self.company.dunning_sale_hold = mode
        return self._count(self._order(self.good).action_confirm)

    def test_an_order_costs_few_statements_more(self):
        self._confirm("ask")
        self.assertLessEqual(self._confirm("ask") - self._confirm("warn"), CHECK_STATEMENTS)

    def test_and_none_for_more_items(self):
        self._confirm("ask")
        few = self._confirm("ask")
        for _number in range(20):
            self._invoice(-10, 10, partner=self.good)
        self.assertEqual(self._confirm("ask"), few)

    def test_holds_of_known_customers_are_four_statements(self):
        (self.good | self.customer)._get_delivery_holds(self.company)
        self.env.flush_all()
        with self.assertQueryCount(4):
            (self.good | self.customer)._get_delivery_holds(self.company)

    def test_held_customers_are_one_subquery_of_the_list(self):
        partners = self.env["res.partner"]
        self.assertIn(self.customer, partners.search([("delivery_hold", "=", "blocked")]))
        self.env.flush_all()
        with self.assertQueryCount(4):
            partners.search([("delivery_hold", "=", "blocked")])
        with self.assertQueryCount(4):
            partners.search_count([("delivery_hold", "=", "blocked")])

    def test_a_page_of_held_customers_is_no_query_a_row(self):
        def read():
            found = self.env["res.partner"].search([("delivery_hold", "=", "blocked")])
            found.read(["delivery_hold", "delivery_hold_reason", "dunning_exposure"])

        read()
        few = self._count(read)
        for number in range(10):
            self._invoice(20, 900, partner=self._create_customer(f"Held {number}"))
        self.assertLessEqual(self._count(read) - few, 2)


@tagged("post_install", "-at_install")
class TestKeptPlan(SaleCommon):
    """The plan that PostgreSQL keeps answers like a fresh one, on the data of the moment."""

    def test_few_and_many_customers_hear_the_same(self):
        partners = self.customer | self.good
        for number in range(3):
            partners |= self._create_customer(f"Late {number}")
            self._invoice(20, 900, partner=partners[-1])
        few = partners._get_delivery_holds(self.company)
        ids = partners.ids * 40
        many = self.env["dunning.account"].sudo()._get_holds(self.company, ids)
        self.assertEqual(few, many)
        self.assertEqual(len(few), 4)

    def test_settings_of_the_moment_count(self):
        self.assertIn(self.customer.id, self.customer._get_delivery_holds(self.company))
        self.policy.block_overdue_amount = 0
        hold = self.customer._get_delivery_holds(self.company)[self.customer.id]
        self.assertEqual(hold["causes"], ["late"])
        self.customer.credit_limit = 500
        self.company.dunning_limit_warning = 50
        hold = self.customer._get_delivery_holds(self.company)[self.customer.id]
        self.assertEqual(set(hold["causes"]), {"late", "limit"})
