"""Money that we hold: on the bank, paid online, in another currency, excluded, paid back."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from ..common import DunningCommon


class MoneyCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )

    @classmethod
    def _bank_line(cls, amount, label="Transfer", days=0, partner=None, **vals):
        """A bank line that nobody matched yet, of some days after ``cls.day``."""
        return cls.env["account.bank.statement.line"].create(
            {
                "journal_id": cls.bank.id,
                "payment_ref": label,
                "amount": amount,
                "date": cls._at(days),
                "partner_id": partner and partner.id,
                **vals,
            }
        )

    def _account_of(self, partner=None, days=0):
        partner = partner or self.customer
        self.env["dunning.account"].invalidate_model()
        accounts = self.env["dunning.account"].with_context(dunning_date=self._at(days))
        return accounts._get_of(partner, self.company)[partner]

    def _reasons(self, *moves, days=0):
        """The same of everybody at once and of one customer alone, by a kept plan."""
        rows = {
            row["move_id"]: row["hold_reason"] or False
            for row in self.env["dunning.decision"]
            .with_context(dunning_date=self._at(days))
            ._get_rows()
        }
        reasons = [rows[move.id] for move in moves]
        self.assertEqual(reasons, [self._reason(move, days) for move in moves])
        return reasons


@tagged("post_install", "-at_install")
class TestBankLines(MoneyCommon):
    def test_line_of_the_customer_holds_what_it_could_pay_oldest_first(self):
        """1 000 of the 1 000, 500 and 700 owed."""
        old, middle, new = self._invoice(30), self._invoice(20, 500), self._invoice(10, 700)
        before = self._reasons(old, middle, new)
        self._bank_line(1000, partner=self.customer)
        self.assertEqual(self._reasons(old, middle, new), ["bank_line", *before[1:]])

    def test_what_it_could_begin_to_pay_waits_too(self):
        old, middle, new = self._invoice(30), self._invoice(20, 500), self._invoice(10, 700)
        free = self._reasons(new)
        self._bank_line(1200, partner=self.customer)
        self.assertEqual(self._reasons(old, middle, new), ["bank_line", "bank_line", *free])
        rows = self.env["dunning.decision"].with_context(dunning_date=self.day)._get_rows()
        net = {row["move_id"]: float(row["net_company"]) for row in rows}
        self.assertEqual([net[move.id] for move in (old, middle, new)], [0, 300, 700])

    def test_number_in_the_label_whatever_its_signs(self):
        other = self._create_customer("Other")
        self._invoice(30)
        for template in ("SEPA {} MERCI", "REGLT {}", "/INV/{}"):
            with self.subTest(label=template):
                invoice, foreign = self._invoice(10, 700), self._invoice(10, 700, other)
                number = invoice.name
                if template == "REGLT {}":
                    number = number.replace("/", "").lower()
                line = self._bank_line(700, template.format(number.replace("/", " ")))
                reasons = self._reasons(invoice, foreign)
                self.assertEqual(reasons[0], "bank_line")
                self.assertNotEqual(reasons[1], "bank_line")
                line.action_undo_reconciliation()
                line.unlink()

    def test_payment_reference_in_the_label(self):
        invoice = self._invoice(10, 700, payment_reference="RF18 5390 0754")
        self._bank_line(700, "VIR RF1853900754 CLIENT")
        self.assertEqual(self._reasons(invoice), ["bank_line"])

    def test_number_that_begins_another_names_only_itself(self):
        short = self._invoice(10, 700, payment_reference="PAY-2026-0001")
        long = self._invoice(10, 800, payment_reference="PAY-2026-00012")
        self._bank_line(700, "VIR PAY-2026-00012 X")
        reasons = self._reasons(short, long)
        self.assertEqual(reasons[1], "bank_line")
        self.assertNotEqual(reasons[0], "bank_line")

    def test_what_the_label_names_comes_first(self):
        old, named = self._invoice(30), self._invoice(10, 1000)
        self._bank_line(1000, f"VIR {named.name}", partner=self.customer)
        reasons = self._reasons(old, named)
        self.assertEqual(reasons[1], "bank_line")
        self.assertNotEqual(reasons[0], "bank_line")

    def test_five_working_days_at_most(self):
        """From Wednesday the 7th to Wednesday the 14th."""
        invoice = self._invoice(30)
        self._bank_line(1000, partner=self.customer)
        self.assertEqual(self._reasons(invoice, days=7), ["bank_line"])
        self.assertNotEqual(self._reasons(invoice, days=8), ["bank_line"])
        self.assertNotEqual(self._reasons(invoice, days=-1), ["bank_line"])

    def test_matched_or_outgoing_lines_hold_nothing(self):
        invoice = self._invoice(30)
        before = self._reasons(invoice)
        self._bank_line(-1000, partner=self.customer)
        self.assertEqual(self._reasons(invoice), before)
        self._bank_line(1000, partner=self._create_customer("Other"))
        self.assertEqual(self._reasons(invoice), before)

    def test_before_covered(self):
        invoice = self._invoice(30)
        self._credit(1000)
        self.assertEqual(self._reasons(invoice), ["covered"])
        self._bank_line(1000, partner=self.customer)
        self.assertEqual(self._reasons(invoice), ["bank_line"])

    def test_nothing_leaves_and_the_page_of_the_day_says_so(self):
        invoice = self._invoice(10)
        self._bank_line(1000, partner=self.customer)
        self.assertFalse(self._notices(self._launch()))
        today = self.env["dunning.today"].with_context(dunning_date=self.day)
        row = today.search([]).filtered(lambda r: r.section == "bank_line")
        self.assertEqual((row.count, row.amount), (1, 1000))
        found = self.env["dunning.item"].with_context(dunning_date=self.day)
        self.assertEqual(found.search(row.action_open()["domain"]).move_id, invoice)

    def test_goods_are_held_for_what_it_could_not_pay(self):
        self.policy.write({"block_overdue_amount": 500, "block_overdue_days": 15})
        self._invoice(40, 1000)
        self.assertEqual(self._account_of().delivery_hold, "blocked")
        line = self._bank_line(100, partner=self.customer)
        self.assertEqual(self._account_of().delivery_hold, "blocked")
        line.unlink()
        self._bank_line(1000, partner=self.customer)
        self.assertEqual(self._account_of().delivery_hold, "none")

    def test_a_cent_silences_nothing(self):
        """Less than a tenth of what is owed."""
        invoice = self._invoice(30)
        before = self._reasons(invoice)
        self._bank_line(99, f"VIR {invoice.name}", partner=self.customer)
        self.assertEqual(self._reasons(invoice), before)
        self._bank_line(1, partner=self.customer)
        self.assertEqual(self._reasons(invoice), ["bank_line"])

    def test_who_is_named_together_shares_the_money(self):
        """1 000 for 1 000 of each: half of it is held for each, and frees nobody's goods."""
        self.policy.write({"block_overdue_amount": 400, "block_overdue_days": 15})
        other = self._create_customer("Other")
        own, foreign = self._invoice(40), self._invoice(40, partner=other)
        self._bank_line(1000, f"{own.name} {foreign.name}", partner=self.customer)
        self.assertEqual(self._reasons(own, foreign), ["bank_line", "bank_line"])
        for partner in (self.customer, other):
            self.assertEqual(self._account_of(partner).delivery_hold, "blocked")

    def test_who_names_the_invoice_of_another_shares_with_it(self):
        self.policy.write({"block_overdue_amount": 400, "block_overdue_days": 15})
        other = self._create_customer("Other")
        self._invoice(40)
        foreign = self._invoice(40, partner=other)
        self._bank_line(1000, f"VIR {foreign.name}", partner=self.customer)
        for partner in (self.customer, other):
            self.assertEqual(self._account_of(partner).delivery_hold, "blocked")

    def test_direct_debit_that_went_back_is_not_there(self):
        invoice = self._invoice(30)
        before = self._reasons(invoice)
        self._bank_line(1000, f"PRLV {invoice.name}")
        self.assertEqual(self._reasons(invoice), ["bank_line"])
        self._bank_line(-1000, f"REJET {invoice.name}")
        self.assertEqual(self._reasons(invoice), before)

    def test_instalments(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 40, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 60, "nb_days": 20}),
                ],
            }
        )
        invoice = self._invoice(
            10, 1000, invoice_payment_term_id=term.id, invoice_date=self._at(-40),
            invoice_date_due=False,
        )  # fmt: skip
        self._bank_line(400, f"VIR {invoice.name}")
        lines = self._term_lines(invoice)
        rows = {item.id: item.hold_reason for item in self._items()}
        self.assertEqual(rows[lines[0].id], "bank_line")
        self.assertNotEqual(rows[lines[1].id], "bank_line")

    def test_branch_and_other_company(self):
        branch = self._prepare_company(
            self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        )
        stranger = self._prepare_company(self.env["res.company"].create({"name": "Stranger"}))
        invoice = self._invoice(10)
        before = self._reasons(invoice)
        for company, reasons in ((stranger, before), (branch, ["bank_line"])):
            journal = self.env["account.journal"].create(
                {"name": "B", "type": "bank", "code": "BX", "company_id": company.id}
            )
            self._bank_line(1000, f"VIR {invoice.name}", journal_id=journal.id)
            self.assertEqual(self._reasons(invoice), reasons)


