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
        """Customers with invoices due for the first step, made in one go."""
        partners = self.env["res.partner"].create(
            [self._prepare_customer(f"{name} {number}") for number in range(count)]
        )
        self.env["account.move"].create(
            [
                self._prepare_invoice(6, partner=partner)
                for partner in partners
                for _number in range(invoices)
            ]
        ).action_post()
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
        self._customers("Many", 20, invoices=3)
        many = self._count(lambda: self._launch())
        # The second run also refreshes the proposals of the first, in as many statements a batch.
        self.assertLessEqual(many - few, 22)

    def test_sending_costs_one_statement_a_notice(self):
        """Its number. Beside it, what a batch costs: two savepoints and two INSERTs of links."""
        with self._no_render():
            self._customers("Warm", 2)
            self._launch()
            self._customers("Few", 5)
            few = self._count(lambda: self._launch())
            self._customers("Many", 15, invoices=3)
            many = self._count(lambda: self._launch())
        self.assertLessEqual(many - few, 10 + 4)

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
        everybody = self._customers("Held", 12)
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
