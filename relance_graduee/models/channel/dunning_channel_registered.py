from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# The registered letter was presented, whatever the customer did with it.
PRESENTED_OUTCOMES = ("received", "refused", "unclaimed")


class DunningChannelRegistered(models.AbstractModel):
    """A registered letter: posted with its number, followed until its receipt is back."""

    _name = "dunning.channel.registered"
    _inherit = ["dunning.channel.letter"]
    _description = "Dunning channel: registered letter"

    _channel_code = "registered"
    _label = _lt("Registered letter")
    _place = 30
    _step_flag = "registered_letter"
    _is_proof = True
    _may_retry = False
    _is_copy = False

    @api.model
    def _get_postal_mode(self, notice):
        letter = notice.delivery_ids.filtered(lambda d: d.channel == self._channel_code)[:1]
        if letter.tracking_number:
            return self.env._(
                "Registered letter with acknowledgement of receipt no. %s", letter.tracking_number
            )
        return self.env._("Registered letter with acknowledgement of receipt")

    @api.model
    def _check_done(self, delivery, day):
        if not delivery.tracking_number:
            raise UserError(
                self.env._(
                    "%s: enter the number of the registered letter first.", delivery.display_name
                )
            )
        return super()._check_done(delivery, day)

    @api.model
    def _after_done(self, delivery, day):
        if not delivery.outcome:
            self.env["dunning.proof"]._open(delivery).outcome = "pending"
        result = super()._after_done(delivery, day)
        delivery.notice_id._hand_over_copies()
        return result

    @api.model
    def _record_outcome(self, delivery, outcome, day):
        """Received, refused and unclaimed count as presented; unknown stops the deadline.

        What was recorded by mistake is put right by recording it anew, or as pending.
        """
        if outcome in PRESENTED_OUTCOMES:
            first = min(delivery.date_presented or day, day)
            received = outcome == "received" and day
            delivery.write({"date_presented": first, "date_received": received})
            delivery.notice_id._move_deadline(first)
        else:
            delivery.write({"date_presented": False, "date_received": False})
        if outcome == "pending":
            delivery.notice_id._restore_deadline(delivery.date_done)
        elif outcome in ("unknown", "lost"):
            delivery.notice_id._stop_deadline()
            delivery._schedule_task(
                self.env._(
                    "Registered letter not delivered: check the registered office of %s",
                    delivery.partner_id.display_name,
                )
            )
        return super()._record_outcome(delivery, outcome, day)

    @api.model
    def _print_posting_list(self, deliveries):
        letters = deliveries.filtered(lambda d: d.channel == "registered")
        if not letters:
            raise UserError(self.env._("There is no registered letter here."))
        content = self.env["dunning.posting.list"]._render_posting_list(
            self._prepare_posting_list(self._sort_for_post(letters))
        )
        return self._open_pdf(content, self.env._("Posting list.pdf"))

    @api.model
    def _prepare_posting_list(self, letters):
        company = letters[:1].company_id
        today = company._get_dunning_today()
        days = {letter.date_done or today for letter in letters}
        return {
            "sender": company._get_dunning_sender(),
            "date": days.pop() if len(days) == 1 else today,
            "rows": [
                {
                    "tracking_number": letter.tracking_number or "",
                    "number": letter.notice_id.name,
                    "recipient": letter.recipient,
                }
                for letter in letters
            ],
        }
