from odoo import models
from odoo.tools.mail import email_normalize_all


class DunningNotice(models.Model):
    """The ways of a notice: what they carry, when it has arrived, and what of it comes back."""

    _inherit = "dunning.notice"

    def _get_step_channels(self):
        """The models of the channels that the step takes (see ``dunning.channel``)."""
        channel = self.env["dunning.channel"]
        return [channel._get_channel(code) for code in self.step_id._get_channels()]

    def _has_document(self):
        """Whether a channel of the step carries a document."""
        return any(channel._is_document() for channel in self._get_step_channels())

    def _get_postal_mode(self):
        modes = (channel._get_postal_mode(self) for channel in self._get_step_channels())
        return next(filter(None, modes), super()._get_postal_mode())

    def _get_arrival_day(self, day):
        """That of the slowest channel of the step."""
        channels = self._get_step_channels()
        arrivals = [channel._get_arrival_day(self, day) for channel in channels]
        return max([super()._get_arrival_day(day), *arrivals])

    def _prepare_texts(self):
        """Adds the e-mail of the step, where it sends one."""
        texts = super()._prepare_texts()
        step = self.step_id.sudo().with_context(lang=self._get_lang())
        template = step.mail_template_id if step.send_email else step.mail_template_id.browse()
        return {
            "subject": self._render_text(template, "subject"),
            "body": template._replace_local_links(self._render_text(template, "body_html")),
            **texts,
        }

    def _hand_over_copies(self):
        """The registered letter was posted: its e-mails and messages leave now, that is today.

        Ordinary letters are posted by a person, on the same list.
        """
        copies = self.delivery_ids.filtered(
            lambda d: d.state == "todo" and d._get_channel()._is_queued and not d.date_contact
        )
        for delivery in copies:
            channel = delivery._get_channel()
            notice = delivery.notice_id
            obstacle = channel._get_obstacle(notice)
            if channel._is_document():
                obstacle = obstacle or notice._get_broken_words(notice.attachment_id)
            if obstacle:
                delivery._set_failed(obstacle)
                channel._fall_back(delivery)
            else:
                channel._hand_over(delivery, notice.company_id._get_dunning_today())

    # ------------------------------------------------------------
    # WHAT COMES BACK
    # ------------------------------------------------------------

    def _message_receive_bounce(self, email, partner):
        # EXTENDS 'mail': an e-mail that comes back is a delivery that failed
        super()._message_receive_bounce(email, partner)
        bounce = self.env.context.get("dunning_bounce") or {}
        if not bounce.get("is_final", True):
            return
        deliveries = self._get_bounced_deliveries(email, bounce.get("message_id"))
        words = bounce.get("words") or self.env._("no reason given")
        self.env["dunning.channel.email"]._record_bounce(deliveries, email, words)

    def _get_bounced_deliveries(self, email, message_id):
        """Those of the message that came back; without it, the e-mails sent to ``email``.

        Found by message, since a certified duplicate is no delivery of the notice it is kept with.
        """
        sent = self.env["dunning.delivery"].sudo()
        if message_id:
            return sent.search([("mail_id.mail_message_id", "=", message_id)])
        return self.sudo().delivery_ids.filtered(
            lambda d: d.channel == "email" and email in email_normalize_all(d.recipient or "")
        )
