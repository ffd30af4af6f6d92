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
        for cover, deadline in self._get_declaration_deadlines().items():
            if self._is_near(cover.company_id, deadline):
                cover._alert_declaration(deadline)

    def _is_declaration_near(self):
        """Whether an unpaid invoice is to be declared to the insurer within 15 days, or was."""
        return self._is_near(self.company_id, self.declaration_deadline)

    @api.model
    def _is_near(self, company, deadline):
        alert = timedelta(days=DECLARATION_ALERT_DAYS)
        return bool(deadline) and deadline <= company._get_dunning_day() + alert
