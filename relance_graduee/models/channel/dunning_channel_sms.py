from datetime import timedelta

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from .dunning_channel_email import RETRY_DAYS

_lt = LazyTranslate(__name__)


class DunningChannelSms(models.AbstractModel):
    """The step's SMS template, through Odoo's own SMS queue."""

    _name = "dunning.channel.sms"
    _inherit = ["dunning.channel"]
    _description = "Dunning channel: SMS"

    _channel_code = "sms"
    _label = _lt("SMS")
    _place = 50
    _step_flag = "send_sms"
    _text_field = "sms_template_id"
    _is_written = True
    _is_queued = True
    _may_retry = True
    _is_copy = True

    @api.model
    def _is_text_missing(self, step):
        return not (step.sms_template_id.body or "").strip()

    @api.model
    def _get_text_source(self, step):
        return step.sms_template_id, ("body",)

    @api.model
    def _is_text_edited(self, notice):
        return False  # a person edits letters and e-mails alone

    @api.model
    def _get_recipient(self, notice):
        contact = notice._get_contacts("phone").filtered("phone")[:1] or notice.partner_id
        return contact, contact._phone_format(fname="phone") or contact.phone or ""

    @api.model
    def _get_obstacle(self, notice):
        if not self._get_recipient(notice)[1]:
            return self.env._(
                "%s has no telephone number: enter one on the customer or on a contact.",
                notice.partner_id.display_name,
            )
        return notice._get_text_error(self._get_template(notice), "body")

    @api.model
    def _hand_over(self, deliveries, day):
        messages = (
            self.env["sms.sms"]
            .sudo()
            .create([self._prepare_sms_vals(delivery) for delivery in deliveries])
        )
        for delivery, message in zip(deliveries, messages, strict=True):
            # Odoo deletes the messages that left: their words are kept before
            until = delivery.company_id._get_dunning_today() + timedelta(days=RETRY_DAYS)
            delivery.write({"sms_id": message.id, "date_retry_until": until})
            left = delivery._prepare_sent_message()
            self.env["dunning.proof"]._open(delivery).sent_message = left
        deliveries._set_handed_over(day)

    @api.model
    def _record_failure(self, deliveries, reason, outcome=False, is_ours=False):
        deliveries._set_failed(reason)
        if is_ours:
            deliveries._tell_not_left(reason)
            return
        for delivery in deliveries:
            self._fall_back(delivery)

    @api.model
    def _prepare_sms_vals(self, delivery):
        notice = delivery.notice_id
        return {
            "number": delivery.recipient,
            "partner_id": delivery.contact_id.id,
            "body": notice._render_text(self._get_template(notice), "body"),
        }

    @api.model
    def _get_template(self, notice):
        """The text of its step, in the customer's language."""
        return notice.step_id.sudo().sms_template_id.with_context(lang=notice._get_lang())
