from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ..policy.effect import Effect

_lt = LazyTranslate(__name__)


class DunningStep(models.Model):
    """A step may announce that deliveries will be suspended."""

    _inherit = "dunning.step"

    block_deliveries = fields.Boolean(string="Announces the suspension of deliveries")

    @api.model
    def _get_effects(self):
        return [*super()._get_effects(), Effect("block_deliveries", _lt("Suspension"), 20)]
