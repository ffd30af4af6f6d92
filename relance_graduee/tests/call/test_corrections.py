"""What was noted wrongly is put right by another contact; what was noted stays, and names it."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ..common_calls import CallCommon


@tagged("post_install", "-at_install")
class TestCorrections(CallCommon):
    def _correct(self, delivery, user=None, **vals):
        """Fill the form that the button opens; (the new contact)."""
        action = delivery.with_user(user or self.collector).action_correct()
        model = self.env[action["res_model"]].with_user(user or self.collector)
        with Form(model.with_context(**action["context"])) as form:
            for name, value in vals.items():
                form[name] = value
        form.record.action_record()
        return self.env["dunning.delivery"].search([("corrects_id", "=", delivery.id)])

    def test_note_of_a_closed_call_is_put_right_by_a_new_row(self):
        call = self._close(self._call(), "other", note="Says that the goods never came")
        right = self._correct(call, note="Says that half of the goods never came")
        self.assertEqual(call.note, "Says that the goods never came")
        self.assertEqual(call.correction_ids, right)
        self.assertEqual((right.state, right.date_done, right.channel), ("done", self.day, "phone"))
        self.assertEqual(right.done_by_id, self.collector)
        self.assertFalse(right.notice_id)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            right.corrects_id = False
        with self.assertRaises(UserError), self.env.cr.savepoint():
            right.note = "Says nothing"

    def test_answer_is_put_right_with_its_consequences(self):
        call = self._close(self._call(), "other")
        right = self._correct(call, outcome="signatory_absent", outcome_date=self._at(9), note="x")
        self.assertEqual((call.outcome, right.outcome), ("other", "signatory_absent"))
        self.assertEqual(self._stay_until(call), self._at(9))

    def test_last_contacts_show_what_is_right(self):
        call = self._close(self._call(), "other", note="Wrong")
        self._correct(call, note="Right")
        contacts = self._extra_call().last_contacts
        self.assertIn("Right", contacts)
        self.assertNotIn("Wrong", contacts)

    def test_only_what_was_done_with_the_same_customer(self):
        call = self._close(self._call(), "other")
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._extra_call(partner_id=self._create_customer("Other").id, corrects_id=call.id)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._extra_call(corrects_id=self._extra_call().id)
        with self.assertRaisesRegex(UserError, "were closed"):
            self._extra_call().action_correct()
