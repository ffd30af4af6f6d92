from odoo import fields, models


class DunningCustomerNote(models.Model):
    _inherit = "dunning.customer.note"

    kind = fields.Selection(
        selection_add=[("delay", "Delay asked for")], ondelete={"delay": "cascade"}
    )
