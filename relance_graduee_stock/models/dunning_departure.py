from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import float_compare

from odoo.addons.relance_graduee.models.common.groups import MANAGER_GROUP
from odoo.addons.relance_graduee.models.common.words import has_words


class DunningDeparture(models.Model):
    """Goods that physically left in spite of the hold: recorded, so that stock is never false.

    Written by a dunning manager's ``stock.picking._record_departure`` alone, and kept.
    """

    _name = "dunning.departure"
    _description = "Delivery that left in spite of the hold"
    _inherit = ["dunning.company.owned"]
    _order = "id desc"
    _rec_name = "picking_id"

    picking_id = fields.Many2one(
        "stock.picking", string="Delivery", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one("res.partner", string="Customer", ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(help="What left was worth, VAT included.")
    hold_reason = fields.Char(help="Why the delivery was held.")
    reason = fields.Text(required=True, help="Why it left nevertheless.")
    user_id = fields.Many2one("res.users", string="Recorded by", required=True)
    date = fields.Datetime(string="Recorded on", required=True)

    @api.model
    def _record(self, obstacles, reason):
        """Keep that these deliveries left.

        :param obstacles: list of (``Demand``, hold), as the guard gives them
        :raise AccessError: the user is no dunning manager
        :raise UserError: no reason
        """
        self._check_manager()
        if not has_words(reason):
            raise UserError(self.env._("Say why the goods left: the reason is kept."))
        return self.sudo().create(
            [self._prepare_departure_vals(demand, hold, reason) for demand, hold in obstacles]
        )

    @api.model
    def _check_manager(self):
        """:raise AccessError: the user is no dunning manager"""
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._("Goods that left in spite of a hold are recorded by a dunning manager.")
            )

    def _prepare_departure_vals(self, demand, hold, reason):
        return {
            "picking_id": demand.document.id,
            "partner_id": demand.customers[:1].id,
            "company_id": demand.document.company_id.id,
            "amount": demand.amount,
            "hold_reason": hold["reason"],
            "reason": reason,
            "user_id": self.env.uid,
            "date": fields.Datetime.now(),
        }

    @api.model
    def _filter_unrecorded(self, demands):
        """The demands that no manager has recorded as gone, for what they are worth now."""
        ids = [demand.document.id for demand in demands if self._is_transfer(demand)]
        recorded = self.sudo().search([("picking_id", "in", ids)]) if ids else self.browse()
        amounts = {}
        for departure in recorded:
            key = departure.picking_id.id
            amounts[key] = max(amounts.get(key, 0.0), departure.amount)
        return [demand for demand in demands if not self._is_recorded(demand, amounts)]

    @api.model
    def _is_transfer(self, demand):
        return demand.document._name == "stock.picking"

    @api.model
    def _is_recorded(self, demand, amounts):
        """:param amounts: transfer id -> value recorded"""
        if not self._is_transfer(demand) or demand.document.id not in amounts:
            return False
        recorded = amounts[demand.document.id]
        return float_compare(demand.amount, recorded, precision_digits=2) <= 0
