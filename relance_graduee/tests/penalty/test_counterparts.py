"""What settles an invoice and is no payment: losses, transfers, doubtful customers."""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from .test_penalties import PenaltyCommon


class CounterpartCommon(PenaltyCommon):
    """Entries keyed by hand on the accounts of a French chart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receivable = cls.customer.property_account_receivable_id
        cls.loss = cls._account("654100", "expense")
        cls.doubtful = cls._account("416000", "asset_current", reconcile=True)
        cls.vat = cls._account("445710", "liability_current")
        cls.company.dunning_interest_account_id = cls._account("763100", "income_other")
        cls.general = cls.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", cls.company.id)], limit=1
        )

    @classmethod
    def _account(cls, code, account_type, **vals):
        accounts = cls.env["account.account"].with_company(cls.company)
        found = accounts.search([("code", "=", code)])
        return found or accounts.create(
            {"name": code, "code": code, "account_type": account_type, **vals}
        )

    @classmethod
    def _entry(cls, day, debits, partner=None, currency=None, match=None, **vals):
        """A posted entry: each account of ``debits`` against the receivable of the customer.

        :param debits: dict of account -> amount
        :param match: the invoice that the receivable line settles
        """
        partner, total = partner or cls.customer, sum(debits.values())
        lines = [(account, amount) for account, amount in debits.items()]
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "date": day,
                "journal_id": cls.general.id,
                "line_ids": [
                    Command.create(
                        {
                            "name": "By hand",
                            "account_id": account.id,
                            "partner_id": partner.id,
                            "debit": max(amount, 0),
                            "credit": max(-amount, 0),
                        }
                    )
                    for account, amount in [*lines, (cls.receivable, -total)]
                ],
                **vals,
            }
        )
        move.action_post()
        if match:
            credit = move.line_ids.filtered(lambda line: line.account_id == cls.receivable)
            (cls._term_lines(match) | credit).reconcile()
        return move

    def _events(self, move):
        """(day, kind, amount) of the kept calculation of an invoice."""
        row = self.env["dunning.penalty"].search(
            [("move_id", "=", move.id), ("kind", "=", "interest")]
        )
        return [(e["day"], e["kind"], e["amount"]) for e in row.sheet["events"]]

    def _printed(self, move):
        """The lines of the calculation sheet of an invoice, in words."""
        rows = self.env["dunning.penalty"].search(
            [("move_id", "=", move.id), ("kind", "=", "interest")]
        )
        return "\n".join(row["label"] for row in rows._get_sheets()[0]["sheet"]["rows"])


@tagged("post_install", "-at_install")
class TestLosses(CounterpartCommon):
    def test_what_was_given_up_is_not_paid_late(self):
        """12 000 due 30/11/2025, lost on 30/06/2026: nobody paid, nothing is claimed."""
        invoice = self._bill(12000, "2025-11-30")
        self._entry("2026-06-30", {self.loss: 10000, self.vat: 2000}, match=invoice)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFalse(self._accrue())

    def test_what_accrued_before_stops_at_the_loss(self):
        """31 d and 180 d at 12.15 % (1 January to 29 June): 123.83 + 719.01."""
        invoice = self._bill(12000, "2025-11-30")
        self._accrue(day=date(2026, 3, 31))
        self._entry("2026-06-30", {self.loss: 10000, self.vat: 2000}, match=invoice)
        rows = self._accrue()
        self.assertEqual(self._amounts(invoice), {"interest": 842.84, "indemnity": 40})
        self.assertTrue(all(rows.mapped("is_final")))
        self.assertEqual(self._events(invoice), [("2026-06-30", "written_off", "12000.00")])
        self.assertIn("written off on 06/30/2026: 12,000.00", self._printed(invoice))
        self.assertNotIn("payment of", self._printed(invoice))
        self.assertEqual(
            self._accrue(day=date(2026, 9, 30)).mapped("amount_accrued"),
            rows.mapped("amount_accrued"),
        )

    def test_part_of_an_open_invoice_is_given_up(self):
        """31 d and 180 d on 12 000, 1 d and 62 d on 10 000.

        123.83 + 719.01 + 3.33 + 210.63
        """
        invoice = self._bill(12000, "2025-11-30")
        self._entry("2026-06-30", {self.loss: 2000}, match=invoice)
        self._accrue()
        self.assertEqual(self._amounts(invoice), {"interest": 1056.80, "indemnity": 40})
        self.assertEqual(self._events(invoice), [("2026-06-30", "written_off", "2000.00")])

    def test_payment_and_loss_in_one_entry(self):
        """A bank entry of 10 000 and a loss of 2 000: the payment is 10 000."""
        invoice = self._bill(12000, "2025-11-30")
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create(
            {
                "payment_date": "2026-06-30",
                "amount": 10000,
                "payment_difference_handling": "reconcile",
                "writeoff_account_id": self.loss.id,
            }
        )._create_payments()
        self.assertEqual(invoice.amount_residual, 0)
        self._accrue()
        self.assertEqual(
            self._events(invoice),
            [("2026-06-30", "money", "10000.00"), ("2026-06-30", "written_off", "2000.00")],
        )
        # 31 d and 180 d on 12 000, and the day of the payment on what was not given up: 3.33
        self.assertEqual(self._amounts(invoice)["interest"], 846.17)

    def test_paid_in_time_the_rest_given_up_later(self):
        invoice = self._bill(12000, "2025-11-30")
        self._pay_on(invoice, "2025-11-28", 11000)
        self._entry("2026-06-30", {self.loss: 1000}, match=invoice)
        self.assertFalse(self._accrue())

    def test_entry_between_accounts_is_named(self):
        invoice = self._bill(12000, "2025-11-30")
        other = self._account("467000", "asset_current", reconcile=True)
        self._entry("2026-06-30", {other: 2000}, match=invoice)
        self._accrue()
        self.assertEqual(self._events(invoice), [("2026-06-30", "transfer", "2000.00")])
        self.assertIn("entry of 06/30/2026, no payment: 2,000.00", self._printed(invoice))

    def test_money_put_on_the_bank_by_hand_is_money(self):
        invoice = self._bill(12000, "2025-11-30")
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        self._entry("2026-06-30", {bank.default_account_id: 5000}, match=invoice)
        self._accrue()
        self.assertEqual(self._amounts(invoice), {"interest": 994.28, "indemnity": 40})

    def test_debit_note_written_off_is_not_paid(self):
        self._bill(12000, "2025-11-30")
        rows = self._accrue()
        note = rows._create_debit_notes(self.stop, {row.id: row.amount_due for row in rows})
        note.action_post()
        self._entry("2026-09-30", {self.loss: note.amount_total}, match=note)
        self.assertEqual(rows.mapped("amount_paid"), [0, 0])
        self.assertEqual(rows.mapped("amount_due"), [0, 0])
        self.assertEqual(rows.mapped("state"), ["waived", "waived"])

    def test_loss_is_no_acknowledgement(self):
        invoice = self._bill(12000, "2025-11-30")
        self._entry("2026-06-30", {self.loss: 2000}, match=invoice)
        item = self.env["dunning.item"].browse(self._term_lines(invoice).id)
        self.assertFalse(item._get_possible_dates())
        self._pay_on(invoice, "2026-07-01", 100)
        self.assertEqual(item._get_possible_dates()[item.id][0], date(2026, 7, 1))

    def test_update_forgets_what_was_reckoned_of_losses(self):
        """What was claimed stays and is told; what somebody paid late stays too."""
        lost, claimed = self._bill(1000, "2025-11-30"), self._bill(2000, "2025-11-30")
        paid = self._bill(4000, "2025-11-30")
        rows = self._accrue()
        for invoice in (lost, claimed):
            self._entry("2026-09-30", {self.loss: invoice.amount_total}, match=invoice)
        self._pay_on(paid, "2026-09-30")
        rows.is_final = True
        rows.filtered(lambda r: r.move_id == claimed).amount_claimed = 1
        forgotten, kept = self.env["dunning.penalty"]._forget_given_up()
        self.assertEqual((forgotten, kept.move_id), (2, claimed))
        self.assertEqual(rows.exists().move_id, claimed | paid)

    def test_sheet_of_an_earlier_version_still_prints(self):
        invoice = self._bill(12000, "2025-11-30")
        self._pay_on(invoice, "2026-06-30", 5000)
        row = self._accrue().filtered(lambda r: r.kind == "interest")
        sheet = row.sheet
        for event in sheet["events"]:
            event["is_credit_note"] = event.pop("kind") == "credit_note"
        row.sheet = sheet
        self.assertIn("payment of 06/30/2026: 5,000.00", self._printed(invoice))


@tagged("post_install", "-at_install")
class TestPast(CounterpartCommon):
    """What was owed on 14 September 2026, whatever came after."""

    then = date(2026, 9, 14)

    def _get_debts(self, **vals):
        interest = self.env["dunning.interest"]
        debts = interest._get_debts(self.company, self.customer.ids, self.then, **vals)
        return {debt["move_id"]: debt for debt in debts}

    def _owed(self, *moves):
        """(open then, interest, indemnity) of each of these, and of nothing else."""
        debts = self._get_debts(as_of=True)
        self.assertEqual(set(debts), {move.id for move in moves})
        rows = [debts[move.id] for move in moves]
        return [(float(r["residual"]), float(r["interest"]), float(r["indemnity"])) for r in rows]

    def test_declaration_worked_out_by_hand(self):
        """91 d of 12 000 at 12.15 %, 76 d of 10 000 at 12.40 %: 363.50 + 258.19.

        61 d and 76 d of 500: 10.15 + 12.91. Declared: 10 500 due, 3 000 to fall due, 644.75, 80.
        """
        self.customer.insolvency_date = "2026-09-15"
        large = self._bill(12000, "2026-03-31")
        self._pay_on(large, "2026-06-30", 2000)
        self._pay_on(large, "2026-10-05", 1000)
        small = self._bill(500, "2026-04-30")
        self._pay_on(small, "2026-10-06")
        coming = self._bill(3000, "2026-10-31", invoice_date="2026-09-01")
        self._bill(700, "2026-10-31", invoice_date="2026-09-20")
        paid = self._bill(900, "2026-05-31")
        self._pay_on(paid, "2026-09-14")
        owed = self._owed(large, small, coming)
        self.assertEqual(owed, [(10000, 621.69, 40), (500, 23.06, 40), (3000, 0, 0)])
        self.assertAlmostEqual(sum(sum(row) for row in owed), 14224.75)

    def test_what_was_credited_excluded_or_undone_since(self):
        credited, excluded = self._bill(1000, "2026-08-31"), self._bill(2000, "2026-08-31")
        undone = self._bill(4000, "2026-08-31")
        self._pay_on(undone, "2026-09-01").move_id.button_draft()
        refund = self._credit(1000, invoice_date="2026-10-01")
        (self._term_lines(credited) | self._term_lines(refund)).reconcile()
        self._term_lines(excluded).no_followup = True
        owed = self._owed(credited, excluded, undone)
        self.assertEqual([row[0] for row in owed], [1000, 2000, 4000])

    def test_money_held_then_and_allotted_since(self):
        """A payment of 1 September, matched with an invoice of 1 October."""
        invoice = self._bill(1000, "2026-08-31")
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": 400,
                "date": "2026-09-01",
            }
        )
        payment.action_post()
        later = self._bill(400, "2026-10-31", invoice_date="2026-10-01")
        credit = payment.move_id.line_ids.filtered(lambda line: line.balance < 0)
        (self._term_lines(later) | credit).reconcile()
        debts = self._get_debts(as_of=True)
        self.assertEqual(list(debts), [invoice.id])
        events = debts[invoice.id]["events"]
        found = [(event["day"], float(event["amount"])) for event in events]
        self.assertEqual(found, [(date(2026, 9, 1), 400)])
        self.assertFalse(self._get_debts()[invoice.id]["events"], "today it is elsewhere")

    def test_instalments_in_another_currency(self):
        """Of 1 000 dollars, 300 and 700, 300 were paid then and all of it today."""
        dollar = self._dollar()
        term = self.env["account.payment.term"].create(
            {
                "name": "Two",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 30, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 70, "nb_days": 90}),
                ],
            }
        )
        invoice = self._create_move(
            "out_invoice", None, 1000, invoice_date="2026-08-01", currency_id=dollar.id,
            invoice_payment_term_id=term.id,
        )  # fmt: skip
        self._pay_on(invoice, "2026-09-01", 300)
        self._pay_on(invoice, "2026-10-20", 700)
        debts = self._get_debts(as_of=True)
        self.assertEqual(float(debts[invoice.id]["residual"]), 700)
        self.assertEqual(debts[invoice.id]["currency_id"], dollar.id)
        self.assertEqual(debts[invoice.id]["date_maturity"], date(2026, 10, 30))

    def _dollar(self):
        return self.env["res.currency"].create(
            {
                "name": "XTP",
                "symbol": "P",
                "rounding": 0.01,
                "rate_ids": [
                    Command.create({"name": "2020-01-01", "rate": 2, "company_id": self.company.id})
                ],
            }
        )


@tagged("post_install", "-at_install")
class TestDoubtfulByHand(CounterpartCommon):
    """Dr 416 / Cr 411, keyed by hand and not matched: the debtor paid nothing."""

    def _account_of(self, partner=None):
        self.env["dunning.account"].invalidate_model()
        accounts = self.env["dunning.account"].with_context(dunning_date=self.day)
        return accounts._get_of(partner or self.customer, self.company)[partner or self.customer]

    def test_it_covers_nothing_and_is_shown(self):
        """Invoices of 12 000 and 2 400, moved to 416: both owed, both chased."""
        old, new = self._invoice(60, 12000), self._invoice(40, 2400)
        entry = self._entry("2026-10-01", {self.doubtful: 14400})
        self.assertEqual({self._reason(old), self._reason(new)} & {"covered"}, set())
        credit = self._items().filtered(lambda item: item.move_id == entry)
        self.assertEqual(credit.hold_reason, "reclassified")
        self.assertIn("doubtful", credit.hold_detail)
        account = self._account_of()
        self.assertEqual((account.exposure, account.amount_credit), (14400, 0))
        self.assertEqual(account.amount_overdue, 14400)
        self._accrue(day=self.day)
        self.assertEqual(self._events(old), [])
        today = self.env["dunning.today"].with_context(dunning_date=self.day)
        row = today.search([]).filtered(lambda r: r.section == "reclassified")
        self.assertEqual((row.count, row.amount), (1, -14400))
        self.assertEqual(
            self.env["dunning.item"].search(row.action_open()["domain"]).move_id, entry
        )

    def test_doubtful_account_that_is_a_receivable(self):
        """The other half is no second debt."""
        receivable = self._account("416100", "asset_receivable", reconcile=True)
        invoice = self._invoice(60, 12000)
        entry = self._entry("2026-10-01", {receivable: 12000})
        items = self._items()
        self.assertEqual(
            set(items.filtered(lambda i: i.move_id == entry).mapped("hold_reason")),
            {"reclassified"},
        )
        self.assertNotEqual(self._reason(invoice), "covered")
        self.assertEqual(self._account_of().exposure, 12000)

    def test_money_of_a_doubtful_customer_still_covers(self):
        """One bank line with a part for 416: what stands on 411 is money."""
        invoice = self._invoice(60, 1000)
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        self._pay_on(self._invoice(50, 500), "2026-10-01")
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": bank.id,
                "payment_ref": "By hand",
                "amount": 1000,
                "date": "2026-10-01",
                "partner_id": self.customer.id,
            }
        )
        suspense = line._seek_for_lines()[1]
        line.move_id.with_context(force_delete=True, skip_readonly_check=True).write(
            {
                "line_ids": [
                    Command.delete(suspense.id),
                    Command.create(
                        {
                            "account_id": self.receivable.id,
                            "partner_id": self.customer.id,
                            "credit": 1000,
                        }
                    ),
                ]
            }
        )
        self.assertEqual(self._reason(invoice), "covered")
