from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        # EXTENDS 'base': pauses are a collector's to set, but whoever may merge carries them over
        return super()._update_values(src_partners.sudo(), dst_partner.sudo())
