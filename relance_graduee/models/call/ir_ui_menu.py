from odoo import models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        # EXTENDS 'base': an application of its own only for who was given visits and has no other
        hidden = super()._load_menus_blacklist()
        menu = self.env.ref("relance_graduee.menu_dunning_visit", raise_if_not_found=False)
        if menu and not self.env["dunning.delivery"]._needs_visit_menu(self.env.user):
            return [*hidden, menu.id]
        return hidden
