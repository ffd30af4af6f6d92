from odoo import models


class AccountMove(models.Model):
    """The invoice itself, to enclose with a letter."""

    _inherit = "account.move"

    def _make_dunning_pdf(self):
        """Make and keep the invoice's own PDF, as sending the invoice would."""
        self.ensure_one()
        report = self.env["account.move.send"]._get_default_pdf_report_id(self)
        content, _type = self.env["ir.actions.report"].sudo()._render_qweb_pdf(report, self.ids)
        self.env["ir.attachment"].sudo().create(
            {
                "name": self._get_invoice_report_filename(),
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        self.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])
