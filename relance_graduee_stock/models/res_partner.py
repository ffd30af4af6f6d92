from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_dunning_blocked(self, company):
        """The customers (commercial entities) whose deliveries ``company`` holds today."""
        accounts = self.env(context={})["dunning.account"].sudo()
        customers = accounts._get_held_partners_sql(company.sudo().root_id, ["blocked"])
        return self.browse(partner_id for (partner_id,) in self.env.execute_query(customers))
