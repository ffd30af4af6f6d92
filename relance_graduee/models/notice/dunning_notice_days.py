from datetime import timedelta

from odoo import models


class DunningNotice(models.Model):
    """The days of a notice: its own, the one it asks an answer by, that of a suspension."""

    _inherit = "dunning.notice"

    def _get_day(self):
        """The day of the company: today, or the one the question is asked for."""
        return self.company_id._get_dunning_day()

    def _get_deadline(self):
        """The calendar date by which the customer is asked to answer, or False."""
        return self.answer_deadline or (
            self._get_printed_deadline(self._get_day()) if self.step_id.answer_days else False
        )

    def _get_suspension_date(self):
        """The day from which deliveries will wait, if the step announces it, or False."""
        return self.suspension_date or self._plan_suspension(self._get_day())

    def _plan_suspension(self, day):
        """The same, for a notice that leaves on ``day``. To extend: nothing waits by itself."""
        return False

    def _get_printed_deadline(self, day):
        """``answer_days`` after the notice of ``day`` arrived, on a working day."""
        arrived = self._get_arrival_day(day)
        return self.company_id._add_dunning_working_days(
            arrived + timedelta(days=self.step_id.answer_days), 0
        )

    def _get_arrival_day(self, day):
        """The day of arrival, by every channel, of a notice that leaves on ``day``. To extend."""
        return day

    def _move_deadline(self, presented):
        """Never earlier than printed; later when the letter was presented late."""
        for notice in self.filtered("printed_deadline"):
            later = presented + timedelta(days=notice.step_id.answer_days)
            notice.answer_deadline = max(notice.printed_deadline, later)

    def _extend_deadline(self, posted):
        """A letter posted later than its notice was sent leaves as many days to answer."""
        for notice in self.filtered("answer_deadline"):
            notice.answer_deadline = max(
                notice.answer_deadline, notice._get_printed_deadline(posted)
            )

    def _restore_deadline(self, posted):
        """As it was when the letter was posted, before anything was heard of it."""
        for notice in self.filtered("printed_deadline"):
            notice.answer_deadline = max(
                notice.printed_deadline, notice._get_printed_deadline(posted)
            )

    def _stop_deadline(self):
        self.answer_deadline = False

    def _prepare_frozen_vals(self, day):
        """Number, day and deadlines, as the document will say them; writes nothing."""
        step = self.step_id
        return {
            "name": self.name or self._draw_name(),
            "date": day,
            "printed_deadline": step.answer_days and self._get_printed_deadline(day),
            "answer_deadline": step.answer_days and self._get_printed_deadline(day),
            "suspension_date": self._plan_suspension(day),
            "failure_reason": False,
        }
