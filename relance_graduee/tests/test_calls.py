"""Calls and visits: what each answer changes, and that nothing stays stuck without one."""

from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from ..tools.letter_pdf import read_pdf
from .common_channels import ChannelCommon, make_pdf


class CallCommon(ChannelCommon):
    def _call(self, partner=None):
        """A call on the list, for the second step."""
        notice = self._propose(1, partner)
        delivery = self._delivery(notice, "phone")
        self.assertEqual((notice.state, delivery.state), ("approved", "todo"))
        return delivery

    def _close(self, delivery, outcome, days=0, user=None, **vals):
        """Fill the form of the outcome, as the collector does on that day."""
        delivery = delivery.with_user(user or self.collector)
        wizard = delivery.env["dunning.call"].create(
            {"delivery_id": delivery.id, "outcome": outcome, **vals}
        )
        at = type(self.company)._get_dunning_day
        self.patch(type(self.company), "_get_dunning_day", lambda _self: self._at(days))
        wizard.action_close()
        self.patch(type(self.company), "_get_dunning_day", at)
        self.customer.invalidate_recordset()
        return delivery.sudo()

    def _paused_until(self, partner=None):
        return (partner or self.customer).with_company(self.company).dunning_paused_until

    def _extra_call(self, **vals):
        return self.env["dunning.delivery"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "channel": "phone",
                "date_planned": self.day,
                **vals,
            }
        )


