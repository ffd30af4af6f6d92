from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_dunning_contact(self):
        """Whom the warehouse asks: name and telephone of the credit department."""
        self.ensure_one()
        manager = self.sudo()._get_dunning_manager()
        return ", ".join(filter(None, (manager.name, manager.phone)))
