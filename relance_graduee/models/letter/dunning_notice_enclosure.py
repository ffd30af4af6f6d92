import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...tools.letter.pdf import is_readable_pdf, merge_pdfs
from ..common.files import get_content

_logger = logging.getLogger(__name__)


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
            if not is_readable_pdf(get_content(attachment)):
                raise ValidationError(
                    self.env._("%s is no PDF file that can be printed.", attachment.name)
                )

    # ------------------------------------------------------------
    # INVOICES TO PRINT BEFORE
    # ------------------------------------------------------------
    # Odoo prints an invoice in a second or so: never inside a batch of notices.

    def _get_unprinted_ids(self):
        """Ids of the invoices that these unsent notices enclose or attach and that have no PDF."""
        notices = self._filter_steps(lambda step: step.attach_invoices)
        moves = notices.line_ids.filtered(lambda line: line.live and line.claimed).move_id
        return self._filter_unprinted(moves.ids)

    @api.model
    def _get_unprinted_ids_to_come(self, company, partner_ids):
        """Ids of those without a PDF that a notice of today would enclose or attach.

        Of those of these customers of the root ``company`` for whom a step that does so is ready.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT move_id
                  FROM (SELECT decision.*, bool_or(hold_reason IS NULL AND step.attach_invoices)
                               OVER (PARTITION BY company_id, partner_id, currency_id) AS is_ready
                          FROM (%s) AS decision
                     LEFT JOIN dunning_step step ON step.id = decision.next_step_id) AS listed
                 WHERE is_ready AND amount_residual > 0
                   AND (hold_reason IS NULL OR days_late > 0 AND hold_reason != ALL(%s))
                """,
                self.env["dunning.decision"]._get_query(partner_ids, company.ids),
                list(self.env["dunning.decision"]._get_hold_codes(on_notices=False)),
            )
        )
        return self._filter_unprinted([move_id for (move_id,) in rows])

    @api.model
    def _filter_unprinted(self, move_ids):
        """Those of the invoices ``move_ids`` that have no PDF of their own, oldest first."""
        self.env["ir.attachment"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM account_move move
                 WHERE id = ANY(%s) AND move_type = ANY(%s)
                   AND NOT EXISTS (SELECT 1 FROM ir_attachment
                                    WHERE res_model = 'account.move' AND res_id = move.id
                                      AND res_field = 'invoice_pdf_report_file')
              ORDER BY id
                """,
                move_ids,
                self.env["account.move"].get_sale_types(),
            )
        )
        return [move_id for (move_id,) in rows]

    @api.model
    def _print_invoices(self, move_ids):
        """Make the PDFs of these invoices that still have none. A job of ``dunning.batch``."""
        for move_id in self._filter_unprinted(move_ids):
            self.env["account.move"].browse(move_id)._make_dunning_pdf()

    @api.model
    def _note_unprinted(self, move_id, error):
        """In the log: the notice that needs it fails, and tells it to a person."""
        _logger.info("Invoice %s cannot be printed", move_id, exc_info=error)

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
        return invoices.filtered(lambda file: is_readable_pdf(get_content(file)))

    def _get_other_enclosures(self):
        files = self.sudo().enclosure_ids
        return files if self.is_formal_notice else files.browse()

    def _add_enclosures(self, letter):
        """The document: the PDF of the letter (bytes), and behind it what it lists."""
        files = self._get_enclosed_invoices() | self._check_files(self._get_other_enclosures())
        return merge_pdfs([letter, *(get_content(file) for file in files)]) if files else letter
