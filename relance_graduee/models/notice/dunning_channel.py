from odoo import api, models
from odoo.exceptions import UserError


class DunningChannel(models.AbstractModel):
    """The work of a channel on a reminder; its attributes are in ``policy/dunning_channel.py``.

    The sender asks each channel of a step, in this order: ``_get_obstacle`` (can this notice
    go this way?), ``_prepare_delivery_vals`` (plain data), then, deliveries created,
    ``_hand_over``. A channel that a person completes hands over nothing by itself: its
    delivery stays ``todo`` until ``dunning.delivery.action_done``.
    """

    _inherit = "dunning.channel"

    @api.model
    def _get_obstacle(self, notice):
        """Why ``notice`` cannot go this way, as a sentence a person can act on, or False."""
        return False

    @api.model
    def _get_misconfiguration(self, company):
        """What of our own settings stops this way for every customer, as a sentence, or False."""
        return False

    @api.model
    def _get_recipient(self, notice):
        """Whom to write to or call.

        :return: tuple (res.partner records, text that names address or number)
        """
        return notice._get_contacts(), ""

    @api.model
    def _prepare_delivery_vals(self, notice, day):
        """Values of a ``dunning.delivery`` for ``notice``; writes nothing."""
        contacts, recipient = self._get_recipient(notice)
        return {
            "notice_id": notice.id,
            "partner_id": notice.partner_id.id,
            "company_id": notice.company_id.id,
            "channel": self._channel_code,
            "contact_id": contacts[:1].id,
            "recipient": recipient,
            "user_id": notice._get_owner().id,
            "date_planned": notice.company_id._add_dunning_working_days(day, 0),
        }

    @api.model
    def _get_arrival_day(self, notice, day):
        """The latest day of arrival of ``notice``, handed over on ``day``."""
        return day

    @api.model
    def _get_postal_mode(self, notice):
        """The mode of posting that the letter of ``notice`` names above its address, or ""."""
        return ""

    @api.model
    def _hand_over(self, deliveries, day):
        """Give ``deliveries`` to the outside world, as far as the machine can."""

    @api.model
    def _add_delivery(self, notice):
        """One more delivery of ``notice``, this way (by e-mail it could not be delivered).

        :return: the delivery; failed, with a task, where it cannot go this way either
        """
        day = notice.company_id._get_dunning_today()
        vals = self._prepare_delivery_vals(notice, day)
        delivery = self.env["dunning.delivery"].sudo().create(vals)
        obstacle = self._get_obstacle(notice)
        if obstacle:
            delivery._set_failed(obstacle)
            delivery._schedule_task(obstacle)
        else:
            self._hand_over(delivery, day)
        return delivery

    @api.model
    def _fall_back(self, delivery):
        """``delivery`` failed while others carry its notice: somebody is to see to it."""
        delivery._schedule_task(delivery.failure_reason)

    @api.model
    def _check_done(self, delivery, day):
        """:raise UserError: ``delivery`` cannot be said to be done on ``day``"""
        if delivery.notice_id and self._is_queued:
            raise UserError(
                self.env._(
                    "%s: the queue says itself when it is done. If it failed, correct the "
                    "address and send it again.",
                    delivery.display_name,
                )
            )

    @api.model
    def _after_done(self, delivery, day):
        """Do what follows from ``delivery`` being done on ``day``."""

    @api.model
    def _get_acceptance_end(self, deposited):
        """The last day on which what was deposited on that day may be accepted, or False."""
        return False

    @api.model
    def _record_outcome(self, delivery, outcome, day):
        """Note on ``day`` what became of ``delivery``, which was posted."""
        delivery.write({"outcome": outcome})

    @api.model
    def _is_contact(self, outcome=None):
        """Whether being done is a contact with the customer."""
        return self._reaches_customer

    @api.model
    def _is_document(self):
        """Whether this channel carries the notice's document."""
        return False
