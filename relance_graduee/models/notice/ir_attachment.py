from odoo import api, models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        self.env["dunning.proof"]._check_files(self, vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_dunning_proof(self):
        self.env["dunning.proof"]._check_files(self)
