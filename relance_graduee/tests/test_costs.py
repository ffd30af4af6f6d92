"""Statements, not seconds: what each hot path costs, and that it does not grow with the lines."""

from odoo.tests import tagged

from .common import DunningCommon


@tagged("post_install", "-at_install")
class TestCosts(DunningCommon):
    def _count(self, work):
        """SQL statements that ``work`` costs on a cold cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _customers(self, name, count, invoices=1):
        partners = [self._create_customer(f"{name} {number}") for number in range(count)]
        for partner in partners:
            for _number in range(invoices):
                self._invoice(6, partner=partner)
        return partners

    def test_decision_is_one_statement_whatever_the_lines(self):
        decision = self.env["dunning.decision"]
        self._customers("Few", 2)
        few = self._count(lambda: decision._get_rows())
        self._customers("Many", 10, invoices=3)
        many = self._count(lambda: decision._get_rows())
        self.assertEqual(few, many)
        self.assertLessEqual(many, 10, "the query, and the company's few settings")

    def test_proposing_does_not_grow_with_customers_or_lines(self):
        self.company.dunning_mode = "discovery"
        self._customers("Few", 3)
        few = self._count(lambda: self._launch())
        self._customers("Many", 40, invoices=3)
        many = self._count(lambda: self._launch())
        # The second run also refreshes the proposals of the first: a batch, not a customer.
        self.assertLessEqual(many - few, 22)

    def test_sending_costs_two_statements_a_notice_at_most(self):
        with self._no_render():
            self._customers("Warm", 2)
            self._launch()
            self._customers("Few", 5)
            few = self._count(lambda: self._launch())
            self._customers("Many", 25, invoices=4)
            many = self._count(lambda: self._launch())
        self.assertLessEqual(many - few, 20 * 2 + 2, "and what a larger batch fetches once more")

    def test_list_of_accounts_is_no_query_a_row(self):
        def read():
            accounts = self.env["dunning.account"].with_context(dunning_date=self.day).search([])
            accounts.mapped("next_detail")
            accounts.mapped("delivery_hold_reason")

        self._customers("Few", 2)
        few = self._count(read)
        self._customers("Many", 10)
        self.assertLessEqual(self._count(read) - few, 2)

    def test_delivery_holds_of_many_customers_in_constant_statements(self):
        partners = self._customers("Held", 12)
        everybody = self.env["res.partner"].browse([partner.id for partner in partners])
        few = self._count(lambda: everybody[:2]._get_delivery_holds(self.company))
        many = self._count(lambda: everybody._get_delivery_holds(self.company))
        self.assertLessEqual(many - few, 2)

    def test_one_update_advances_all_items(self):
        with self._no_render():
            self._customers("Batch", 10, invoices=3)
            statements = []
            execute = self.env.cr.execute
            self.patch(
                self.env.cr,
                "execute",
                lambda query, *args, **kw: (
                    statements.append(str(query)),
                    execute(query, *args, **kw),
                )[1],
            )
            self._launch()
        updates = [s for s in statements if "UPDATE account_move_line" in s]
        self.assertEqual(len(updates), 1)
