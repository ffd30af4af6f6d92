from odoo import api, models
from odoo.tools import SQL, LazyTranslate

from .hold_reason import HoldReason

_lt = LazyTranslate(__name__)


class DunningDecision(models.AbstractModel):
    """Reasons that lie in the books: money that is no credit yet, entries that are no payment.

    What money waits is in ``dunning_decision_awaited.py``, what an entry is in
    ``dunning_counterpart.py``.
    """

    _inherit = "dunning.decision"

    @api.model
    def _get_hold_reasons(self):
        return [
            *super()._get_hold_reasons(),
            HoldReason(
                "reclassified", _lt("Reclassified as doubtful, not matched"), 5,
                _lt("An entry moved it to the doubtful customers and is not matched: no payment"),
                counts=False, warns=True,
            ),
            HoldReason(
                "rejected", _lt("Rejected payment"), 7,
                _lt("The payment was rejected or cancelled: its entry is to be reversed"),
                counts=False, warns=True,
            ),
            HoldReason(
                "refund", _lt("Money that we paid back"), 15,
                _lt("Nothing: we paid it to the customer, match it"), warns=True,
            ),
            HoldReason(
                "bank_line", _lt("Bank line to match"), 85,
                _lt("Nothing: money that arrived and is not matched yet may pay it"),
                holds_deliveries=True, warns=True,
            ),
            HoldReason(
                "other_currency", _lt("Money held in another currency"), 95,
                _lt("Nothing: we hold money in another currency, match or exclude it"),
                holds_deliveries=True, warns=True,
            ),
        ]  # fmt: skip

    @api.model
    def _get_hold_conditions(self):
        counterpart = self.env["dunning.counterpart"]
        doubtful = counterpart._get_doubtful_accounts_sql()
        misc = counterpart._get_misc_condition("l")
        return [
            *super()._get_hold_conditions(),
            # the other half, where accounts of doubtful customers are receivables
            ("reclassified", SQL("l.account_id = ANY(ARRAY(%s)) AND %s", doubtful, misc)),
            ("rejected", counterpart._get_void_condition()),
            ("refund", SQL("l.payment_id IS NOT NULL OR l.statement_line_id IS NOT NULL")),
        ]

    @api.model
    def _get_credit_conditions(self):
        counterpart = self.env["dunning.counterpart"]
        return [
            *super()._get_credit_conditions(),
            ("reclassified", counterpart._get_reclassified_condition()),
            ("rejected", counterpart._get_void_condition()),
        ]

    @api.model
    def _get_money_conditions(self):
        return [
            *super()._get_money_conditions(),
            ("bank_line", SQL("settled.reason = 'bank_line'")),
            ("other_currency", SQL("settled.reason = 'other_currency'")),
        ]
