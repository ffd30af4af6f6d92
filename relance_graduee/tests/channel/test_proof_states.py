"""What was done stays done: states, receipts, answers, recorded contacts, as superuser too."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.notice.dunning_delivery import TRANSITIONS
from ..common_channels import ChannelCommon, make_pdf


@tagged("post_install", "-at_install")
class TestProofStates(ChannelCommon):
    def _assert_refused(self, act, what):
        with self.subTest(what), self.assertRaises(UserError), self.env.cr.savepoint():
            act()
            self.env.flush_all()

    def _formal(self):
        """A formal notice, posted, and its registered letter."""
        self.customer.write({"street": "1 rue", "zip": "69001", "city": "Lyon"})
        notice = self._propose(3)
        notice.with_user(self.manager)._decide_formal("Known to us")
        self._send(notice)
        self._finish(notice)
        self.assertEqual(notice.state, "sent")
        return notice, self._delivery(notice, "registered")

    def _contact(self, **vals):
        return self.env["dunning.delivery"].create(
            {"partner_id": self.customer.id, "channel": "phone", "date_planned": self.day, **vals}
        )

    def test_posted_letter_of_a_sent_notice_is_not_called_off(self):
        notice, letter = self._formal()
        for records in (letter, letter.with_user(self.manager), letter.with_user(self.collector)):
            self._assert_refused(records.action_cancel, records.env.user.name)
        self.assertEqual((letter.state, notice.state), ("done", "sent"))

    def test_states_follow_each_other_by_the_table_alone(self):
        """Each way from each state, as superuser: those of the table, and no other."""
        states = list(TRANSITIONS)
        for begin in states:
            for end in states:
                contact = self._contact(state=begin)
                if begin == end or end in TRANSITIONS[begin]:
                    contact.state = end
                    self.assertEqual(contact.state, end)
                else:
                    self._assert_refused(
                        lambda c=contact, end=end: c.write({"state": end}), f"{begin} to {end}"
                    )

    def test_every_field_of_what_was_done_stays(self):
        """For superuser too; an equal value is no change."""
        _notice, letter = self._formal()
        other = self._create_customer("Somebody else")
        forged = {
            "partner_id": other.id, "contact_id": other.id, "done_by_id": self.collector.id,
            "channel": "phone", "date_done": "2026-01-01", "notice_id": False,
            "source_notice_id": self.env["dunning.notice"].create({
                "partner_id": other.id, "company_id": self.company.id, "date": self.day,
                "currency_id": self.company.currency_id.id, "policy_id": self.policy.id,
                "step_id": self.steps[0].id,
            }).id,
            "outcome_date": "2026-01-01", "outcome_amount": 1.0, "risk": "high",
            "is_incoming": True, "company_id": False,
            "mail_id": self.env["mail.mail"].create({"subject": "x"}).id,
            "sms_id": self.env["sms.sms"].create({"number": "1", "body": "x"}).id,
            "contested_line_ids": [(5,)], "outcome": "refused", "date_printed": "2026-01-01",
            "date_presented": "2026-01-01", "date_received": "2026-01-01",
            "corrects_id": letter.id, "currency_id": self.env.ref("base.GBP").id,
            "is_accountant_copy": True, "sent_message": {"body": "forged"},
        }  # fmt: skip
        for name in letter._get_kept_fields():
            vals = {name: forged.get(name, "forged")}
            self._assert_refused(lambda vals=vals: letter.write(vals), name)
        letter.write({"note": letter.note, "partner_id": letter.partner_id.id})

    def test_answer_and_note_of_a_closed_call_stay(self):
        call = self._contact()
        call.action_done(outcome="refuses", note="Says no", date=self.day)
        for vals in ({"note": "Says yes"}, {"outcome": "will_pay"}, {"outcome_date": self.day}):
            self._assert_refused(lambda vals=vals: call.write(vals), vals)
        self._assert_refused(call.unlink, "deleted")

    def test_what_the_post_said_is_added_as_rows(self):
        """The newest counts and names the one before; nothing is written over."""
        _notice, letter = self._formal()
        letter.with_user(self.collector).action_done(outcome="received", date=self.day)
        letter.with_user(self.manager).action_done(outcome="refused", date=self._at(1))
        first, newest = letter.receipt_ids.sorted("id")
        self.assertEqual((first.outcome, first.date), ("received", self.day))
        self.assertEqual((newest.outcome, newest.date), ("refused", self._at(1)))
        self.assertEqual((first.user_id, newest.user_id), (self.collector, self.manager))
        self.assertEqual((newest.corrects_id, first.corrects_id.id), (first, False))
        self.assertEqual((letter.outcome, letter.date_presented), ("refused", self.day))
        shown = letter.receipt_detail.splitlines()
        self.assertIn("Refused (noted by Manon Manager", shown[0])
        self.assertIn("10/07/2026: Received (noted by Colette Collector", shown[1])
        for vals in ({"outcome": "received"}, {"date_presented": "2026-01-01"}):
            self._assert_refused(lambda vals=vals: letter.write(vals), vals)
        self._assert_refused(lambda: first.write({"date": "2026-01-01"}), "written over")
        self._assert_refused(first.unlink, "deleted")
        self._assert_refused(
            lambda: first.with_user(self.manager).sudo(False).copy(), "made by a user"
        )

    def test_receipts_are_added_and_none_is_taken_away(self):
        _notice, letter = self._formal()
        first, second = self.env["ir.attachment"].create(
            [{"name": name, "raw": make_pdf(name)} for name in ("a.pdf", "b.pdf")]
        )
        letter.attachment_ids = first
        letter.write({"attachment_ids": [(4, second.id)]})
        for command in ((3, first.id), (5,), (6, 0, second.ids), (2, first.id)):
            self._assert_refused(
                lambda c=command: letter.write({"attachment_ids": [c]}), str(command)
            )

    def test_calling_off_takes_the_email_out_of_the_queue(self):
        self.customer.email = "customer@example.com"
        delivery = self._delivery(self._propose(0), "email")
        delivery.action_cancel()
        self.assertEqual((delivery.state, delivery.mail_id.state), ("cancelled", "cancel"))
        delivery.mail_id.send()
        self.assertEqual(delivery.mail_id.state, "cancel")

    def test_recorded_contact_is_not_deleted(self):
        for vals in ({"state": "done", "date_done": self.day}, {"date_contact": self.day}):
            self._assert_refused(self._contact(**vals).unlink, vals)
        self._contact().unlink()
