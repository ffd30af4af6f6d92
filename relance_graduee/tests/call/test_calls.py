"""Calls: what each answer changes, and that nothing stays stuck without one."""

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ...models.call.dunning_outcome import DATED_OUTCOMES, NEEDED_DATES
from ..common_calls import CallCommon


@tagged("post_install", "-at_install")
class TestOutcomes(CallCommon):
    def test_on_the_collectors_list_with_number_amount_and_script(self):
        self.steps[1].call_script = "You owe {{ object.text_amount }}"
        delivery = self._call().with_context(dunning_date=self.day)
        self.assertEqual(delivery.user_id, self.collector)
        self.assertEqual(delivery.phone, "+33 1 23 45 67 89")
        self.assertEqual((delivery.amount_owed, delivery.days_late), (1000, 12))
        self.assertRegex(delivery.call_script, "You owe .*1,000.00")
        self.assertFalse(delivery.date_contact)

    def test_what_was_paid_since_is_not_owed(self):
        self._due(1)
        paid = self._due(1, amount=500)
        delivery = self._delivery(self._notices(self._launch()), "phone")
        self.assertEqual(delivery.amount_owed, 1500)
        self._pay(paid)
        self._credit(100)
        delivery.invalidate_recordset()
        self.assertEqual(delivery.amount_owed, 900)

    def test_script_that_does_not_render_says_so_and_stops_nobody(self):
        delivery = self._call()
        self._store_text(self.steps[1], "call_script", "{{ object.no_such_thing }}")
        self.assertIn("cannot be shown", delivery.call_script)
        self.assertIn("no_such_thing", delivery.call_script)
        self._close(delivery, "voicemail")
        self.assertEqual(delivery.state, "done")

    def test_a_call_made_sends_the_notice(self):
        delivery = self._call()
        line = delivery.notice_id.line_ids.move_line_id
        self._close(delivery, "forgotten", note="Will look into it")
        self.assertEqual((delivery.state, delivery.outcome), ("done", "forgotten"))
        self.assertEqual(delivery.note, "Will look into it")
        self.assertEqual(delivery.notice_id.state, "sent")
        self.assertEqual((line.dunning_step_id, line.dunning_step_date), (self.steps[1], self.day))
        self.assertEqual(delivery.date_contact, self.day)

    def test_answers_after_which_the_ladder_goes_on(self):
        for outcome in ("voicemail", "unreachable", "other"):
            with self.subTest(outcome=outcome):
                partner = self._create_customer(outcome)
                delivery = self._close(self._call(partner), outcome)
                self.assertEqual((delivery.state, delivery.outcome), ("done", outcome))
                self.assertFalse(self._stay_until(delivery))
                self.assertFalse(self._activities(delivery.notice_id))

    def test_answers_after_which_items_stay_five_working_days(self):
        for outcome in ("already_sent", "not_received", "forgotten", "awaiting_approval"):
            with self.subTest(outcome=outcome):
                partner = self._create_customer(outcome)
                call = self._close(self._call(partner), outcome, outcome_means="Transfer")
                self.assertEqual(self._stay_until(call).isoformat(), "2026-10-14")
                self.assertFalse(self._paused_until(partner), "what is not named goes on")

    def test_will_pay_waits_until_three_working_days_after_the_date(self):
        delivery = self._call()
        self._close(
            delivery,
            "will_pay",
            outcome_date="2026-10-15",
            outcome_amount=600,
            outcome_means="Transfer",
        )
        self.assertEqual(self._stay_until(delivery).isoformat(), "2026-10-20", "a Thursday")
        self.assertEqual((delivery.outcome_amount, delivery.outcome_means), (600, "Transfer"))
        self.assertFalse(self._paused_until())

    def test_date_that_an_outcome_needs(self):
        for outcome in ("will_pay", "call_back", "signatory_absent"):
            with self.subTest(outcome=outcome):
                delivery = self._call(self._create_customer(outcome))
                with self.assertRaisesRegex(UserError, "date that was given"):
                    self._close(delivery, outcome)
                with self.assertRaisesRegex(UserError, "date that was given"):
                    delivery.with_user(self.collector).action_done(outcome, date=self.day)
                self.assertEqual(delivery.state, "todo")

    def test_dates_on_the_wrong_side_of_the_call(self):
        past = ("will_pay", "signatory_absent", "awaiting_approval")
        cases = [(outcome, -1, "lies in the past") for outcome in past]
        cases += [("already_sent", 1, "lies in the future")]
        cases += [("call_back", 0, "later day"), ("call_back", -1, "later day")]
        for outcome, days, words in cases:
            with self.subTest(outcome=outcome, days=days):
                delivery = self._call(self._create_customer(outcome))
                with self.assertRaisesRegex(UserError, words):
                    self._close(delivery, outcome, outcome_date=self._at(days))
                delivery.with_user(self.collector).outcome_date = self._at(days)
                delivery.with_user(self.collector).outcome = outcome
                with self.assertRaisesRegex(UserError, words):  # noted before, as over RPC
                    delivery.with_user(self.collector).action_done(date=self.day)
                self.assertEqual(delivery.state, "todo")

    def test_a_date_of_the_day_itself(self):
        for outcome in ("will_pay", "signatory_absent", "already_sent"):
            with self.subTest(outcome=outcome):
                delivery = self._call(self._create_customer(outcome))
                self._close(delivery, outcome, outcome_date=self.day)
                self.assertEqual(delivery.outcome_date, self.day)

    def test_already_sent_keeps_date_and_means(self):
        form = Form(self.env["dunning.call"].with_context(default_delivery_id=self._call().id))
        form.outcome = "already_sent"
        form.outcome_date = self._at(-2)
        form.outcome_means = "Transfer"
        form.date = self.day
        call = form.save()
        call.action_close()
        self.assertEqual(call.delivery_id.outcome_date, self._at(-2))
        self.assertEqual(call.delivery_id.outcome_means, "Transfer")

    def test_what_belongs_to_another_outcome_is_not_kept(self):
        vals = {"outcome_date": self._at(3), "outcome_amount": 5, "outcome_means": "Cheque"}
        delivery = self._close(self._call(), "refuses", **vals)
        self.assertFalse(delivery.outcome_date or delivery.outcome_amount)
        self.assertFalse(delivery.outcome_means)

    def test_awaiting_approval_until_the_date_that_was_given(self):
        call = self._close(self._call(), "awaiting_approval", outcome_date="2026-10-21")
        self.assertEqual(self._stay_until(call).isoformat(), "2026-10-21")

    def test_signatory_absent_waits_until_the_return(self):
        call = self._close(self._call(), "signatory_absent", outcome_date="2026-10-21")
        self.assertEqual(self._stay_until(call).isoformat(), "2026-10-21")

    def test_a_collector_waits_fifteen_days_for_the_return(self):
        call = self._close(self._call(), "signatory_absent", outcome_date="2026-10-30")
        self.assertEqual(self._stay_until(call).isoformat(), "2026-10-22")
        self.assertEqual(call.outcome_date.isoformat(), "2026-10-30", "as it was said")

    def test_a_longer_stay_is_not_shortened(self):
        delivery = self._call()
        lines = delivery.notice_id.line_ids.move_line_id
        lines._set_dunning_stay(self._at(60), "will_pay")
        self._close(delivery, "already_sent")
        self.assertEqual(lines.dunning_stay_until, self._at(60))
        self.assertEqual(lines.dunning_stay_outcome, "will_pay")

    def test_what_the_call_was_not_about_goes_on(self):
        delivery = self._call()
        other = self._due(0)
        self._close(delivery, "will_pay", outcome_date=self._at(5))
        self.assertFalse(self._term_lines(other).dunning_stay_until)

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

    def test_contests_only_what_is_ticked(self):
        invoices = self._due(1), self._due(1, amount=500)
        delivery = self._delivery(self._notices(self._launch()), "phone")
        wizard = self.env["dunning.call"].create({"delivery_id": delivery.id, "date": self.day})
        self.assertEqual(sorted(wizard.line_ids.mapped("amount")), [500, 1000])
        wizard.outcome = "contests"
        with self.assertRaisesRegex(UserError, "Tick the invoices"):
            wizard.action_close()
        wizard.line_ids.filtered(lambda line: line.amount == 500).is_contested = True
        wizard.action_close()
        disputed = [self._term_lines(invoice).dunning_disputed for invoice in invoices]
        self.assertEqual(disputed, [False, True])
        self.assertEqual(delivery.contested_line_ids, self._term_lines(invoices[1]))
        self.assertEqual(delivery.notice_id.amount_total, 1500)

    def test_contests_nothing_of_another_customer(self):
        foreign = self._due(1, self._create_customer("Foreign"))
        delivery = self._call()
        delivery.with_user(self.collector).contested_line_ids = self._term_lines(foreign)
        delivery.with_user(self.collector).action_done("contests", date=self.day)
        self.assertFalse(self._term_lines(foreign).dunning_disputed)

    def test_tasks_that_answers_ask_for(self):
        cases = (
            ("purchase_order", "Obtain the purchase order", self.collector),
            ("cannot_pay", "cannot pay: decide", self.manager),
            ("refuses", "refuses to pay: decide", self.manager),
        )
        for outcome, words, user in cases:
            with self.subTest(outcome=outcome):
                partner = self._create_customer(outcome, dunning_user_id=self.collector.id)
                delivery = self._close(self._call(partner), outcome)
                task = self._activities(delivery.notice_id)
                self.assertIn(words, task.summary)
                self.assertEqual(task.user_id, user)

    def test_nobody_reached_is_no_contact_but_the_step_is_done(self):
        for outcome, is_contact in (("voicemail", True), ("unreachable", False)):
            with self.subTest(outcome=outcome):
                delivery = self._close(self._call(self._create_customer(outcome)), outcome)
                self.assertEqual(bool(delivery.date_contact), is_contact)
                self.assertEqual(delivery.notice_id.state, "sent")

    def test_wrong_number_is_no_contact_and_opens_a_task(self):
        delivery = self._close(self._call(), "wrong_number")
        self.assertFalse(delivery.date_contact)
        self.assertEqual(delivery.notice_id.state, "sent", "the ladder goes on")
        self.assertIn("Find the right person", self._activities(delivery.notice_id).summary)

    def test_person_left_opens_a_task(self):
        delivery = self._close(self._call(), "person_left")
        self.assertIn("Find the right person", self._activities(delivery.notice_id).summary)
        self.assertFalse(delivery.date_contact, "nobody who could pay heard anything")

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

    def test_reported_later_it_counts_from_its_own_day(self):
        delivery = self._call()
        wizard = self.env["dunning.call"].create({"delivery_id": delivery.id, "outcome": "other"})
        self.assertEqual(wizard.date, self.company._get_dunning_today())
        wizard.date = self._at(1)
        wizard.action_close()
        self.assertEqual((delivery.date_done, delivery.date_contact), (self._at(1), self._at(1)))
        self.assertEqual(delivery.notice_id.date_sent, self._at(1))

    def test_neither_in_the_future_nor_before_it_was_asked_for(self):
        delivery = self._call()
        for date, words in (("2999-01-01", "future"), (self._at(-1), "not yet asked for")):
            with self.subTest(date=date), self.assertRaisesRegex(UserError, words):
                self._close(delivery, "voicemail", date=date)

    def test_what_was_answered_is_fixed(self):
        delivery = self._close(self._call(), "will_pay", outcome_date=self._at(2))
        for vals in ({"outcome": "refuses"}, {"outcome_date": self._at(30)}, {"risk": "low"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                delivery.with_user(self.manager).write(vals)

    def test_not_done_is_not_an_answer_a_person_gives(self):
        outcomes = dict(self.env["dunning.call"]._get_outcomes())
        self.assertNotIn("not_done", outcomes)

    def test_forms_ask_for_the_dates_that_the_rules_need(self):
        for model in ("dunning.call", "dunning.contact"):
            arch = etree.fromstring(self.env[model].get_view(view_type="form")["arch"])
            nodes = arch.xpath("//field[@name='outcome_date']")
            asked = {node.get("invisible"): node.get("required") for node in nodes}
            wanted = {
                f"outcome != '{code}'": f"outcome == '{code}'" if code in NEEDED_DATES else None
                for code in DATED_OUTCOMES
            }
            self.assertEqual(asked, wanted)


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
class TestHandover(CallCommon):
    def test_managers_task_without_contacting_anybody(self):
        self.steps[1].write({"phone_call": False, "hand_over": True, "owner": "manager"})
        notice = self._propose(1)
        delivery = self._delivery(notice, "handover")
        self.assertEqual((notice.state, delivery.state), ("sent", "todo"))
        self.assertEqual(self._activities(notice).user_id, self.manager)
        self.assertFalse(delivery.date_contact)
