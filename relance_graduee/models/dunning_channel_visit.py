from odoo import api, models
from odoo.tools import plaintext2html


class DunningChannelVisit(models.AbstractModel):
    """A visit or call by whoever knows the customer, with a report to fill in."""

    _name = "dunning.channel.visit"
    _inherit = ["dunning.channel.phone"]
    _description = "Dunning channel: visit"

    _channel_code = "visit"

    @api.model
    def _check_one_a_day(self, delivery, day):
        """Several visits on a day harm nobody."""

    @api.model
    def _hand_over(self, deliveries, day):
        """Tell whoever makes the visit by an activity; the notice waits for the report."""
        for delivery in deliveries:
            delivery._schedule_task(
                self._get_summary(delivery), note=plaintext2html(delivery.call_script or "")
            )

    @api.model
    def _after_done(self, delivery, day):
        """The report ends the task."""
        tasks = (delivery.notice_id.activity_ids | delivery.partner_id.activity_ids).filtered(
            lambda task: task.automated and task.user_id == delivery.user_id
        )
        tasks.filtered(lambda task: task.summary == self._get_summary(delivery)).unlink()
        return super()._after_done(delivery, day)

    @api.model
    def _get_summary(self, delivery):
        """The task in the words of whoever does it."""
        visitor = self.with_context(lang=delivery.user_id.lang)
        return visitor.env._("Visit %s", delivery.partner_id.display_name)
