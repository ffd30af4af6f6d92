from odoo import api, fields, models


class DunningDelivery(models.Model):
    """The copy of a letter to a public body that its accountant gets: no contact, no proof."""

    _inherit = "dunning.delivery"

    is_accountant_copy = fields.Boolean(string="Copy to the public accountant", readonly=True)

    @api.depends("is_accountant_copy")
    def _compute_channel_label(self):
        result = super()._compute_channel_label()
        for delivery in self.filtered("is_accountant_copy"):
            delivery.channel_label = self.env._("Copy to the public accountant")
        return result

    @api.depends("is_accountant_copy", "notice_id.state")
    def _compute_waits_for_proof(self):
        """A copy leaves with what it copies or after it."""
        result = super()._compute_waits_for_proof()
        for copy in self.filtered(lambda d: d.is_accountant_copy and d.state == "todo"):
            copy.waits_for_proof = copy.waits_for_proof or copy.notice_id.state != "sent"
        return result

    def _is_contact(self, outcome):
        """Whether this, once done, is a contact with the customer."""
        return not self.is_accountant_copy and self._get_channel()._is_contact(outcome)

    def _get_current_recipient(self):
        if not self.is_accountant_copy:
            return super()._get_current_recipient()
        notice = self.notice_id
        known = notice._get_accountant()
        return ", ".join(notice._get_accountant_lines()) if known else self.recipient

    def _get_task_note(self):
        """Plain text that the task of this delivery shows under its summary. To extend."""
        return ""

    def _get_document(self):
        """The paper that goes into the envelope."""
        notice = self.notice_id
        return notice.copy_attachment_id if self.is_accountant_copy else notice.attachment_id

    def _refresh_letters(self):
        """Before these are printed: make anew what is no longer true of them. To extend.

        Whoever renders the documents does so (see ``run``); a letter may be cancelled by it.
        """
