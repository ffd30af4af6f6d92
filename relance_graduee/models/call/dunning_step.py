from odoo import fields, models


class DunningStep(models.Model):
    """A step has the script of its call or visit."""

    _inherit = "dunning.step"

    call_script = fields.Text(string="Script of the call or visit", translate=True)
