import re
import smtplib

from odoo import models

from .dunning_proof import QUEUE_FIELDS

# What smtplib makes of a reply: (550, b'5.1.1 No such user'). A reply of class 5 (RFC 5321,
# 4.2.1) refuses for good; of class 4, for now.
SERVER_REPLY = re.compile(r"""\((\d{3}), b?(['"])(.*?)\2[,)]""")
PERMANENT_TYPES = ("mail_email_missing", "mail_email_invalid")


class MailMail(models.Model):
    _inherit = "mail.mail"

    # ------------------------------------------------------------
    # PROOF
    # ------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'mail': the e-mail of a delivery leaves as it was made
        proof = self.env["dunning.proof"]
        proof._check_queued(self, "mail_id", vals)
        noted = vals.keys() <= QUEUE_FIELDS | {"message_id"}  # by the queue
        mails = proof._open(self) if noted and "message_id" in vals else self
        result = super(MailMail, mails).write(vals)
        if vals.get("state") == "cancel":
            self._tell_dunning_cancelled()
        return result

    def unlink(self):
        # EXTENDS 'mail': before its message is deleted with it
        self.env["dunning.proof"]._check_not_queued(self, "mail_id")
        return super().unlink()

    def _tell_dunning_cancelled(self):
        """Cancelled in Odoo's list: the deliveries of these failed, and a person is told."""
        queued = self.env["dunning.proof"]._get_queued(self, "mail_id")
        for delivery in queued.filtered(lambda d: d.state == "todo"):
            delivery._set_failed(self.env._("The e-mail was cancelled in the queue."))
            delivery._schedule_task(delivery.failure_reason)

    # ------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------

    def send(self, *args, **kwargs):
        # EXTENDS 'mail': what waited in the queue does not ask for what was paid meanwhile
        waiting = self - self._call_off_paid()
        return super(MailMail, waiting - waiting._call_off_broken()).send(*args, **kwargs)

    def _call_off_broken(self):
        """Keep back the e-mails of which a file is missing or was changed, and tell a person.

        :return: the e-mails that do not leave
        """
        queued = self.env["dunning.proof"]._get_queued(self, "mail_id")
        broken = self.browse()
        for delivery in queued.filtered(lambda d: d.state == "todo"):
            notice = delivery._get_told_notice()
            words = notice._get_broken_words(delivery.mail_id.attachment_ids)
            if words:
                broken |= delivery.mail_id.with_env(self.env)
                delivery._set_failed(words)
                delivery._schedule_task(words)
        broken.state = "cancel"
        return broken

    def _call_off_paid(self):
        """Cancel the waiting e-mails of notices of which nothing is open any more.

        :return: the e-mails that do not leave
        """
        waiting = self.filtered(lambda mail: mail.model == "dunning.notice")
        if not waiting:
            return waiting
        deliveries = (
            self.env["dunning.delivery"]
            .sudo()
            .search([("mail_id", "in", waiting.ids), ("state", "=", "todo")])
            .filtered(lambda d: d.notice_id and not d.notice_id._is_still_open())
        )
        deliveries._cancel()
        deliveries.failure_reason = self.env._("Everything was paid before it left.")
        deliveries.mail_id.state = "cancel"
        return deliveries.mail_id.with_env(self.env)

    def _send(self, *args, **kwargs):
        # EXTENDS 'mail': a server that hangs up in the middle is asked again later; Odoo leaves
        # the message it was at as failed
        try:
            return super()._send(*args, **kwargs)
        except smtplib.SMTPServerDisconnected as error:
            cut = self.filtered(lambda mail: mail.state == "exception")
            cut._tell_dunning_deliveries([], str(error), "mail_smtp")
            raise

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # EXTENDS 'mail': the deliveries learn what the server said
        self._tell_dunning_deliveries(success_pids, failure_reason, failure_type)
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

    def _tell_dunning_deliveries(self, reached, failure_reason, failure_type):
        """:param reached: list of the partners to whom the server took the message"""
        mails = self.filtered(lambda mail: mail.model == "dunning.notice")
        if not mails:
            return
        channel = self.env["dunning.channel.email"]
        deliveries = self.env["dunning.delivery"].sudo().search([("mail_id", "in", mails.ids)])
        for delivery in deliveries:
            mail = delivery.mail_id
            words = mail._get_server_words(failure_reason, failure_type)
            is_final = mail._is_refused_for_good(failure_reason, failure_type)
            if not failure_type:
                channel._record_sent(delivery)
            elif reached:
                channel._record_partly_sent(delivery, reached, words, is_final)
            elif is_final:
                channel._record_failure(delivery, words)
            else:
                channel._record_retry(delivery, words)

    def _is_refused_for_good(self, failure_reason, failure_type):
        """Whether trying again makes no sense: no valid address, or 5xx replies only."""
        codes = [code for code, _quote, _text in SERVER_REPLY.findall(str(failure_reason or ""))]
        refused = bool(codes) and all(code.startswith("5") for code in codes)
        return failure_type in PERMANENT_TYPES or (failure_type != "mail_smtp" and refused)

    def _get_server_words(self, failure_reason, failure_type):
        """The reply of the server in its own words; without one, the words of Odoo."""
        reason = str(failure_reason or self.failure_reason or "")
        replies = [f"{code} {text}" for code, _quote, text in SERVER_REPLY.findall(reason)]
        labels = dict(self._fields["failure_type"]._description_selection(self.env))
        label = labels.get(failure_type, "")
        if failure_type in PERMANENT_TYPES:
            return label
        if failure_type == "mail_smtp":
            return " ".join(filter(None, (label, reason)))
        return "\n".join(dict.fromkeys(replies)) or reason or label
