from odoo import api, models
from odoo.tools import SQL


class AccountInvoiceReport(models.Model):
    _inherit = "account.invoice.report"

    @api.model
    def _where(self) -> SQL:
        # EXTENDS 'account': debit notes of penalties are no turnover
        return SQL("%s AND line.dunning_penalty_id IS NULL", super()._where())
