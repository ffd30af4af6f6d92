from datetime import timedelta

from odoo import api, fields, models

# A server that is down or says "later" is asked again for so many days.
RETRY_DAYS = 3
RETRY_HOURS = 1


class DunningChannelEmail(models.AbstractModel):
    """The step's mail template, through ``mail.mail``, with the notice's PDF."""

    _name = "dunning.channel.email"
    _inherit = ["dunning.channel"]
    _description = "Dunning channel: e-mail"

    _channel_code = "email"

    @api.model
    def _is_document(self):
        return True

    @api.model
    def _get_recipient(self, notice):
        contacts = notice._get_contacts().filtered("email_normalized")
        return contacts, ", ".join(contacts.mapped("email_formatted"))

    @api.model
    def _get_obstacle(self, notice):
        if not self._get_recipient(notice)[0]:
            return self.env._(
                "%s has no valid e-mail address: enter one on the customer or on a contact.",
                notice.partner_id.display_name,
            )
        return None

    @api.model
    def _hand_over(self, deliveries, day):
        """Queue one e-mail a delivery; the queue's own job sends it."""
        mails = (
            self.env["mail.mail"]
            .sudo()
            .create([self._prepare_mail_vals(delivery) for delivery in deliveries])
        )
        for delivery, mail in zip(deliveries, mails, strict=True):
            delivery.write(
                {"mail_id": mail.id, "date_retry_until": day + timedelta(days=RETRY_DAYS)}
            )
        deliveries._set_handed_over(day)

    @api.model
    def _prepare_mail_vals(self, delivery):
        notice = delivery.notice_id
        texts = notice._get_texts()
        collector = notice._get_collector()
        sender = notice.company_id.email_formatted or collector.email_formatted
        return {
            "model": notice._name,
            "res_id": notice.id,
            "subject": texts["subject"],
            "body": texts["body"],
            "body_html": texts["body"],
            "email_from": sender,
            "reply_to": collector.email_formatted or sender,
            "author_id": collector.partner_id.id,
            "recipient_ids": [(6, 0, self._get_recipient(notice)[0].ids)],
            "attachment_ids": [(6, 0, self._get_attachments(notice).ids)],
            "auto_delete": False,
            "is_notification": False,
            "message_type": "email_outgoing",
        }

    @api.model
    def _get_attachments(self, notice):
        """The notice's document, and the invoices when the step says so."""
        attachments = notice.attachment_id
        if notice.step_id.attach_invoices:
            attachments |= notice._get_invoice_documents()
        return attachments

    # ------------------------------------------------------------
    # WHAT BECAME OF IT
    # ------------------------------------------------------------

    @api.model
    def _record_sent(self, deliveries):
        """The server took the e-mail."""
        for delivery in deliveries.filtered(lambda d: d.state == "todo"):
            delivery.write(
                {
                    "state": "done",
                    "outcome": "sent",
                    "date_done": delivery.company_id._get_dunning_today(),
                    "failure_reason": False,
                }
            )

    @api.model
    def _record_retry(self, deliveries, reason):
        """The server is down or says "later": try again, for ``RETRY_DAYS`` at most."""
        for delivery in deliveries.filtered(lambda d: d.state == "todo"):
            if delivery.company_id._get_dunning_today() < delivery.date_retry_until:
                delivery.failure_reason = reason
                later = fields.Datetime.now() + timedelta(hours=RETRY_HOURS)
                delivery.mail_id.write({"state": "outgoing", "scheduled_date": later})
            else:
                self._record_failure(delivery, reason)

    @api.model
    def _record_failure(self, deliveries, reason, outcome=False):
        """Refused for good, or bounced: say so and take the way that the step's tone asks."""
        failed = deliveries.filtered(lambda d: d.state in ("todo", "done"))
        failed._set_failed(reason)
        failed.write({"outcome": outcome})
        for delivery in failed:
            self._fall_back(delivery)

    @api.model
    def _fall_back(self, delivery):
        """A courteous step: find the right address. From the last reminder on: a letter."""
        notice = delivery.notice_id
        step = notice.step_id
        has_letter = {"letter", "registered"} & set(notice.delivery_ids.mapped("channel"))
        if step.tone == "last" or step.is_formal_notice:
            if not has_letter:
                self.env["dunning.sender"]._add_delivery(notice, "letter")
            return
        delivery._schedule_task(
            self.env._("Find the right address of %s", notice.partner_id.display_name),
            note=delivery.failure_reason,
        )