@tagged("post_install", "-at_install")
class TestOnlinePayments(MoneyCommon):
    def setUp(self):
        super().setUp()
        if "payment.transaction" not in self.env:
            self.skipTest("nobody pays online here")

    def _pay_online(self, invoice, amount, state="done", **vals):
        provider = self.env["payment.provider"].create(
            {"name": "Test", "code": "none", "state": "test", "company_id": self.company.id}
        )
        method = self.env["payment.method"].with_context(active_test=False).search([], limit=1)
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "amount": amount,
                "currency_id": self.company.currency_id.id,
                "partner_id": self.customer.id,
                "reference": f"{invoice.name}-1",
                "state": state,
                **vals,
            }
        )
        transaction.last_state_change = fields.Datetime.to_datetime(self.day)
        return transaction

    def _force_state(self, transaction, state):
        """Also what this provider cannot do."""
        transaction.flush_recordset()
        self.env.cr.execute(
            "UPDATE payment_transaction SET state = %s WHERE id = %s", [state, transaction.id]
        )
        transaction.invalidate_recordset()

    def test_authorised_or_done_and_not_posted(self):
        old, named = self._invoice(30), self._invoice(10)
        before = self._reasons(old, named)
        transaction = self._pay_online(named, 1000)
        for state, reasons in (
            ("done", [before[0], "bank_line"]),
            ("authorized", [before[0], "bank_line"]),
            ("pending", before),
            ("cancel", before),
        ):
            with self.subTest(state=state):
                self._force_state(transaction, state)
                self.assertEqual(self._reasons(old, named), reasons)
        self._force_state(transaction, "done")
        self.assertNotEqual(self._reasons(named, days=8), ["bank_line"])


