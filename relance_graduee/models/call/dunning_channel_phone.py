from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# The call was not made, or reached somebody else: another may be tried on the same day.
NO_CALL_OUTCOMES = ("not_done", "wrong_number")
# Nobody of the customer heard anything: it does not make the customer wait.
NO_CONTACT_OUTCOMES = (*NO_CALL_OUTCOMES, "unreachable", "person_left")


class DunningChannelPhone(models.AbstractModel):
    """A call that a person makes; its outcome sets what comes next (``dunning.outcome``)."""

    _name = "dunning.channel.phone"
    _inherit = ["dunning.channel"]
    _description = "Dunning channel: call"

    _channel_code = "phone"
    _label = _lt("Call")
    _place = 60
    _step_flag = "phone_call"
    _by_person = True

    @api.model
    def _get_recipient(self, notice):
        contact = notice._get_contacts("phone").filtered("phone")[:1] or notice.partner_id
        return contact, contact.phone or ""

    @api.model
    def _is_contact(self, outcome=None):
        """A message left is a contact; a call that nobody took is none, though it was made."""
        return outcome not in NO_CONTACT_OUTCOMES

    @api.model
    def _check_done(self, delivery, day):
        """:raise UserError: before the call was asked for, or a second one on that day"""
        if delivery.notice_id and day < delivery.notice_id.date:
            raise UserError(
                self.env._(
                    "%s: it was not yet asked for on that day. Record a contact instead.",
                    delivery.display_name,
                )
            )
        if not delivery.is_incoming and not delivery.corrects_id:
            self._check_one_a_day(delivery, day)

    @api.model
    def _check_one_a_day(self, delivery, day):
        """Never more than one call to a customer a day, whoever calls."""
        earlier = (delivery._get_calls_of(day) - delivery).filtered(lambda d: not d.is_incoming)
        if earlier:
            raise UserError(
                self.env._(
                    "%(customer)s was already called on that day by %(user)s: "
                    "one call a day is enough.",
                    customer=delivery.partner_id.display_name,
                    user=earlier[0]._get_doer().name,
                )
            )

    @api.model
    def _after_done(self, delivery, day):
        """Notices in several currencies are one call."""
        delivery._get_siblings(day)._close_with(delivery, day)
