from odoo import models


class SaleOrder(models.Model):
    """Deliveries wait for the customer they were ordered by, not for another put on the order."""

    _inherit = "sale.order"

    def write(self, vals):
        if not {"partner_id", "partner_invoice_id", "partner_shipping_id"} & vals.keys():
            return super().write(vals)
        moves = self.sudo().order_line.move_ids
        bonds = moves._get_dunning_bonds()
        result = super().write(vals)
        moves.sudo(False)._check_dunning_bonds(bonds)
        return result
