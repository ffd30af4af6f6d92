from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class DunningChannelVisit(models.AbstractModel):
    """A visit or call by whoever knows the customer, with a report to fill in."""

    _name = "dunning.channel.visit"
    _inherit = ["dunning.channel.phone"]
    _description = "Dunning channel: visit"

    _channel_code = "visit"
    _label = _lt("Visit")
    _place = 70
    _step_flag = "visit"

    @api.model
    def _check_one_a_day(self, delivery, day):
        """Several visits on a day harm nobody."""

    @api.model
    def _hand_over(self, deliveries, day):
        """Tell whoever makes the visit by an activity; the notice waits for the report."""
        for delivery in deliveries:
            delivery._schedule_task(self._get_summary(delivery), note=delivery._get_task_note())

    @api.model
    def _end_tasks(self, deliveries):
        """Done, called off or too late: the task leads nowhere any more."""
        for delivery in deliveries:
            told = delivery._get_told_notice().activity_ids | delivery.partner_id.activity_ids
            own = told.filtered(
                lambda task, user=delivery.user_id: task.automated and task.user_id == user
            )
            summary = self._get_summary(delivery)
            own.filtered(lambda task, summary=summary: task.summary == summary).unlink()

    @api.model
    def _get_summary(self, delivery):
        """The task in the words of whoever does it."""
        visitor = self.with_context(lang=delivery.user_id.lang)
        return visitor.env._("Visit %s", delivery.partner_id.display_name)
