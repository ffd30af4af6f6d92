from odoo import api, models
from odoo.tools import SQL, LazyTranslate

from ..item.hold_reason import HoldReason

_lt = LazyTranslate(__name__)


class DunningDecision(models.AbstractModel):
    """What the customer said of an item stops its reminders for some days, and frees no goods."""

    _inherit = "dunning.decision"

    @api.model
    def _get_hold_reasons(self):
        said = HoldReason("said", _lt("Answer noted"), 55, may_be_asked=True, holds_deliveries=True)
        return [*super()._get_hold_reasons(), said]

    @api.model
    def _get_hold_conditions(self):
        stays = SQL("l.dunning_stay_until >= company.day")
        conditions = dict(super()._get_hold_conditions())
        conditions["promised"] = SQL(
            "%s OR %s AND l.dunning_stay_outcome = 'will_pay'", conditions["promised"], stays
        )
        return [*conditions.items(), ("said", stays)]

    @api.model
    def _get_flushed_fields(self):
        names = super()._get_flushed_fields()
        read = ["dunning_stay_until", "dunning_stay_outcome"]
        return {**names, "account.move.line": [*names["account.move.line"], *read]}
