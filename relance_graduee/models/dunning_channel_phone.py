from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from .dunning_delivery import ANSWER_PAUSE_DAYS, PROMISE_GRACE_DAYS

# Outcomes after which the customer is left in peace for some working days.
PAUSING_OUTCOMES = ("already_sent", "not_received")


class DunningChannelPhone(models.AbstractModel):
    """A call that a person makes; its outcome sets what comes next."""

    _name = "dunning.channel.phone"
    _inherit = ["dunning.channel"]
    _description = "Dunning channel: call"

    _channel_code = "phone"

    @api.model
    def _get_recipient(self, notice):
        contact = notice._get_contacts("phone").filtered("phone")[:1] or notice.partner_id
        return contact, contact.phone or ""

    @api.model
    def _is_contact(self, outcome=None):
        """Nobody was contacted by a call that was not made or reached a wrong number."""
        return outcome not in ("not_done", "wrong_number")

    @api.model
    def _check_done(self, delivery, day):
        """Never more than one call to a customer a day, whoever calls."""
        earlier = delivery.search(
            [
                ("id", "!=", delivery.id),
                ("channel", "=", "phone"),
                ("state", "=", "done"),
                ("date_contact", "=", day),
                ("partner_id", "child_of", delivery.partner_id.commercial_partner_id.id),
                ("company_id", "=", delivery.company_id.id),
            ],
            limit=1,
        )
        if earlier:
            raise UserError(
                self.env._(
                    "%(customer)s was already called on that day by %(user)s: "
                    "one call a day is enough.",
                    customer=delivery.partner_id.display_name,
                    user=earlier.write_uid.name,
                )
            )

    @api.model
    def _after_done(self, delivery, day):
        self._close_siblings(delivery, day)
        self._apply_outcome(delivery, day)

    @api.model
    def _close_siblings(self, delivery, day):
        """Notices in several currencies are one call."""
        siblings = delivery.search(
            [
                ("channel", "=", delivery.channel),
                ("state", "=", "todo"),
                ("notice_id", "!=", False),
                ("partner_id", "=", delivery.partner_id.id),
                ("company_id", "=", delivery.company_id.id),
                ("date_planned", "<=", day),
            ]
        )
        siblings._set_done(day, delivery.outcome, delivery.note)

    @api.model
    def _apply_outcome(self, delivery, day):
        """What the answer changes: a pause, a promise, a dispute, another call."""
        company = delivery.company_id
        given = delivery.outcome_date or day
        label = dict(delivery._fields["outcome"]._description_selection(self.env)).get(
            delivery.outcome
        )
        if delivery.outcome in PAUSING_OUTCOMES:
            until = company._add_dunning_working_days(day, ANSWER_PAUSE_DAYS)
            delivery._pause_customer(until, label)
        elif delivery.outcome == "will_pay":
            until = company._add_dunning_working_days(given, PROMISE_GRACE_DAYS)
            delivery._pause_customer(until, label)
        elif delivery.outcome == "signatory_absent" and delivery.outcome_date:
            delivery._pause_customer(given, label)
        elif delivery.outcome == "contests":
            self._dispute(delivery, delivery.note or label)
        elif delivery.outcome == "call_back":
            self._plan_call_back(delivery, given if given > day else day + timedelta(days=1))
        elif delivery.outcome in ("wrong_number", "person_left"):
            delivery._schedule_task(
                self.env._("Find the right person of %s", delivery.partner_id.display_name)
            )

    @api.model
    def _dispute(self, delivery, reason):
        """What the notice tells of is disputed; money that we hold stays the customer's."""
        lines = delivery.notice_id.line_ids.filtered(
            lambda said: said.live and said.amount_residual > 0
        )
        lines.move_line_id._set_dunning_disputed(True, reason)

    @api.model
    def _plan_call_back(self, delivery, day):
        """A further call outside the ladder, on the working day that was agreed."""
        delivery.create(
            {
                "partner_id": delivery.partner_id.id,
                "company_id": delivery.company_id.id,
                "contact_id": delivery.contact_id.id,
                "channel": delivery.channel,
                "user_id": delivery.user_id.id,
                "date_planned": delivery.company_id._add_dunning_working_days(day, 0),
                "note": delivery.note,
            }
        )
