from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.relance_graduee.models.common.groups import MANAGER_GROUP

# Fields that decide where goods go, and for whom.
BOND_FIELDS = {
    "location_id", "location_dest_id", "partner_id", "picking_id", "picking_type_id",
    "sale_line_id",
}  # fmt: skip
# Fields of a done move that take more goods to a customer. Quantities are on its lines.
LEAVING_FIELDS = {"location_id", "location_dest_id", "picking_id", "product_id", "product_uom_qty"}


class StockMove(models.Model):
    """Goods for customers on hold: stopped where they leave, whatever the path.

    The check comes after the fact and before the commit: of which moves has more left for a
    customer than before? Their deliveries are asked about once, as they are now in the database.
    ``_action_done`` comes by here, since it writes the state. What is refused is a plain
    ``UserError``: of a subclass the web client hides the words.
    """

    _inherit = "stock.move"

    # ------------------------------------------------------------
    # EVERY PATH
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves._check_dunning_left({})
        return moves

    def write(self, vals):
        leaves = vals.get("state") == "done" or LEAVING_FIELDS & vals.keys()
        left = self._get_dunning_left() if leaves else {}
        bonds = self._get_dunning_bonds() if BOND_FIELDS & vals.keys() else {}
        result = super().write(vals)
        if leaves:
            self._check_dunning_left(left)
        if bonds:
            self._check_dunning_bonds(bonds)
        return result

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    def _check_dunning_left(self, before):
        """:param before: what had left (``_get_dunning_left``)
        :raise UserError: more has, of a delivery that is held
        """
        after = self._get_dunning_left()
        self.browse(
            id_
            for id_, quantity in after.items()
            if self.browse(id_)._is_more(quantity, before.get(id_, 0.0))
        )._check_dunning_hold("gone", use=True)

    def _check_dunning_hold(self, stage, use=False):
        """:raise UserError: a customer is blocked, and no release covers the delivery"""
        obstacles = self._get_dunning_obstacles(stage, use)
        if obstacles:
            raise UserError(self._get_hold_sentences(obstacles))

    def _get_dunning_obstacles(self, stage, use=False):
        """Obstacles of the deliveries of these moves: see ``dunning.guard``."""
        guard = self.env["dunning.guard"].with_context(lang=self.env.context.get("lang"))
        obstacles = []
        for root, moves in self.sudo().grouped(lambda move: move.company_id.root_id).items():
            concerned = moves if use else moves._filter_dunning_blocked(root)
            if concerned:
                demands = concerned._get_dunning_demands(stage)
                obstacles += guard._get_obstacles(root, demands, use=use)
        return obstacles

    def _filter_dunning_blocked(self, root):
        """The moves of blocked customers: spares what else would be read of the others."""
        if root.dunning_sale_hold == "warn":
            return self.browse()
        customers = {move: move._get_dunning_customers() for move in self}
        everybody = self.env["res.partner"].sudo().union(*customers.values())
        holds = everybody._get_delivery_holds(root) if everybody else {}
        blocked = {id_ for id_, hold in holds.items() if hold["hold"] == "blocked"}
        return self.filtered(lambda move: not blocked.isdisjoint(customers[move].ids))

    def _get_hold_sentences(self, obstacles):
        return "\n".join(self._get_hold_sentence(demand, hold) for demand, hold in obstacles)

    def _get_hold_sentence(self, demand, hold):
        """The cause of the hold and whom to ask, without amounts."""
        company = demand.document.company_id.root_id
        return self.env._(
            "%(delivery)s: held – see the credit department (%(contact)s). %(reason)s",
            delivery=demand.document.display_name,
            contact=company._get_dunning_contact(),
            reason=hold["reason"],
        )

    def _check_dunning_bonds(self, before):
        """A held delivery is not made another's by renaming it.

        :param before: whom the moves were for (``_get_dunning_bonds``)
        :raise UserError: a blocked customer was taken off, by somebody who is no manager
        """
        if self.env.user.has_group(MANAGER_GROUP):
            return
        moves = self.sudo().browse(before).exists().filtered(lambda m: m.state != "cancel")
        after = moves._get_dunning_bonds()
        for move in moves:
            lost = move.env["res.partner"].browse(before[move.id] - after.get(move.id, set()))
            root = move.company_id.root_id
            if not lost or root.dunning_sale_hold == "warn" or move.state == "done":
                continue
            holds = lost._get_delivery_holds(root)
            if any(hold["hold"] == "blocked" for hold in holds.values()):
                raise UserError(
                    self.env._(
                        "%(delivery)s is for a customer on hold: it is not changed to another "
                        "customer, place or operation type. Cancel it, or ask for a release.",
                        delivery=(move.picking_id or move).display_name,
                    )
                )
