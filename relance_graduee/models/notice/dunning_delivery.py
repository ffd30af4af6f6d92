from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import clean_context, format_date

from ..common.groups import INTERNAL_GROUP, USER_GROUP
from ..common.today import as_of_today
from ..common.words import labelled, plain_to_html

# State of a delivery -> states that it may take; what was done may still come back (a bounce),
# and a call that was called off (paid meanwhile) was made all the same.
TRANSITIONS = {
    "todo": ("done", "failed", "cancelled"),
    "failed": ("done", "cancelled"),
    "done": ("failed",),
    "cancelled": ("done",),
}


class DunningDelivery(models.Model):
    """One way that a notice takes to its customer, or one contact without a notice.

    ``date_contact`` is the day it was handed over or done: what counts as a contact.
    Dates are days of the company.
    """

    _name = "dunning.delivery"
    _description = "Delivery of a dunning notice"
    _inherit = ["dunning.company.owned", "dunning.dated"]
    _order = "date_planned desc, id desc"
    _check_company_auto = True

    notice_id = fields.Many2one(
        "dunning.notice", index="btree_not_null", ondelete="cascade", copy=False
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
    )
    channel = fields.Selection(selection="_get_channel_selection", required=True)
    channel_label = fields.Char(compute="_compute_channel_label")
    is_by_person = fields.Boolean(
        string="Done by a person",
        compute="_compute_channel_kind",
        search="_search_is_by_person",
    )
    is_posted = fields.Boolean(
        string="Sent by post", compute="_compute_channel_kind", search="_search_is_posted"
    )
    is_printed = fields.Boolean(string="Printed here", compute="_compute_channel_kind")
    is_proof = fields.Boolean(
        string="Registered", compute="_compute_channel_kind", search="_search_is_proof"
    )
    may_retry = fields.Boolean(string="May be sent again", compute="_compute_channel_kind")
    state = fields.Selection(
        [("todo", "To do"), ("done", "Done"), ("failed", "Failed"), ("cancelled", "Called off")],
        default="todo",
        required=True,
        index=True,
        copy=False,
    )
    user_id = fields.Many2one("res.users", string="Responsible", index="btree_not_null")
    date_planned = fields.Date(required=True, default=fields.Date.context_today, index=True)
    date_done = fields.Date(readonly=True, copy=False)
    date_contact = fields.Date(readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", string="Closed by", readonly=True, copy=False)
    contact_id = fields.Many2one("res.partner", string="Person", ondelete="set null")
    phone = fields.Char(compute="_compute_phone")
    recipient = fields.Char(help="E-mail addresses, number or postal address used.")
    outcome = fields.Selection([("sent", "Sent off"), ("bounced", "Bounced")], copy=False)
    note = fields.Text(help="Facts only: the customer has a right to read it.")
    cost = fields.Monetary(currency_field="company_currency_id")
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, readonly=False
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Cost currency")
    attachment_ids = fields.Many2many("ir.attachment", string="Proofs", copy=False)
    failure_reason = fields.Text(readonly=True)
    step_id = fields.Many2one(related="notice_id.step_id", groups=INTERNAL_GROUP)
    amount_total = fields.Monetary(
        related="notice_id.amount_total", groups=INTERNAL_GROUP, string="Claimed"
    )

    _contact_idx = models.Index("(date_contact, company_id, partner_id)")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("channel", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for delivery in self:
            delivery.display_name = f"{delivery.channel_label} – {delivery.partner_id.display_name}"

    @api.depends("channel")
    @api.depends_context("lang")
    def _compute_channel_label(self):
        labels = dict(self._get_channel_selection())
        for delivery in self:
            delivery.channel_label = labels.get(delivery.channel, delivery.channel)

    @api.model
    def _get_channel_selection(self):
        return self.env["dunning.channel"]._get_selection()

    @api.depends("channel")
    def _compute_channel_kind(self):
        for delivery in self:
            channel = delivery._get_channel()
            delivery.is_by_person = channel._by_person
            delivery.is_posted = channel._is_posted
            delivery.is_printed = channel._is_printed
            delivery.is_proof = channel._is_proof
            delivery.may_retry = channel._may_retry

    def _search_is_by_person(self, operator, value):
        return self._search_channel_kind("by_person", operator)

    def _search_is_posted(self, operator, value):
        return self._search_channel_kind("is_posted", operator)

    def _search_is_proof(self, operator, value):
        return self._search_channel_kind("is_proof", operator)

    @api.model
    def _search_channel_kind(self, kind, operator):
        """A domain for the channels of a kind; Odoo negates it where it is asked for the others."""
        if operator != "in":
            return NotImplemented
        codes = self.env["dunning.channel"]._get_channels(**{kind: True})
        return [("channel", "in", codes)]

    @api.depends("notice_id.currency_id", "company_id.currency_id")
    def _compute_currency_id(self):
        for delivery in self:
            notice = delivery._get_told_notice()
            delivery.currency_id = notice.currency_id or delivery.company_id.currency_id

    @api.depends("contact_id.phone", "partner_id.phone")
    def _compute_phone(self):
        for delivery in self:
            delivery.phone = delivery.contact_id.phone or delivery.partner_id.phone

    # ------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------

    def write(self, vals):
        self._check_written_fields(vals)
        self._check_kept(vals)
        files = {}
        if "attachment_ids" in vals:
            files = {delivery: delivery.attachment_ids for delivery in self.sudo()}
        result = super().write(vals)
        self._check_added(files)
        return result

    @api.model_create_multi
    def create(self, vals_list):
        told = self._get_notice_fields()
        if not self.env.su and any(vals.get(name) for vals in vals_list for name in told):
            raise AccessError(self.env._("The deliveries of a notice are made when it is sent."))
        for vals in vals_list:
            self._check_ruled_fields(vals)
        # nor by the context: there a state could be hidden among the default values
        clean = self.with_context(clean_context(self.env.context))
        return super(DunningDelivery, clean).create(vals_list).with_env(self.env)

    def _check_written_fields(self, vals):
        """:raise AccessError: a user writes what names a delivery, or what was said at its end"""
        fixed = self._get_identity_fields()
        if any(delivery.state == "done" for delivery in self):
            fixed |= self._get_closed_fields()
        if not self.env.su and fixed & vals.keys():
            raise AccessError(self.env._("The state of a delivery changes by its buttons."))
        self._check_ruled_fields(vals)

    def _check_ruled_fields(self, vals):
        """:raise AccessError: a user writes what buttons and channels alone note"""
        if not self.env.su and self._get_ruled_fields() & vals.keys():
            raise AccessError(self.env._("The state of a delivery changes by its buttons."))

    def _check_kept(self, vals):
        """:raise UserError: what was done is written anew, or a state is left that is final"""
        if self.env["dunning.proof"]._is_opened():
            return
        said = self.sudo().filtered(lambda d: d.date_done or d.date_contact)
        if any(d._is_changed(name, vals) for d in said for name in d._get_kept_now()):
            raise UserError(
                self.env._(
                    "What was done stays as it was noted. Note another contact that says what is "
                    "to be put right."
                )
            )
        if "state" in vals:
            self.sudo()._check_transition(vals["state"])

    def _get_kept_now(self):
        """Of what was handed over its words and to whom; of what was done all that is kept."""
        return self._get_kept_fields() if self.date_done else self._get_handed_fields()

    def _is_changed(self, name, vals):
        """Whether ``vals`` give this field another value than it has."""
        if name not in vals:
            return False
        field = self._fields[name]
        if field.relational and field.type != "many2one":
            return True
        value = field.convert_to_cache(vals[name], self)
        return (value or False) != (field.convert_to_cache(self[name], self) or False)

    def _check_transition(self, state):
        """:raise UserError: a delivery that is done, or called off, does not become ``state``"""
        for delivery in self:
            if state != delivery.state and state not in TRANSITIONS[delivery.state]:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    labelled(self.env, delivery.display_name, labels[delivery.state])
                    + " "
                    + self.env._("This can no longer be changed.")
                )

    def _check_added(self, files):
        """:param files: delivery -> its files before; of what is kept none is taken away"""
        kept = self.env["dunning.proof"]._filter_kept(self.sudo()) if files else ()
        if any(files[delivery] - delivery.attachment_ids for delivery in kept):
            raise UserError(
                self.env._("These documents are proofs: add another one, none is taken away.")
            )

    @api.model
    def _get_kept_fields(self):
        """Fields that nobody changes once a delivery was done, superuser included. To extend."""
        return self._get_handed_fields() | {"date_done", "done_by_id", "note", "outcome"}

    @api.model
    def _get_handed_fields(self):
        """Those that nobody changes once it was handed over, done or not. To extend."""
        return self._get_identity_fields() | {"contact_id", "currency_id"}

    @api.model
    def _get_notice_fields(self):
        """Fields that name the notice a delivery is about: set when it is made, by no user."""
        return {"notice_id"}

    @api.model
    def _get_identity_fields(self):
        """Fields that no user changes once a delivery is made."""
        names = {"partner_id", "channel", "company_id", "recipient"}
        return names | self._get_notice_fields()

    @api.model
    def _get_closed_fields(self):
        """Fields that no user changes once a delivery is done: they are the record of that day."""
        return {"outcome"}

    @api.model
    def _get_ruled_fields(self):
        """Fields that buttons and channels write, and no user ever."""
        return {"state", "date_done", "date_contact", "failure_reason", "done_by_id"}

    @api.ondelete(at_uninstall=True)
    def _unlink_except_proof(self):
        if self.env["dunning.proof"]._filter_kept(self):
            raise UserError(self.env._("What was done is a proof: it cannot be deleted."))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_done(self, outcome=None, note=None, date=None):
        """Close a call, a visit or a handover, or confirm that a letter was posted.

        :param outcome: a code of the field ``outcome``
        :param note: facts, as text
        :param date: the day (a date or ISO string; default: today), not after today
        :raise UserError: no date, already closed, in the future, a registered letter without
            number, a letter that no longer tells the truth, or a second call to a customer on
            that day
        """
        self._check_may_act()
        day = self.env["res.company"]._parse_dunning_date(date)
        ordered = as_of_today(self).sorted(lambda d: d._get_closing_order())
        for delivery in ordered.sudo().with_context(clean_context(self.env.context)):
            delivery.with_user(self.env.user).sudo()._close(
                outcome, note, day or delivery.company_id._get_dunning_today()
            )
        return True

    def action_cancel(self):
        """Call off what waits, or what failed.

        :raise UserError: it was done: posted, sent, said
        """
        self._check_may_act()
        deliveries = as_of_today(self.sudo())
        deliveries._cancel()
        deliveries.notice_id._cancel_copies()
        deliveries.notice_id._cancel_if_nothing_is_left()
        return True

    def _check_may_act(self):
        """Collectors may close every delivery, other users those given to them (a visit).

        :raise AccessError: the user is no collector, and not responsible for all of these
        """
        is_collector = self.env.user.has_group(USER_GROUP)
        is_own = all(delivery.user_id == self.env.user for delivery in self.sudo())
        if not (self.env.su or is_collector or is_own):
            raise AccessError(self.env._("Only collectors may do this."))
        self.check_access("read")

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _get_channel(self):
        """The model that knows this delivery's channel (see ``dunning.channel``)."""
        self.ensure_one()
        return self.env["dunning.channel"]._get_channel(self.channel)

    def _get_dated_channels(self):
        """The channels of these, each with the day on which it was used, as one text."""
        return ", ".join(f"{d.channel_label} ({format_date(self.env, d.date_done)})" for d in self)

    def _close(self, outcome, note, day):
        self.ensure_one()
        if day > self.company_id._get_dunning_today():
            raise UserError(self.env._("%s lies in the future.", format_date(self.env, day)))
        if self.state == "done" and self.is_posted and outcome:
            self._record_outcome(outcome, day)
            return
        if self.state not in ("todo", "failed"):
            raise UserError(self.env._("%s: this was already closed.", self.display_name))
        self.env["dunning.lock"]._acquire(
            self.company_id.root_id, self.partner_id.commercial_partner_id.ids
        )
        self._before_done(outcome, day)
        self._check_not_before_made(day)
        self.done_by_id = not self.env.user._is_superuser() and self.env.user
        self._set_done(day, outcome, note)
        self._after_done(day)
        self._log_closed()

    def _check_not_before_made(self, day):
        """:raise UserError: ``day`` is before the notice was made: nobody said or posted it then"""
        if self.notice_id and day < self.notice_id.date:
            raise UserError(
                self.env._(
                    "%(name)s was made on %(date)s: it was not done before.",
                    name=self.display_name,
                    date=format_date(self.env, self.notice_id.date),
                )
            )

    def _get_closing_order(self):
        """The place of this among those closed at once: what a formal notice stands on is first."""
        return (not self.is_proof,)

    def _before_done(self, outcome, day):
        """Look whether this may be said to be done on ``day``, and at what it is about.

        :raise UserError: it may not, or not with that ``outcome``
        """
        self._get_channel()._check_done(self, day)

    def _after_done(self, day):
        """Do what follows from this being done on ``day``."""
        self._get_channel()._after_done(self, day)

    def _is_contact(self, outcome):
        """Whether this, done with ``outcome``, is a contact with the customer."""
        return self._get_channel()._is_contact(outcome)

    def _get_told_notice(self):
        """The notices that these are about."""
        return self.notice_id

    def _record_outcome(self, outcome, day):
        if self.date_done and day < self.date_done:
            raise UserError(self.env._("%s: it was not yet posted on that day.", self.display_name))
        noted = self.env["dunning.proof"]._open(self)  # what counts now; the rest stays
        self._get_channel()._record_outcome(noted, outcome, day)

    def _get_done_words(self):
        """That it is done, of what has no outcome."""
        return self.env._("posted") if self.is_posted else self.env._("done")

    def _log_closed(self):
        """Log the outcome and the note on the notice; ``_log_result`` logs on other records."""
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        outcome = labels.get(self.outcome) or self._get_done_words()
        body = self.env._("%(channel)s: %(outcome)s", channel=self.channel_label, outcome=outcome)
        if self.notice_id:
            note = Markup("<p>%s</p>") % plain_to_html(self.note) if self.note else ""
            self.notice_id._message_log(body=Markup("<p>%s</p>%s") % (body, note))

    def _set_done(self, day, outcome=None, note=None):
        """Note that these were done on ``day``, and that their notices are therefore sent."""
        for delivery in self:
            vals = {"state": "done", "date_done": day, "failure_reason": False}
            if delivery._is_contact(outcome):
                vals["date_contact"] = delivery.date_contact or day
            if outcome:
                vals["outcome"] = outcome
            if note:
                vals["note"] = "\n".join(filter(None, (delivery.note, note)))
            delivery.write(vals)
        self.notice_id._mark_sent(day)

    def _set_handed_over(self, day):
        """Note that the queue took these on ``day``: a contact, and their notices are sent."""
        self.write({"date_contact": day})
        self.notice_id._mark_sent(day)

    def _set_failed(self, reason):
        """Note that these did not and will not get there: no contact."""
        self.write({"state": "failed", "failure_reason": reason, "date_contact": False})

    def _cancel(self):
        self.write({"state": "cancelled", "date_contact": False})

    def _schedule_task(self, summary, user=None, note=None):
        """Schedule a task (activity) for the responsible of each of these deliveries.

        It stands on the notice (``dunning.notice._schedule_task``), without one on the customer;
        there without ``note``, since other companies read it.
        """
        for delivery in self:
            doer = user or delivery.user_id or delivery._get_default_user()
            notice = delivery._get_told_notice()
            if notice:
                notice._schedule_task(doer, summary, note)
            else:
                delivery.company_id._schedule_dunning_task(delivery.partner_id, doer, summary)

    def _get_default_user(self):
        return self.company_id._get_dunning_manager()
