from datetime import timedelta

from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# The addressee accepts or refuses within 15 days from the day after the notice of a registered
# e-mail (Code des postes, R53-3).
ACCEPTANCE_DAYS = 15


class DunningChannelRegisteredEmail(models.AbstractModel):
    """A qualified registered e-mail ("LRE"): it equals a registered letter (CPCE L100).

    Deposited by a person with a provider, and followed like a letter. Anybody but a professional
    must have agreed beforehand, or it is void.
    """

    _name = "dunning.channel.registered_email"
    _inherit = ["dunning.channel.registered"]
    _description = "Dunning channel: registered e-mail"

    _channel_code = "registered_email"
    _label = _lt("Registered e-mail")
    _place = 40
    _step_flag = "registered_email"
    _is_printed = False

    @api.model
    def _get_postal_mode(self, notice):
        return self.env._("Registered e-mail")

    @api.model
    def _get_recipient(self, notice):
        contact = notice._get_contacts("email_normalized").filtered("email_normalized")[:1]
        return contact, contact.email_formatted or ""

    @api.model
    def _get_obstacle(self, notice):
        customer = notice.partner_id.commercial_partner_id.sudo()
        professional = notice._get_customer_kind() in ("business", "public")
        if not self._get_recipient(notice)[0]:
            return self.env._(
                "%s has no valid e-mail address: enter one on the customer or on a contact.",
                customer.display_name,
            )
        if not professional and not customer.lre_consent_date:
            return self.env._(
                "%s is no professional and did not agree to registered e-mails: it would be void. "
                "Note the day of the consent on the customer, or send a registered letter.",
                customer.display_name,
            )
        return None

    @api.model
    def _get_arrival_day(self, notice, day):
        """The last day on which it may be accepted: those days are left to the customer."""
        return self._get_acceptance_end(day)

    @api.model
    def _get_acceptance_end(self, deposited):
        """The last day on which the addressee may accept."""
        return deposited + timedelta(days=ACCEPTANCE_DAYS)
