from odoo import models


class MailMessage(models.Model):
    _inherit = "mail.message"

    def write(self, vals):
        # EXTENDS 'mail': what was said with a reminder stays as it was said
        self.env["dunning.proof"]._check_messages(self, vals)
        return super().write(vals)

    def unlink(self):
        # EXTENDS 'mail': before its files are deleted with it
        self.env["dunning.proof"]._check_messages(self)
        return super().unlink()
