import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

BATCH = 200  # customers reckoned in one transaction


class DunningPenalty(models.Model):
    """Nightly accrual of penalties, in batches of customers."""

    _inherit = "dunning.penalty"

    @api.model
    def _cron_accrue(self):
        """Every night: reckon what accrued, a batch of customers at a time. Nothing is booked."""
        for company in self.env["res.company"]._get_dunning_roots():
            if not self._accrue_company(company, company._get_dunning_today()):
                return

    @api.model
    def _accrue_company(self, company, day):
        """Everything of a root company up to ``day``; what was reckoned up to it is left alone.

        :return: False when the time is up: the scheduled action is then called again
        """
        return self.env["dunning.batch"]._do_all(
            self,
            "_accrue_batch",
            self.env["dunning.interest"].sudo()._get_late_partner_ids(company, day),
            BATCH,
            on_failure="_name_failure",
            company=company,
            arguments=[company.id, fields.Date.to_string(day)],
        )

    @api.model
    def _accrue_batch(self, partner_ids, company_id, day):
        company = self.env["res.company"].browse(company_id)
        self._accrue(company, partner_ids, fields.Date.to_date(day))

    @api.model
    def _name_failure(self, partner_id, error, company_id, _day):
        """A task on the customer for the dunning manager, once; the log has the details.

        A customer on whom another transaction works all the time waits for the next night.
        """
        if self.env["dunning.batch"]._is_conflict(error):
            _logger.info("Penalties of the customer %s wait: %s", partner_id, error)
            return
        _logger.error(
            "Penalties of the customer %s could not be reckoned", partner_id, exc_info=error
        )
        company = self.env["res.company"].browse(company_id)
        words = self.with_context(lang=company._get_dunning_manager().lang or self.env.lang)
        summary = words.env._("Penalties for late payment could not be reckoned")
        company._tell_dunning_failure(partner_id, summary)
