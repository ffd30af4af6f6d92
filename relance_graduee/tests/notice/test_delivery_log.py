"""The chatter of customers and invoices says what became of each delivery, and nothing else."""

from odoo.tests import tagged

from ..common_channels import ChannelCommon


@tagged("post_install", "-at_install")
class TestDeliveryLog(ChannelCommon):
    def _lines(self, record, words):
        """Lines of the chatter of ``record`` that hold ``words``, newest first."""
        self.env.flush_all()
        record.invalidate_recordset(["message_ids"])
        bodies = record.sudo().message_ids.mapped("body")
        return [body for body in bodies if words in body]

    def _assert_said(self, notice, words, times=1):
        """On the customer and on each claimed invoice, so many times."""
        for record in (notice.partner_id, *notice.line_ids.move_id):
            with self.subTest(record=record.display_name):
                self.assertEqual(len(self._lines(record, words)), times)

    def test_an_email_when_the_server_took_it(self):
        self._due(0)
        notice = self._propose(0)
        self._assert_said(notice, notice.name, 0)
        with self._mail_server():
            self._process_queue(notice.delivery_ids)
        self._assert_said(notice, "E-mail, Sent off")
        self._assert_said(notice, notice.name)
        for record in (self.customer, notice.line_ids.move_id[:1]):
            body = self._lines(record, "Sent off")[0]
            self.assertIn("dunning.notice", body, "a link")
            self.assertNotIn("000", body.replace(notice.name, ""))
            self.assertFalse(record.message_ids.attachment_ids, "the document is kept once")

    def test_an_email_that_comes_back(self):
        notice = self._propose(0)
        email = self._delivery(notice, "email")
        channel = self.env["dunning.channel.email"]
        channel._record_sent(email)
        channel._record_bounce(email, "customer@customer.example", "No such user")
        self._assert_said(notice, "E-mail, Sent off")
        self._assert_said(notice, "E-mail, could not be delivered")

    def test_what_could_not_leave_is_not_said_to_have_left(self):
        self.customer.email = False
        notice = self._propose(2)
        self._assert_said(notice, "E-mail, could not be delivered")
        self._assert_said(notice, "Letter", 0)
        self._finish(notice)
        self._assert_said(notice, "Letter, posted on 10/07/2026")
        self._assert_said(notice, "E-mail", 1)

    def test_a_letter_that_was_called_off_leaves_no_line(self):
        notice = self._propose(2)
        letter = self._delivery(notice, "letter")
        letter.action_cancel()
        self._assert_said(notice, "Letter", 0)

    def test_a_letter_that_replaces_an_email(self):
        self.steps[2].write({"print_letter": False, "tone": "last"})
        notice = self._propose(2)
        email = self._delivery(notice, "email")
        self.env["dunning.channel.email"]._record_failure(email, "550 No such user")
        letter = self._delivery(notice, "letter")
        letter.action_done(date=self.day)
        self._assert_said(notice, "Letter, posted on")

    def test_a_call_that_nobody_made_is_not_said_to_be_made(self):
        notice = self._propose(1)
        days = self.company.dunning_task_days + 5
        self._launch(days)
        self.assertEqual(notice.state, "sent")
        self._assert_said(notice, "Call, Not done")
        self._assert_said(notice, "Call")

    def test_a_call_and_its_outcome(self):
        notice = self._propose(1)
        notice.delivery_ids.action_done(outcome="voicemail", date=self.day)
        self._assert_said(notice, "Call, Voicemail")
        self._assert_said(notice, "Call")

    def test_what_comes_back_of_a_registered_letter(self):
        notice = self._propose(3)
        self._send(notice)
        self._finish(notice)
        letter = self._delivery(notice, "registered")
        self._assert_said(notice, "Registered letter, posted on")
        letter.action_done(outcome="refused", date=self.day)
        self._assert_said(notice, "Registered letter, Refused")
        self._assert_said(notice, "Registered letter", 2)

    def test_a_contact_without_notice_is_on_the_customer_alone(self):
        invoice = self._due(0)
        wizard = self.env["dunning.contact"].create(
            {"partner_id": self.customer.id, "date": self.day, "note": "Called us"}
        )
        wizard.action_record()
        self.assertEqual(len(self._lines(self.customer, "Call: Other")), 1)
        self.assertFalse(self._lines(invoice, "Call"))

    def test_no_statement_for_each_invoice(self):
        counts = []
        for number, invoices in enumerate((1, 25)):
            partner = self._create_customer(f"Customer {number}")
            for _number in range(invoices - 1):
                self._due(1, partner)
            delivery = self._propose(1, partner).delivery_ids
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            delivery._log_result()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)
