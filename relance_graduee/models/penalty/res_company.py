from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Income from commercial receivables; the company may choose others, 7581 for the indemnities.
ACCOUNT_CODE = "7631"
JOURNAL_CODE = "PEN"


class ResCompany(models.Model):
    """Journal and accounts in which penalties are booked, rates that they need."""

    _inherit = "res.company"

    def _get_dunning_setup_gaps(self):
        gaps = super()._get_dunning_setup_gaps()
        interest = self.env["dunning.interest"]
        row = {"currency_id": self.currency_id.id}
        scope = {
            "company": self,
            "euro_id": self.env.ref("base.EUR").id,
            "rated": interest._get_rated_currencies(self, self.currency_id),
        }
        if not interest._is_euro_rate_known(row, scope):
            gaps.append(
                self.env._(
                    "No rate of the euro is known for %s: indemnities of 40 € are not claimed. "
                    "Enter one.",
                    self.currency_id.name,
                )
            )
        return gaps

    def _get_dunning_penalty_account(self, kind):
        """The account of late interest or of indemnities.

        :raise UserError: none is set, and the chart has no 7631
        """
        self.ensure_one()
        interest = self.dunning_interest_account_id
        account = (kind == "indemnity" and self.dunning_indemnity_account_id) or interest
        return account or self._find_dunning_penalty_account(ACCOUNT_CODE)

    def _find_dunning_penalty_account(self, code):
        accounts = self.env["account.account"].sudo().with_company(self)
        account = accounts.search(
            Domain(accounts._check_company_domain(self)) & Domain("code", "=like", f"{code}%"),
            limit=1,
        )
        if not account:
            raise UserError(
                self.env._(
                    "Choose the account of late interest in the settings of Invoicing, under "
                    "Dunning: the chart of accounts has no %s.",
                    code,
                )
            )
        return account

    def _get_dunning_penalty_journal(self):
        """The journal of debit notes, made with the first of them."""
        self.ensure_one()
        company = self.sudo()
        if not company.dunning_penalty_journal_id:
            company.dunning_penalty_journal_id = (
                self.env["account.journal"].sudo().create(self._prepare_dunning_penalty_journal())
            )
        return company.dunning_penalty_journal_id

    def _prepare_dunning_penalty_journal(self):
        journals = self.env["account.journal"].sudo().with_context(active_test=False)
        taken = set(journals.search([("company_id", "=", self.id)]).mapped("code"))
        codes = (JOURNAL_CODE, *(f"{JOURNAL_CODE}{number}" for number in range(1, 100)))
        return {
            "name": self.env._("Penalties for late payment"),
            "code": next(code for code in codes if code not in taken),
            "type": "sale",
            "company_id": self.id,
            "show_on_dashboard": False,
            "default_account_id": self._get_dunning_penalty_account("interest").id,
        }
