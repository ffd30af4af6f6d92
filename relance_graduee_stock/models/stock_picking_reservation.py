from datetime import timedelta

from odoo import models
from odoo.tools import format_date


class StockPicking(models.Model):
    """Reservations of held deliveries are freed after some days, and made again later."""

    _inherit = "stock.picking"

    # ------------------------------------------------------------
    # FREED FOR OTHERS
    # ------------------------------------------------------------

    def _free_dunning_reservations(self):
        """Free what was reserved too long for these held transfers; tell the salespeople."""
        late = self._get_dunning_late_moves()
        late._do_unreserve()
        for record, user, names in late.picking_id._group_for_salespeople():
            record.company_id.root_id._schedule_dunning_task(
                record,
                user,
                record.env._("Reservation freed: the customer is on hold"),
                record.env._("%s: what was reserved is free for others.", names),
            )

    def _get_dunning_late_moves(self):
        """Moves of these held transfers that reserve for too long. What was picked stays."""
        return (
            self.sudo()
            .move_ids._filter_dunning_reserving()
            .filtered(
                lambda move: (
                    move.quantity > 0
                    and not move.picked
                    and move.picking_id._get_dunning_freeing_date()
                    <= move.company_id.root_id._get_dunning_today()
                )
            )
        )

    def _get_dunning_freeing_date(self):
        """The day on which the reservation of this held transfer ends."""
        self.ensure_one()
        company = self.sudo().company_id.root_id
        since = self.sudo().dunning_held_date or company._get_dunning_today()
        return since + timedelta(days=company.dunning_reservation_days)

    def _get_dunning_salesperson(self):
        """The salesperson of the order, else of the customer, else the dunning manager."""
        self.ensure_one()
        picking = self.sudo()
        customer = picking._get_dunning_customer()
        company = picking.company_id.root_id
        return company._get_dunning_able(picking.sale_id.user_id | customer.user_id)

    # ------------------------------------------------------------
    # RESERVED AGAIN
    # ------------------------------------------------------------

    def _reserve_freed(self):
        """Reserve, for transfers that are no longer held, what Odoo would have reserved by now.

        Its own occasions (the button, the scheduler, a receipt) do so, too, if this fails to
        find stock.
        """
        moves = self.sudo().move_ids._filter_dunning_reserving()
        moves.filtered(lambda move: move._should_assign_at_confirm())._action_assign()

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    def _get_without_quantities_error_message(self):
        # EXTENDS stock: nothing is reserved, because it is held
        obstacles = self.move_ids._get_dunning_obstacles("planned")
        if obstacles:
            return self.move_ids._get_hold_sentences(obstacles)
        return super()._get_without_quantities_error_message()

    def _get_reservation_words(self):
        """A sentence about the reservation of this held transfer; empty: it is not held."""
        self.ensure_one()
        moves = self.move_ids._filter_dunning_reserving()
        if not moves:
            return ""
        if not any(moves.mapped("quantity")):
            return self.env._("Nothing is reserved.")
        date = format_date(self.env, self._get_dunning_freeing_date())
        return self.env._("What is reserved is freed on %s.", date)
