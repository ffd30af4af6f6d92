from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import email_normalize_all, is_html_empty
from odoo.tools.translate import LazyTranslate

from ..common.files import get_content
from ..common.words import labelled

_lt = LazyTranslate(__name__)

# A server that is down or says "later" is asked again for so many days.
RETRY_DAYS = 3
RETRY_HOURS = 1
# How often words are offered to a server that hangs up, or while Odoo is killed.
MOST_COPIES = 2
# Replies by which a server says that it does not know the mailbox (RFC 5321, 4.2.3).
UNKNOWN_CODES = ("550", "551", "553")


class DunningChannelEmail(models.AbstractModel):
    """The step's mail template, through ``mail.mail``, with the notice's PDF."""

    _name = "dunning.channel.email"
    _inherit = ["dunning.channel"]
    _description = "Dunning channel: e-mail"

    _channel_code = "email"
    _label = _lt("E-mail")
    _place = 10
    _step_flag = "send_email"
    _text_field = "mail_template_id"
    _is_written = True
    _is_queued = True
    _may_retry = True
    _is_copy = True

    @api.model
    def _is_document(self):
        return True

    @api.model
    def _is_text_missing(self, step):
        template = step.mail_template_id
        return not template.subject or is_html_empty(template.body_html)

    @api.model
    def _get_text_source(self, step):
        return step.mail_template_id, ("subject", "body_html")

    @api.model
    def _get_recipient(self, notice):
        contacts = notice._get_contacts("email_normalized")
        contacts = contacts._filter_dunning_reachable("email_normalized")
        return contacts, ", ".join(contacts.mapped("email_formatted"))

    @api.model
    def _get_obstacle(self, notice):
        if not self._get_recipient(notice)[0]:
            refused = notice._get_contacts("email_normalized").filtered("email_normalized")
            if refused:
                return self.env._(
                    "Messages to %s came back: enter another address, nothing is sent to this one.",
                    refused[:1].email_normalized,
                )
            return self.env._(
                "%s has no valid e-mail address: enter one on the customer or on a contact.",
                notice.partner_id.display_name,
            )
        if self._is_empty(notice):
            return self.env._(
                "The e-mail of step “%s” has no subject or no text: write it in the procedure, or "
                "on this reminder.",
                notice.step_id.name,
            )
        return None

    @api.model
    def _is_empty(self, notice):
        """Whether the step's e-mail would leave without subject or without text."""
        if not notice.step_id.send_email:
            return False  # another message: a duplicate, after a call
        if notice.is_text_edited:
            return not notice.subject or is_html_empty(notice.body)
        template = notice.step_id.sudo().mail_template_id.with_context(lang=notice._get_lang())
        return not template.subject or is_html_empty(template.body_html)

    @api.model
    def _hand_over(self, deliveries, day):
        """Queue one e-mail a delivery; the queue's own job sends it."""
        self._queue(deliveries, *(self._prepare_mail_vals(delivery) for delivery in deliveries))
        deliveries._set_handed_over(day)

    @api.model
    def _queue(self, deliveries, *vals_list):
        """Make the e-mails of ``deliveries``, in the same order, and wait for the server's word."""
        mails = self.env["mail.mail"].sudo().create(list(vals_list))
        for delivery, mail in zip(deliveries, mails, strict=True):
            until = delivery.company_id._get_dunning_today() + timedelta(days=RETRY_DAYS)
            recipient = ", ".join(mail.recipient_ids.mapped("email_formatted"))
            vals = {"mail_id": mail.id, "date_retry_until": until, "recipient": recipient}
            delivery.write(vals)

    @api.model
    def _prepare_mail_vals(self, delivery):
        notice = delivery.notice_id
        texts = notice._get_texts()
        return {
            **self._prepare_envelope(notice),
            "subject": texts["subject"],
            "body": texts["body"],
            "body_html": texts["body"],
            "attachment_ids": [(6, 0, self._get_attachments(notice).ids)],
        }

    @api.model
    def _prepare_envelope(self, notice):
        """From whom and to whom: the message is kept with ``notice``, sent or not."""
        collector = notice._get_collector()
        sender = self._get_sender(notice.company_id, collector)
        return {
            "model": notice._name,
            "res_id": notice.id,
            "email_from": sender,
            "reply_to": collector.email_normalized and collector.email_formatted or sender,
            "author_id": collector.partner_id.id,
            "record_company_id": notice.company_id.id,
            "record_alias_domain_id": notice.company_id.sudo().alias_domain_id.id,
            "recipient_ids": [(6, 0, self._get_recipient(notice)[0].ids)],
            "auto_delete": False,
            "is_notification": False,
            "message_type": "email_outgoing",
        }

    @api.model
    def _get_sender(self, company, collector):
        """From whom e-mails are: the company, else its collector, else its manager, else whoever
        Odoo's own settings name; or ""."""
        senders = (company.partner_id, collector, company._get_dunning_manager())
        named = next((s.sudo().email_formatted for s in senders if s.sudo().email_normalized), "")
        domain = company.sudo().alias_domain_id
        servers = self.env["ir.mail_server"]
        return named or domain.default_from_email or servers._get_default_from_address() or ""

    @api.model
    def _get_misconfiguration(self, company):
        if self._get_sender(company, company._get_dunning_manager()):
            return False
        return self.env._(
            "%s has no e-mail address to send from: enter one on the company.", company.name
        )

    @api.model
    def _get_attachments(self, notice):
        """The notice's document, and copies of the invoices when the step says so.

        Copies, since they are kept with the notice, while an invoice may be made again. The
        document of a formal notice contains them already.
        """
        attachments = notice.attachment_id
        if notice.step_id.attach_invoices and not notice.is_formal_notice:
            attachments |= self._copy_files(notice, notice._get_invoice_documents())
        return notice._check_files(attachments)

    @api.model
    def _copy_files(self, notice, files):
        """Copies of ``files`` as files of ``notice``.

        :raise UserError: one of them is missing from the file store
        """
        notice._check_files(files)
        vals_list = [
            {
                "name": file.name,
                "raw": get_content(file),
                "mimetype": file.mimetype,
                "res_model": notice._name,
                "res_id": notice.id,
                "company_id": notice.company_id.id,
            }
            for file in files
        ]
        return files.create(vals_list)

    # ------------------------------------------------------------
    # WHAT BECAME OF IT
    # ------------------------------------------------------------

    @api.model
    def _record_sent(self, deliveries):
        """The server took the e-mail."""
        for delivery in deliveries.filtered(lambda d: d.state == "todo"):
            self.env["dunning.proof"]._open(delivery).write(
                {
                    "state": "done",
                    "outcome": "sent",
                    "date_done": delivery.company_id._get_dunning_today(),
                    "failure_reason": False,
                    "sent_message": delivery._prepare_sent_message(),
                }
            )

    @api.model
    def _record_partly_sent(self, delivery, reached, reason, is_final):
        """Odoo sends one message a contact: some got it, one did not, others were not tried.

        :param reached: partners who got it; they never get it again
        """
        missed = delivery.mail_id.recipient_ids.filtered(lambda partner: partner not in reached)
        if is_final:
            missed[:1]._note_dunning_refused(self._get_refused(missed[:1], reason))
            address = labelled(self.env, missed[:1].email_formatted, reason)
            self._ask_for_address(delivery, address)
            missed = missed[1:]
        if missed and delivery.state == "todo":
            self.env["dunning.proof"]._open(delivery.mail_id).recipient_ids = missed
            self._record_retry(delivery, reason)
        else:
            self._record_sent(delivery)
            delivery.failure_reason = reason

    @api.model
    def _record_retry(self, deliveries, reason, is_ours=False):
        """The server is down or says "later": try again, for ``RETRY_DAYS`` at most.

        :param is_ours: our own mail server does not answer: no customer's fault
        """
        if is_ours:
            deliveries._tell_not_left(reason)
        for delivery in deliveries.filtered(lambda d: d.state == "todo"):
            if delivery.company_id._get_dunning_today() < delivery.date_retry_until:
                delivery.failure_reason = reason
                later = fields.Datetime.now() + timedelta(hours=RETRY_HOURS)
                mail = self.env["dunning.proof"]._open(delivery.mail_id)  # partly sent, maybe
                mail.write({"state": "outgoing", "scheduled_date": later})
            else:
                self._record_failure(delivery, reason, is_ours=is_ours)

    @api.model
    def _record_cut(self, deliveries, reason):
        """The server hung up: perhaps it took the words. They are offered ``MOST_COPIES`` times."""
        waiting = deliveries.filtered(lambda d: d.state == "todo")
        over = waiting.filtered(lambda d: d.unknown_count >= MOST_COPIES)
        self._record_retry(waiting - over, reason, is_ours=True)
        self._record_perhaps_said(over)

    @api.model
    def _record_perhaps_said(self, deliveries):
        """Perhaps these arrived: a person is told, who may ask; a letter is written where the
        step's tone asks for one."""
        self._keep_back(
            deliveries,
            self.env._(
                "The connection broke twice while it was sent: perhaps it arrived. Ask before it "
                "is sent again."
            ),
        )

    @api.model
    def _keep_back(self, deliveries, sentence):
        """They do not leave, because of ``sentence``: a person is told, or a letter follows."""
        deliveries._set_failed(sentence)
        for delivery in deliveries:
            if self._is_to_be_written(delivery.notice_id):
                self._fall_back(delivery)
            else:
                delivery._schedule_task(labelled(self.env, delivery.display_name, sentence))

    @api.model
    def _record_failure(self, deliveries, reason, outcome=False, is_ours=False):
        """Refused for good, or bounced: say so and take the way that the step's tone asks.

        :param is_ours: it did not leave our own machine: told once, not on each customer
        """
        failed = deliveries.filtered(lambda d: d.state in ("todo", "done"))
        failed._set_failed(reason)
        self.env["dunning.proof"]._open(failed).write({"outcome": outcome})
        if is_ours:
            failed._tell_not_left(reason)
        for delivery in failed:
            if not is_ours or self._is_to_be_written(delivery.notice_id):
                self._fall_back(delivery)

    @api.model
    def _record_bounce(self, deliveries, email, words):
        """The message to ``email`` came back; it counts while another contact got it."""
        words = self.env._(
            "The message to %(email)s came back: %(words)s", email=email, words=words
        )
        for delivery in deliveries.filtered(lambda d: d.state in ("todo", "done")):
            reasons = "\n".join(filter(None, (delivery.failure_reason, words)))
            delivery.mail_id.recipient_ids._note_dunning_refused(email)
            addresses = email_normalize_all(delivery.recipient or "")
            if email in addresses and any(address not in reasons for address in addresses):
                delivery.failure_reason = reasons
                self._ask_for_address(delivery, words)
            else:
                self._record_failure(delivery, reasons, outcome="bounced")

    @api.model
    def _get_refused(self, partner, reason):
        """The address of ``partner`` when the reply says that nobody has it (RFC 3463, x.1.x),
        and False when it speaks of anything else, as of the sender or of what was written."""
        codes = [line.split(" ", 2) for line in (reason or "").splitlines()]
        unknown = any(
            code[0] in UNKNOWN_CODES and not code[1].startswith(("5.2.", "5.3.", "5.5.", "5.7."))
            for code in codes
            if len(code) > 1
        )
        return unknown and partner.email_normalized

    @api.model
    def _fall_back(self, delivery):
        """A courteous step: find the right address. From the last reminder on: a letter."""
        notice = delivery.notice_id
        if not self._is_to_be_written(notice):
            self._ask_for_address(delivery, delivery.failure_reason)
        elif notice._is_still_open() and not self._has_letter(notice):
            self.env["dunning.channel.letter"]._add_delivery(notice)

    @api.model
    def _is_to_be_written(self, notice):
        """Whether a letter follows what did not arrive by e-mail."""
        return notice.step_id.tone == "last" or notice.step_id.is_formal_notice

    @api.model
    def _has_letter(self, notice):
        return any(notice.delivery_ids.mapped("is_printed"))

    @api.model
    def _ask_for_address(self, delivery, reason):
        delivery._schedule_task(
            self.env._("Find the right address of %s", delivery.partner_id.display_name),
            note=reason,
        )
