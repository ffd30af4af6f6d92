from odoo import models
from odoo.exceptions import UserError

from odoo.addons.relance_graduee.models.common.groups import MANAGER_GROUP

# In the cursor's cache: moves being reserved now, which were asked about a moment ago.
RESERVING = "dunning_reserving"


class StockMove(models.Model):
    """Nothing is reserved for customers on hold, in companies that want it so.

    Asked where Odoo reserves (``_action_assign``: the button, confirming, the scheduler, a receipt
    or the step before), and where quantities are typed in: lines reserve, too. A reservation that
    was there before stays, until ``stock.picking._cron_note_holds`` frees it.

    Whether goods are on their way to a customer says the final place of the move: a pick or a
    pack is held before the transfers after it exist.
    """

    _inherit = "stock.move"

    def _action_assign(self, force_qty=False):
        # EXTENDS stock
        free = self - self._get_dunning_unreservable()
        reserving = self.env.cr.cache.setdefault(RESERVING, set())
        added = set(free.ids) - reserving
        reserving |= added
        try:
            return super(StockMove, free)._action_assign(force_qty=force_qty)
        finally:
            reserving -= added

    def _get_dunning_unreservable(self):
        """Of these moves, those that reserve nothing now: of deliveries that are held."""
        moves = self._filter_dunning_reserving()
        if not moves:
            return self.browse()
        obstacles = moves._get_dunning_obstacles("planned")
        held = {demand.document for demand, _hold in obstacles}
        ids = {move.id for move in moves.sudo() if (move.picking_id or move) in held}
        return self.filtered(lambda move: move.id in ids)

    def _filter_dunning_reserving(self):
        """Those whose reservation could be held: of our stock, for a customer, still open."""
        return self.filtered(lambda move: move.sudo()._is_dunning_reserving())

    def _is_dunning_reserving(self):
        self.ensure_one()
        return (
            self.company_id.root_id._holds_dunning_reservations()
            and (self.location_final_id or self.location_dest_id).usage == "customer"
            and self.state not in ("done", "cancel")
            and not self.location_id.should_bypass_reservation()
        )

    # ------------------------------------------------------------
    # TYPED IN
    # ------------------------------------------------------------

    def _get_dunning_reserved(self):
        """Reserved quantities of open lines: (product, customers) -> quantity in its unit."""
        reserved = {}
        for move in self.sudo().exists()._filter_dunning_reserving():
            quantity = sum(move.move_line_ids.mapped("quantity_product_uom"))
            key = (move.product_id, move._get_dunning_customers())
            reserved[key] = reserved.get(key, 0.0) + quantity
        return reserved

    def _check_dunning_reserved(self, before):
        """:param before: what was reserved (``_get_dunning_reserved``) for these moves, or some
        :raise UserError: more is now, for a delivery that is held; a dunning manager may, to
            record what left
        """
        asked = self.env.cr.cache.get(RESERVING, ())
        moves = self.browse(id_ for id_ in self.ids if id_ not in asked).sudo()
        more = {
            key
            for key, quantity in moves._get_dunning_reserved().items()
            if moves[:1]._is_more(quantity, before.get(key, 0.0))
        }
        grown = moves.filtered(lambda m: (m.product_id, m._get_dunning_customers()) in more)
        if not grown or self.env.user.has_group(MANAGER_GROUP):
            return
        held = grown._get_dunning_unreservable()
        if held:
            raise UserError(
                self.env._(
                    "%(delivery)s: nothing is reserved for a customer on hold – see the credit "
                    "department (%(contact)s).",
                    delivery=(held.picking_id or held)[0].display_name,
                    contact=held.company_id.root_id[0]._get_dunning_contact(),
                )
            )
