"""Contacts by hand: they count, and close nothing that nobody ticked."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.call.dunning_delivery_answer import NO_ANSWERS
from ..common_calls import CallCommon


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

    def _contact(self, **vals):
        contact = self.env["dunning.contact"].with_user(self.collector).create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date": self.day,
                "note": "Talked",
                **vals,
            }
        )  # fmt: skip
        contact.action_record()
        return contact

    def _last(self):
        return self.env["dunning.delivery"].search(
            [("partner_id", "=", self.customer.id)], order="id desc", limit=1
        )

    def test_the_customer_may_call_after_we_did(self):
        self._close(self._call(), "voicemail")
        with self.assertRaisesRegex(UserError, "one call a day"):
            self._contact()
        self._contact(is_incoming=True, note="Called back")
        self.assertTrue(self._last().is_incoming)

    def test_after_the_customers_call_we_may_call(self):
        self._contact(is_incoming=True)
        self._contact(note="Called back")
        self.assertEqual(self._last().note, "Called back")

    def test_leaves_the_planned_call_on_the_list(self):
        planned = self._call()
        self._contact(is_incoming=True)
        self.assertEqual((planned.state, planned.notice_id.state), ("todo", "approved"))
        line = planned.notice_id.line_ids.move_line_id
        self.assertEqual(line.dunning_step_id, self.steps[0], "nothing advances")

    def test_replaces_the_planned_call_when_it_is_ticked(self):
        planned = self._call()
        self._contact(is_incoming=True, replaces_call=True, outcome="other")
        self.assertEqual((planned.state, planned.notice_id.state), ("done", "sent"))
        self.assertTrue(planned.is_incoming)
        self.assertEqual(planned.note, "Talked")
        self.assertEqual(self._last(), planned, "one exchange, noted once")

    def test_a_call_of_a_later_day_or_another_customer_is_not_replaced(self):
        self._call(self._create_customer("Other"))
        contact = self._contact(replaces_call=True)
        self.assertFalse(contact.planned_call_id)
        self.assertFalse(self._last().notice_id)

    def test_an_answer_by_letter_is_an_answer(self):
        invoice = self._due(0)
        self._contact(channel="email", is_incoming=True, outcome="already_sent")
        self.assertEqual(self._term_lines(invoice).dunning_stay_until.isoformat(), "2026-10-14")
        self.assertEqual(self._reason(invoice), "said")
        self.assertIn("Payment already sent", self._item(invoice).hold_detail)
        self.assertFalse(self._paused_until())

    def test_a_promise_needs_its_date(self):
        with self.assertRaisesRegex(UserError, "date that was given"):
            self._contact(channel="email", outcome="will_pay")

    def test_what_the_customer_answers_is_of_the_company_alone(self):
        """The customer is shared: there it says that there was an exchange, no more."""
        outcomes = dict(self.env["dunning.contact"]._get_outcomes())
        for outcome, label in outcomes.items():
            if outcome in NO_ANSWERS:
                continue
            with self.subTest(outcome=outcome):
                partner = self._create_customer(outcome)
                date = self._at(-1 if outcome == "already_sent" else 1)
                self._contact(
                    partner_id=partner.id, channel="email", outcome=outcome, outcome_date=date
                )
                said = [
                    *partner.message_ids.mapped("body"),
                    *partner.activity_ids.mapped("summary"),
                ]
                for words in (label, outcome.replace("_", " ") + ":", "refuses", "cannot pay"):
                    self.assertFalse([text for text in said if words in text.replace(outcome, "")])