@tagged("post_install", "-at_install")
class TestOutcomes(CallCommon):
    def test_on_the_collectors_list_with_number_amount_and_script(self):
        self.steps[1].call_script = "<p>You owe <t t-out='object.text_amount'/></p>"
        delivery = self._call()
        self.assertEqual(delivery.user_id, self.collector)
        self.assertEqual(delivery.phone, "+33 1 23 45 67 89")
        self.assertEqual((delivery.amount_total, delivery.days_late), (1000, 12))
        self.assertFalse(delivery.date_contact)

    def test_a_call_made_sends_the_notice(self):
        delivery = self._call()
        line = delivery.notice_id.line_ids.move_line_id
        self._close(delivery, "forgotten", note="Will look into it")
        self.assertEqual((delivery.state, delivery.outcome), ("done", "forgotten"))
        self.assertEqual(delivery.note, "Will look into it")
        self.assertEqual(delivery.notice_id.state, "sent")
        self.assertEqual((line.dunning_step_id, line.dunning_step_date), (self.steps[1], self.day))
        self.assertEqual(delivery.date_contact, self.day)

    def test_answers_that_change_nothing_but_the_record(self):
        outcomes = (
            "voicemail", "unreachable", "forgotten", "awaiting_approval", "bank_details",
            "purchase_order", "cannot_pay", "refuses", "other",
        )  # fmt: skip
        for outcome in outcomes:
            with self.subTest(outcome=outcome):
                partner = self._create_customer(outcome)
                delivery = self._close(self._call(partner), outcome)
                self.assertEqual((delivery.state, delivery.outcome), ("done", outcome))
                self.assertFalse(self._paused_until(partner))
                self.assertFalse(self._activities(delivery.notice_id))

    def test_already_sent_and_not_received_pause_five_working_days(self):
        for outcome in ("already_sent", "not_received"):
            with self.subTest(outcome=outcome):
                partner = self._create_customer(outcome)
                self._close(self._call(partner), outcome, outcome_means="Transfer")
                self.assertEqual(self._paused_until(partner).isoformat(), "2026-10-14")

    def test_will_pay_pauses_until_three_working_days_after_the_date(self):
        delivery = self._call()
        self._close(
            delivery,
            "will_pay",
            outcome_date="2026-10-15",
            outcome_amount=600,
            outcome_means="Transfer",
        )
        self.assertEqual(self._paused_until().isoformat(), "2026-10-20", "a Thursday, 3 days on")
        self.assertEqual((delivery.outcome_amount, delivery.outcome_means), (600, "Transfer"))
        self.assertEqual(self.customer.dunning_pause_reason, "Will pay on")

    def test_date_that_an_outcome_needs(self):
        for outcome in ("will_pay", "call_back"):
            with self.subTest(outcome=outcome):
                delivery = self._call(self._create_customer(outcome))
                with self.assertRaisesRegex(UserError, "date that was given"):
                    self._close(delivery, outcome)
                self.assertEqual(delivery.state, "todo")

    def test_signatory_absent_pauses_until_the_return(self):
        self._close(self._call(), "signatory_absent", outcome_date="2026-10-23")
        self.assertEqual(self._paused_until().isoformat(), "2026-10-23")

    def test_a_longer_pause_is_not_shortened(self):
        delivery = self._call()
        self.customer._set_dunning_pause(self._at(60), "Inventory")
        self._close(delivery, "already_sent")
        self.assertEqual(self._paused_until(), self._at(60))

    def test_contests_disputes_the_items_not_the_money_we_hold(self):
        delivery = self._call()
        invoice = delivery.notice_id.line_ids.move_id
        self._close(delivery, "contests", note="Goods were broken")
        self.assertTrue(self._term_lines(invoice).dunning_disputed)
        self.assertEqual(self._reason(invoice), "disputed")
        self.assertIn("Goods were broken", invoice.message_ids[0].body)

    def test_a_contested_notice_leaves_its_credits_alone(self):
        self._due(1)
        credit = self._credit(50)
        notice = self._notices(self._launch())
        self.assertEqual(notice.amount_total, 950)
        self._close(self._delivery(notice, "phone"), "contests")
        self.assertFalse(self._term_lines(credit).dunning_disputed)

    def test_call_back_puts_a_call_on_the_list_of_that_day(self):
        delivery = self._call()
        self._close(delivery, "call_back", outcome_date="2026-10-10")
        again = self.env["dunning.delivery"].search(
            [("partner_id", "=", self.customer.id), ("state", "=", "todo")]
        )
        self.assertEqual(again.date_planned.isoformat(), "2026-10-12", "the 10th is a Saturday")
        self.assertEqual((again.channel, again.user_id), ("phone", self.collector))
        self.assertFalse(again.notice_id)
        self.assertFalse(self._paused_until())

    def test_wrong_number_is_no_contact_and_opens_a_task(self):
        delivery = self._close(self._call(), "wrong_number")
        self.assertFalse(delivery.date_contact)
        self.assertEqual(delivery.notice_id.state, "sent", "the ladder goes on")
        self.assertIn("Find the right person", self._activities(delivery.notice_id).summary)

    def test_person_left_opens_a_task(self):
        delivery = self._close(self._call(), "person_left")
        self.assertIn("Find the right person", self._activities(delivery.notice_id).summary)
        self.assertEqual(delivery.date_contact, self.day, "somebody answered")

    def test_paid_before_the_call_is_not_claimed_by_it(self):
        first = self._due(1)
        self._due(1, amount=500)
        notice = self._notices(self._launch())
        self._pay(first)
        self._close(self._delivery(notice, "phone"), "forgotten")
        self.assertEqual((notice.state, notice.amount_total), ("sent", 500))
        self.assertEqual(self._term_lines(first).dunning_step_id, self.steps[0])

    def test_a_call_noted_days_later_takes_the_step_that_was_said(self):
        """On the day it is noted the item would be due for another step."""
        policy = self._create_policy(
            "Early",
            {"name": "Before", "delay_days": -3, "phone_call": True},
            {"name": "After", "delay_days": 3, "phone_call": True},
        )
        self.customer.dunning_policy_id = policy
        invoice = self._invoice(-2)
        delivery = self._delivery(self._notices(self._launch()), "phone")
        delivery.action_done(outcome="forgotten", date=self.day)  # noted on the real today
        self.assertEqual(self._term_lines(invoice).dunning_step_id, policy.step_ids[0])

    def test_not_done_is_not_an_answer_a_person_gives(self):
        outcomes = dict(self.env["dunning.call"]._fields["outcome"].selection)
        self.assertNotIn("not_done", outcomes)

    def test_form_asks_for_the_date_only_where_one_is_needed(self):
        form = Form(self.env["dunning.call"].with_context(default_delivery_id=self._call().id))
        form.outcome = "will_pay"
        self.assertTrue(form.needs_date)
        form.outcome = "forgotten"
        self.assertFalse(form.needs_date)


