from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mail import email_split_and_format

from ..common.groups import ACCOUNTING_GROUPS, INTERNAL_GROUP
from ..common.words import labelled


class DunningDelivery(models.Model):
    """What left: the whole e-mail or SMS, as it was handed over, kept with its delivery."""

    _inherit = "dunning.delivery"

    sent_message = fields.Json(
        readonly=True,
        copy=False,
        groups=ACCOUNTING_GROUPS,
        help="Of an e-mail or SMS that left: its headers, recipients, words and files.",
    )
    sent_text = fields.Html(
        string="What left", compute="_compute_sent_text", compute_sudo=True, groups=INTERNAL_GROUP
    )

    @api.depends("sent_message")
    @api.depends_context("lang")
    def _compute_sent_text(self):
        for delivery in self:
            message = delivery.sent_message or {}
            lines = [
                labelled(self.env, label, message[name])
                for name, label in self._get_sent_labels().items()
                if message.get(name)
            ]
            head = Markup("").join(Markup("<div>%s</div>") % line for line in lines)
            body = message.get("body") or ""
            html = Markup(body) if delivery.mail_id else Markup("<p>%s</p>") % body
            delivery.sent_text = head + Markup("<hr/>") + html if message else False

    @api.model
    def _get_sent_labels(self):
        return {
            "from": self.env._("Sender"),
            "reply_to": self.env._("Reply to"),
            "to": self.env._("Recipients"),
            "date": self.env._("Handed over (UTC)"),
            "subject": self.env._("Subject"),
            "message_id": self.env._("Number of the message"),
            "files": self.env._("Attached (SHA-1)"),
        }

    def _prepare_sent_message(self):
        """The e-mail or SMS of this delivery, as it leaves: plain data, writes nothing."""
        sent = {"date": fields.Datetime.to_string(fields.Datetime.now())}
        if self.sms_id:
            return sent | {"to": self.sms_id.number, "body": self.sms_id.body}
        mail = self.mail_id
        files = [f"{file.name} {file.checksum}" for file in mail.attachment_ids]
        return sent | {
            "message_id": mail.message_id,
            "from": mail.email_from,
            "reply_to": mail.reply_to,
            "to": ", ".join(email_split_and_format(self.recipient or "")),
            "subject": mail.subject,
            "body": mail.body_html,
            "files": ", ".join(files),
        }

    @api.model
    def _get_kept_fields(self):
        return super()._get_kept_fields() | {"sent_message"}

    @api.model
    def _get_ruled_fields(self):
        return super()._get_ruled_fields() | {"sent_message"}

    def _check_kept(self, vals):
        """What left is noted once, by whoever handed it over."""
        result = super()._check_kept(vals)
        if "sent_message" in vals and not self.env["dunning.proof"]._is_opened():
            raise UserError(self.env._("What left is noted once: it is a proof."))
        return result
