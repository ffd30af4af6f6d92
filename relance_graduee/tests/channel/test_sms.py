"""SMS: queued, and what becomes of them."""

from odoo.tests import tagged

from ..common_channels import ChannelCommon


@tagged("post_install", "-at_install")
class TestSmsDelivery(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steps[0].write(
            {
                "send_email": False,
                "send_sms": True,
                "sms_template_id": cls.env["sms.template"]
                .create(
                    {
                        "name": "Test",
                        "model_id": cls.env["ir.model"]._get_id("dunning.notice"),
                        "body": "You owe {{ object.text_amount }}",
                    }
                )
                .id,
            }
        )

    def test_queue_then_what_becomes_of_it(self):
        notice = self._propose(0)
        delivery = self._delivery(notice, "sms")
        self.assertEqual((notice.state, delivery.state), ("sent", "todo"))
        self.assertIn("1,000.00", delivery.sms_id.body)
        self.assertEqual(delivery.sms_id.number, "+33123456789")
        delivery.sms_id.state = "sent"
        self.assertEqual(delivery.state, "done")

    def test_refused_is_no_contact(self):
        delivery = self._delivery(self._propose(0), "sms")
        delivery.sms_id.write({"state": "error", "failure_type": "sms_number_format"})
        self.assertEqual(delivery.state, "failed")
        self.assertFalse(delivery.date_contact)
        self.assertTrue(delivery.failure_reason)

    def test_what_became_of_it_is_said_in_words(self):
        delivery = self._delivery(self._propose(0), "sms")
        self.env["res.lang"]._activate_lang("fr_FR")
        delivery.sms_id.with_context(lang="fr_FR").state = "canceled"
        self.assertEqual(delivery.state, "failed")
        self.assertEqual(delivery.failure_reason, "Annulé")

    def test_no_number_says_what_to_enter(self):
        self.customer.phone = False
        notice = self._propose(0)
        self.assertEqual(notice.state, "proposed")
        self.assertIn("telephone number", notice.failure_reason)