@tagged("post_install", "-at_install")
class TestExcludedCredits(MoneyCommon):
    def _excluded_credit(self, amount, **vals):
        credit = self._credit(amount, **vals)
        credit.no_followup = True
        return credit

    def test_excluded_credit_covers_nothing(self):
        invoice = self._invoice(30)
        before = self._reasons(invoice)
        credit = self._excluded_credit(1000)
        self.assertEqual(self._reasons(invoice, credit), [*before, "excluded"])
        self.assertEqual(self._account_of().exposure, 1000)
        credit.no_followup = False
        self.assertEqual(self._reasons(invoice, credit), ["covered", "covered"])
        self.assertEqual(self._account_of().exposure, 0)

    def test_excluded_debt_takes_no_cover(self):
        old, new = self._invoice(30), self._invoice(20)
        old.no_followup = True
        self._credit(1000)
        self.assertEqual(self._reasons(old, new), ["excluded", "covered"])

    def test_excluded_among_themselves(self):
        """An excluded credit counts in the exposure as far as there is excluded debt."""
        invoice = self._invoice(30, 600)
        invoice.no_followup = True
        self._excluded_credit(1000)
        self.assertEqual(self._account_of().exposure, 0)
        self._invoice(20, 300)
        self.assertEqual(self._account_of().exposure, 300)

    def test_interest_says_the_same(self):
        self.company.write({"dunning_penalty_since": "2020-01-01"})
        self.company.currency_id = self.env.ref("base.EUR")
        self._invoice(60, 1000)
        credit = self._excluded_credit(1000, invoice_date=self._at(-60))
        interest = self.env["dunning.interest"]
        (debt,) = interest._get_debts(self.company, self.customer.ids, self.day)
        self.assertFalse(debt["events"])
        credit.no_followup = False
        (debt,) = interest._get_debts(self.company, self.customer.ids, self.day)
        self.assertEqual([float(event["amount"]) for event in debt["events"]], [1000])


