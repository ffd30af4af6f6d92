from odoo import api, models
from odoo.tools import SQL, LazyTranslate

from .hold_reason import OWED, HoldReason

_lt = LazyTranslate(__name__)


class DunningDecision(models.AbstractModel):
    """Hold reasons of an item as data, and the condition of each.

    A room adds a reason in its own ``dunning_decision.py``: a row of ``_get_hold_reasons``, and
    its condition in ``_get_hold_conditions`` or ``_get_step_conditions``.
    """

    _inherit = "dunning.decision"

    # ------------------------------------------------------------
    # THE REASONS
    # ------------------------------------------------------------

    @api.model
    def _get_hold_reasons(self):
        """List of ``HoldReason``, in any order; of two with one code the later counts. To extend.

        What is disputed may not be asked for either: the caller would ask for what we agreed to
        look into. What is paused may: a call that was agreed on is made within the pause.

        Flags that stop reminders free no goods: what is excluded, disputed, promised or paused is
        owed, and holds deliveries until one of ours accepts it.
        """
        return [
            HoldReason("excluded", _lt("Excluded"), 10, holds_deliveries=True),
            HoldReason("insolvency", _lt("Insolvency proceedings"), 20, warns=True),
            HoldReason(
                "disputed", _lt("Disputed"), 40, _lt("Nothing: disputed by the customer"),
                warns=True, holds_deliveries=True,
            ),
            HoldReason(
                "promised", _lt("Promised"), 50, _lt("Nothing: payment promised"),
                may_be_asked=True, holds_deliveries=True,
            ),
            HoldReason(
                "on_plan", _lt("On a payment plan"), 60, _lt("Nothing: on a payment plan"),
                may_be_asked=True,
            ),
            HoldReason(
                "in_case", _lt("In a case file"), 70, _lt("Nothing: the file was handed over"),
                may_be_asked=True, holds_deliveries=True,
            ),
            HoldReason(
                "paused", _lt("Paused"), 80, may_be_asked=True, holds_deliveries=True,
            ),
            HoldReason("covered", _lt("Covered by a credit"), 90, on_notices=True),
            HoldReason(
                "below_minimum", _lt("Below the minimum"), 100,
                _lt("Nothing: below the minimum amount"), **OWED,
            ),
            HoldReason(
                "no_policy", _lt("No policy"), 110,
                _lt("Nothing: no policy fits this customer"), warns=True, **OWED,
            ),
            HoldReason("last_step_done", _lt("Last step done"), 120, warns=True, **OWED),
            HoldReason("not_due", _lt("Step to come"), 140, goes_on=True, **OWED),
            HoldReason("waiting", _lt("Waiting"), 150, goes_on=True, **OWED),
        ]  # fmt: skip

    @api.model
    def _get_reason_by_code(self):
        """Code -> ``HoldReason``, in the order in which they are looked at."""
        reasons = {reason.code: reason for reason in self._get_hold_reasons()}
        return dict(sorted(reasons.items(), key=lambda pair: pair[1].place))

    @api.model
    def _get_hold_codes(self, **flags):
        """The codes of the reasons whose fields are ``flags``: ``holds_deliveries=False``."""
        return tuple(
            code
            for code, reason in self._get_reason_by_code().items()
            if all(getattr(reason, name) == value for name, value in flags.items())
        )

    @api.model
    def _get_hold_selection(self):
        """See ``hold_reason.get_hold_selection``."""
        reasons = self._get_reason_by_code().values()
        return [(reason.code, self.env._(reason.label)) for reason in reasons]

    # ------------------------------------------------------------
    # THEIR CONDITIONS
    # ------------------------------------------------------------

    @api.model
    def _get_hold_conditions(self):
        """Reasons that hold an item whatever its step: list of (reason, SQL condition). To extend.

        ``l`` is the move line, ``c`` the commercial partner, ``company`` the root company of the
        row.
        """
        return [
            ("excluded", SQL("c.id IS NULL OR l.no_followup OR stopped.id IS NOT NULL")),
            (
                "insolvency",
                SQL("COALESCE(l.invoice_date, l.date) <= c.insolvency_date"),
            ),
            ("disputed", SQL("l.dunning_disputed")),
            ("promised", SQL("l.dunning_accepted_until >= company.day")),
            (
                "paused",
                SQL(
                    "c.dunning_paused_until IS NOT NULL"
                    " AND (c.dunning_paused_until->>company.key)::date >= company.day"
                ),
            ),
        ]

    @api.model
    def _get_credit_conditions(self):
        """Reasons for which a credit covers nothing: list of (reason, SQL condition). To extend.

        Over the same as ``_get_hold_conditions``; every other credit is "covered".
        """
        return [("excluded", SQL("c.id IS NULL OR l.no_followup"))]

    @api.model
    def _get_money_conditions(self):
        """Reasons that lie in money that we hold: list of (reason, SQL condition).

        Over ``line`` and ``settled``. To extend.
        """
        return [("covered", SQL("settled.covered >= line.amount_residual"))]

    @api.model
    def _get_step_conditions(self):
        """Reasons that keep an item from its next step: list of (reason, SQL condition).

        Over ``decided`` (see ``_get_timed_sql``). To extend.
        """
        return [
            (
                "below_minimum",
                SQL(
                    """decided.net_overdue + CASE WHEN decided.is_overdue THEN 0
                                                  ELSE decided.net_company END
                           < decided.min_amount
                       OR decided.next_id IS NULL AND decided.is_small"""
                ),
            ),
            ("no_policy", SQL("decided.policy_id IS NULL")),
            ("last_step_done", SQL("decided.next_id IS NULL")),
            ("not_due", SQL("decided.step_due > decided.day")),
            ("waiting", SQL("decided.go_date > decided.day")),
        ]

    @api.model
    def _get_cases_sql(self, conditions):
        """``WHEN ... THEN`` of each reason, first the one that is looked at first."""
        reasons = self._get_reason_by_code()
        ordered = sorted(conditions, key=lambda pair: reasons[pair[0]].place)
        return SQL(" ").join(SQL("WHEN %s THEN %s", sql, code) for code, sql in ordered)

    @api.model
    def _get_held_sql(self):
        return SQL(
            """CASE WHEN l.amount_residual_currency < 0 THEN CASE %s ELSE 'covered' END
                    %s END""",
            self._get_cases_sql(self._get_credit_conditions()),
            self._get_cases_sql(self._get_hold_conditions()),
        )
