from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    """Merging lifts no hold, and hands on no release, unless a dunning manager merges."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env["res.partner"].browse(partner_ids).exists()
        if len(partners) < 2 or partners._may_lift():
            return super()._merge(partner_ids, dst_partner, extra_checks)
        with partners._keeping_holds():
            return super()._merge(partner_ids, dst_partner, extra_checks)
