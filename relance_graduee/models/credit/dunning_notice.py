from datetime import timedelta

from odoo import models

# Working days between the notice and the suspension it announces, when the step says nothing.
SUSPENSION_DAYS = 5


class DunningNotice(models.Model):
    """A notice that announces from when deliveries wait, and who is told of it."""

    _inherit = "dunning.notice"

    def _plan_suspension(self, day):
        """When the answer is due, where the step suspends deliveries."""
        if not self.step_id.block_deliveries:
            return super()._plan_suspension(day)
        company = self.company_id
        if self.step_id.answer_days:
            return company._add_dunning_working_days(
                day + timedelta(days=self.step_id.answer_days), 0
            )
        return company._add_dunning_working_days(day, SUSPENSION_DAYS)

    def _after_sent(self, day):
        result = super()._after_sent(day)
        self._tell_suspension()
        return result

    def _tell_suspension(self):
        """Tell the salesperson on the same day from when deliveries wait: a task, no amounts."""
        for notice in self.filtered("suspension_date"):
            summary = self.env._(
                "%(customer)s: deliveries suspended from %(date)s, unless paid",
                customer=notice.partner_id.display_name,
                date=notice._format_date(notice.suspension_date),
            )
            notice.company_id._schedule_dunning_task(
                notice.partner_id, notice._get_salesperson(), summary
            )
