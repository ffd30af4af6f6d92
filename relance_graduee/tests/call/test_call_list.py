"""The call list: what the caller sees, and never two calls a day."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_calls import CallCommon


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

    def test_the_other_currency_was_paid_before_the_call(self):
        """What is closed along with a call is looked at again as the call itself is."""
        currency = self.env.ref("base.GBP")
        currency.active = True
        invoice = self._due(1)
        foreign = self._due(1, currency_id=currency.id)
        notices = self._notices(self._launch())
        self._pay(foreign)
        calls = self._delivery(notices, "phone")
        own = calls.filtered(lambda d: d.notice_id.line_ids.move_id == invoice)
        self._close(own, "voicemail")
        self.assertEqual((own.state, own.notice_id.state), ("done", "sent"))
        other = calls - own
        self.assertEqual((other.state, other.notice_id.state), ("cancelled", "cancelled"))

    def test_the_form_says_what_else_it_closes(self):
        currency = self.env.ref("base.GBP")
        currency.active = True
        self._due(1)
        self._due(1, currency_id=currency.id)
        calls = self._delivery(self._notices(self._launch()), "phone")
        wizard = self.env["dunning.call"].create({"delivery_id": calls[0].id})
        self.assertEqual(wizard.also_closed, calls[1].notice_id.display_name)
        self.assertEqual(len(wizard.line_ids), 2, "of both, to contest")

    def test_whoever_called_is_named_not_who_wrote_last(self):
        delivery = self._close(self._call(), "voicemail", user=self.manager)
        delivery.with_user(self.collector).user_id = self.collector
        self.assertEqual(delivery.done_by_id, self.manager)
        with self.assertRaisesRegex(UserError, "by Manon Manager"):
            self._extra_call().action_done(outcome="other", date=self.day)

    def test_unreachable_was_a_call_all_the_same(self):
        self._close(self._call(), "unreachable")
        with self.assertRaisesRegex(UserError, "one call a day"):
            self._extra_call().action_done(date=self.day)

    def test_closing_twice_is_refused(self):
        delivery = self._close(self._call(), "voicemail")
        with self.assertRaisesRegex(UserError, "already closed"):
            delivery.action_done(outcome="refuses", date=self._at(1))


@tagged("post_install", "-at_install")
class TestCallList(CallCommon):
    def _listed(self, delivery):
        delivery.invalidate_recordset()
        return delivery.with_context(dunning_date=self.day)

    def _contact(self, days, note, **vals):
        delivery = self._extra_call(channel="email", **vals)
        delivery.action_done(outcome="other", note=note, date=self._at(days))

    def test_last_three_contacts_latest_first(self):
        for days in (-9, -8, -7, -6):
            self._contact(days, f"Wrote {-days} days ago")
        delivery = self._call()
        lines = delivery.last_contacts.splitlines()
        self.assertEqual(lines[0], "10/01/2026 – E-mail: Wrote 6 days ago")
        self.assertEqual(len(lines), 3)
        self.assertIn("Wrote 8 days ago", lines[2])

    def test_last_contacts_are_of_the_customer_and_the_company(self):
        child = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        self._contact(-9, "Ann called", partner_id=child.id, is_incoming=True)
        self._contact(-9, "Elsewhere", partner_id=self._create_customer("Other").id)
        other = self.env["res.company"].create({"name": "Another company"})
        self._contact(-9, "Foreign", company_id=other.id)
        contacts = self._call().last_contacts
        self.assertIn("by the customer – Ann called", contacts)
        self.assertEqual(len(contacts.splitlines()), 1)

    def test_last_contacts_cost_the_same_for_many(self):
        partners = [self._create_customer(f"Customer {number}") for number in range(6)]
        for partner in partners:
            self._contact(-3, "Wrote", partner_id=partner.id)
        calls = self._extra_call()
        for partner in partners:
            calls |= self._extra_call(partner_id=partner.id)

        def count(deliveries):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            deliveries.mapped("last_contacts")
            return self.env.cr.sql_log_count - before

        count(calls)  # what Odoo remembers of languages and fields
        self.assertEqual(count(calls), count(calls[:4]))

    def test_called_today_is_a_warning(self):
        delivery = self._extra_call()
        self.assertFalse(self._listed(delivery).called_today)
        first = self._extra_call(user_id=self.manager.id)
        first.action_done(outcome="other", date=self.day)
        self.assertEqual(self._listed(delivery).called_today, "Called today by Manon Manager")
        self.assertFalse(first.called_today, "nothing about itself")
        tomorrow = delivery.with_context(dunning_date=self._at(1))
        self.assertFalse(tomorrow.called_today)

    def test_the_list_opens_by_collector(self):
        action = self.env.ref("relance_graduee.dunning_delivery_call_action")
        self.assertIn("'search_default_group_user': 1", action.context)
        view = self.env["dunning.delivery"].get_view(view_type="search")["arch"]
        self.assertIn('name="group_user"', view)
        self.assertIn('name="mine"', view)


@tagged("post_install", "-at_install")
class TestCallBack(CallCommon):
    def _call_back(self, **vals):
        """The further call that was agreed for the 12th."""
        delivery = self._close(self._call(), "call_back", outcome_date="2026-10-10", **vals)
        again = self.env["dunning.delivery"].search(
            [("partner_id", "=", self.customer.id), ("state", "=", "todo")]
        )
        self.assertEqual(again.source_notice_id, delivery.notice_id)
        return again

    def test_on_the_list_of_the_day_that_was_agreed(self):
        again = self._call_back()
        self.assertEqual(again.date_planned.isoformat(), "2026-10-12", "the 10th is a Saturday")
        self.assertEqual((again.channel, again.user_id), ("phone", self.collector))
        self.assertFalse(again.notice_id)
        self.assertFalse(self._paused_until())

    def test_with_amount_days_and_script(self):
        self.steps[1].call_script = "Ask for a date"
        again = self._call_back().with_context(dunning_date=self._at(5))
        self.assertEqual((again.amount_owed, again.days_late), (1000, 17))
        self.assertEqual(again.call_script, "Ask for a date")

    def test_contests_disputes_what_the_notice_said(self):
        again = self._call_back()
        invoice = again.source_notice_id.line_ids.move_id
        self._close(again, "contests", days=5, note="Broken")
        self.assertTrue(self._term_lines(invoice).dunning_disputed)

    def test_duplicates_are_those_of_the_notice(self):
        again = self._call_back()
        sent = []
        self.patch(type(again.source_notice_id), "_send_duplicates", lambda own: sent.append(own))
        self._close(again, "not_received", days=5, send_duplicate=True)
        self.assertEqual(sent, [again.source_notice_id])

    def test_duplicates_of_nothing_are_refused(self):
        with self.assertRaisesRegex(UserError, "No notice tells"):
            self._close(self._extra_call(), "not_received", send_duplicate=True)

    def test_called_off_when_nothing_is_open_any_more(self):
        again = self._call_back()
        self._launch(2)
        self.assertEqual(again.state, "todo")
        self._pay(again.source_notice_id.line_ids.move_id)
        self._launch(2)
        self.assertEqual(again.state, "cancelled")
        self.assertIn("nothing is left", again.note)

    def test_not_done_in_time_the_manager_is_told(self):
        again = self._call_back()
        self._launch(12)
        self.assertEqual((again.state, again.outcome), ("done", "not_done"))
        tasks = self._activities(again.source_notice_id)
        self.assertIn(
            "Not done in time", tasks.filtered(lambda t: t.user_id == self.manager).summary
        )

    def test_agreed_in_a_contact_by_hand_it_is_about_the_last_notice(self):
        notice = self._close(self._call(), "voicemail").notice_id
        contact = self.env["dunning.contact"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "is_incoming": True,
                "date": self.day,
                "outcome": "call_back",
                "outcome_date": self._at(2),
                "note": "Busy",
            }
        )
        contact.action_record()
        again = self.env["dunning.delivery"].search([("source_notice_id", "=", notice.id)])
        self.assertEqual((again.date_planned, again.amount_owed), (self._at(2), 1000))
