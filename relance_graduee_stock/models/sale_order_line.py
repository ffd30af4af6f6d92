from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def write(self, vals):
        if not {"order_id", "move_ids"} & vals.keys():
            return super().write(vals)
        moves = self.sudo().move_ids
        bonds, left = moves._get_dunning_bonds(), moves._get_dunning_left()
        result = super().write(vals)
        moves.sudo(False)._check_dunning_bonds(bonds)
        moves.sudo(False)._check_dunning_left(left)
        return result
