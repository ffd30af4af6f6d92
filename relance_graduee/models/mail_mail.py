import re

from odoo import models

# A reply code of class 5 (RFC 5321, 4.2.1): the server refuses for good.
PERMANENT_CODE = re.compile(r"(?<![\d.])5\d\d(?![\d.])")
PERMANENT_TYPES = ("mail_email_missing", "mail_email_invalid")


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # EXTENDS 'mail': the deliveries learn what the server said
        self._tell_dunning_deliveries(failure_reason, failure_type)
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

    def _tell_dunning_deliveries(self, failure_reason, failure_type):
        mails = self.filtered(lambda mail: mail.model == "dunning.notice")
        deliveries = self.env["dunning.delivery"].sudo().search([("mail_id", "in", mails.ids)])
        if not deliveries:
            return
        channel = self.env["dunning.channel.email"]
        if not failure_type:
            channel._record_sent(deliveries)
        elif self._is_refused_for_good(failure_reason, failure_type):
            channel._record_failure(deliveries, failure_reason or failure_type)
        else:
            channel._record_retry(deliveries, failure_reason or failure_type)

    def _is_refused_for_good(self, failure_reason, failure_type):
        """Whether trying again makes no sense: no valid address, or a 5xx reply."""
        permanent = PERMANENT_CODE.search(str(failure_reason or ""))
        return failure_type in PERMANENT_TYPES or bool(permanent)
