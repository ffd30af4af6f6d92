"""One item speaks for an invoice and for a customer; ages are cut in one place."""

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.item.dunning_item import AGE_BUCKETS
from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestSpeakingItem(DunningCommon):
    def setUp(self):
        super().setUp()
        self.disputed, self.coming = self._invoice(30), self._invoice(2)
        self._term_lines(self.disputed)._set_dunning_disputed(True, "Broken")

    def test_what_comes_next_speaks_for_the_customer_on_every_screen(self):
        """What is disputed has an earlier date, but nothing comes of it."""
        self.assertLess(self._item(self.disputed).next_date, self._item(self.coming).next_date)
        expected = self._item(self.coming).hold_detail
        at = {"dunning_date": self.day, "dunning_partner_ids": self.customer.ids}
        self.assertEqual(self.customer.with_context(**at).dunning_detail, expected)
        account = (
            self.env["dunning.account"].with_context(**at)._get_of(self.customer, self.company)
        )
        self.assertEqual(account[self.customer].next_detail, expected)

    def test_each_invoice_speaks_for_itself(self):
        moves = (self.disputed | self.coming).with_context(dunning_date=self.day)
        self.assertEqual(moves.mapped("dunning_hold_reason"), ["disputed", "not_due"])

    def test_instalment_that_goes_on_speaks_for_its_invoice(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Twice",
                "line_ids": [
                    (5, 0, 0),
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 0}),
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 30}),
                ],
            }
        )
        invoice = self._invoice(
            0, invoice_date=self._at(-30), invoice_payment_term_id=term.id, invoice_date_due=False
        )
        first, second = self._term_lines(invoice)
        first._set_dunning_disputed(True, "Broken")
        invoice = invoice.with_context(dunning_date=self.day)
        invoice.invalidate_recordset()
        self.assertEqual(invoice.dunning_hold_reason, "not_due")
        self.assertEqual(second.date_maturity, self.day)


@tagged("post_install", "-at_install")
class TestAges(DunningCommon):
    def test_ages_end_where_their_names_say(self):
        ages = {0: "not_due", 1: "1_30", 30: "1_30", 31: "31_60", 60: "31_60", 61: "61_90"}
        ages |= {90: "61_90", 91: "90_more", -1: "not_due"}
        invoices = {days: self._invoice(days) for days in ages}
        self.assertEqual({days: self._item(invoices[days]).age for days in ages}, ages)
        self._credit(10)
        credit = self._items().filtered(lambda item: item.amount_residual < 0)
        self.assertEqual(credit.age, "credit")

    def test_page_before_going_live_cuts_them_in_the_same_way(self):
        for days in (-5, 10, 40, 70, 100):
            self._invoice(days)
        self.patch(
            type(self.env["dunning.go.live"]),
            "_get_rows",
            lambda wizard, select, group: self.env.execute_query_dict(
                SQL(
                    "SELECT %s FROM (%s) AS decision GROUP BY %s",
                    select,
                    self.env["dunning.decision"]
                    .with_context(dunning_date=self.day)
                    ._get_query(self.customer.ids),
                    group,
                )
            ),
        )
        ages = self.env["dunning.go.live"].create({})._prepare_ages()
        self.assertEqual({age["age"] for age in ages}, {item.age for item in self._items()})
        self.assertEqual([age["age"] for age in ages], [code for code, _label in AGE_BUCKETS[:5]])
