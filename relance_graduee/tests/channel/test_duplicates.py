"""What a call promised to send: certified duplicates, bank details."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...tools.letter.pdf import read_pdf
from ..common_calls import CallCommon
from ..common_channels import make_pdf


@tagged("post_install", "-at_install")
class TestDuplicates(CallCommon):
    def _invoice_with_pdf(self):
        invoice = self._due(1)
        self._attach_pdf(invoice, make_pdf("Original", pages=2))
        return invoice

    def _send_duplicate(self):
        call = self._delivery(self._notices(self._launch()), "phone")
        self._close(call, "not_received", send_duplicate=True)
        sent = self.env["dunning.delivery"].search(
            [("partner_id", "=", self.customer.id), ("channel", "=", "email")]
        )
        return call.notice_id, sent

    def test_overprinted_dated_and_named(self):
        invoice = self._invoice_with_pdf()
        original = invoice.invoice_pdf_report_id.raw
        _notice, sent = self._send_duplicate()
        duplicate = sent.mail_id.attachment_ids
        self.assertEqual(len(duplicate), 1)
        pages = [page.extract_text() for page in read_pdf(duplicate.raw).pages]
        self.assertEqual(len(pages), 2)
        for page in pages:
            self.assertIn("CERTIFIED TRUE DUPLICATE", page)
            self.assertIn("10/07/2026", page)
            self.assertIn(self.company.name, page)
            self.assertIn("Original", page)
        self.assertEqual(invoice.invoice_pdf_report_id.raw, original)

    def test_due_date_is_unchanged(self):
        invoice = self._invoice_with_pdf()
        due = self._term_lines(invoice).date_maturity
        self._send_duplicate()
        self.assertEqual(self._term_lines(invoice).date_maturity, due)

    def test_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        self._invoice_with_pdf()
        _notice, sent = self._send_duplicate()
        text = read_pdf(sent.mail_id.attachment_ids.raw).pages[0].extract_text()
        self.assertIn("07/10/2026", text)

    def test_counts_as_a_contact_without_notice_and_is_logged_on_the_notice(self):
        self._invoice_with_pdf()
        notice, sent = self._send_duplicate()
        self.assertFalse(sent.notice_id)
        self.assertEqual(sent.date_contact, self.day)
        self.assertIn("customer@customer.example", sent.recipient)
        self.assertIn(sent.mail_id.mail_message_id, notice.message_ids)
        self.assertIn("colette@company.example", sent.mail_id.reply_to)
        self.assertFalse(sent.mail_id.auto_delete)

    def test_what_became_of_it_is_known(self):
        self._invoice_with_pdf()
        _notice, sent = self._send_duplicate()
        with self._mail_server():
            self._process_queue(sent)
        self.assertEqual(sent.state, "done")

    def test_refused_asks_for_the_right_address(self):
        self._invoice_with_pdf()
        _notice, sent = self._send_duplicate()
        with self._mail_server(replies={"customer@customer.example": "550 5.1.1 Unknown"}):
            self._process_queue(sent)
        self.assertEqual(sent.state, "failed")
        self.assertIn("right address of Customer", self._activities(self.customer).summary)

    def test_no_email_says_so_and_the_call_stays_open(self):
        self._invoice_with_pdf()
        call = self._delivery(self._notices(self._launch()), "phone")
        self.customer.email = False
        with self.assertRaises(UserError) as caught:
            self._close(call, "not_received", send_duplicate=True)
        self.assertIn("e-mail address", str(caught.exception))
        self.assertEqual(call.state, "todo")

    def test_invoice_too_large_says_so(self):
        invoice = self._due(1)
        self._attach_pdf(invoice, b"%PDF-1.4" + b"x" * 11 * 1024 * 1024)
        notice = self._notices(self._launch())
        with self.assertRaisesRegex(UserError, "too large"):
            notice._send_duplicates()


@tagged("post_install", "-at_install")
class TestBankDetails(CallCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.partner.bank"].create(
            {"acc_number": "FR7630006000011234567890189", "partner_id": cls.company.partner_id.id}
        )

    def test_sent_at_once_with_the_reference_to_quote(self):
        delivery = self._close(self._call(), "bank_details")
        sent = self.env["dunning.delivery"].search(
            [("partner_id", "=", self.customer.id), ("channel", "=", "email")]
        )
        self.assertIn("customer@customer.example", sent.recipient)
        body = str(sent.mail_id.body_html)
        self.assertIn("FR7630006000011234567890189", body.replace(" ", ""))
        self.assertIn(delivery.notice_id.name, body)
        self.assertNotIn("data:image", body, "a QR code would ask for the sum of that day")
        self.assertFalse(self._activities(delivery.notice_id))

    def test_without_an_address_it_is_a_task(self):
        call = self._call()
        self.customer.email = False
        self._close(call, "bank_details")
        self.assertIn("Give our bank details", self._activities(call.notice_id).summary)
