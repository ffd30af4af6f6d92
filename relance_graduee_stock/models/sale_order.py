from odoo import models
from odoo.tools import float_compare


class SaleOrder(models.Model):
    """Deliveries wait for the customer they were ordered by, not for another put on the order.

    What left is for the customer who is on the order: of another one put there, it is asked about.
    """

    _inherit = "sale.order"

    def write(self, vals):
        if not {"partner_id", "partner_invoice_id", "partner_shipping_id"} & vals.keys():
            return super().write(vals)
        moves = self.sudo().order_line.move_ids
        bonds, left = moves._get_dunning_bonds(), moves._get_dunning_left()
        result = super().write(vals)
        moves.sudo(False)._check_dunning_bonds(bonds)
        moves.sudo(False)._check_dunning_left(left)
        return result

    # ------------------------------------------------------------
    # WORTH MORE THAN WHEN IT LEFT
    # ------------------------------------------------------------

    def _check_dunning_gone(self, before):
        # EXTENDS relance_graduee_sale
        result = super()._check_dunning_gone(before)
        moves = self.order_line.move_ids.filtered(lambda move: move.state == "done")
        if moves:
            moves._check_dunning_worth(self._filter_dunning_were_prepaid(before))
        return result

    def _filter_dunning_were_prepaid(self, before):
        """Those of which all was paid, until they were raised.

        :param before: order id -> value in company currency
        """
        sources = self._get_dunning_transactions(), self._get_dunning_settled()
        return self.filtered(lambda order: order._was_dunning_prepaid(sources, before))

    def _was_dunning_prepaid(self, sources, before):
        self.ensure_one()
        paid = self._get_dunning_paid(*sources)
        value = before.get(self.id, 0.0) * (self.currency_rate or 1.0)
        digits = self.currency_id.decimal_places
        return paid > 0 and float_compare(paid, value, precision_digits=digits) >= 0
