from odoo import api, models
from odoo.exceptions import AccessError

COMPUTED_FIELDS = {
    "price_total", "price_subtotal", "price_tax", "qty_invoiced", "invoice_status", "state",
}  # fmt: skip


class SaleOrderLine(models.Model):
    """Quantities and prices raised on a confirmed order are asked about like the order itself."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_computed_fields(vals)
        orders = self.env["sale.order"].browse(
            {vals["order_id"] for vals in vals_list if vals.get("order_id")}
        )
        before = orders._get_dunning_commitments()
        lines = super().create(vals_list)
        orders._check_dunning_commitments(before)
        return lines

    def write(self, vals):
        self._check_computed_fields(vals)
        orders = self.order_id | self.env["sale.order"].browse(vals.get("order_id"))
        before = orders._get_dunning_commitments()
        result = super().write(vals)
        orders._check_dunning_commitments(before)
        return result

    def unlink(self):
        orders = self.order_id
        before = orders._get_dunning_commitments()
        result = super().unlink()
        orders._check_dunning_commitments(before)
        return result

    @api.model
    def _check_computed_fields(self, vals):
        """:raise AccessError: what is computed is written from outside"""
        if not self.env.su and COMPUTED_FIELDS & vals.keys():
            raise AccessError(self.env._("The amounts of an order are computed, not written."))
