from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.sql import column_exists, create_column

from odoo.addons.relance_graduee.models.common.groups import INTERNAL_GROUP

COMPUTED_FIELDS = {
    "price_total", "price_subtotal", "price_tax", "qty_invoiced", "invoice_status", "state",
    "dunning_unit_total",
}  # fmt: skip


class SaleOrderLine(models.Model):
    """Quantities and prices raised on a confirmed order are asked about like the order itself."""

    _inherit = "sale.order.line"

    dunning_unit_total = fields.Float(
        string="Unit price of what was not ordered",
        compute="_compute_dunning_unit_total",
        store=True,
        precompute=True,
        readonly=True,
        copy=False,
        digits=0,
        groups=INTERNAL_GROUP,
        help="Discounted, VAT included: what a unit delivered beyond an order of 0 is worth.",
    )

    def _auto_init(self):
        # Only of lines of 0, which are few: the others do not need it.
        if not column_exists(self.env.cr, self._table, "dunning_unit_total"):
            create_column(self.env.cr, self._table, "dunning_unit_total", "float8")
            lines = self.sudo().search([("product_uom_qty", "=", 0), ("display_type", "=", False)])
            self.env.add_to_compute(self._fields["dunning_unit_total"], lines)
        return super()._auto_init()

    @api.depends("product_uom_qty", "price_unit", "discount", "tax_ids", "display_type")
    def _compute_dunning_unit_total(self):
        for line in self:
            line.dunning_unit_total = line._get_dunning_unit_total()

    def _get_dunning_unit_total(self):
        self.ensure_one()
        if self.product_uom_qty or self.display_type:
            return 0.0
        price = self.price_unit * (1 - (self.discount or 0.0) / 100)
        taxes = self.tax_ids.compute_all(
            price,
            currency=self.currency_id,
            product=self.product_id,
            partner=self.order_id.partner_shipping_id,
            rounding_method="round_globally",
        )
        return taxes["total_included"]

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
