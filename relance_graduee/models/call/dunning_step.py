from odoo import api, fields, models


class DunningStep(models.Model):
    """A step may ask for a call or a visit, and has the script of it."""

    _inherit = "dunning.step"

    phone_call = fields.Boolean(string="Call")
    visit = fields.Boolean()
    call_script = fields.Text(string="Script of the call or visit", translate=True)

    @api.model
    def _get_text_names(self):
        return [*super()._get_text_names(), "call_script"]
