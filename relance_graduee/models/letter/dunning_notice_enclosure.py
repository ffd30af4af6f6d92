from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.letter.pdf import is_readable_pdf, merge_pdfs


class DunningNotice(models.Model):
    """Enclosures of a formal notice: part of its document, so that whoever opens the
    envelope or the e-mail finds what the letter lists, and the fingerprint covers it.

    Copies of the demanded invoices where the step attaches them, then what a person added.
    """

    _inherit = "dunning.notice"

    enclosure_ids = fields.Many2many(
        "ir.attachment",
        "dunning_notice_enclosure_rel",
        "notice_id",
        "attachment_id",
        string="Other enclosures",
        copy=False,
        help="PDF files that are printed behind the formal notice and listed in it: order, proof "
        "of delivery, terms of sale.",
    )

    @api.model
    def _get_frozen_fields(self):
        return super()._get_frozen_fields() | {"enclosure_ids"}

    @api.model
    def _get_hand_fields(self):
        return super()._get_hand_fields() | {"enclosure_ids"}

    def write(self, vals):
        before = self.sudo().enclosure_ids if "enclosure_ids" in vals else None
        result = super().write(vals)
        if before is not None:
            self._check_may_enclose(self.sudo().enclosure_ids - before)
        return result

    def _check_may_enclose(self, files):
        """The document is made with every right: nobody puts into it what he may not read.

        What was uploaded for it becomes the notice's own, so that whoever approves it reads it.

        :raise AccessError: a file that the user may not read
        """
        files.sudo(self.env.su).check_access("read")
        uploaded = files.filtered(lambda file: not file.res_id and not file.res_field)
        for notice in self:
            own = uploaded & notice.sudo().enclosure_ids
            own.write({"res_model": notice._name, "res_id": notice.id})

    @api.constrains("enclosure_ids")
    def _check_enclosures(self):
        for attachment in self.sudo().enclosure_ids:
            if not is_readable_pdf(attachment.raw):
                raise ValidationError(
                    self.env._("%s is no PDF file that can be printed.", attachment.name)
                )

    # ------------------------------------------------------------
    # LIST IN THE LETTER
    # ------------------------------------------------------------

    def _get_enclosures(self):
        """Enclosures in the order of the letter's list: annexes first, then added files."""
        titles = [annex["enclosure"] for annex in self._get_annexes() if annex.get("enclosure")]
        copies = self._get_enclosed_invoices()
        if copies:
            titles.append(self._get_copies_title(copies))
        return titles + [self._get_file_title(file) for file in self._get_other_enclosures()]

    def _get_copies_title(self, copies):
        """One invoice by its number, several by how many they are."""
        moves = self._get_claimed_lines().move_id.filtered(
            lambda move: move.sudo().invoice_pdf_report_id in copies
        )
        if len(moves) == 1:
            return self.env._("copy of the invoice %s", moves.name)
        return self.env._("copies of the %s invoices", len(moves))

    @api.model
    def _get_file_title(self, attachment):
        """The name of the file, as a person gave it."""
        name = attachment.name or ""
        return name[:-4] if name.lower().endswith(".pdf") else name

    # ------------------------------------------------------------
    # PAGES OF THE DOCUMENT
    # ------------------------------------------------------------

    def _get_enclosed_invoices(self):
        """The PDFs of the demanded invoices that the document of a formal notice contains."""
        invoices = self.env["ir.attachment"].sudo()
        if self.is_formal_notice and self.step_id.attach_invoices:
            invoices |= self._get_invoice_documents()
        return invoices.filtered(lambda file: is_readable_pdf(file.raw))

    def _get_other_enclosures(self):
        files = self.sudo().enclosure_ids
        return files if self.is_formal_notice else files.browse()

    def _add_enclosures(self, letter):
        """The document: the PDF of the letter (bytes), and behind it what it lists."""
        files = self._get_enclosed_invoices() | self._check_files(self._get_other_enclosures())
        return merge_pdfs([letter, *(file.raw for file in files)]) if files else letter
