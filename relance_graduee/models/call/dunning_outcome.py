from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..common.groups import USER_GROUP

# Working days in which items are left in peace after some answers, or after a promise.
ANSWER_PAUSE_DAYS = 5
PROMISE_GRACE_DAYS = 3
# Answers that are worth nothing without their date; those that may have one.
NEEDED_DATES = ("call_back", "signatory_absent", "will_pay")
DATED_OUTCOMES = (*NEEDED_DATES, "awaiting_approval", "already_sent")
STAYING_OUTCOMES = ("already_sent", "not_received", "forgotten", "awaiting_approval")
STAYING_UNTIL_OUTCOMES = ("signatory_absent", "awaiting_approval")


class DunningOutcome(models.AbstractModel):
    """Answers of a customer: the data that each requires, and its consequences.

    A stay of the items that were named (``_get_stay_end``), or whatever ``_apply_<outcome>`` does.
    After an answer with neither (voicemail, unreachable, other) the next step of the ladder is
    what comes next. No answer frees goods, whoever notes it.
    """

    _name = "dunning.outcome"
    _description = "What an answer changes"

    # ------------------------------------------------------------
    # REQUIRED DATA
    # ------------------------------------------------------------

    @api.model
    def _check(self, delivery, outcome, day):
        """:raise UserError: ``outcome`` needs a date, or its date makes no sense on ``day``"""
        given = delivery.outcome_date
        if outcome in NEEDED_DATES and not given:
            raise UserError(self.env._("Enter the date that was given."))
        if outcome == "call_back" and given <= day:
            raise UserError(self.env._("Call back on a later day: one call a day is enough."))
        if outcome in DATED_OUTCOMES and given:
            self._check_side(outcome, given, day)

    @api.model
    def _check_side(self, outcome, given, day):
        """A payment was sent before the answer; everything else comes after it."""
        if outcome == "already_sent" and given > day:
            raise UserError(self.env._("%s lies in the future.", format_date(self.env, given)))
        if outcome != "already_sent" and given < day:
            raise UserError(self.env._("%s lies in the past.", format_date(self.env, given)))

    # ------------------------------------------------------------
    # CONSEQUENCES
    # ------------------------------------------------------------

    @api.model
    def _apply(self, delivery, day, lines):
        """Do what follows from the outcome of ``delivery``, noted for ``day``.

        :param lines: the items that it is about
        """
        until = self._get_stay_end(delivery, day)
        if until:
            lines._set_dunning_stay(until, delivery.outcome)
        apply_outcome = getattr(self, f"_apply_{delivery.outcome}", None)
        if apply_outcome:
            apply_outcome(delivery, day)

    @api.model
    def _get_label(self, outcome):
        labels = self.env["dunning.delivery"]._fields["outcome"]._description_selection(self.env)
        return dict(labels)[outcome]

    @api.model
    def _get_stay_end(self, delivery, day):
        """The last day on which the items are left in peace, or None."""
        company, outcome = delivery.company_id, delivery.outcome
        given = self._get_given_day(delivery, day)
        if outcome == "will_pay":
            return company._add_dunning_working_days(given, PROMISE_GRACE_DAYS)
        if outcome in STAYING_UNTIL_OUTCOMES and given:
            return given
        if outcome in STAYING_OUTCOMES:
            return company._add_dunning_working_days(day, ANSWER_PAUSE_DAYS)
        return None

    @api.model
    def _get_given_day(self, delivery, day):
        """The date that was given, as far as whoever notes it may wait for it; or False.

        A later one is noted as it was said, and reminders go on before.
        """
        company, given = delivery.company_id, delivery.outcome_date
        days = company._get_dunning_promise_days(self.env.user)
        if days is None:
            days = company.root_id.dunning_promise_days
        return given and min(given, day + timedelta(days=days))

    @api.model
    def _apply_contests(self, delivery, day):
        """Set contested items as disputed; money that we hold stays the customer's."""
        lines = delivery._get_contested_lines()
        reason = delivery.note or self._get_label(delivery.outcome)
        if lines:
            lines._set_dunning_disputed(True, reason)
            self._ask_about_dispute(delivery)

    @api.model
    def _ask_about_dispute(self, delivery):
        """What somebody else than a collector noted is looked into by the collector."""
        if self.env.user._is_superuser() or self.env.user.has_group(USER_GROUP):
            return
        self._ask(
            delivery,
            delivery.partner_id._get_dunning_collector(delivery.company_id),
            self.env._("%s contests: look into it", delivery.partner_id.display_name),
        )

    @api.model
    def _apply_call_back(self, delivery, day):
        """A further call outside the ladder, on the working day that was agreed."""
        company = delivery.company_id
        further = delivery.create(
            {
                "partner_id": delivery.partner_id.id,
                "company_id": company.id,
                "contact_id": delivery.contact_id.id,
                "channel": delivery.channel if delivery.is_by_person else "phone",
                "user_id": delivery.user_id.id,
                "date_planned": company._add_dunning_working_days(delivery.outcome_date, 0),
                "source_notice_id": delivery._get_notice_in_question().id,
                "note": delivery.note,
            }
        )
        further._get_channel()._hand_over(further, day)

    @api.model
    def _apply_bank_details(self, delivery, day):
        """Send them at once; without an e-mail address it is somebody's task."""
        notice = delivery._get_notice_in_question()
        if not notice or self.env["dunning.channel.email"]._get_obstacle(notice):
            delivery._schedule_task(
                self.env._("Give our bank details to %s", delivery.partner_id.display_name)
            )
        else:
            notice._send_bank_details()

    @api.model
    def _apply_purchase_order(self, delivery, day):
        delivery._schedule_task(
            self.env._("Obtain the purchase order of %s", delivery.partner_id.display_name)
        )

    @api.model
    def _apply_wrong_number(self, delivery, day):
        delivery._schedule_task(
            self.env._("Find the right person of %s", delivery.partner_id.display_name)
        )

    @api.model
    def _apply_person_left(self, delivery, day):
        self._apply_wrong_number(delivery, day)

    @api.model
    def _apply_cannot_pay(self, delivery, day):
        manager = delivery.company_id._get_dunning_manager()
        customer = delivery.partner_id.display_name
        self._ask(delivery, manager, self.env._("%s cannot pay: decide what is next", customer))

    @api.model
    def _apply_refuses(self, delivery, day):
        manager = delivery.company_id._get_dunning_manager()
        customer = delivery.partner_id.display_name
        self._ask(delivery, manager, self.env._("%s refuses to pay: decide what is next", customer))

    @api.model
    def _ask(self, delivery, user, summary):
        """A task that says what the customer answered: never on the customer, whom others share.

        Of a contact that is about no notice it stands on a row of the company's own.
        """
        if delivery._get_told_notice():
            delivery._schedule_task(summary, user=user)
            return
        notes = self.env["dunning.customer.note"].with_company(delivery.company_id)
        reason = delivery.note or self._get_label(delivery.outcome)
        note = notes._log(delivery.partner_id, "answer", reason)
        delivery.company_id._schedule_dunning_task(note, user, summary)
