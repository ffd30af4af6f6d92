from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import groupby

from odoo.addons.relance_graduee.models.common.groups import MANAGER_GROUP

# Fields that decide where goods go, and for whom.
BOND_FIELDS = {
    "location_id", "location_dest_id", "partner_id", "picking_id", "picking_type_id",
    "sale_line_id",
}  # fmt: skip
# Fields of a done move that take more goods to a customer. Quantities are on its lines.
LEAVING_FIELDS = {
    "location_id", "location_dest_id", "partner_id", "picking_id", "product_id", "product_uom_qty",
    "sale_line_id",
}  # fmt: skip


class StockMove(models.Model):
    """Goods for customers on hold: stopped where they leave, whatever the path.

    The check comes after the fact and before the commit: of which moves has more left for which
    customer than before? Their deliveries are asked about once, as they are now in the database.
    So what left for nobody, and is then given a customer, leaves for him at that moment.
    ``_action_done`` comes by here, since it writes the state. What is refused is a plain
    ``UserError``: of a subclass the web client hides the words.
    """

    _inherit = "stock.move"

    # ------------------------------------------------------------
    # EVERY PATH
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        gone = self._get_dunning_gone(vals.get("picking_id") for vals in vals_list)
        left = gone._get_dunning_left()
        moves = super().create(vals_list)
        (moves | gone)._check_dunning_left(left)
        return moves

    def write(self, vals):
        leaves = vals.get("state") == "done" or LEAVING_FIELDS & vals.keys()
        gone = self._get_dunning_gone([vals.get("picking_id")]) | self if leaves else self
        left = gone._get_dunning_left() if leaves else {}
        bonds = self._get_dunning_bonds() if BOND_FIELDS & vals.keys() else {}
        result = super().write(vals)
        if leaves:
            gone._check_dunning_left(left)
        if bonds:
            self._check_dunning_bonds(bonds)
        return result

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.model
    def _get_dunning_gone(self, picking_ids):
        """What left with these transfers (ids or nothing): a move added may give it an order."""
        pickings = self.env["stock.picking"].browse(filter(None, picking_ids))
        return pickings.filtered(lambda picking: picking.state == "done").move_ids

    def _check_dunning_left(self, before):
        """:param before: what had left for whom (``_get_dunning_left``)
        :raise UserError: more has, of a delivery that is held, or for nobody knows whom
        """
        grown = {
            key
            for key, quantity in self._get_dunning_left().items()
            if self.browse(key[0])._is_more(quantity, before.get(key, 0.0))
        }
        self.browse(
            sorted({id_ for id_, customer_id in grown if not customer_id})
        )._check_dunning_named()
        self.browse(sorted({id_ for id_, customer_id in grown if customer_id}))._check_dunning_hold(
            "gone", use=True
        )

    def _check_dunning_worth(self, prepaid_before):
        """:param prepaid_before: orders that left because they were prepaid, and are worth more now
        :raise UserError: of a customer who is held, what left under a release or as prepaid is
            worth more than it was then, and no release covers that
        """
        demands = self._get_dunning_demands("gone")
        used = self.env["dunning.release.use"].sudo()._get_amounts([d.document for d in demands])
        grown = [
            demand
            for demand in demands
            if demand.amount > used.get((demand.document._name, demand.document.id), demand.amount)
            or demand.document._get_dunning_moves().sale_line_id.order_id & prepaid_before
        ]
        for root, group in groupby(grown, lambda demand: demand.document.company_id.root_id):
            obstacles = self.env["dunning.guard"]._get_obstacles(root, list(group), use=True)
            if obstacles:
                raise UserError(self._get_hold_sentences(obstacles))

    def _check_dunning_named(self):
        """:raise UserError: these left without a customer, of a company that holds some"""
        for root, moves in self.sudo().grouped(lambda move: move.company_id.root_id).items():
            unnamed = moves.filtered(lambda move: move._is_dunning_unnamed())
            if unnamed and self.env["res.partner"].sudo()._get_dunning_blocked(root):
                raise UserError(
                    self.env._(
                        "%s leaves for a customer: say which, since some are on hold.",
                        (unnamed.picking_id or unnamed)[0].display_name,
                    )
                )

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
