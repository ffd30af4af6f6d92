"""The accountant of a public body gets the copy that the letter announces, or it announces none."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_channels import ChannelCommon

SENTENCE = "sent to the public accountant"


@tagged("post_install", "-at_install")
class TestAccountantCopy(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        closing = '<p><t t-out="object.text_accountant_copy"/></p>'
        vals = {"copy_to_accountant": True, "letter_closing": closing}
        cls.steps[2].write({**vals, "send_email": False})
        cls.steps[3].write(vals)
        cls.accountant = cls.env["res.partner"].create(
            {
                "name": "Trésorerie de Lyon",
                "street": "5 rue du Trésor",
                "zip": "69003",
                "city": "Lyon",
            }
        )
        cls.body = cls._create_customer(
            "Town hall", customer_kind="public", dunning_accountant_id=cls.accountant.id
        )

    def _copies(self, notice):
        return notice.delivery_ids.filtered("is_accountant_copy")

    def _asked(self):
        return self._activities(self.body).filtered(
            lambda task: "public accountant" in (task.summary or "")
        )

    def test_a_second_letter_with_its_own_address(self):
        notice = self._propose(2, self.body)
        letter = notice.delivery_ids - self._copies(notice)
        copy = self._copies(notice)
        self.assertEqual((letter.channel, copy.channel), ("letter", "letter"))
        self.assertEqual(copy.contact_id, self.accountant)
        self.assertIn("5 RUE DU TRESOR", copy.recipient.upper().replace("É", "E"))
        first, second = self.letters
        self.assertNotEqual(first["recipient_lines"], second["recipient_lines"])
        self.assertIn(
            "TRESORERIE DE LYON", str(second["recipient_lines"]).upper().replace("É", "E")
        )
        self.assertIn("Copy", second["mode"])
        self.assertEqual(first["rows"], second["rows"])
        self.assertIn(SENTENCE, first["closing_html"])
        self.assertTrue(notice.copy_attachment_id)
        self.assertNotEqual(notice.copy_attachment_id, notice.attachment_id)
        self.assertFalse(self._asked())

    def test_posted_with_the_letter_or_after_it(self):
        notice = self._propose(2, self.body)
        copy = self._copies(notice)
        self.assertTrue(copy.waits_for_proof)
        with self.assertRaisesRegex(UserError, "is a copy"):
            copy.action_done(date=self.day)
        (copy | notice.delivery_ids).action_done(date=self.day)
        self.assertEqual(set(notice.delivery_ids.mapped("state")), {"done"})
        self.assertEqual(notice.state, "sent")
        self.assertFalse(copy.date_contact, "the customer was not contacted by it")
        with self.assertRaisesRegex(UserError, "proof"):
            notice.copy_attachment_id.sudo().raw = b"other"

    def test_posted_later_it_does_not_move_the_deadline(self):
        self.steps[2].answer_days = 8
        notice = self._propose(2, self.body)
        copy = self._copies(notice)
        (notice.delivery_ids - copy).action_done(date=self.day)
        deadline = notice.answer_deadline
        copy.sudo()._close(None, None, self._at(4))
        self.assertEqual((copy.state, notice.answer_deadline), ("done", deadline))

    def test_of_a_formal_notice_it_waits_for_the_registered_letter(self):
        notice = self._propose(3, self.body)
        self._send(notice)
        copy = self._copies(notice)
        self.assertEqual((len(copy), copy.waits_for_proof), (1, True))
        self._delivery(notice, "registered").tracking_number = "2C1"
        notice.delivery_ids.action_done(date=self.day)
        self.assertEqual(set(notice.delivery_ids.mapped("state")), {"done"})

    def test_called_off_with_the_letter(self):
        notice = self._propose(2, self.body)
        (notice.delivery_ids - self._copies(notice)).action_cancel()
        self.assertEqual((notice.state, self._copies(notice).state), ("cancelled", "cancelled"))

    def test_printed_together_the_letter_first(self):
        notice = self._propose(2, self.body)
        with self._clock(1):
            notice.delivery_ids.action_print()
        self.assertEqual(len(self.letters), 4, "both made anew")
        self.assertEqual(self.letters[-1]["mode"], self.letters[1]["mode"])

    def test_without_an_accountant_nothing_is_announced_and_somebody_is_asked(self):
        for missing in ({"dunning_accountant_id": False}, {"street": False}):
            target = self.body if "dunning_accountant_id" in missing else self.accountant
            with self.subTest(missing=missing), self.env.cr.savepoint() as savepoint:
                target.write(missing)
                self.letters.clear()
                notice = self._propose(2, self.body)
                self.assertFalse(self._copies(notice))
                self.assertEqual(len(self.letters), 1)
                self.assertNotIn(SENTENCE, self.letters[0]["closing_html"])
                self.assertEqual(len(self._asked()), 1)
                notice._ask_for_accountant()
                self.assertEqual(len(self._asked()), 1, "asked once")
                savepoint.rollback()

    def test_only_of_public_bodies_and_of_steps_that_say_so(self):
        self.body.customer_kind = "business"
        self.assertFalse(self._copies(self._propose(2, self.body)))
        other = self._create_customer(
            "Region", customer_kind="public", dunning_accountant_id=self.accountant.id
        )
        self.steps[2].copy_to_accountant = False
        notice = self._propose(2, other)
        self.assertFalse(self._copies(notice))
        self.assertNotIn(SENTENCE, str(self.letters))

    def test_shipped_letters_to_public_bodies_ask_for_it(self):
        steps = self.env.ref("relance_graduee.policy_public").step_ids
        self.assertEqual(steps.mapped("copy_to_accountant"), [False, False, True, True])
