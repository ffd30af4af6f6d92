"""Invoices that look paid by what was taken back: payments set to draft or rejected."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestUndone(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = new_test_user(
            cls.env, "undone_collector", "relance_graduee.group_dunning_user",
            company_id=cls.company.id,
        )  # fmt: skip

    def _section(self):
        today = self.env["dunning.today"].with_user(self.collector)
        today.invalidate_model()
        return today.search([("section", "=", "undone")])

    def _lines(self):
        return self.env["account.move.line"].search([("dunning_undone", "=", True)])

    def _take_back(self, move, way):
        payment = self._pay(move)
        self.env.flush_all()
        self.assertFalse(self._lines())
        if way == "draft entry":
            payment.move_id.button_draft()
        else:
            payment.state = way
        return payment

    def test_payment_set_to_draft_is_found_and_chased_again(self):
        invoice = self._invoice(10)
        self._take_back(invoice, "draft entry")
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFalse(self._item(invoice), "nothing reminds")
        line = self._term_lines(invoice)
        self.assertEqual(self._lines(), line)
        self.assertTrue(line.dunning_undone)
        row = self._section()
        self.assertEqual((row.count, row.amount), (1, 1000))
        self.assertEqual(self.env["account.move.line"].search(row.action_open()["domain"]), line)
        line.with_user(self.collector).action_chase_again()
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("not_paid", 1000))
        self.assertFalse(self._reason(invoice), "it is due for its step")
        self.assertFalse(self._lines())
        self.assertIn("owed and reminded again", invoice.message_ids[0].body)
        with self.assertRaises(UserError):
            line.action_chase_again()

    def test_rejected_or_cancelled_payment(self):
        """Its posted entry is no money of the customer's: it covers nothing."""
        for way in ("rejected", "canceled"):
            with self.subTest(way=way):
                invoice = self._invoice(10)
                payment = self._take_back(invoice, way)
                self.assertEqual(invoice.payment_state, "paid")
                self.assertEqual((self._section().count, self._section().amount), (1, 1000))
                self._term_lines(invoice).action_chase_again()
                self.assertFalse(self._reason(invoice))
                credit = self._items().filtered(lambda i, p=payment: i.move_id == p.move_id)
                self.assertEqual(credit.hold_reason, "rejected")
                invoice.button_cancel()

    def test_rejected_money_is_none_for_interest_and_exposure(self):
        self.company.currency_id = self.env.ref("base.EUR")
        invoice = self._invoice(60)
        self._take_back(invoice, "rejected")
        self._term_lines(invoice).action_chase_again()
        (debt,) = self.env["dunning.interest"]._get_debts(self.company, self.customer.ids, self.day)
        self.assertFalse(debt["events"])
        self.env["dunning.account"].invalidate_model()
        account = self.env["dunning.account"].with_context(dunning_date=self.day)
        self.assertEqual(account._get_of(self.customer, self.company)[self.customer].exposure, 1000)

    def test_one_instalment_in_another_currency(self):
        """Dollars at two for one: 600 of 1 500 are undone, 300 of ours."""
        dollar = self.env["res.currency"].create(
            {
                "name": "XTU",
                "symbol": "U",
                "rounding": 0.01,
                "rate_ids": [
                    Command.create({"name": "2020-01-01", "rate": 2, "company_id": self.company.id})
                ],
            }
        )
        invoice = self._invoice(10, 1500, currency_id=dollar.id)
        self._pay(invoice, 900)
        payment = self._pay(invoice, 600)
        payment.move_id.button_draft()
        self.assertEqual((self._section().count, self._section().amount), (1, 300))
        self._term_lines(invoice).action_chase_again()
        self.assertEqual(invoice.amount_residual, 600)

    def test_of_a_branch(self):
        branch = self._prepare_company(
            self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        )
        invoice = self._invoice(10, company_id=branch.id)
        self._pay(invoice).move_id.button_draft()
        self.collector.company_ids += branch
        companies = self.company | branch
        today = self.env["dunning.today"].with_user(self.collector)
        for allowed, count in ((companies, 1), (self.company, 0)):
            today.invalidate_model()
            row = today.with_context(allowed_company_ids=allowed.ids)
            self.assertEqual(row.search([("section", "=", "undone")]).count, count)

    def test_by_the_rights_of_who_asks(self):
        invoice = self._invoice(10)
        self._take_back(invoice, "draft entry")
        line = self._term_lines(invoice)
        reader = new_test_user(self.env, "undone_reader", "account.group_account_readonly")
        seller = new_test_user(self.env, "undone_seller", "base.group_user")
        for user in (reader, seller):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                line.with_user(user).action_chase_again()
        self.assertEqual(invoice.payment_state, "paid")

    def test_loss_set_to_draft(self):
        invoice = self._invoice(10)
        loss = self.env["account.account"].create(
            {"name": "Loss", "code": "654199", "account_type": "expense"}
        )
        receivable = self.customer.property_account_receivable_id
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": self.day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.customer.id,
                            "debit": debit,
                            "credit": credit,
                        }
                    )
                    for account, debit, credit in ((loss, 1000, 0), (receivable, 0, 1000))
                ],
            }
        )
        entry.action_post()
        credit = entry.line_ids.filtered(lambda line: line.account_id == receivable)
        (self._term_lines(invoice) | credit).reconcile()
        self.assertFalse(self._lines())
        entry.button_draft()
        self.assertEqual(self._lines(), self._term_lines(invoice))
