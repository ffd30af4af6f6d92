from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .section import Section


class DunningToday(models.Model):
    """Sections about money: to be matched, paid back, moved to other accounts, taken back."""

    _inherit = "dunning.today"

    @api.model
    def _get_sections(self):
        return [*super()._get_sections(), *self._get_money_sections(), *self._get_entry_sections()]

    @api.model
    def _get_money_sections(self):
        """Items that money waits for, somewhere."""
        return [
            self._prepare_money_section(
                "bank_line",
                140,
                self.env._("Money that arrived, to be matched"),
                self.env._(
                    "Items that a bank line or an online payment of the last days may pay: they "
                    "are not reminded until it is matched."
                ),
            ),
            self._prepare_money_section(
                "other_currency",
                150,
                self.env._("Money held in another currency"),
                self.env._(
                    "Items of customers whose money we hold in another currency: match it, or "
                    "exclude it from dunning."
                ),
            ),
            self._prepare_money_section(
                "refund",
                160,
                self.env._("Money that we paid back, to be matched"),
                self.env._("Payments to customers that no credit note is matched with."),
            ),
        ]

    @api.model
    def _get_entry_sections(self):
        """Items that an entry seems to settle, and that are still owed."""
        return [
            self._prepare_money_section(
                "reclassified",
                130,
                self.env._("Moved to the doubtful customers, not matched: no payment"),
                self.env._(
                    "Items that an entry moved to the doubtful customers without being matched: "
                    "they are still owed."
                ),
                with_credits=True,
            ),
            Section(
                code="undone",
                place=170,
                label=self.env._("Paid by what was taken back"),
                model="account.move.line",
                domain="_get_undone_domain",
                of_branches=True,
                action="relance_graduee.account_move_line_undone_action",
                is_alert=True,
            ),
        ]

    @api.model
    def _prepare_money_section(self, hold_reason, place, label, nothing, with_credits=False):
        return Section(
            code=hold_reason,
            place=place,
            label=label,
            hold_reason=hold_reason,
            with_credits=with_credits,
            action="relance_graduee.dunning_item_action",
            context={"search_default_group_partner": 1},
            nothing=nothing,
        )

    @api.model
    def _get_undone_domain(self):
        return Domain("dunning_undone", "=", True)

    @api.model
    def _get_open_amount_sql(self, model, query):
        if model != "account.move.line":
            return super()._get_open_amount_sql(model, query)
        return SQL(
            """(SELECT SUM(undone.amount * rate.rate)
                  FROM account_partial_reconcile undone
                  JOIN account_move_line owed ON owed.id = undone.debit_move_id
                  JOIN rate ON rate.company_id = owed.company_id
                 WHERE owed.id IN %s AND undone.id IN (%s))""",
            query.subselect(),
            self.env["dunning.counterpart"]._get_undone_sql(),
        )
