import logging

from odoo import api, models, modules
from odoo.tools import split_every

_logger = logging.getLogger(__name__)

BATCH = 200  # customers reckoned in one transaction


class DunningPenalty(models.Model):
    """What accrued is reckoned every night, in transactions of ``BATCH`` customers."""

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
        partner_ids = self.env["dunning.interest"].sudo()._get_late_partner_ids(company, day)
        left = len(partner_ids)
        for batch in split_every(BATCH, partner_ids, list):
            left -= len(batch)
            self._accrue_safely(company, batch, day)
            if not self._commit(len(batch), left):
                return False
        return True

    @api.model
    def _accrue_safely(self, company, partner_ids, day):
        """A batch that fails is reckoned customer by customer: the culprit alone stays behind.

        Where another transaction works on one of them, the batch waits for the next night.
        """
        try:
            with self.env.cr.savepoint():
                self.env["dunning.lock"]._acquire(company, partner_ids)
                self._accrue(company, partner_ids, day)
        except Exception as error:
            self.env.invalidate_all(flush=False)
            if self.env["dunning.sender"]._is_to_retry(error):
                _logger.info("Penalties of %s customers wait: %s", len(partner_ids), error)
            elif len(partner_ids) == 1:
                self._name_failure(company, partner_ids[0], error)
            else:
                for partner_id in partner_ids:
                    self._accrue_safely(company, [partner_id], day)

    @api.model
    def _name_failure(self, company, partner_id, error):
        """A task on the customer for the dunning manager, once; the log has the details."""
        _logger.exception("Penalties of the customer %s could not be reckoned", partner_id)
        manager = company._get_dunning_manager()
        words = self.with_context(lang=manager.lang or self.env.lang)
        summary = words.env._("Penalties for late payment could not be reckoned")
        customer = words.env["res.partner"].browse(partner_id)
        if summary not in customer.activity_ids.mapped("summary"):
            customer.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=company._get_dunning_today(),
                summary=summary,
                note=str(error),
                user_id=manager.id,
            )

    @api.model
    def _commit(self, processed, remaining):
        """Commit, and tell the scheduled action how far we are; seconds that are left."""
        self.env.flush_all()
        if modules.module.current_test:
            return float("inf")
        return self.env["ir.cron"]._commit_progress(processed, remaining=remaining)
