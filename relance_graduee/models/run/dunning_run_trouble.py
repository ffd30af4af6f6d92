from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ..common.machine_fault import fault_in_words
from ..common.words import labelled

# After a fault of our own machine the day's run is tried again so much later.
RETRY_HOURS = 1
# A run that gave no sign of life for so long hangs; one that should have begun is missing.
HANGING_HOURS, MISSING_HOURS = 1, 2
# A run says so often that it is at work.
ALIVE_MINUTES = 5


class DunningRun(models.Model):
    """A run that fails, hangs, does not begin or leaves somebody out: told to the manager."""

    _inherit = "dunning.run"

    date_alive = fields.Datetime(string="Last sign of life", readonly=True)

    # ------------------------------------------------------------
    # FAILED
    # ------------------------------------------------------------

    def _fail(self, error):
        """The run as a whole failed: told in words, the details are the administrator's."""
        self._note_failure(False, error)
        self._set_failed(self.env["dunning.sender"]._get_error_message(error), is_told=False)

    def _stop(self, error):
        """Our own machine is at fault: said once, in one sentence, and tried again later."""
        self._set_failed(fault_in_words(self.env, error))
        cron = self.env.ref("relance_graduee.ir_cron_dunning_run")
        cron._trigger(at=fields.Datetime.now() + timedelta(hours=RETRY_HOURS))

    def _get_misconfigurations(self):
        """What of our own settings stops what is to leave today, as sentences."""
        company = self.company_id
        if self.mode != "live" or not company._get_dunning_misconfigurations():
            return []
        waiting = self.env["dunning.notice"].search(self._get_pending_domain()).step_id
        steps = waiting | self.env["dunning.decision"]._get_ready_steps(company)
        codes = {code for step in steps.sudo() for code in step._get_channels()}
        return company._get_dunning_misconfigurations(sorted(codes))

    def _refuse(self, problems):
        """Our own settings keep everything from leaving: nothing is made."""
        self.warning = self.env._("Nothing was sent. %s", " ".join(problems))
        self._set_failed(self.warning)

    def _set_failed(self, sentence, is_told=True):
        """:param is_told: the sentence names no customer: others read the company's contact too"""
        self.write({"state": "failed", "log": sentence, "date_end": fields.Datetime.now()})
        note = labelled(self.env, self.display_name, sentence) if is_told else ""
        self.company_id._tell_dunning_trouble(self.env._("The reminder run failed"), note)

    def _tell_not_served(self):
        """Failures that stand on no notice are on the page Today; a task says so, naming nobody."""
        alone = self.failure_ids.filtered(lambda failure: failure.partner_id)
        alone = alone.filtered(lambda failure: not failure.notice_id)
        if alone:
            day = format_date(self.env, self.date)
            self.company_id._tell_dunning_trouble(
                self.env._("Customers whom the run of %s could not serve", day),
                self.env._("%s customers: they are on the page Today.", len(alone.partner_id)),
            )

    # ------------------------------------------------------------
    # HANGING, MISSING
    # ------------------------------------------------------------

    @api.model
    def _cron_watch(self):
        """Tell of runs that hang or did not begin, of the companies that work today."""
        for company in self.env["res.company"]._get_dunning_roots():
            day = company._get_dunning_today()
            if company._is_dunning_working_day(day):
                self._watch(company, day)

    @api.model
    def _watch(self, company, day):
        runner = self.sudo()._get_runner(company, False)
        run = runner.search([("company_id", "=", company.id), ("date", "=", day)], limit=1)
        if run and run._is_hanging():
            run._set_failed(
                run.env._("It gave no sign of life for an hour: it was killed, or it hangs.")
            )
        elif not run and self._is_due(company):
            run = runner._get_or_create(company, day)
            run._set_failed(
                run.env._("It did not begin: the scheduled action is off, or nothing runs it.")
            )

    def _note_alive(self):
        """A sign of life of a run that is at work, now and then."""
        now = fields.Datetime.now()
        if not self.date_alive or self.date_alive < now - timedelta(minutes=ALIVE_MINUTES):
            self.date_alive = now

    def _is_hanging(self):
        limit = fields.Datetime.now() - timedelta(hours=HANGING_HOURS)
        return self.state == "running" and (not self.date_alive or self.date_alive < limit)

    @api.model
    def _is_due(self, company):
        """Whether a run of today should have begun in ``company`` by now."""
        works = company._is_dunning_working_day(company._get_dunning_today())
        return works and company.sudo().dunning_mode == "live" and self._is_late()

    @api.model
    def _is_late(self):
        """Whether the daily run should have begun by now, or is switched off."""
        cron = self.env.ref("relance_graduee.ir_cron_dunning_run").sudo()
        limit = fields.Datetime.now() - timedelta(hours=MISSING_HOURS)
        return not cron.active or cron.nextcall < limit
