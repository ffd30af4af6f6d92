"""The ledger of penalties: it survives the payment of the invoice; a person alone books it."""

from datetime import date

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_penalties import PenaltyCommon


class LedgerCommon(PenaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.income = cls.env["account.account"].create(
            {"name": "Income from receivables", "code": "763100", "account_type": "income_other"}
        )

    def _late(self, amount=1000, days=40):
        """An invoice of which ``amount`` was paid that many days late."""
        invoice = self._bill(amount, "2026-06-30")
        self._pay_on(invoice, date(2026, 6, 30) + self._days(days))
        return invoice

    def _days(self, count):
        return self._at(count) - self.day

    def _owed(self, *moves):
        self._accrue()
        return self.env["dunning.penalty"].search(
            [("move_id", "in", [move.id for move in moves])], order="kind desc"
        )

    def _change(self, penalties, change, user=None, **vals):
        wizard = self.env["dunning.penalty.change"].with_user(user or self.env.user)
        return wizard.create(
            {"penalty_ids": penalties.ids, "change": change, "date": self.stop, **vals}
        ).action_apply()

    def _note(self, penalties):
        action = self._change(penalties, "claim")
        return self.env["account.move"].browse(action["res_id"])


@tagged("post_install", "-at_install")
class TestLifeCycle(LedgerCommon):
    def test_paid_forty_days_late_still_owes(self):
        invoice = self._late()
        rows = self._owed(invoice)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(rows.mapped("amount_due"), [13.59, 40])
        self.assertEqual(set(rows.mapped("state")), {"accrued"})
        self.assertTrue(all(rows.mapped("is_final")))
        self._accrue(day=date(2026, 12, 1))
        self.assertEqual(rows.mapped("amount_due"), [13.59, 40], "nothing more accrues")

    def test_shown_on_the_invoice_and_on_the_customer(self):
        late, other = self._late(), self._bill(1000, "2026-08-30")
        person = self._create_customer("Nobody")
        self._owed(late)
        self.assertEqual(late.dunning_penalty_due, 53.59)
        self.assertEqual(self.customer.dunning_penalty_due, 53.59 + 40.34)
        self.assertFalse(person.has_dunning_penalties)
        self._change(self._owed(late), "waive", reason="Good customer")
        self.env.invalidate_all()
        self.assertEqual((late.dunning_penalty_due, late.has_dunning_penalties), (0, True))
        action = other.action_open_dunning_penalties()
        rows = self.env["dunning.penalty"].search(action["domain"])
        self.assertEqual(rows.move_id, other)
        action = self.customer.action_open_dunning_penalties()
        self.assertEqual(self.env["dunning.penalty"].search(action["domain"]).move_id, late | other)

    def test_open_invoice_accrues_day_by_day(self):
        invoice = self._bill(1000, "2026-06-30")
        rows = self._owed(invoice)
        self.assertEqual((rows[0].amount_due, rows[0].is_final), (21.06, False))
        self._accrue(day=date(2026, 9, 30))
        self.assertEqual(rows.mapped("amount_due"), [31.25, 40])

    def test_older_than_the_company_looks_back_is_left_alone(self):
        self.company.dunning_penalty_since = "2026-07-01"
        self.assertFalse(self._owed(self._late()))

    def test_public_body_owes_nothing_for_years_that_lapsed(self):
        """LAW.md 33: four years from 1 January after the year of the payment."""
        self.customer.customer_kind = "public"
        lapsed, alive = self._bill(1000, "2021-06-30"), self._bill(1000, "2021-12-31")
        self._pay_on(lapsed, "2021-08-31")
        self._pay_on(alive, "2022-01-31")
        self.assertFalse(self._owed(lapsed))
        self.assertTrue(self._owed(alive))

    def test_corrected_payment_date_corrects_the_ledger(self):
        invoice = self._bill(1000, "2026-06-30")
        self.assertTrue(self._owed(invoice))
        self._pay_on(invoice, "2026-06-29")
        self.assertFalse(self._owed(invoice))

    def test_what_was_claimed_is_never_deleted(self):
        invoice = self._bill(1000, "2026-06-30")
        rows = self._owed(invoice)
        rows.write({"amount_claimed": 40, "claimed_on": self.stop})
        self._pay_on(invoice, "2026-06-29")
        self.assertEqual(self._owed(invoice).mapped("amount_due"), [0, 0])

    def test_waived_with_a_reason_and_back(self):
        invoice = self._bill(1000, "2026-06-30")
        rows = self._owed(invoice)
        with self.assertRaisesRegex(UserError, "reason"):
            rows._waive(" ", True)
        self._change(rows, "waive", reason="Good customer")
        self.assertEqual(set(rows.mapped("state")), {"waived"})
        self.assertEqual(
            (rows[0].waived_by, rows[0].waive_reason), (self.env.user, "Good customer")
        )
        self.assertIn("Good customer", invoice.message_ids[0].body)
        self._accrue(day=date(2026, 9, 30))
        self.assertEqual(rows.mapped("amount_due"), [0, 0], "nor what accrues later")
        rows.action_restore()
        self.assertEqual(rows.mapped("amount_due"), [31.25, 40])

    def test_waived_to_date_goes_on_accruing(self):
        rows = self._owed(self._bill(1000, "2026-06-30"))
        self._change(rows, "waive", reason="To date", also_future=False)
        self._accrue(day=date(2026, 9, 30))
        self.assertEqual(rows.mapped("amount_due"), [10.19, 0])

    def test_booked_otherwise(self):
        rows = self._owed(self._late())
        self._change(rows, "booked", reason="Bank line of 3 September")
        self.assertEqual(set(rows.mapped("state")), {"paid"})
        self.assertEqual(rows.mapped("amount_paid"), [13.59, 40])

    def test_scheduled_action_books_nothing(self):
        invoice = self._late()
        moves = self.env["account.move"].search_count([])
        self.env["dunning.penalty"]._cron_accrue()
        self.assertEqual(self._amounts(invoice), {"interest": 13.59, "indemnity": 40})
        self.assertEqual(self.env["account.move"].search_count([]), moves)


@tagged("post_install", "-at_install")
class TestNight(LedgerCommon):
    """The scheduled action, when one customer cannot be reckoned."""

    def _break(self, partner):
        """The law module fails on every invoice of this customer."""
        model = type(self.env["dunning.interest"])
        compute = model._compute_debt

        def fail(interest, row, scope):
            if row["partner_id"] == partner.id:
                raise ValueError("Broken invoice")
            return compute(interest, row, scope)

        self.patch(model, "_compute_debt", fail)

    def test_culprit_alone_stays_behind_and_is_named(self):
        others = [self._create_customer(f"Other {number}") for number in range(3)]
        bills = [self._bill(1000, "2026-06-30", partner) for partner in others]
        self._bill(1000, "2026-06-30")
        self._break(self.customer)
        for _night in range(2):
            with mute_logger("odoo.addons.relance_graduee.models.penalty.dunning_penalty_cron"):
                self.env["dunning.penalty"]._cron_accrue()
        self.assertEqual([self._amounts(bill)["indemnity"] for bill in bills], [40, 40, 40])
        self.assertFalse(self._penalties())
        task = self.customer.activity_ids
        self.assertEqual((len(task), task.user_id), (1, self.company._get_dunning_manager()))
        self.assertFalse(task.note, "errors name amounts; the customer is shared by companies")

    def test_second_time_the_same_night_nothing_is_left(self):
        self._bill(1000, "2026-06-30")
        self.env["dunning.penalty"]._cron_accrue()
        today = self.company._get_dunning_today()
        interest = self.env["dunning.interest"]
        self.assertNotIn(self.customer.id, interest._get_late_partner_ids(self.company, today))


@tagged("post_install", "-at_install")
class TestDebitNote(LedgerCommon):
    def test_bears_no_tax_and_has_its_own_journal(self):
        self.income.tax_ids = self.env["account.tax"].create({"name": "20 %", "amount": 20})
        note = self._note(self._owed(self._late()))
        self.assertEqual((note.state, note.move_type), ("draft", "out_invoice"))
        self.assertEqual(note.amount_total, 53.59)
        self.assertFalse(note.invoice_line_ids.tax_ids)
        self.assertEqual(note.invoice_line_ids.account_id, self.income)
        note.action_post()
        self.assertEqual(note.journal_id, self.company.dunning_penalty_journal_id)
        self.assertTrue(note.name.startswith("PEN/"), note.name)

    def test_refuses_a_tax(self):
        note = self._note(self._owed(self._late()))
        with self.assertRaises(ValidationError):
            note.invoice_line_ids[0].tax_ids = self.env["account.tax"].create(
                {"name": "20 %", "amount": 20}
            )

    def test_indemnity_on_an_account_of_its_own(self):
        other = self.income.copy({"code": "758100", "name": "Penalties"})
        self.company.dunning_indemnity_account_id = other
        note = self._note(self._owed(self._late()))
        self.assertEqual(note.invoice_line_ids.mapped("account_id"), self.income | other)

    def test_claimed_when_posted_and_paid_when_paid(self):
        rows = self._owed(self._late())
        note = self._note(rows)
        self.assertEqual(set(rows.mapped("state")), {"accrued"})
        note.action_post()
        self.assertEqual(set(rows.mapped("state")), {"claimed"})
        self._pay_on(note, self.stop)
        self.assertEqual(set(rows.mapped("state")), {"paid"})
        self.assertEqual(rows.mapped("amount_due"), [0, 0])

    def test_nothing_is_claimed_twice_by_debit_notes(self):
        rows = self._owed(self._late())
        note = self._note(rows)
        with self.assertRaisesRegex(UserError, "debit note already"):
            self._note(rows)
        with self.assertRaisesRegex(UserError, "first"):
            self._change(rows, "waive", reason="Too late")
        note.unlink()
        self.assertEqual(self._note(rows).amount_total, 53.59)

    def test_nothing_is_booked_without_its_rate(self):
        self._bill(1000, "2026-11-30")
        rows = self._accrue(day=date(2027, 1, 11))
        with self.assertRaises(RedirectWarning) as caught:
            rows._create_debit_notes(self.stop)
        self.assertIn("2027-1", caught.exception.args[0])
        context = rows.action_enter_rate()["context"]
        self.assertEqual(context, {"default_kind": "ecb_refi", "default_semester": "2027-1"})

    def test_credited_debit_note_leaves_it_due(self):
        rows = self._owed(self._late())
        note = self._note(rows)
        note.action_post()
        note._reverse_moves([{"invoice_date": self.stop, "date": self.stop}], cancel=True)
        self.assertEqual(rows.mapped("amount_due"), [13.59, 40])

    def test_neither_chased_nor_counted_unless_a_manager_says_so(self):
        note = self._note(self._owed(self._late()))
        note.action_post()
        self.assertFalse(self._item(note))
        self.company.dunning_penalty_chased = True
        self.assertTrue(self._item(note))
        self.assertFalse(self._owed(note), "interest bears no interest")

    def test_no_turnover(self):
        note = self._note(self._owed(self._late()))
        note.action_post()
        self.env.flush_all()
        self.assertFalse(
            self.env["account.invoice.report"].search_count([("move_id", "=", note.id)])
        )

    def test_payment_named_by_its_communication_is_allotted(self):
        invoice = self._bill(1000, "2026-06-30")
        notice = self._claim()
        with self._no_render():
            self._send(notice, (self.stop - self.day).days)
            self._finish(notice, (self.stop - self.day).days)
        self.assertEqual(notice.state, "sent")
        rows = self._owed(invoice)
        self.assertEqual(set(rows.mapped("state")), {"claimed"})
        self.assertEqual(rows.notice_id, notice)
        self._pay_on(invoice, self.stop)
        other = self._money(10, "Something else")
        money = self._money(61.06, f"VIR {notice.name}")
        wizard = self.env["dunning.penalty.change"].create(
            {"penalty_ids": rows.ids, "change": "pay", "date": self.stop}
        )
        self.assertEqual(wizard.credit_line_id, money)
        wizard.action_apply()
        self.assertEqual(set(rows.mapped("state")), {"paid"})
        self.assertTrue(money.reconciled)
        self.assertFalse(other.reconciled)

    def test_short_payment_goes_to_interest_first(self):
        rows = self._owed(self._late())
        money = self._money(30, "Penalties")
        self._change(rows, "pay", credit_line_id=money.id)
        self.assertEqual(rows.mapped("amount_due"), [0, 23.59])

    def _money(self, amount, communication):
        """The receivable line of money that is there and not allotted."""
        receivable = self.customer.property_account_receivable_id
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": self.stop,
                "ref": communication,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.customer.id,
                            "debit": debit,
                            "credit": credit,
                        }
                    )
                    for account, debit, credit in (
                        (self.income.copy({"code": f"51{int(amount)}"}), amount, 0),
                        (receivable, 0, amount),
                    )
                ],
            }
        )
        move.action_post()
        return move.line_ids.filtered(lambda line: line.account_id == receivable)


