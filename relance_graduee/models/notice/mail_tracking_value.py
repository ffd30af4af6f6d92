from odoo import api, models


class MailTrackingValue(models.Model):
    _inherit = "mail.tracking.value"

    def write(self, vals):
        # EXTENDS 'mail': part of what the message says
        self.env["dunning.proof"]._check_messages(self.mail_message_id)
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_dunning_proof(self):
        self.env["dunning.proof"]._check_messages(self.mail_message_id)
