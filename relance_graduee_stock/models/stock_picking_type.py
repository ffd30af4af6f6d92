from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.relance_graduee.models.common.groups import INTERNAL_GROUP, MANAGER_GROUP


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    dunning_exempt = fields.Boolean(
        string="Never on hold",
        groups=INTERNAL_GROUP,
        copy=False,
        help="Deliveries of this type go although the customer does not pay: warranty, samples. "
        "Chosen by a dunning manager.",
    )
    dunning_held_count = fields.Integer(
        string="Deliveries on hold",
        compute="_compute_dunning_held_count",
        compute_sudo=False,
        groups=INTERNAL_GROUP,
    )

    def _compute_dunning_held_count(self):
        """Held deliveries of each type, among those that the user sees."""
        held = self.env["stock.picking"].search(
            [("picking_type_id", "in", self.ids), ("dunning_held", "=", True)]
        )
        by_type = held.grouped("picking_type_id")
        for picking_type in self:
            picking_type.dunning_held_count = len(by_type.get(picking_type, held.browse()))

    @api.model_create_multi
    def create(self, vals_list):
        types = super().create(vals_list)
        types._check_dunning_exempt()  # of what is there: a default of the context counts as well
        return types

    def write(self, vals):
        result = super().write(vals)
        if "dunning_exempt" in vals:
            self._check_dunning_exempt()
        return result

    def _check_dunning_exempt(self):
        """:raise AccessError: somebody else than a dunning manager opened this door"""
        if any(self.mapped("dunning_exempt")) and not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._("Only a dunning manager says which operation types are never held.")
            )

    def _is_dunning_counter(self):
        """Whether one of these is of a point of sale: it sells to whoever stands there, paid."""
        if "pos.config" not in self.env:
            return False
        counters = self.env["pos.config"].sudo().with_context(active_test=False)
        return bool(counters.search_count([("picking_type_id", "in", self.ids)], limit=1))

    def action_open_dunning_held(self):
        self.ensure_one()
        domain = [("picking_type_id", "=", self.id), ("dunning_held", "=", True)]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deliveries on hold"),
            "res_model": "stock.picking",
            "view_mode": "list,kanban,form",
            "domain": domain,
        }
