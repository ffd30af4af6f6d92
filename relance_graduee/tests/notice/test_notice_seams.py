"""What other rooms may add to a notice: each hook, by a throw-away extension."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_channels import ChannelCommon

FORMAL = 3


@tagged("post_install", "-at_install")
class TestNoticeSeams(ChannelCommon):
    def _extend(self, model, name, extension):
        """Let ``extension`` stand before the method; it is given what ``super()`` would be."""
        cls = self.env.registry[model]
        below = getattr(cls, name)
        self.patch(cls, name, lambda *args: extension(below, *args))

    def _propose_only(self, number):
        self.company.dunning_mode = "discovery"
        return self._propose(number)

    def test_what_follows_of_sending_knows_it_is_sent(self):
        told = []

        def after_sent(below, notices, day):
            below(notices, day)
            told.append((notices.ids, notices.mapped("state"), day))

        self._extend("dunning.notice", "_after_sent", after_sent)
        notice = self._propose(0)
        self.assertEqual(told, [(notice.ids, ["sent"], self.day)])

    def test_what_is_kept_is_written_with_the_state(self):
        def prepare(below, notice, day):
            return below(notice, day) | {"letter_closing": "<p>As it was said</p>"}

        self._extend("dunning.notice", "_prepare_sent_vals", prepare)
        notice = self._propose(0)
        self.assertEqual(notice.state, "sent")
        self.assertIn("As it was said", notice.letter_closing)

    def test_what_is_claimed_beside_the_principal_survives_a_refresh(self):
        def fill(below, notices):
            below(notices)
            notices.line_ids.write({"amount_interest": 15})
            notices._update_totals()

        self._extend("dunning.notice", "_fill_claims", fill)
        notice = self._propose_only(0)
        self.assertEqual((notice.amount_interest, notice.amount_total), (15, 1015))
        self.env["dunning.proposal"]._refresh_notices(notice)
        self.assertEqual((notice.amount_interest, notice.amount_total), (15, 1015))

    def test_row_of_the_totals_stands_between_principal_and_total(self):
        def get_rows(below, notice):
            return [*below(notice), ("Costs", "12 €")]

        self._extend("dunning.notice", "_get_total_rows", get_rows)
        totals = self._propose_only(0)._get_totals()
        self.assertEqual([row["label"] for row in totals], ["Principal", "Costs", "Total due"])
        self.assertEqual([row["strong"] for row in totals], [False, False, True])

    def test_field_of_another_room_is_frozen_too(self):
        notice = self._propose(0)
        notice.failure_reason = "The server is down"
        self._extend(
            "dunning.notice",
            "_get_frozen_fields",
            lambda below, own: below(own) | {"failure_reason"},
        )
        with self.assertRaisesRegex(UserError, "no longer be changed"):
            notice.failure_reason = False

    def test_field_of_another_room_is_written_by_hand(self):
        notice = self._propose_only(0).with_user(self.collector).sudo(False)
        with self.assertRaisesRegex(AccessError, "only its texts"):
            notice.has_old_items = True
        self._extend(
            "dunning.notice", "_get_hand_fields", lambda below, own: below(own) | {"has_old_items"}
        )
        notice.has_old_items = True
        self.assertTrue(notice.has_old_items)

    def test_words_of_another_room_are_a_placeholder(self):
        self._extend(
            "dunning.notice",
            "_prepare_placeholders",
            lambda below, notice: {**below(notice), "text_contact": "Madam President"},
        )
        self.assertEqual(self._propose_only(0).text_contact, "Madam President")

    def test_suspension_of_another_room_is_announced(self):
        later = self._at(9)
        self._extend("dunning.notice", "_plan_suspension", lambda _below, _notice, _day: later)
        self.assertEqual(self._propose(0).suspension_date, later)

    def test_refusal_of_another_room_stops_a_formal_notice(self):
        self._extend(
            "dunning.notice",
            "_get_formal_refusals",
            lambda below, notice, rows: [*below(notice, rows), "Its contract is sealed."],
        )
        notice = self._propose_only(FORMAL)
        self.assertIn("Its contract is sealed.", notice.formal_refusal)
        with self.assertRaisesRegex(UserError, "Its contract is sealed"):
            notice.action_approve()

    def test_deadline_waits_for_the_slowest_channel(self):
        later = self._at(30)
        self._extend(
            "dunning.channel.email", "_get_arrival_day", lambda _below, _self, _notice, _day: later
        )
        self.steps[FORMAL].send_email = True
        notice = self._propose_only(FORMAL)
        deadline = notice._get_printed_deadline(self.day)
        self.assertGreaterEqual(deadline, later + timedelta(days=notice.step_id.answer_days))

    def test_doubt_of_another_room_is_asked_and_decided(self):
        self._extend(
            "dunning.notice",
            "_get_formal_doubts",
            lambda below, notice, rows: {**below(notice, rows), "lost": rows},
        )
        self._extend(
            "dunning.notice",
            "_get_doubt_sentences",
            lambda below, notice: {**below(notice), "lost": "Its order is lost: %s."},
        )
        notice = self._propose_only(FORMAL)
        with self._clock():
            self.assertIn("Its order is lost: INV", notice.formal_question)
            with self.assertRaisesRegex(UserError, "Its order is lost"):
                notice.action_approve()
            notice.with_user(self.manager)._decide_formal("Found again")
            self.assertFalse(notice.formal_question)
        self.assertIn("lost", notice.formal_decided_items)

    def test_delivery_that_says_nothing_to_the_customer_keeps_no_notice_alive(self):
        self.steps[2].write({"send_email": False, "approval": "confirm"})
        notice = self._propose(2)
        self._send(notice)
        letter = self._delivery(notice, "letter")
        copy = letter.sudo().copy({"is_accountant_copy": True, "notice_id": notice.id})
        letter.action_cancel()
        self.assertEqual(copy.state, "cancelled")
        self.assertEqual(notice.state, "cancelled")
