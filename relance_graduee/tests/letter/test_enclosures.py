"""What a formal notice says is enclosed is in its document, and nothing else is listed."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...tools.letter.pdf import read_pdf
from ..common_channels import ChannelCommon, make_pdf

FORMAL = 3


@tagged("post_install", "-at_install")
class TestEnclosures(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steps[FORMAL].write({"attach_invoices": True, "send_email": True})

    def _file(self, name, content=None, env=None):
        return (env or self.env)["ir.attachment"].create(
            {"name": name, "raw": content or make_pdf(name), "mimetype": "application/pdf"}
        )

    def _formal(self, *files, invoices=1):
        """The formal notice about ``invoices`` that have their PDF, and its letter."""
        self.invoices = [self._due(FORMAL) for _number in range(invoices)]
        for invoice in self.invoices:
            self._attach_pdf(invoice)
        notice = self._notices(self._launch())
        notice.sudo().enclosure_ids = self.env["ir.attachment"].concat(*files)
        self._send(notice)
        return notice, self.letters[-1]["enclosures"]

    def _page_texts(self, notice):
        return [page.extract_text().strip() for page in read_pdf(notice.attachment_id.raw).pages]

    def test_copy_of_the_invoice_is_listed_and_there(self):
        notice, enclosures = self._formal()
        self.assertEqual(enclosures, [f"copy of the invoice {self.invoices[0].name}"])
        self.assertEqual(self._page_texts(notice)[1:], [f"{self.invoices[0].name} 1"])

    def test_several_invoices_are_counted(self):
        notice, enclosures = self._formal(invoices=3)
        self.assertEqual(enclosures, ["copies of the 3 invoices"])
        self.assertEqual(len(self._page_texts(notice)), 4)

    def test_invoice_without_a_readable_file_is_not_listed(self):
        """A file that is damaged is neither printed nor promised."""
        invoice = self._due(FORMAL)
        self._attach_pdf(invoice, b"%PDF-1.4 damaged")
        notice = self._notices(self._launch())
        self._send(notice)
        self.assertEqual(self.letters[-1]["enclosures"], [])
        self.assertEqual(len(self._page_texts(notice)), 1)

    def test_what_a_person_added_comes_last(self):
        notice, enclosures = self._formal(self._file("Conditions générales.pdf"))
        self.assertEqual(enclosures[1:], ["Conditions générales"])
        self.assertEqual(self._page_texts(notice)[-1], "Conditions générales.pdf 1")

    def test_penalties_are_explained_by_an_annex_that_is_listed(self):
        self.steps[FORMAL].write({"charge_interest": True, "attach_invoices": False})
        _notice, enclosures = self._formal()
        self.assertEqual(enclosures, ["calculation of the penalties for late payment"])

    def test_step_without_invoices_lists_none(self):
        self.steps[FORMAL].attach_invoices = False
        notice, enclosures = self._formal()
        self.assertEqual((enclosures, len(self._page_texts(notice))), ([], 1))

    def test_email_carries_the_document_alone(self):
        """It contains the invoices: they are not sent twice."""
        notice, _enclosures = self._formal()
        self._finish(notice)
        mail = self._delivery(notice, "email").mail_id
        self.assertEqual(mail.attachment_ids, notice.attachment_id)

    def test_only_files_that_can_be_printed(self):
        notice = self._propose(FORMAL)
        with self.assertRaisesRegex(ValidationError, "no PDF file"):
            notice.sudo().enclosure_ids = self._file("photo.pdf", b"not a PDF")

    def test_chosen_by_a_collector_until_it_is_approved(self):
        notice = self._propose(FORMAL).with_user(self.collector)
        notice.enclosure_ids = self._file("order.pdf", env=notice.env)
        with self.assertRaises(AccessError):
            notice.amount_total = 1
        self._send(notice.with_user(self.manager))
        with self.assertRaisesRegex(UserError, "approved"):
            notice.enclosure_ids = False
        self._finish(notice.sudo())
        with self.assertRaisesRegex(UserError, "was sent"):
            notice.sudo().enclosure_ids = False

    def test_document_of_a_proposal_is_looked_at_as_it_is_now(self):
        notice = self._propose(FORMAL)
        notice.action_open_document()
        first = notice.attachment_id.raw
        notice.enclosure_ids = self._file("order.pdf")
        notice.action_open_document()
        self.assertNotEqual(notice.attachment_id.raw, first)

    def test_nobody_encloses_what_he_may_not_read(self):
        """The document is made with every right; a link is no way to another's files."""
        self._due(FORMAL)
        notice = self._notices(self._launch()).with_user(self.collector)
        secret = self._file("Salaries.pdf")
        parameter = self.env["ir.config_parameter"].search([], limit=1)
        secret.write({"res_model": parameter._name, "res_id": parameter.id})
        with self.assertRaises(AccessError):
            notice.write({"enclosure_ids": [(4, secret.id)]})
        own = self._file("Terms.pdf", env=notice.env)
        notice.write({"enclosure_ids": [(4, own.id)]})
        self.assertEqual((own.res_model, own.res_id), ("dunning.notice", notice.id))
        self.assertEqual(notice.with_user(self.manager).enclosure_ids.mapped("name"), ["Terms.pdf"])
