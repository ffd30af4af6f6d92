from odoo import models


class ResPartner(models.Model):
    """A call, a visit or a message can be noted from the customer's page."""

    _inherit = "res.partner"

    def action_record_contact(self):
        """Note a call, visit or message outside the ladder."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record a contact"),
            "res_model": "dunning.contact",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }
