"""What a person changes of an item or a customer: with a reason, and the ladder goes on."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import format_date, html2plaintext

from ..common_channels import ChannelCommon


@tagged("post_install", "-at_install")
class TestItemChange(ChannelCommon):
    def _change(self, invoice, change, reason="Agreed by telephone", **vals):
        lines = self._term_lines(invoice)
        wizard = self.env["dunning.item.change"].with_user(self.collector)
        wizard.create(
            {"change": change, "move_line_ids": lines.ids, "reason": reason, **vals}
        ).action_apply()
        return lines

    def _assert_traced(self, invoice, *words):
        note = invoice.message_ids.sorted("id")[-1]
        for word in (*words, "Agreed by telephone"):
            self.assertIn(word, note.body)

    # ------------------------------------------------------------
    # BACK AND FORTH
    # ------------------------------------------------------------

    def _take_steps(self, count):
        """An invoice that took the first ``count`` steps by notices that were sent."""
        invoice, day = self._invoice(self.steps[0].delay_days), 0
        for _number in range(count):
            notice = self._notices(self._launch(day))
            self._send(notice, day)
            self._finish(notice, day)
            day += 14
        self.assertEqual(self._term_lines(invoice).dunning_step_id, self.steps[count - 1])
        return invoice, day

    def test_put_back_it_takes_the_step_again(self):
        invoice, day = self._take_steps(3)
        self._change(invoice, "step", step_id=self.steps[0].id, date=self._at(day - 14))
        self._assert_traced(invoice, "E-mail")
        run = self._launch(day)
        self.assertFalse(run.failure_ids)
        self.assertEqual(self._notices(run).step_id, self.steps[1])

    def test_put_before_the_first_step(self):
        invoice, day = self._take_steps(2)
        lines = self._change(invoice, "step", step_id=False)
        self.assertFalse(lines.dunning_step_id)
        run = self._launch(day)
        self.assertEqual((run.failure_ids.ids, self._notices(run).step_id), ([], self.steps[0]))

    def test_begun_again(self):
        invoice, day = self._take_steps(2)
        lines = self._change(invoice, "restart")
        self.assertEqual((lines.dunning_step_id.id, lines.dunning_round), (False, 1))
        self._assert_traced(invoice, "nothing")
        run = self._launch(day)
        self.assertEqual((run.failure_ids.ids, self._notices(run).step_id), ([], self.steps[0]))

    def test_ladder_put_in_another_order(self):
        """A step that was said and lies ahead again may be said again; nobody is stuck."""
        _invoice, day = self._take_steps(2)
        self.steps[:2].delay_days = 5
        self.steps[1].sequence = 0
        run = self._launch(day)
        self.assertEqual((run.failure_ids.ids, self._notices(run).step_id), ([], self.steps[0]))

    def test_a_step_of_another_company_is_refused(self):
        north = self.env["res.company"].create({"name": "North"})
        other = self._create_policy(
            "Theirs", {"name": "Mail", "delay_days": 5, "send_email": True}, company_id=north.id
        )
        with self.assertRaisesRegex(UserError, "another company"):
            self._change(self._invoice(6), "step", step_id=other.step_ids.id, date=self.day)

    def test_a_step_done_on_a_day_to_come_is_refused(self):
        """A year mistyped would keep the item off its ladder until then, unseen."""
        invoice, day = self._invoice(6), self.company._get_dunning_today() + timedelta(days=1)
        with self.assertRaisesRegex(UserError, "future"):
            self._change(invoice, "step", step_id=self.steps[0].id, date=day)
        self.assertFalse(self._term_lines(invoice).dunning_step_id)

    def test_steps_are_offered_with_their_ladder_and_day(self):
        step = self.steps[0].with_context(dunning_step_with_policy=True)
        self.assertEqual(step.display_name, "Test ladder – D+5 – E-mail")
        self.assertEqual(self.steps[0].display_name, "E-mail")

    # ------------------------------------------------------------
    # OUT AND IN
    # ------------------------------------------------------------

    def test_excluded_then_included(self):
        invoice = self._due(0)
        self._change(invoice, "exclude")
        self.assertEqual(self._reason(invoice), "excluded")
        self._assert_traced(invoice, "Excluded from reminders")
        self._change(invoice, "include")
        self.assertFalse(self._reason(invoice))
        self._assert_traced(invoice, "Included in reminders")

    def test_disputed_then_no_longer(self):
        invoice = self._due(0)
        self._change(invoice, "dispute")
        self.assertEqual(self._reason(invoice), "disputed")
        self._assert_traced(invoice, "Disputed")
        action = invoice.action_undispute_dunning()
        self.assertEqual(action["context"]["default_change"], "undispute")
        self.assertEqual(action["context"]["default_move_line_ids"], self._term_lines(invoice).ids)
        self._change(invoice, "undispute")
        self.assertFalse(self._reason(invoice))
        self._assert_traced(invoice, "No longer disputed")

    # ------------------------------------------------------------
    # PAUSE
    # ------------------------------------------------------------

    def _until(self):
        return self.customer.with_company(self.company).dunning_paused_until

    def _in(self, days):
        """A day from today: a pause that a person sets ends today or later."""
        return self.company._get_dunning_today() + timedelta(days=days)

    def _last_decision(self):
        """Kept for the company, not in the chatter of the customer, which others read."""
        self.customer.invalidate_recordset()
        note = self.customer.dunning_note_ids[0]
        return note.kind, note.reason

    def test_paused_then_resumed(self):
        invoice = self._due(0)
        self._change(invoice, "pause", pause_until=self._in(20))
        self.assertEqual(self._until(), self._in(20))
        self.assertEqual(self._last_decision(), ("pause", "Agreed by telephone"))
        with Form.from_action(self.env, self.customer.action_resume_dunning()) as form:
            form.reason = "Back from holiday"
        form.record.action_apply()
        self.assertFalse(self._until())
        self.assertEqual(self._last_decision(), ("resume", "Back from holiday"))
        self.assertEqual(
            [html2plaintext(message.body) for message in self.customer.message_ids[:2]],
            [
                "Reminders resumed.",
                f"Reminders paused until {format_date(self.env, self._in(20))}.",
            ],
        )

    def test_a_person_may_shorten_a_pause_and_the_note_says_the_day_that_counts(self):
        invoice = self._due(0)
        self._change(invoice, "pause", pause_until=self._in(20))
        self._change(invoice, "pause", pause_until=self._in(3))
        self.assertEqual(self._until(), self._in(3))

    def test_an_answer_never_shortens_it(self):
        self.customer._set_dunning_pause(self._in(20), "Holiday")
        self.customer._set_dunning_pause(self._in(5), "Will pay")
        self.assertEqual(self._until(), self._in(20))
        self.assertIn(str(self._in(20).day), self.customer.message_ids.sorted("id")[-1].body)
        self.assertEqual(self._last_decision(), ("pause", "Will pay"))

    def test_a_pause_that_has_ended_is_refused(self):
        with self.assertRaisesRegex(UserError, "today or later"):
            self._change(self._due(0), "pause", pause_until=self._in(-5))

    def test_no_pause_without_end_or_reason_on_any_path(self):
        invoice = self._due(0)
        with self.assertRaisesRegex(UserError, "end date and a reason"):
            self._change(invoice, "pause")
        with self.assertRaisesRegex(UserError, "end date and a reason"):
            self._change(invoice, "pause", reason=" ", pause_until=self._in(3))
        with self.assertRaisesRegex(ValidationError, "end date and a reason"):
            self.customer.with_user(self.manager).dunning_paused_until = self._in(3)

    # ------------------------------------------------------------
    # WHO, AND WHY
    # ------------------------------------------------------------

    def test_every_change_asks_for_a_reason(self):
        invoice = self._due(0)
        for change in ("step", "restart", "exclude", "include", "dispute", "undispute", "resume"):
            with self.subTest(change=change), self.assertRaisesRegex(UserError, "Say why"):
                self._change(invoice, change, reason=" ")

    def test_only_collectors(self):
        wizard = self.env["dunning.item.change"].create(
            {
                "change": "exclude",
                "move_line_ids": self._term_lines(self._due(0)).ids,
                "reason": "Because",
            }
        )
        self.collector.group_ids = self.env.ref("account.group_account_invoice")
        with self.assertRaises(AccessError):
            wizard.with_user(self.collector).action_apply()

    def test_history_of_a_customer_in_order_of_time(self):
        """What was sent, and what was said outside the ladder; the invoice tells it too."""
        invoice = self._invoice(self.steps[0].delay_days)
        notice = self._notices(self._launch())
        contact = self.env["dunning.delivery"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "channel": "phone",
                "date_planned": self._at(-1),
            }
        )
        old = contact.copy({"date_planned": self._at(-300)})
        told = notice.delivery_ids
        self.assertEqual(self.customer.dunning_history_ids.ids, [old.id, contact.id, *told.ids])
        self.assertEqual(invoice.dunning_delivery_ids.ids, [contact.id, *told.ids])
        self.assertFalse(self._create_customer("Other").dunning_history_ids)
