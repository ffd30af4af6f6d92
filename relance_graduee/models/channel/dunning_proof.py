from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Of an e-mail or SMS that a delivery waits for: what its queue notes.
QUEUE_FIELDS = {
    "state", "failure_type", "failure_reason", "scheduled_date", "to_delete",
}  # fmt: skip


class DunningProof(models.AbstractModel):
    """Queued e-mails and SMS: the queue notes what became of them, nothing else changes."""

    _inherit = "dunning.proof"

    @api.model
    def _get_domains(self):
        return super()._get_domains() | {"dunning.receipt": Domain.TRUE}

    @api.model
    def _get_message_paths(self):
        return super()._get_message_paths() | {"dunning.delivery": ("mail_id.mail_message_id",)}

    @api.model
    def _get_document_fields(self):
        fields = super()._get_document_fields()
        names = (*fields["dunning.delivery"], "mail_id.attachment_ids")
        return fields | {"dunning.delivery": names}

    @api.model
    def _get_queued(self, messages, link):
        """The deliveries that wait for, or were carried by, these e-mails or SMS (``link``)."""
        return self.env["dunning.delivery"].sudo().search([(link, "in", messages.ids)])

    @api.model
    def _check_queued(self, messages, link, vals):
        """:raise UserError: more would be written than what the queue notes, or after the end"""
        if self._is_opened() or not self._is_told(messages, vals):
            return
        if self._get_queued(messages, link):
            raise UserError(
                self.env._(
                    "This message belongs to a reminder: it leaves as it was made, and is kept. "
                    "Call the delivery off, if it is not to leave."
                )
            )

    @api.model
    def _is_told(self, messages, vals):
        """Whether writing ``vals`` changes what ``messages`` say, or what became of them."""
        names = self._get_fixed_names(messages) & vals.keys()
        if messages._name == "mail.mail" and self._is_left_out(messages, vals):
            names -= {"recipient_ids", "email_cc", "email_to"}
        is_over = any(message.state == "sent" for message in messages)
        return bool(names - (set() if is_over else QUEUE_FIELDS | {"message_id"}))

    @api.model
    def _is_left_out(self, mails, vals):
        """Whether the queue itself leaves some recipients to another message of the same text.

        It names them by records, which no call from outside can.
        """
        kept = vals.get("recipient_ids")
        if not isinstance(kept, models.BaseModel) or vals.get("email_cc") or vals.get("email_to"):
            return False
        return all(mail.state == "outgoing" and kept <= mail.recipient_ids for mail in mails)

    @api.model
    def _check_not_queued(self, messages, link):
        """:raise UserError: an e-mail or SMS that a delivery names would be deleted"""
        if not self._is_opened() and self._get_queued(messages, link):
            raise UserError(
                self.env._(
                    "This message belongs to a reminder: it is kept. Call the delivery off, if it "
                    "is not to leave."
                )
            )
