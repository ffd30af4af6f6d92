from odoo import api, models

LEAVING_FIELDS = {
    "state", "quantity", "quantity_product_uom", "product_uom_id", "location_id",
    "location_dest_id", "move_id", "picking_id", "product_id",
}  # fmt: skip


class StockMoveLine(models.Model):
    """Done quantities that are raised afterwards are asked about like the delivery itself.

    Open ones reserve goods, and are asked about where that is held, too.
    """

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        moves = self.env["stock.move"].browse(
            {vals["move_id"] for vals in vals_list if vals.get("move_id")}
        )
        left, reserved = moves._get_dunning_left(), moves._get_dunning_reserved()
        lines = super().create(vals_list)
        lines.move_id._check_dunning_left(left)
        lines.move_id._check_dunning_reserved(reserved)
        return lines

    def write(self, vals):
        if not LEAVING_FIELDS & vals.keys():
            return super().write(vals)
        moves = self.move_id | self.env["stock.move"].browse(vals.get("move_id"))
        left, reserved = moves._get_dunning_left(), moves._get_dunning_reserved()
        result = super().write(vals)
        moves |= self.move_id
        moves._check_dunning_left(left)
        moves._check_dunning_reserved(reserved)
        return result

    def _is_dunning_leaving(self):
        self.ensure_one()
        return self.location_dest_id.usage == "customer" and self.location_id.usage != "customer"
