from odoo import models
from odoo.exceptions import UserError


class DunningDelivery(models.Model):
    """Checks before a delivery leaves: a call closed, a letter printed, a retry."""

    _inherit = "dunning.delivery"

    # ------------------------------------------------------------
    # TRY AGAIN
    # ------------------------------------------------------------

    def action_retry(self):
        """Send failed e-mails, messages and letters again, to the address that is known today.

        Nothing is said twice, nor about what was paid in the meantime.

        :raise UserError: nothing among these failed, or nothing of it is left to be said
        """
        self._check_may_act()
        failed = self.sudo().filtered(lambda d: d._is_retriable())
        if not failed:
            raise UserError(
                self.env._("Only e-mails, messages and letters that failed can be sent again.")
            )
        for company, group in failed.grouped("company_id").items():
            self.env["dunning.lock"]._acquire(
                company.root_id, group.partner_id.commercial_partner_id.ids
            )
        missing = failed.filtered(lambda d: d._is_still_missing())
        if not missing:
            raise UserError(
                self.env._("Nothing is left to send: it was paid, or sent again, in the meantime.")
            )
        for notice, code in dict.fromkeys((d.notice_id, d.channel) for d in missing):
            self.env["dunning.channel"]._get_channel(code)._add_delivery(notice)
        return True

    def _is_retriable(self):
        """Whether this failed and may be tried again by the same way."""
        return (
            self.state == "failed"
            and self.may_retry
            and bool(self.notice_id)
            and not self.is_accountant_copy
        )

    def _is_still_missing(self):
        """Whether what failed still has to be said: not paid, and not under way once more."""
        same = self.notice_id.delivery_ids.filtered(
            lambda d: d.channel == self.channel and not d.is_accountant_copy
        )
        return self.notice_id._is_still_open() and not set(same.mapped("state")) & {"todo", "done"}

    # ------------------------------------------------------------
    # LOOK AGAIN
    # ------------------------------------------------------------

    def _look_again(self, day):
        """Drop items that were paid or disputed since the call was planned.

        As of ``day``, on which it was made: later its items might be due for another step.
        """
        result = super()._look_again(day)
        at_the_time = self.with_context(dunning_date=day)
        notice = at_the_time.notice_id.filtered(lambda n: n.state == "approved")
        if notice:
            self.env["dunning.lock"]._acquire(self.company_id, notice.partner_id.ids)
            at_the_time.env["dunning.proposal"]._refresh_notices(notice)
        return result

    def _refresh_letters(self):
        result = super()._refresh_letters()
        self.env["dunning.sender"]._refresh_letters(self)
        return result
