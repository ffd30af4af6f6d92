from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ..policy.effect import Effect

_lt = LazyTranslate(__name__)


class DunningStep(models.Model):
    """A step may claim late interest and the recovery indemnity."""

    _inherit = "dunning.step"

    charge_interest = fields.Boolean(string="Claims late interest")
    charge_indemnity = fields.Boolean(string="Claims the recovery indemnity")

    @api.model
    def _get_effects(self):
        return [
            *super()._get_effects(),
            Effect("charge_interest", _lt("Interest"), 30),
            Effect("charge_indemnity", _lt("Indemnity"), 40),
        ]
