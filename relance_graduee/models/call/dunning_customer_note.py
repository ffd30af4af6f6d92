from odoo import fields, models


class DunningCustomerNote(models.Model):
    _inherit = "dunning.customer.note"

    kind = fields.Selection(
        selection_add=[("answer", "Answer noted")], ondelete={"answer": "cascade"}
    )
