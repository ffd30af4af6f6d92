from odoo import fields, models


class DunningDepartureRecord(models.TransientModel):
    """A dunning manager says why goods left in spite of the hold; the delivery is validated."""

    _name = "dunning.departure.record"
    _description = "Record what left in spite of the hold"

    picking_id = fields.Many2one("stock.picking", string="Delivery", required=True)
    reason = fields.Text(required=True)

    def action_record(self):
        self.ensure_one()
        result = self.picking_id._record_departure(self.reason)
        return result if isinstance(result, dict) else {"type": "ir.actions.act_window_close"}
