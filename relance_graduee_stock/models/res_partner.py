from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_dunning_blocked(self, company):
        """The customers (commercial entities) whose deliveries ``company`` holds today."""
        accounts = self.env(context={})["dunning.account"].sudo()
        accounts.invalidate_model()
        rows = accounts.search(
            [("company_id", "=", company.root_id.id), ("delivery_hold", "=", "blocked")]
        )
        return rows.partner_id.with_env(self.env)