@tagged("post_install", "-at_install")
class TestAttached(LedgerCommon):
    def test_attached_penalties_go_with_the_next_reminder(self):
        """Of an invoice that is paid, with a courteous e-mail that charges nothing else."""
        self.customer.dunning_policy_id = self.policy
        paid = self._late()
        rows = self._owed(paid)
        rows.action_attach()
        due = self._bill(500, "2026-08-25")
        notice = self._claim()
        self.assertEqual(
            (notice.amount_residual, notice.amount_interest, notice.amount_indemnity),
            (500, 13.59, 40),
        )
        line = notice.line_ids.filtered(lambda line: line.number == paid.name)
        self.assertEqual(notice._prepare_row(line)["label"], "Paid late: penalties remain due")
        self._send(notice, (self.stop - self.day).days)
        self.assertEqual(notice.state, "sent")
        self.assertEqual(set(rows.mapped("state")), {"claimed"})
        self.assertFalse(any(rows.mapped("to_attach")))
        self.assertFalse(self._amounts(due, "amount_claimed"))

    def test_not_by_itself(self):
        self._owed(self._late())
        self.customer.dunning_policy_id = self.policy
        self._bill(500, "2026-08-25")
        self.assertEqual(self._claim().amount_total, 500)

    def test_sheet_of_a_sent_notice_is_what_was_sent(self):
        invoice = self._bill(12000, "2025-11-30")
        self._pay_on(invoice, "2026-06-30", 5000)
        notice = self._claim()
        with self._no_render():
            self._send(notice, (self.stop - self.day).days)
            self._finish(notice, (self.stop - self.day).days)
        sheet = notice._get_sheets()[0]["sheet"]
        self._pay_on(invoice, "2026-07-15")
        self._accrue(day=date(2026, 9, 30))
        self.assertEqual(notice._get_sheets()[0]["sheet"], sheet)
        amounts = [row["interest"] for row in sheet["rows"]]
        self.assertEqual(amounts, ["", "123.83", "723.01", "", "147.44", "994.28", "40.00"])
        self.assertEqual(sheet["totals"][-1]["amount"], notice._format_amount(8034.28))
        self.assertEqual(notice._get_annexes()[0]["rows"], sheet["rows"])
        page, _type = self.env["ir.actions.report"]._render_qweb_html(
            "relance_graduee.dunning_notice_sheet", notice.ids
        )
        self.assertIn("994.28", page.decode())


