from odoo import api, models
from odoo.tools import plaintext2html


class DunningChannelVisit(models.AbstractModel):
    """A visit or call by whoever knows the customer, with a report to fill in."""

    _name = "dunning.channel.visit"
    _inherit = ["dunning.channel.phone"]
    _description = "Dunning channel: visit"

    _channel_code = "visit"

    @api.model
    def _check_done(self, delivery, day):
        """Several visits on a day harm nobody."""

    @api.model
    def _hand_over(self, deliveries, day):
        """Tell whoever makes the visit by an activity; the notice waits for the report."""
        for delivery in deliveries:
            delivery._schedule_task(
                self.env._("Visit %s", delivery.partner_id.display_name),
                note=plaintext2html(delivery.call_script or ""),
            )