@tagged("post_install", "-at_install")
class TestOneCallADay(CallCommon):
    def test_never_two_calls_a_day_whoever_calls(self):
        self._close(self._call(), "voicemail")
        second = self._extra_call(user_id=self.manager.id)
        with self.assertRaisesRegex(UserError, "already called on that day by Colette"):
            second.with_user(self.manager).action_done(outcome="other", date=self.day)
        second.action_done(outcome="other", date=self._at(1))
        self.assertEqual(second.state, "done")

    def test_a_contact_of_the_customer_is_the_customer(self):
        child = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        self._close(self._call(), "voicemail")
        with self.assertRaisesRegex(UserError, "one call a day"):
            self._extra_call(partner_id=child.id).action_done(date=self.day)

    def test_after_a_wrong_number_another_may_be_tried(self):
        self._close(self._call(), "wrong_number")
        again = self._extra_call()
        again.action_done(outcome="forgotten", date=self.day)
        self.assertEqual(again.date_contact, self.day)

    def test_another_company_may_call(self):
        other = self.env["res.company"].create({"name": "Another company"})
        self._close(self._call(), "voicemail")
        call = self._extra_call(company_id=other.id)
        call.action_done(outcome="other", date=self.day)
        self.assertEqual(call.state, "done")

    def test_two_currencies_are_one_call(self):
        currency = self.env.ref("base.GBP")
        currency.active = True
        self._due(1)
        self._due(1, currency_id=currency.id)
        notices = self._notices(self._launch())
        self.assertEqual(len(notices), 2)
        calls = self._delivery(notices, "phone")
        self._close(calls[0], "voicemail", note="Left a message")
        self.assertEqual(set(calls.mapped("state")), {"done"})
        self.assertEqual(set(calls.mapped("note")), {"Left a message"})
        self.assertEqual(set(notices.mapped("state")), {"sent"})

    def test_closing_twice_is_refused(self):
        delivery = self._close(self._call(), "voicemail")
        with self.assertRaisesRegex(UserError, "already closed"):
            delivery.action_done(outcome="refuses", date=self._at(1))


@tagged("post_install", "-at_install")
class TestNotDone(CallCommon):
    def test_closed_after_three_working_days_the_manager_told(self):
        delivery = self._call()
        self._launch(2)
        self.assertEqual(delivery.state, "todo", "Wednesday to Friday are two days")
        self._launch(5)
        self.assertEqual((delivery.state, delivery.outcome), ("done", "not_done"))
        self.assertFalse(delivery.date_contact, "nobody was contacted")
        task = self._activities(delivery.notice_id)
        self.assertEqual(task.user_id, self.manager)
        self.assertIn("Not done in time", task.summary)

    def test_the_ladder_goes_on(self):
        delivery = self._call()
        line = delivery.notice_id.line_ids.move_line_id
        self._launch(5)
        self.assertEqual(delivery.notice_id.state, "sent")
        self.assertEqual(line.dunning_step_id, self.steps[1])
        self.assertEqual(line.dunning_step_date, self._at(5))
        notices = self._notices(self._launch(8))
        self.assertEqual(notices.step_id, self.steps[2])

    def test_number_of_days_is_the_companys(self):
        self.company.dunning_task_days = 1
        delivery = self._call()
        self._launch(1)
        self.assertEqual(delivery.outcome, "not_done")

    def test_paid_call_is_cancelled_not_undone(self):
        delivery = self._call()
        self._pay(delivery.notice_id.line_ids.move_id)
        self._launch(5)
        self.assertEqual((delivery.state, delivery.notice_id.state), ("cancelled", "cancelled"))

    def test_whoever_approves_a_formal_notice_sees_it(self):
        delivery = self._call()
        self._launch(5)
        line = delivery.notice_id.line_ids.move_line_id
        line._set_dunning_step(self.steps[2], self._at(5), "Migrated")
        line.date_maturity = self._at(-45)
        formal = self._notices(self._launch(12))
        self.assertTrue(formal.is_formal_notice)
        self.assertIn("Never done: Call (10/12/2026)", formal.undone_note)

    def test_nothing_undone_nothing_said(self):
        self.assertFalse(self._propose(3).undone_note)


