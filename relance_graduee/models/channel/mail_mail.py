import re
import smtplib

from odoo import api, models
from odoo.tools.mail import email_normalize_all

from ..common.words import file_name, one_line
from .dunning_channel_email import MOST_COPIES
from .dunning_proof import QUEUE_FIELDS

# What smtplib makes of a reply: (550, b'5.1.1 No such user'). A reply of class 5 (RFC 5321,
# 4.2.1) refuses for good; of class 4, for now.
SERVER_REPLY = re.compile(r"""\((\d{3}), b?(['"])(.*?)\2[,)]""")
HEADERS = ("subject", "email_from", "reply_to")
# Our own server is down or does not let us in, or our own address is missing or refused.
OUR_TYPES = ("mail_smtp", "mail_from_missing", "mail_from_invalid")
OUR_ERRORS = ("SMTPSenderRefused", "SMTPAuthenticationError", "SMTPHeloError", "SMTPConnectError")
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
            self._tell_taken_out()
        return result

    def unlink(self):
        # EXTENDS 'mail': before its message is deleted with it
        self.env["dunning.proof"]._check_not_queued(self, "mail_id")
        return super().unlink()

    # ------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------

    def send(self, *args, **kwargs):
        # EXTENDS 'mail': nothing leaves of which a file is missing or was changed
        return super(MailMail, self - self._call_off_broken()).send(*args, **kwargs)

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

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'mail': names and texts that people typed become headers
        return super().create([self._prepare_dunning_headers(vals) for vals in vals_list])

    @api.model
    def _prepare_dunning_headers(self, vals):
        """``vals`` whose headers are of one line, for messages about our records."""
        if not str(vals.get("model") or "").startswith("dunning."):
            return vals
        return {**vals, **{name: one_line(vals[name]) for name in HEADERS if vals.get(name)}}

    def _prepare_outgoing_list(self, *args, **kwargs):
        # EXTENDS 'mail': names of addressees and of attached files become headers
        messages = super()._prepare_outgoing_list(*args, **kwargs)
        if (self.model or "").startswith("dunning."):
            for message in messages:
                message["email_to"] = [one_line(address) for address in message["email_to"]]
                files = message["attachments"]
                message["attachments"] = [(file_name(name), *rest) for name, *rest in files]
        return messages

    def _send(self, auto_commit=False, *args, **kwargs):
        # EXTENDS 'mail': each e-mail of a notice is looked at at the moment it leaves, before its
        # words are on the wire
        own = self.filtered(lambda mail: mail.model == "dunning.notice")
        others = self - own
        result = True
        if others or not own:
            result = super(MailMail, others)._send(auto_commit, *args, **kwargs)
        for mail in own:
            waiting = mail._get_dunning_deliveries().filtered(lambda d: d.state == "todo")
            waiting._add_unknown(1, auto_commit)
            if not mail._may_leave():
                waiting._add_unknown(-1, auto_commit)
                continue
            try:
                result = super(MailMail, mail)._send(auto_commit, *args, **kwargs)
            except smtplib.SMTPServerDisconnected as error:
                # Odoo leaves the message as failed: it is asked again later
                self.env["dunning.channel.email"]._record_cut(waiting, str(error))
                raise
            waiting._add_unknown(-1, auto_commit)
        return result

    def _may_leave(self):
        """Whether this e-mail of a notice may still leave now.

        The customer is locked first: whoever pauses or contests at this moment waits, or is seen.
        """
        if self.state != "outgoing":
            return True
        deliveries = self._get_dunning_deliveries()
        waiting = deliveries.filtered(lambda d: d.notice_id and d.state == "todo")
        if not waiting:
            given_up = bool(deliveries.filtered(lambda d: d.state in ("failed", "cancelled")))
            if given_up:
                self.state = "cancel"
            return not given_up
        if not waiting._lock_customers():
            return False  # somebody is at work on this customer: the next time
        sentence = waiting.notice_id[:1]._get_stop_sentence()
        if sentence:
            waiting._call_off(sentence)
        elif max(waiting.mapped("unknown_count")) > MOST_COPIES:
            self.env["dunning.channel.email"]._record_perhaps_said(waiting)
        elif self._is_readdressed(waiting):
            self.env["dunning.channel.email"]._keep_back(
                waiting,
                self.env._(
                    "An address was changed after this was handed over: it did not leave. Look at "
                    "the address and send it again."
                ),
            )
        else:
            return True
        self.state = "cancel"
        return False

    def _is_readdressed(self, deliveries):
        """Whether this would go elsewhere than noted: Odoo reads addresses when it sends."""
        noted = email_normalize_all(", ".join(d.recipient or "" for d in deliveries))
        addresses = email_normalize_all(
            ", ".join(self.sudo().recipient_ids.mapped("email_formatted"))
        )
        return not set(addresses) <= set(noted)

    def _get_dunning_deliveries(self):
        return self.env["dunning.delivery"].sudo().search([("mail_id", "in", self.ids)])

    # ------------------------------------------------------------
    # TAKEN OUT OF THE QUEUE
    # ------------------------------------------------------------

    def _tell_taken_out(self):
        waiting = self.filtered(lambda mail: mail.model == "dunning.notice")
        if waiting:
            deliveries = waiting._get_dunning_deliveries()
            deliveries._note_taken_out()

    # ------------------------------------------------------------
    # WHAT BECAME OF IT
    # ------------------------------------------------------------

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
        for delivery in mails._get_dunning_deliveries():
            mail = delivery.mail_id
            words = mail._get_server_words(failure_reason, failure_type)
            is_final = mail._is_refused_for_good(failure_reason, failure_type)
            if not failure_type:
                channel._record_sent(delivery)
            elif reached:
                channel._record_partly_sent(delivery, reached, words, is_final)
            elif is_final:
                first = mail.recipient_ids[:1]
                first._note_dunning_refused(channel._get_refused(first, words))
                channel._record_failure(delivery, words)
            else:
                is_ours = mail._is_our_fault(failure_reason, failure_type)
                channel._record_retry(delivery, words, is_ours=is_ours)

    def _is_refused_for_good(self, failure_reason, failure_type):
        """Whether trying again makes no sense: no valid address, or 5xx replies only."""
        codes = [code for code, _quote, _text in SERVER_REPLY.findall(str(failure_reason or ""))]
        refused = bool(codes) and all(code.startswith("5") for code in codes)
        ours = self._is_our_fault(failure_reason, failure_type)
        return failure_type in PERMANENT_TYPES or (refused and not ours)

    def _is_our_fault(self, failure_reason, failure_type):
        """Whether our own server or settings failed, whoever was written to."""
        error = any(name in str(failure_reason or "") for name in OUR_ERRORS)
        return failure_type in OUR_TYPES or error

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
