from odoo import api, fields, models
from odoo.tools import SQL

from ..common.groups import INTERNAL_GROUP


class DunningReleaseInvoice(models.Model):
    """An invoice that was overdue when a release "N invoices paid = one delivery" was agreed on."""

    _name = "dunning.release.invoice"
    _description = "Invoice of a release by invoices paid"
    _inherit = ["dunning.company.owned", "dunning.dated"]
    _order = "date_due, id"

    release_id = fields.Many2one("dunning.release", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="release_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_id = fields.Many2one(
        "account.move", string="Invoice", required=True, index=True, ondelete="cascade"
    )
    date_due = fields.Date(string="Due date")
    amount_residual = fields.Monetary(string="Open at the agreement")
    payment_state = fields.Selection(related="move_id.payment_state", groups=INTERNAL_GROUP)

    @api.model
    def _agree(self, release):
        """Keep the invoices that are overdue now and may be asked for, with what is open of each.

        Neither what we hold money for nor what nobody may claim earns a delivery.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT decision.move_id, min(decision.date_maturity),
                       SUM(decision.amount_residual_company)
                  FROM (%s) AS decision
                  JOIN account_move m ON m.id = decision.move_id
                 WHERE decision.is_overdue AND decision.amount_residual > 0
                   AND decision.company_id = %s AND m.move_type = 'out_invoice'
                   AND COALESCE(decision.hold_reason, '') NOT IN %s
              GROUP BY decision.move_id ORDER BY 2, 1
                """,
                self.env(context={})["dunning.decision"]._get_query(
                    release.partner_id.ids, release.company_id.ids
                ),
                release.company_id.id,
                self.env["dunning.decision"]._get_hold_codes(may_be_asked=False),
            )
        )
        return self.sudo().create(
            [
                {
                    "release_id": release.id,
                    "move_id": move_id,
                    "date_due": date_due,
                    "amount_residual": amount,
                }
                for move_id, date_due, amount in rows
            ]
        )
