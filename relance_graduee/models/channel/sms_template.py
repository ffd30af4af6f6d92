from odoo import api, models


class SmsTemplate(models.Model):
    """The SMS of a step."""

    _name = "sms.template"
    _inherit = ["sms.template", "dunning.message.template"]

    _step_field = "sms_template_id"

    @api.model
    def _get_text_names(self):
        return [*super()._get_text_names(), "body"]