@tagged("post_install", "-at_install")
class TestRecordedContact(CallCommon):
    def test_counts_for_the_days_between_contacts(self):
        invoice = self._due(0)
        wizard = (
            self.env["dunning.contact"]
            .with_user(self.collector)
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "channel": "email",
                    "date": self._at(-1),
                    "note": "They wrote to us",
                }
            )
        )
        wizard.action_record()
        item = self._item(invoice)
        self.assertEqual(item.hold_reason, "waiting")
        self.assertEqual(item.next_date, self._at(5), "4 days after the 6th: a Saturday")
        delivery = self.env["dunning.delivery"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((delivery.note, delivery.user_id), ("They wrote to us", self.collector))
        self.assertFalse(delivery.notice_id)

    def test_with_a_contact_person_it_is_the_customers(self):
        invoice = self._due(0)
        child = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        self.env["dunning.contact"].create(
            {
                "partner_id": child.id,
                "company_id": self.company.id,
                "date": self.day,
                "note": "Called us",
            }
        ).action_record()
        self.assertEqual(self._reason(invoice), "waiting")

    def test_not_in_the_future(self):
        wizard = self.env["dunning.contact"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date": "2999-01-01",
                "note": "Will call",
            }
        )
        with self.assertRaisesRegex(UserError, "future"):
            wizard.action_record()