@tagged("post_install", "-at_install")
class TestLedgerRights(LedgerCommon):
    def _user(self, name, groups, **vals):
        return new_test_user(self.env, name, groups=f"base.group_user,{groups}", **vals)

    def test_collectors_decide_others_read(self):
        rows = self._owed(self._late())
        reader = self._user("ledger_reader", "account.group_account_invoice")
        for action in ("action_attach", "action_restore", "action_change", "action_update"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(rows.with_user(reader), action)()
        collector = self._user("ledger_collector", "relance_graduee.group_dunning_user")
        for vals in ({"amount_waived": 40}, {"state": "paid"}, {"amount_accrued": 0}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                rows.with_user(collector).write(vals)
        self._change(rows, "waive", user=collector, reason="Goodwill")
        self.assertEqual(rows[0].waived_by, collector)

    def test_debit_note_by_a_collector(self):
        rows = self._owed(self._late())
        collector = self._user("note_collector", "relance_graduee.group_dunning_user")
        action = self._change(rows, "claim", user=collector)
        note = self.env["account.move"].with_user(collector).browse(action["res_id"])
        note.action_post()
        self.assertEqual(note.state, "posted")
        with self.assertRaises(AccessError):
            note.invoice_line_ids[0].dunning_penalty_id = False

    def test_another_company_sees_and_shares_nothing(self):
        rows = self._owed(self._late())
        other = self._prepare_company(self.env["res.company"].create({"name": "Elsewhere"}))
        foreigner = self._user(
            "ledger_foreigner",
            "relance_graduee.group_dunning_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        found = self.env["dunning.penalty"].with_user(foreigner).search([])
        self.assertFalse(found & rows)
        self.env["dunning.penalty"]._accrue(other, self.customer.ids, self.stop)
        self.assertEqual(self._penalties().company_id, self.company)
        self.customer.dunning_contract_rate = 20
        self.assertEqual(self.customer.with_company(other).dunning_contract_rate, 0)


@tagged("post_install", "-at_install")
class TestRates(LedgerCommon):
    def test_semester_once_and_well_written(self):
        rates = self.env["dunning.rate"]
        vals = {"kind": "ecb_refi", "semester": "2027-1", "value": 2.65}
        with self.assertRaises(ValidationError):
            rates.create({**vals, "semester": "2027-3"})
        rates.create(vals)
        for wrong in (vals, {**vals, "semester": "2027-2", "value": -1}):
            with (
                self.subTest(vals=wrong),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.IntegrityError),
                self.env.cr.savepoint(),
            ):
                rates.create(wrong)

    def test_two_values_are_never_in_force_at_once(self):
        values = self.env["dunning.legal.value"]
        vals = {"kind": "indemnity", "value": 50, "valid_from": "2027-01-01"}
        with self.assertRaises(ValidationError):
            values.create(vals)
        values.search([("kind", "=", "indemnity")]).valid_to = "2026-12-31"
        values.create(vals)
        self._bill(1000, "2026-12-30")
        later = self._bill(1000, "2026-12-31")
        self._accrue(day=date(2027, 1, 10))
        rows = self._penalties().filtered(lambda row: row.kind == "indemnity")
        self.assertEqual(rows.mapped("amount_accrued"), [40, 50])
        self.assertEqual(self._amounts(later)["indemnity"], 50)

    def test_managers_are_asked_before_a_semester_begins(self):
        rates = self.env["dunning.rate"]
        self.assertFalse(rates._get_missing_soon(date(2026, 12, 1)))
        missing = [("ecb_refi", "2027-1"), ("legal_professional", "2027-1")]
        self.assertEqual(rates._get_missing_soon(date(2026, 12, 14)), missing)
        manager = self.company._get_dunning_manager()
        for _week in range(2):
            rates._ask("ecb_refi", "2027-1", {manager: self.company})
        tasks = rates._get_questions("ecb_refi", "2027-1")
        self.assertEqual(
            (len(tasks), tasks.user_id, tasks.date_deadline), (1, manager, date(2027, 1, 1))
        )
        rates.create({"kind": "ecb_refi", "semester": "2027-1", "value": 2.65})
        self.assertFalse(rates._get_questions("ecb_refi", "2027-1"))


@tagged("post_install", "-at_install")
class TestLedgerCosts(LedgerCommon):
    def test_statements_do_not_grow_with_customers_or_invoices(self):
        def count(partners):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["dunning.penalty"]._accrue(self.company, partners.ids, self.stop)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        partners = self.env["res.partner"]
        for number in range(12):
            partner = self._create_customer(f"Costly {number}")
            partners |= partner
            for _each in range(1 if number < 2 else 3):
                self._pay_on(self._bill(1000, "2026-01-31", partner), "2026-05-05", 300)
        few = count(partners[:2])
        many = count(partners[2:])
        self.assertLessEqual(many - few, 4)
        self.assertLessEqual(count(partners), many + 2, "the second night writes, no more")
