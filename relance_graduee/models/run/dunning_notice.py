import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context

from ..common.dunning_batch import END_TIME
from ..common.today import as_of_today
from ..common.words import labelled
from ..notice.dunning_notice import LIVE_STATES

# A person waits so long for the PDFs of invoices.
PRINT_SECONDS = 30


class DunningNotice(models.Model):
    """Actions of a notice that need the sender: send, show the document as of today."""

    _inherit = "dunning.notice"

    run_id = fields.Many2one("dunning.run", index="btree_not_null", ondelete="set null")

    @api.model
    def _get_frozen_fields(self):
        return super()._get_frozen_fields() | {"run_id"}

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_send(self):
        """Send approved notices. Those already sent or on the lists are left alone.

        :raise UserError: a notice is still a proposal, or the day asked for is to come
        :return: True, or a message that says what could not be sent and why
        """
        self._check_may_act()
        if self._is_for_a_day_to_come():
            raise UserError(self.env._("Nothing can be sent for a day to come."))
        if any(notice.state == "proposed" for notice in self):
            raise UserError(self.env._("Approve the proposal first, then send it."))
        waiting = self.filtered(lambda n: n.state == "approved" and not n._is_handed_out())
        # values by default that a caller names are not for what is made here, nor is his day
        waiting = as_of_today(waiting.with_context(clean_context(self.env.context)))
        waiting._print_missing()
        waiting.env["dunning.sender"]._send(waiting)
        return waiting._get_failure_notification()

    def _print_missing(self):
        """Make the PDFs that these enclose, before anything is locked.

        :raise UserError: they are so many that a person would wait too long; those made are kept
        """
        unprinted = self.sudo()._get_unprinted_ids()
        if not unprinted:
            return
        self.env["dunning.letter"]._check_program()
        limit = {END_TIME: time.monotonic() + PRINT_SECONDS}
        notices = self.sudo().with_context(**limit)
        in_time = self.env["dunning.batch"]._do_all(
            notices.browse(), "_print_invoices", unprinted, 1, "_note_unprinted"
        )
        if not in_time:
            raise UserError(
                self.env._(
                    "%s invoices that are to be enclosed are still without a PDF: it takes too "
                    "long to print them all at once. Send again to print the next ones.",
                    len(notices._get_unprinted_ids()),
                )
            )

    def action_approve_and_send(self):
        self.action_approve()
        return self.action_send()

    def action_open_document(self):
        """The document as it was sent; before that, as it would leave today.

        :raise UserError: it is missing, or is no longer what was made
        """
        self.ensure_one()
        was_live = self.state in LIVE_STATES
        if not self.attachment_id or not self._is_settled():
            notice = as_of_today(self)
            notice.env["dunning.sender"]._preview(notice)
        if was_live and self.state == "cancelled":
            return self._get_cancelled_notification()
        self._check_files(self.attachment_id)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}",
            "target": "new",
        }

    # ------------------------------------------------------------
    # MESSAGES
    # ------------------------------------------------------------

    def _get_failure_notification(self):
        """A message on the screen for what could not be sent, or True."""
        failed = self.exists().filtered(lambda n: n.failure_reason and n.state in LIVE_STATES)
        if not failed:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger",
                "sticky": True,
                "title": self.env._("Not sent"),
                "message": "\n".join(
                    labelled(self.env, n.partner_id.display_name, n.failure_reason) for n in failed
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_cancelled_notification(self):
        """A message, not an error: that nothing was left to claim must stay noted."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.cancel_reason,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
