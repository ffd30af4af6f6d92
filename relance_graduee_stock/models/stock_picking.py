from odoo import models
from odoo.exceptions import UserError

BOND_FIELDS = {"partner_id", "picking_type_id", "location_id", "location_dest_id", "sale_id"}


class StockPicking(models.Model):
    """Held deliveries are refused early, all in one message; the moves have the last word."""

    _inherit = "stock.picking"

    def write(self, vals):
        if not BOND_FIELDS & vals.keys():
            return super().write(vals)
        moves = self.move_ids
        bonds, left = moves._get_dunning_bonds(), moves._get_dunning_left()
        result = super().write(vals)
        moves._check_dunning_bonds(bonds)
        moves._check_dunning_left(left)
        return result

    def _pre_action_done_hook(self):
        # EXTENDS stock
        self.move_ids._check_dunning_hold("going")
        return super()._pre_action_done_hook()

    # ------------------------------------------------------------
    # DEMAND TO THE GUARD
    # ------------------------------------------------------------

    def _get_dunning_moves(self):
        """The moves that leave together: they are asked about as one delivery."""
        return self.move_ids

    def _get_dunning_value(self):
        """Value of the goods to deliver: company currency, VAT included."""
        self.ensure_one()
        demands = self.move_ids._get_dunning_demands("planned")
        return sum(demand.amount for demand in demands)

    def _get_dunning_customer(self):
        """Whom a release of this delivery is for: who is blocked, else who receives."""
        self.ensure_one()
        customers = self.env["res.partner"].sudo()
        for move in self.sudo().move_ids:
            customers |= move._get_dunning_customers()
        holds = customers._get_delivery_holds(self.sudo().company_id)
        blocked = [id_ for id_, hold in holds.items() if hold["hold"] == "blocked"]
        receiver = self.sudo().partner_id.commercial_partner_id
        return customers.filtered(lambda customer: customer.id in blocked)[:1] or receiver

    # ------------------------------------------------------------
    # IN SPITE OF THE HOLD
    # ------------------------------------------------------------

    def _record_departure(self, reason):
        """These goods have physically left: keep it with the reason, and make stock true.

        :raise AccessError: the user is no dunning manager
        :raise UserError: no reason, or nothing holds them
        """
        self.env["dunning.departure"]._check_manager()
        self.check_access("read")
        self.sudo()._fill_departure()
        obstacles = self.move_ids._get_dunning_obstacles("going")
        if not obstacles:
            raise UserError(self.env._("Nothing holds this delivery: validate it."))
        self.env["dunning.departure"]._record(obstacles, reason)
        for picking in self.sudo():
            picking._message_log(
                body=self.env._(
                    "Left in spite of the hold, recorded by %(user)s: %(reason)s",
                    user=self.env.user.name,
                    reason=reason,
                )
            )
        return self.sudo().with_context(skip_backorder=True).button_validate()

    def _fill_departure(self):
        """Without any quantity (nothing is reserved for customers on hold), all of it left."""
        for picking in self:
            moves = picking.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
            if not any(moves.mapped("quantity")):
                for move in moves:
                    move.quantity = move.product_uom_qty

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_ask_release(self):
        """Ask that this delivery may go: a form with what is known of it."""
        self.ensure_one()
        return self.env["dunning.release"]._get_request_action(self, "delivery", "picking_id")

    def action_record_departure(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Left in spite of the hold"),
            "res_model": "dunning.departure.record",
            "view_mode": "form",
            "target": "new",
            "context": {"default_picking_id": self.id},
        }
