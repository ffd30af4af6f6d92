from odoo import api, models
from odoo.tools import html2plaintext


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        # EXTENDS 'mail': tell notices which message came back and in which words. Reports that a
        # message is late or was delivered are not bounces.
        status = self._get_dunning_report_field(email_message, "Status")
        words = self._get_dunning_report_field(email_message, "Diagnostic-Code")
        is_final = status.startswith("5") or not status
        bounce = {
            "message_id": message_dict["bounced_message"].id,
            "words": words or html2plaintext(message_dict.get("body") or "")[:500].strip(),
            "is_final": is_final,
        }
        return super(MailThread, self.with_context(dunning_bounce=bounce))._routing_handle_bounce(
            email_message, message_dict
        )

    @api.model
    def _get_dunning_report_field(self, email_message, name):
        """A field of the first recipient in a delivery report (RFC 3464), or ""."""
        parts = (part for part in email_message.walk() if part.get(name))
        value = next((part[name] for part in parts), "")
        return " ".join(str(value).partition(";")[2].split() or str(value).split())
