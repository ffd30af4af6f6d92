from odoo import models


class DunningNotice(models.Model):
    """Whom a notice speaks to, in which language, and who of ours stands behind it."""

    _inherit = "dunning.notice"

    def _get_customer_kind(self):
        return self.partner_id.commercial_partner_id._get_customer_kind()

    def _get_lang(self):
        """The customer's language, else the company's."""
        return (
            self.partner_id.commercial_partner_id.lang
            or self.company_id.partner_id.lang
            or self.env.lang
        )

    def _get_collector(self):
        """The user who follows the file: the customer's collector, else the dunning manager."""
        return self.partner_id._get_dunning_collector(self.company_id)

    def _get_salesperson(self):
        """The customer's salesperson, else the invoices'; else the collector."""
        partner = self.partner_id.commercial_partner_id.sudo()
        users = partner.user_id | self.line_ids.move_id.sudo().invoice_user_id
        return self.company_id._filter_dunning_able(users)[:1] or self._get_collector()

    def _get_owner(self):
        """The user who does the call, visit or handover of this step."""
        if self.step_id.owner == "manager":
            return self.company_id._get_dunning_manager()
        if self.step_id.owner == "salesperson":
            return self._get_salesperson()
        return self._get_collector()

    def _get_contacts(self, means=None):
        """Whom to write to: see ``res.partner._get_dunning_contacts``."""
        return self.partner_id._get_dunning_contacts(self.company_id, means)

    def _get_postal_address(self):
        """The address that is on the letter: of a formal notice the registered seat's first.

        :return: ``tools.postal_address.PostalAddress``
        """
        customer = self.partner_id.commercial_partner_id.sudo()
        places = customer._get_dunning_places()
        return (customer | places if self.is_formal_notice else places)._get_dunning_address()
