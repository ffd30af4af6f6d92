from odoo import models
from odoo.exceptions import AccessError


class MergePartnerAutomatic(models.TransientModel):
    """Whoever may merge contacts decides nothing about reminders by it.

    What collectors alone write (``res.partner._get_dunning_guarded_fields``) stays as it is of the
    customer who owes something; of those who owe nothing, as it is of the one that remains.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env["res.partner"].browse(partner_ids).exists()
        if len(partners) < 2 or partners._may_decide():
            return super()._merge(partner_ids, dst_partner, extra_checks)
        rulers = partners._get_dunning_rulers()
        decisions = (partners | partners.sudo().commercial_partner_id)._get_dunning_decisions()
        contacts = {partner: partner.dunning_contact_ids for partner in partners.sudo()}
        self._check_same_decisions(rulers, decisions)
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        remaining = partners.exists().sudo()
        ruler = rulers[:1] if rulers <= partners and rulers else remaining
        if ruler != remaining:
            self._check_is_customer(remaining)
        remaining._write_dunning_decisions(decisions[ruler.id])
        remaining.dunning_contact_ids = contacts[ruler].exists()
        return result

    def _check_same_decisions(self, rulers, decisions):
        """:raise AccessError: several owe, and it was decided otherwise about each"""
        if len({repr(decisions[ruler.id]) for ruler in rulers}) > 1:
            raise AccessError(
                self.env._(
                    "Reminders of %s are not the same: a collector merges them.",
                    ", ".join(rulers.mapped("display_name")),
                )
            )

    def _check_is_customer(self, remaining):
        """:raise AccessError: what is owed would go to a contact of somebody else"""
        if remaining.commercial_partner_id != remaining:
            raise AccessError(
                self.env._("Who owes something is merged into a contact by a collector.")
            )

    def _update_values(self, src_partners, dst_partner):
        # EXTENDS 'base': guarded fields are put right at the end of ``_merge``
        return super()._update_values(src_partners.sudo(), dst_partner.sudo())
