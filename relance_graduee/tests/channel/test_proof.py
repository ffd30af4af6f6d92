"""Proof stays as it is: messages, mails, SMS and files, tried by every neighbour, as superuser."""

from email import message_from_bytes
from email.utils import parseaddr

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.channel.dunning_proof import QUEUE_FIELDS
from ...models.notice.dunning_proof import CONTENT_FIELDS, READERS_MARKS
from ..common_channels import ChannelCommon, make_pdf

# Of an e-mail or a message: what Odoo itself may note, and what the ORM alone sets.
MAY_CHANGE = READERS_MARKS | QUEUE_FIELDS | {"message_id", "id", "write_uid", "write_date"}


@tagged("post_install", "-at_install")
class TestProof(ChannelCommon):
    """Everything here is tried as superuser: who may do less is refused before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"email": "customer@example.com", "phone": "+33 1 23 45 67 89"})
        text = cls.env["sms.template"].create(
            {
                "name": "SMS",
                "model_id": cls.env["ir.model"]._get_id("dunning.notice"),
                "body": "Please pay",
            }
        )
        cls.steps[0].write({"send_sms": True, "sms_template_id": text.id})

    def setUp(self):
        super().setUp()
        self.notice = self._propose(0)
        self.assertEqual(self.notice.state, "sent")
        self.mail = self._delivery(self.notice, "email").mail_id
        self.sms = self._delivery(self.notice, "sms").sms_id

    def _assert_refused(self, act, what):
        with self.subTest(what), self.assertRaises(UserError), self.env.cr.savepoint():
            act()
            self.env.flush_all()

    def _get_other_value(self, record, name):
        field = record._fields[name]
        if field.type == "selection":
            return next(v for v in field.get_values(self.env) if v != record[name])
        if field.relational:
            if record[name]:
                return [Command.clear()] if field.type == "many2many" else False
            other = self.env[field.comodel_name].sudo().search([], limit=1)
            return [Command.link(other.id)] if field.type == "many2many" else other.id
        if field.type in ("many2one_reference", "integer"):
            return False
        if field.type == "boolean":
            return not record[name]
        return {"datetime": "2026-01-01 10:00:00"}.get(field.type, "forged")

    def _get_fields(self, record):
        """What is stored of it, its own and of what it inherits from."""
        return sorted(
            name
            for name, field in record._fields.items()
            if (field.store or field.inherited and field.related_field.base_field.store)
            and field.type != "one2many"
            and name not in MAY_CHANGE
        )

    def _try_all(self, record):
        names = self._get_fields(record)
        self.assertGreater(len(names), 3)
        for name in names:
            value = self._get_other_value(record, name)
            if not value and not record[name]:
                continue  # there is nothing yet to name
            self._assert_refused(
                lambda name=name, value=value: record.write({name: value}), f"{record} {name}"
            )
        self._assert_refused(record.unlink, f"{record} deleted")

    def test_every_field_of_the_email_stays(self):
        self._try_all(self.mail)
        self._try_all(self.mail.mail_message_id)

    def test_every_field_of_the_sms_stays(self):
        self._try_all(self.sms)
        self.sms.state = "sent"
        self._assert_refused(lambda: self.sms.write({"state": "outgoing"}), "sent again")

    def test_what_an_email_says_is_not_edited_in_the_message(self):
        message = self.mail.mail_message_id
        for vals in (
            {"body": "<p>Nothing is owed</p>"},
            {"subject": "Thank you"},
            {"date": "2026-01-01 10:00:00"},
            {"model": "res.partner", "res_id": self.customer.id},
            {"email_from": "forged@example.com"},
            {"reply_to": "forged@example.com"},
            {"attachment_ids": [Command.clear()]},
            {"tracking_value_ids": [Command.clear()]},
        ):
            self._assert_refused(lambda vals=vals: message.write(vals), vals)
            # hidden behind what the queue may note
            hidden = vals | {"message_id": "<a@b>"}
            self._assert_refused(lambda vals=hidden: self.mail.write(vals), hidden)

    def test_the_queue_notes_what_became_of_it(self):
        with self._mail_server() as server:
            self._process_queue(self._delivery(self.notice, "email"))
        self.assertEqual((self.mail.state, len(server.taken)), ("sent", 1))
        for vals in (
            {"state": "outgoing"},
            {"message_id": "<other@example.com>"},
            {"failure_reason": "forged"},
        ):
            self._assert_refused(lambda vals=vals: self.mail.write(vals), vals)
        self._assert_refused(self.mail.mark_outgoing, "sent twice")

    def test_what_left_is_noted_with_its_headers(self):
        """Even of an SMS, which Odoo deletes once it left."""
        email, sms = self._delivery(self.notice, "email"), self._delivery(self.notice, "sms")
        self.assertEqual(sms.sent_message["to"], "+33123456789")
        self.assertEqual(sms.sent_message["body"], "Please pay")
        self.assertIn("Please pay", sms.sent_text)
        with self._mail_server() as server:
            self._process_queue(email)
        taken = message_from_bytes(server.taken[0].content)
        noted = email.sent_message
        self.assertEqual(noted["message_id"], taken["Message-Id"])
        self.assertEqual(noted["subject"], taken["Subject"])
        self.assertEqual(parseaddr(noted["from"])[1], "us@company.example")
        self.assertEqual(parseaddr(noted["reply_to"])[1], "colette@company.example")
        self.assertEqual(parseaddr(noted["to"])[1], "customer@example.com")
        file = self.notice.attachment_id
        self.assertEqual(noted["files"], f"{file.name} {file.checksum}")
        self.assertEqual(noted["body"], self.mail.body_html)
        for words in (noted["message_id"].strip("<>"), file.checksum, noted["subject"]):
            self.assertIn(words, email.sent_text)
        for delivery in (email, sms):
            self._assert_refused(
                lambda d=delivery: d.write({"sent_message": {"body": "forged"}}), delivery.channel
            )

    def test_cancelled_in_the_queue_is_a_failure_and_a_person_is_told(self):
        self.mail.cancel()
        delivery = self._delivery(self.notice, "email")
        self.assertEqual((delivery.state, delivery.date_contact), ("failed", False))
        self.assertIn("cancelled", delivery.failure_reason)
        told = " ".join(self._activities(self.notice).mapped("summary"))
        self.assertIn(delivery.failure_reason, told)

    def test_key_is_named_by_no_caller(self):
        for key in (True, 1, "object", {}):
            message = self.mail.mail_message_id.with_context(dunning_proof_opened=key)
            self._assert_refused(lambda m=message: m.write({"body": "x"}), key)

    # ------------------------------------------------------------
    # FILES
    # ------------------------------------------------------------

    def _try_file(self, file):
        other = {
            "raw": make_pdf("Forged"), "datas": b"Zm9yZ2Vk", "res_id": self.customer.id,
            "res_model": "res.partner", "res_field": "image_1920", "file_size": 1,
            "company_id": False, "type": "url", "original_id": file.copy().id,
            "create_uid": self.collector.id, "create_date": fields.Datetime.now(),
        }  # fmt: skip
        for name in CONTENT_FIELDS:
            vals = {name: other.get(name, "forged")}
            self._assert_refused(lambda vals=vals: file.write(vals), f"{file.name} {name}")
        self._assert_refused(file.unlink, f"{file.name} deleted")

    def test_files_of_a_notice_stay(self):
        """Its document, also in the mail, and what somebody added to it."""
        self.assertEqual(self.mail.attachment_ids, self.notice.attachment_id)
        added = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"a", "res_model": "dunning.notice", "res_id": self.notice.id}
        )
        self._try_file(self.notice.attachment_id)
        self._try_file(added)

    def test_file_moved_before_is_kept_by_whoever_names_it(self):
        """The guard asks who names the file, not where the file says that it belongs."""
        self.env.cr.execute(
            "UPDATE ir_attachment SET res_model = 'res.partner', res_id = %s WHERE id = %s",
            (self.customer.id, self.notice.attachment_id.id),
        )
        self.env.invalidate_all()
        self._try_file(self.notice.attachment_id)

    def test_receipts_of_a_delivery_stay(self):
        delivery = self._delivery(self.notice, "email")
        receipt = self.env["ir.attachment"].create({"name": "receipt.pdf", "raw": make_pdf()})
        delivery.attachment_ids = receipt
        self._try_file(receipt)

    def test_document_and_enclosures_of_an_approved_notice_stay(self):
        """What leaves is what was approved; the machine alone prints a paper anew."""
        notice = self._propose(3, self._create_customer("Formal", street="1 rue", city="Lyon"))
        enclosure = self.env["ir.attachment"].create({"name": "order.pdf", "raw": make_pdf()})
        notice.enclosure_ids = enclosure
        enclosure.name = "Order.pdf"  # a proposal is nobody's proof
        notice.with_user(self.manager)._decide_formal("Known to us")
        self._send(notice)
        self.assertEqual(notice.state, "approved")
        self._try_file(notice.attachment_id)
        self._try_file(enclosure)

    def test_invoice_stays_free_its_copy_is_kept(self):
        """An invoice goes back to draft, and its PDF with it: the e-mail has its own copy."""
        self.steps[0].attach_invoices = True
        partner = self._create_customer("Other", email="other@example.com")
        invoice = self._due(0, partner)
        original = self._attach_pdf(invoice)
        notice = self._notices(self._launch(), partner)
        copied = self._delivery(notice, "email").mail_id.attachment_ids - notice.attachment_id
        self.assertEqual((copied.name, copied.raw), (original.name, original.raw))
        self._try_file(copied)
        original.unlink()

    def test_proposal_and_its_messages_are_deleted(self):
        partner = self._create_customer("Proposed")
        notice = self._propose(3, partner)
        notice._message_log(body="A note")
        notice.unlink()
        self.assertFalse(notice.exists())
