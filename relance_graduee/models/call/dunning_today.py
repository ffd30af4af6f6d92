from odoo import api, models
from odoo.fields import Domain

from ..worklist.section import Section


class DunningToday(models.Model):
    _inherit = "dunning.today"

    @api.model
    def _get_sections(self):
        section = Section(
            code="calls",
            place=40,
            label=self.env._("Calls and visits to make"),
            model="dunning.delivery",
            domain="_get_calls_domain",
            action="relance_graduee.dunning_delivery_call_action",
            context={"create": False},
        )
        return [*super()._get_sections(), section]

    @api.model
    def _get_calls_domain(self):
        return (
            Domain("state", "=", "todo")
            & Domain("is_by_person", "=", True)
            & Domain("date_planned", "<=", self.env.company._get_dunning_day())
        )
