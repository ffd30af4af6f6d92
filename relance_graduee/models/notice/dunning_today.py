from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..worklist.section import Section
from .dunning_notice import LIVE_STATES


class DunningToday(models.Model):
    _inherit = "dunning.today"

    @api.model
    def _get_sections(self):
        return [
            *super()._get_sections(),
            self._prepare_notice_section(
                code="past_deadline",
                place=30,
                label=self.env._("Formal notices past their deadline"),
                is_alert=True,
            ),
            self._prepare_notice_section(
                code="formal_to_approve",
                place=60,
                label=self.env._("Formal notices to approve"),
            ),
            self._prepare_notice_section(
                code="to_approve",
                place=70,
                label=self.env._("Reminders to approve"),
            ),
            self._prepare_notice_section(
                code="not_sent",
                place=110,
                label=self.env._("Reminders that could not be sent"),
                is_alert=True,
            ),
        ]

    @api.model
    def _prepare_notice_section(self, code, **values):
        return Section(
            code=code,
            model="dunning.notice",
            domain=f"_get_{code}_domain",
            action="relance_graduee.dunning_notice_action",
            context={"create": False},
            **values,
        )

    @api.model
    def _get_past_deadline_domain(self):
        day = self.env.company._get_dunning_day()
        return (
            Domain("state", "=", "sent")
            & Domain("is_formal_notice", "=", True)
            & Domain("answer_deadline", "<", day)
            & Domain("line_ids", "any", self._get_open_line_domain())
        )

    @api.model
    def _get_formal_to_approve_domain(self):
        return self._get_proposed_domain() & Domain("is_formal_notice", "=", True)

    @api.model
    def _get_to_approve_domain(self):
        return self._get_proposed_domain() & Domain("is_formal_notice", "=", False)

    @api.model
    def _get_proposed_domain(self):
        return Domain("state", "=", "proposed") & Domain("failure_reason", "=", False)

    @api.model
    def _get_not_sent_domain(self):
        return Domain("state", "in", LIVE_STATES) & Domain("failure_reason", "!=", False)

    @api.model
    def _get_open_line_domain(self):
        return [
            ("live", "=", True),
            ("claimed", "=", True),
            ("amount_residual", ">", 0),
            ("move_line_id.reconciled", "=", False),
        ]

    @api.model
    def _get_own_domain(self, model):
        """Deliveries that are the user's to do are the user's own as well."""
        domain = super()._get_own_domain(model)
        if model == "dunning.delivery":
            domain |= Domain("user_id", "=", self.env.uid)
        return domain

    @api.model
    def _get_open_amount_sql(self, model, query):
        """An item that stands on several notices counts once."""
        if model == "dunning.notice":
            return self._get_noticed_amount_sql(query.subselect())
        if model == "dunning.delivery":
            return self._get_noticed_amount_sql(query.subselect("notice_id"))
        return super()._get_open_amount_sql(model, query)

    @api.model
    def _get_noticed_amount_sql(self, notices):
        return SQL(
            """(SELECT SUM(open.amount_residual * rate.rate)
                  FROM account_move_line open JOIN rate ON rate.company_id = open.company_id
                 WHERE open.id IN (
                       SELECT said.move_line_id FROM dunning_notice_line said
                        WHERE said.live AND said.claimed AND said.notice_id IN %s))""",
            notices,
        )
