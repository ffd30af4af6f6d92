"""No paper leaves that is not the one in the file: fingerprint, missing files, address."""

import os
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_channels import ChannelCommon, make_pdf

STORE_LOG = "odoo.addons.base.models.ir_attachment"


@tagged("post_install", "-at_install")
class TestProofFiles(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write(
            {
                "email": "customer@example.com",
                "street": "1 rue",
                "zip": "69001",
                "city": "Lyon",
            }
        )

    def _formal(self):
        notice = self._propose(3)
        notice.with_user(self.manager)._decide_formal("Known to us")
        self._send(notice)
        letter = self._delivery(notice, "registered")
        letter.tracking_number = "2C 1"
        return notice, letter

    def _lose(self, file):
        """The file goes missing from the store, as after a failed restore."""
        self.env.flush_all()
        path = file._full_path(file.store_fname)
        if os.path.exists(path):
            os.rename(path, f"{path}.lost")
            self.addCleanup(os.rename, f"{path}.lost", path)
        file.invalidate_recordset()

    def _change(self, file, content):
        """The content changes under the fingerprint, as in the file store."""
        method = type(file)._file_read

        def read(attachment, name, size=None):
            return content if name == file.store_fname else method(attachment, name, size)

        patcher = patch.object(type(file), "_file_read", read)
        patcher.start()
        self.addCleanup(patcher.stop)
        file.invalidate_recordset()

    @mute_logger(STORE_LOG)
    def test_missing_document_is_neither_printed_nor_posted_nor_opened(self):
        notice, letter = self._formal()
        self._lose(notice.attachment_id)
        for act in (letter.action_print, letter.action_done, notice.action_open_document):
            with (
                self._clock(),
                self.assertRaisesRegex(UserError, "missing"),
                self.env.cr.savepoint(),
            ):
                act()
        self.assertEqual((notice.state, letter.state), ("approved", "todo"))

    def test_changed_document_is_not_posted_and_shown_as_broken(self):
        notice, letter = self._formal()
        self.assertFalse(notice.document_warning)
        self._change(notice.attachment_id, make_pdf("Forged"))
        notice.invalidate_recordset()
        self.assertIn("no longer what was made", notice.document_warning)
        with self.assertRaisesRegex(UserError, "no longer what was made"):
            letter.action_done(date=self.day)

    def test_form_reads_a_whole_document_as_whole(self):
        """The web client asks for the sizes of files, not for their content."""
        notice, _letter = self._formal()
        shown = notice.with_context(bin_size=True).web_read({"document_warning": {}})
        self.assertFalse(shown[0]["document_warning"])

    def test_document_of_an_approved_notice_is_not_exchanged(self):
        notice, _letter = self._formal()
        other = self.env["ir.attachment"].create({"name": "x.pdf", "raw": make_pdf("x")})
        for vals in (
            {"attachment_id": other.id},
            {"sha256": "0" * 64},
            {"enclosure_ids": other.ids},
            {"copy_attachment_id": other.id},
        ):
            with self.assertRaisesRegex(UserError, "approved"), self.env.cr.savepoint():
                notice.write(vals)

    @mute_logger(STORE_LOG)
    def test_email_with_a_missing_document_does_not_leave(self):
        """Not as 0 bytes, not at all; somebody is told."""
        notice = self._propose(0)
        delivery = self._delivery(notice, "email")
        self._lose(notice.attachment_id)
        with self._mail_server() as server:
            self._process_queue(delivery)
        self.assertNotIn("customer@example.com", server.addresses)
        self.assertEqual((delivery.state, delivery.mail_id.state), ("failed", "cancel"))
        self.assertIn("missing", delivery.failure_reason)
        self.assertTrue(self._activities(notice))

    @mute_logger(STORE_LOG)
    def test_missing_invoice_is_not_attached_as_nothing(self):
        self.steps[0].attach_invoices = True
        self._lose(self._attach_pdf(self._due(0)))
        notice = self._notices(self._launch())
        self.assertEqual(notice.state, "proposed")
        self.assertIn("missing", notice.failure_reason)

    def test_address_that_changed_since_the_paper_was_printed(self):
        notice, letter = self._formal()
        for vals, words in (
            ({"street": "2 rue"}, "address was changed"),
            ({"street": False}, "no complete postal address"),
        ):
            self.customer.write(vals)
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                letter.action_done(date=self.day)
        self.assertEqual(notice.state, "approved")
        self.customer.street = "1 rue"
        letter.action_done(date=self.day)
        self.assertEqual(notice.state, "sent")
