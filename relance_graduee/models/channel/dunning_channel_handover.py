from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class DunningChannelHandover(models.AbstractModel):
    """The file goes to the manager: the notice is sent with the task, no customer is contacted."""

    _name = "dunning.channel.handover"
    _inherit = ["dunning.channel"]
    _description = "Dunning channel: handover"

    _channel_code = "handover"
    _label = _lt("Handover")
    _place = 80
    _step_flag = "hand_over"
    _reaches_customer = False

    @api.model
    def _hand_over(self, deliveries, day):
        for delivery in deliveries:
            delivery._schedule_task(
                self.env._("Decide on the file of %s", delivery.partner_id.display_name),
                note=delivery._get_task_note(),
            )
        deliveries.notice_id._mark_sent(day)