@tagged("post_install", "-at_install")
class TestOwnRefunds(MoneyCommon):
    def _pay_back(self, amount, days=0):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": amount,
                "date": self._at(days),
                "journal_id": self.bank.id,
            }
        )
        payment.action_post()
        return payment

    def test_refund_is_no_debt(self):
        payment = self._pay_back(200, -30)
        item = self._items()
        self.assertEqual((item.move_id, item.hold_reason), (payment.move_id, "refund"))
        self.assertFalse(self._notices(self._launch()))
        self.assertFalse(
            self.env["dunning.interest"]._get_debts(self.company, self.customer.ids, self.day)
        )

    def test_refund_uses_the_credit_that_it_pays_back(self):
        """A credit of 200, paid back: nothing is left to cover an invoice of 200."""
        self.company.currency_id = self.env.ref("base.EUR")
        invoice = self._invoice(30, 200)
        before = self._reasons(invoice)
        self._credit(200, invoice_date=self._at(-20))
        self.assertEqual(self._reasons(invoice), ["covered"])
        self._pay_back(200, -10)
        self.assertEqual(self._reasons(invoice), before)
        self.assertEqual(self._account_of().exposure, 200)
        (debt,) = self.env["dunning.interest"]._get_debts(self.company, self.customer.ids, self.day)
        self.assertFalse(debt["events"])

    def test_part_of_a_credit_is_paid_back(self):
        self.company.currency_id = self.env.ref("base.EUR")
        self._invoice(30, 1000)
        self._credit(200, invoice_date=self._at(-20))
        self._pay_back(150, -10)
        item = self._items().filtered(lambda i: i.amount_residual == 1000)
        self.assertEqual(item.amount_covered, 50)
        (debt,) = self.env["dunning.interest"]._get_debts(self.company, self.customer.ids, self.day)
        self.assertEqual([float(event["amount"]) for event in debt["events"]], [50])


@tagged("post_install", "-at_install")
class TestOtherCurrency(MoneyCommon):
    """Dollars owed, at two for one in the company's currency, and money of the company's held."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.env["res.currency"].create(
            {
                "name": "XTD",
                "symbol": "D",
                "rounding": 0.01,
                "rate_ids": [
                    Command.create({"name": "2020-01-01", "rate": 2, "company_id": cls.company.id})
                ],
            }
        )

    def test_told_to_a_person_and_not_blocked(self):
        self.policy.write({"block_overdue_amount": 100, "block_overdue_days": 15})
        invoice = self._invoice(40, 2000, currency_id=self.foreign.id)
        self.assertEqual(self._account_of().delivery_hold, "blocked")
        self._credit(1000)
        self.assertEqual(self._reasons(invoice), ["other_currency"])
        account = self._account_of()
        self.assertEqual((account.exposure, account.delivery_hold), (0, "none"))
        self.assertFalse(self._notices(self._launch()))
        today = self.env["dunning.today"].with_context(dunning_date=self.day)
        row = today.search([]).filtered(lambda r: r.section == "other_currency")
        self.assertEqual((row.count, row.amount), (1, 1000))

    def test_little_money_frees_no_goods(self):
        self.policy.write({"block_overdue_amount": 100, "block_overdue_days": 15})
        self._invoice(40, 2000, currency_id=self.foreign.id)
        self._credit(100)
        self.assertEqual(self._account_of().delivery_hold, "blocked")

    def test_what_the_own_currency_uses_is_not_there(self):
        """1 000 held, 800 owed in the same currency: 200 are left, for the oldest alone."""
        own = self._invoice(20, 800)
        old = self._invoice(40, 2000, currency_id=self.foreign.id)
        new = self._invoice(10, 2000, currency_id=self.foreign.id)
        free = self._reasons(new)
        self._credit(1000)
        self.assertEqual(self._reasons(own, old, new), ["covered", "other_currency", *free])

    def test_what_is_excluded_together_uses_nothing_of_it(self):
        """1 000 held; 900 of a credit and of a debt that are excluded settle each other."""
        self.policy.write({"block_overdue_amount": 100, "block_overdue_days": 15})
        self._invoice(40, 2000, currency_id=self.foreign.id)
        self._credit(1000)
        for move in (self._invoice(40, 900), self._credit(900)):
            self._term_lines(move).sudo().no_followup = True
        self.assertEqual(self._account_of().delivery_hold, "none")

    def test_bank_line_in_the_other_currency(self):
        """2 000 dollars in the books are 1 000 of ours."""
        first = self._invoice(40, 2000, currency_id=self.foreign.id)
        second = self._invoice(10, 2000, currency_id=self.foreign.id)
        free = self._reasons(second)
        self._bank_line(1000, partner=self.customer)
        self.assertEqual(self._reasons(first, second), ["bank_line", *free])

    def test_working_days_of_the_company(self):
        self.assertEqual(
            self.env["dunning.decision"]._get_awaited_since(self.company, self.day),
            self.day - timedelta(days=7),
        )
