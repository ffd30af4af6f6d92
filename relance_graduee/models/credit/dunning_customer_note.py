from odoo import fields, models


class DunningCustomerNote(models.Model):
    _inherit = "dunning.customer.note"

    kind = fields.Selection(
        selection_add=[("hold", "Deliveries held"), ("found", "Found by an update")],
        ondelete={"hold": "cascade", "found": "cascade"},
    )
