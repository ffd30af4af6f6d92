from datetime import timedelta

from odoo import api, models

# Calendar days before the last day to declare an unpaid invoice to the insurer.
DECLARATION_ALERT_DAYS = 15


class DunningAccount(models.Model):
    """Daily job: tasks to declare to insurers, and the end of releases; holds need no job."""

    _inherit = "dunning.account"

    @api.model
    def _cron_credit_alerts(self):
        self._alert_declarations()
        self.env["dunning.release"]._cron_expire()

    @api.model
    def _alert_declarations(self):
        """A task on the insurance, due on the last day to declare; one for each deadline."""
        self.invalidate_model()
        accounts = self.sudo().search([("declaration_deadline", "!=", False)])
        due = accounts.filtered(lambda account: account._is_declaration_near())
        covers = (
            self.env["dunning.cover"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", due.partner_id.ids),
                    ("kind", "=", "insurance"),
                    ("declare_days", ">", 0),
                ]
            )
        )
        by_account = {(account.partner_id, account.company_id): account for account in due}
        for cover in covers.filtered("is_valid"):
            account = by_account.get((cover.partner_id.commercial_partner_id, cover.company_id))
            if account:
                cover._alert_declaration(account.declaration_deadline)

    def _is_declaration_near(self):
        """Whether an unpaid invoice is to be declared to the insurer within 15 days, or was."""
        if not self.declaration_deadline:
            return False
        alert = timedelta(days=DECLARATION_ALERT_DAYS)
        return self.declaration_deadline <= self.company_id._get_dunning_day() + alert
