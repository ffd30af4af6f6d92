from odoo import api, fields, models

from ..common.groups import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    """Payment terms beyond the legal cap, shown where they are granted."""

    _inherit = "account.move"

    dunning_cap_warning = fields.Char(
        compute="_compute_dunning_cap_warning", groups=ACCOUNTING_GROUPS
    )

    @api.depends(
        "move_type", "invoice_date", "invoice_date_due", "invoice_payment_term_id", "partner_id"
    )
    @api.depends_context("lang")
    def _compute_dunning_cap_warning(self):
        invoices = self.filtered(lambda move: move.move_type == "out_invoice")
        (self - invoices).dunning_cap_warning = False
        for move in invoices:
            company = move.company_id or self.env.company
            move.dunning_cap_warning = move.invoice_payment_term_id._get_cap_warning(
                company,
                move.partner_id,
                move.invoice_payment_term_id,
                move.invoice_date or company._get_dunning_today(),
                due=move.invoice_date and move.invoice_date_due,
                delivered=move.delivery_date,
            )
