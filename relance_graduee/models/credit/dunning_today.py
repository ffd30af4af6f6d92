from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..worklist.section import Section

PAUSE_DAYS = 3


class DunningToday(models.Model):
    _inherit = "dunning.today"

    @api.model
    def _get_sections(self):
        """Pauses open as customers, not invoices: a pause is one of the customer."""
        section = Section(
            code="pauses",
            place=90,
            label=self.env._("Pauses that end within 3 days"),
            hold_reason="paused",
            counts="customers",
            condition="_get_ending_pause_condition",
            domain="_get_ending_pause_domain",
            action="relance_graduee.dunning_account_action",
            nothing=self.env._(
                "Customers who are reminded again from then on, unless it is prolonged."
            ),
        )
        return [*super()._get_sections(), section]

    @api.model
    def _get_ending_pause_condition(self):
        """Condition (SQL) on the items that sections count."""
        return SQL(" OR ").join(
            SQL("(item.company_id = %s AND item.partner_id IN %s)", company.id, query.subselect())
            for company, query in self._get_pause_queries()
        )

    @api.model
    def _get_ending_pause_domain(self):
        """The same as a domain of ``dunning.account``."""
        domain = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("partner_id", "in", list(query.get_result_ids()))
            for company, query in self._get_pause_queries()
        )
        return domain & Domain("user_id", "=", self.env.uid) if self._is_own_only() else domain

    @api.model
    def _get_pause_queries(self):
        """Pairs (root company, query of the partners whose pause ends soon there)."""
        return [
            (company, self._get_pause_query(company, company._get_dunning_day()))
            for company in self._get_companies()
        ]

    @api.model
    def _get_pause_query(self, company, day):
        ending = Domain("dunning_paused_until", ">=", day) & Domain(
            "dunning_paused_until", "<=", day + timedelta(days=PAUSE_DAYS)
        )
        return self.env["res.partner"].sudo().with_company(company)._search(ending)