@tagged("post_install", "-at_install")
class TestVisit(CallCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steps[1].write({"phone_call": False, "visit": True, "owner": "salesperson"})
        cls.seller = new_test_user(
            cls.env, "dunning_seller", groups="base.group_user", company_id=cls.company.id
        )
        cls.customer.user_id = cls.seller

    def test_salesperson_is_told_and_reports(self):
        notice = self._propose(1)
        delivery = self._delivery(notice, "visit")
        self.assertEqual((notice.state, notice.failure_reason), ("approved", False))
        self.assertEqual(delivery.user_id, self.seller)
        self.assertFalse(self._activities(notice), "which a salesperson may not read")
        task = self._activities(self.customer)
        self.assertEqual((task.summary, task.user_id), ("Visit Customer", self.seller))
        self.assertFalse(task.note, "no amounts on the shared customer")
        self._close(delivery, "cannot_pay", user=self.seller, risk="high", note="Empty shelves")
        self.assertEqual((delivery.state, delivery.risk), ("done", "high"))
        self.assertEqual(notice.state, "sent")
        self.assertEqual(delivery.date_contact, self.day)

    def test_the_task_ends_with_the_report(self):
        notice = self._propose(1)
        self.assertTrue(self._activities(self.customer))
        self._close(self._delivery(notice, "visit"), "forgotten", user=self.seller)
        self.assertFalse(self._activities(self.customer))

    def test_whoever_reads_notices_is_told_on_the_notice(self):
        self.customer.user_id = self.collector
        self.steps[1].call_script = "Ask for a plan"
        task = self._activities(self._propose(1))
        self.assertEqual((task.summary, task.user_id), ("Visit Customer", self.collector))
        self.assertIn("Ask for a plan", task.note)


@tagged("post_install", "-at_install")
class TestHandover(CallCommon):
    def test_managers_task_without_contacting_anybody(self):
        self.steps[1].write({"phone_call": False, "hand_over": True, "owner": "manager"})
        notice = self._propose(1)
        delivery = self._delivery(notice, "handover")
        self.assertEqual((notice.state, delivery.state), ("sent", "todo"))
        self.assertEqual(self._activities(notice).user_id, self.manager)
        self.assertFalse(delivery.date_contact)


@tagged("post_install", "-at_install")
class TestDuplicates(CallCommon):
    def _invoice_with_pdf(self):
        invoice = self._due(1)
        self._attach_pdf(invoice, make_pdf("Original", pages=2))
        return invoice

    def _send_duplicate(self):
        call = self._delivery(self._notices(self._launch()), "phone")
        self._close(call, "not_received", send_duplicate=True)
        sent = self.env["dunning.delivery"].search(
            [("partner_id", "=", self.customer.id), ("channel", "=", "email")]
        )
        return call.notice_id, sent

    def test_overprinted_dated_and_named(self):
        invoice = self._invoice_with_pdf()
        original = invoice.invoice_pdf_report_id.raw
        _notice, sent = self._send_duplicate()
        duplicate = sent.mail_id.attachment_ids
        self.assertEqual(len(duplicate), 1)
        pages = [page.extract_text() for page in read_pdf(duplicate.raw).pages]
        self.assertEqual(len(pages), 2)
        for page in pages:
            self.assertIn("CERTIFIED TRUE DUPLICATE", page)
            self.assertIn("10/07/2026", page)
            self.assertIn(self.company.name, page)
            self.assertIn("Original", page)
        self.assertEqual(invoice.invoice_pdf_report_id.raw, original)

    def test_due_date_is_unchanged(self):
        invoice = self._invoice_with_pdf()
        due = self._term_lines(invoice).date_maturity
        self._send_duplicate()
        self.assertEqual(self._term_lines(invoice).date_maturity, due)

    def test_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        self._invoice_with_pdf()
        _notice, sent = self._send_duplicate()
        text = read_pdf(sent.mail_id.attachment_ids.raw).pages[0].extract_text()
        self.assertIn("07/10/2026", text)

    def test_counts_as_a_contact_without_notice_and_is_logged_on_the_notice(self):
        self._invoice_with_pdf()
        notice, sent = self._send_duplicate()
        self.assertFalse(sent.notice_id)
        self.assertEqual(sent.date_contact, self.day)
        self.assertIn("customer@customer.example", sent.recipient)
        self.assertIn(sent.mail_id.mail_message_id, notice.message_ids)
        self.assertIn("colette@company.example", sent.mail_id.reply_to)
        self.assertFalse(sent.mail_id.auto_delete)

    def test_what_became_of_it_is_known(self):
        self._invoice_with_pdf()
        _notice, sent = self._send_duplicate()
        with self._mail_server():
            self._process_queue(sent)
        self.assertEqual(sent.state, "done")

    def test_refused_asks_for_the_right_address(self):
        self._invoice_with_pdf()
        _notice, sent = self._send_duplicate()
        with self._mail_server(replies={"customer@customer.example": "550 5.1.1 Unknown"}):
            self._process_queue(sent)
        self.assertEqual(sent.state, "failed")
        self.assertIn("right address of Customer", self._activities(self.customer).summary)

    def test_no_email_says_so_and_the_call_stays_open(self):
        self._invoice_with_pdf()
        call = self._delivery(self._notices(self._launch()), "phone")
        self.customer.email = False
        with self.assertRaises(UserError) as caught:
            self._close(call, "not_received", send_duplicate=True)
        self.assertIn("e-mail address", str(caught.exception))
        self.assertEqual(call.state, "todo")

    def test_invoice_too_large_says_so(self):
        invoice = self._due(1)
        self._attach_pdf(invoice, b"%PDF-1.4" + b"x" * 11 * 1024 * 1024)
        notice = self._notices(self._launch())
        with self.assertRaisesRegex(UserError, "too large"):
            notice._send_duplicates()
