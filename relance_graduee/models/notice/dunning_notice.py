from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..common.as_user import as_user
from ..common.groups import ACCOUNTING_GROUPS, MANAGER_GROUP, USER_GROUP
from ..common.today import as_of_today

# Of a sent notice: what was said, to whom, on which paper, by which rule. Rooms add theirs by
# ``_get_frozen_fields``.
FROZEN_FIELDS = {
    "name", "partner_id", "company_id", "currency_id", "policy_id", "step_id", "date",
    "state", "approved_by", "line_ids", "amount_residual", "amount_interest", "amount_indemnity",
    "amount_total", "attachment_id", "copy_attachment_id", "sha256", "subject", "body",
    "letter_subject", "letter_body", "letter_closing", "is_formal_notice",
    "policy_snapshot", "recipients", "date_sent", "formal_reason",
    "formal_decided_by", "formal_decided_on", "formal_decided_items", "printed_deadline",
    "suspension_date", "hold_until", "cancel_reason", "has_old_items", "is_text_edited",
}  # fmt: skip
# Of those, what the machine still writes of an approved notice: the date and number of its paper,
# what became of it.
SENDING_FIELDS = {
    "name", "date", "state", "printed_deadline", "suspension_date", "policy_snapshot",
    "hold_until", "cancel_reason",
}  # fmt: skip
LIVE_STATES = ("proposed", "approved")
# State of a notice -> states that it may take.
TRANSITIONS = {
    "proposed": ("approved", "cancelled"),
    "approved": ("proposed", "sent", "cancelled"),
    "sent": (),
    "cancelled": (),
}
# Fields that a collector may write on an unsent notice; actions write the others.
TEXT_FIELDS = ("subject", "body", "letter_subject", "letter_body", "letter_closing")


class DunningNotice(models.Model):
    """A reminder to one customer, for one company and currency, on one day.

    proposed: made by a run, refreshed by the next ones; approved: a person or a step's
    ``auto`` wants it sent; sent: its first delivery was handed over, the items advanced, and
    from then on nothing of it changes; cancelled. Amounts are in ``currency_id``.
    """

    _name = "dunning.notice"
    _description = "Dunning notice"
    _inherit = ["dunning.company.owned", "dunning.dated", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    policy_id = fields.Many2one("dunning.policy", required=True, ondelete="restrict")
    step_id = fields.Many2one("dunning.step", required=True, ondelete="restrict", tracking=True)
    date = fields.Date(required=True, index=True)
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("approved", "Approved"),
            ("sent", "Sent"),
            ("cancelled", "Cancelled"),
        ],
        default="proposed",
        required=True,
        tracking=True,
        index=True,
        copy=False,
        group_expand="_expand_states",
    )
    is_formal_notice = fields.Boolean(string="Formal notice", readonly=True)
    has_old_items = fields.Boolean(
        readonly=True,
        help="Contains an item more than 60 days late that was never reminded: a person decides.",
    )
    approved_by = fields.Many2one("res.users", readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users", string="Collector", compute="_compute_user_id", search="_search_user_id"
    )
    line_ids = fields.One2many("dunning.notice.line", "notice_id", string="Items")
    delivery_ids = fields.One2many("dunning.delivery", "notice_id", string="How it was sent")
    item_count = fields.Integer(compute="_compute_item_count")
    amount_residual = fields.Monetary(string="Principal", readonly=True)
    amount_interest = fields.Monetary(string="Late interest", readonly=True)
    amount_indemnity = fields.Monetary(string="Recovery indemnity", readonly=True)
    amount_total = fields.Monetary(string="Total claimed", readonly=True)
    days_late = fields.Integer(string="Oldest days late", compute="_compute_days_late")
    answer_deadline = fields.Date(readonly=True, copy=False)
    printed_deadline = fields.Date(readonly=True, copy=False)
    suspension_date = fields.Date(string="Deliveries suspended from", readonly=True, copy=False)
    date_sent = fields.Date(string="Sent on", readonly=True, copy=False)
    hold_until = fields.Date(readonly=True, copy=False)
    cancel_reason = fields.Char(readonly=True, copy=False)
    failure_reason = fields.Text(string="Why it could not be sent", readonly=True, copy=False)
    attachment_id = fields.Many2one(
        "ir.attachment", string="Document", readonly=True, copy=False, index="btree_not_null"
    )
    copy_attachment_id = fields.Many2one(
        "ir.attachment",
        string="Copy to the public accountant",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    sha256 = fields.Char(string="SHA-256", readonly=True, copy=False)
    recipients = fields.Char(readonly=True, copy=False)
    policy_snapshot = fields.Json(readonly=True, copy=False)
    is_text_edited = fields.Boolean(readonly=True, copy=False)
    subject = fields.Char(copy=False)
    body = fields.Html(copy=False, sanitize="email_outgoing")
    letter_subject = fields.Char(copy=False)
    letter_body = fields.Html(string="Letter, before the table", copy=False)
    letter_closing = fields.Html(string="Letter, after the table", copy=False)
    undone_note = fields.Char(string="Never done before", compute="_compute_undone_note")
    channel_label = fields.Char(related="step_id.channel_label", groups=ACCOUNTING_GROUPS)

    # No unique index on the customer: merging two partners would delete the proofs of one.
    _live_idx = models.Index("(company_id, partner_id) WHERE state IN ('proposed', 'approved')")
    _cancelled_idx = models.Index("(hold_until) WHERE state = 'cancelled'")
    _formal_idx = models.Index("(answer_deadline) WHERE state = 'sent' AND is_formal_notice")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("name", "partner_id", "step_id")
    def _compute_display_name(self):
        for notice in self:
            notice.display_name = notice.name or self.env._(
                "%(step)s – %(customer)s",
                step=notice.step_id.name,
                customer=notice.partner_id.display_name,
            )

    @api.depends("partner_id", "company_id")
    def _compute_user_id(self):
        for notice in self:
            partner = notice.partner_id.sudo().with_company(notice.company_id)
            notice.user_id = partner.commercial_partner_id.dunning_user_id

    @api.model
    def _search_user_id(self, operator, value):
        return [("partner_id.commercial_partner_id.dunning_user_id", operator, value)]

    @api.depends("line_ids.live", "line_ids.amount_residual")
    def _compute_item_count(self):
        counts = dict(
            self.env["dunning.notice.line"]._read_group(
                [("notice_id", "in", self.ids), ("live", "=", True), ("amount_residual", ">", 0)],
                ["notice_id"],
                ["__count"],
            )
        )
        for notice in self:
            notice.item_count = counts.get(notice, 0)

    @api.depends("line_ids.days_late")
    def _compute_days_late(self):
        latest = dict(
            self.env["dunning.notice.line"]._read_group(
                [("notice_id", "in", self.ids), ("live", "=", True), ("amount_residual", ">", 0)],
                ["notice_id"],
                ["days_late:max"],
            )
        )
        for notice in self:
            notice.days_late = latest.get(notice, 0)

    @api.depends("partner_id", "company_id", "state")
    def _compute_undone_note(self):
        """Calls and visits that were closed as not done, letters that came back: whoever approves
        must see them."""
        for notice in self:
            tried = notice._get_undone_deliveries()
            undone = tried.filtered(lambda d: d.outcome == "not_done")
            sentences = [
                undone and self.env._("Never done: %s", undone._get_dated_channels()),
                tried > undone
                and self.env._("Did not arrive: %s", (tried - undone)._get_dated_channels()),
            ]
            notice.undone_note = " – ".join(filter(None, sentences))

    def _get_undone_deliveries(self):
        return self.env["dunning.delivery"].search(
            [
                ("partner_id", "child_of", self.partner_id.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("outcome", "in", ("not_done", "unknown", "lost")),
                *self._get_telling_domain(),
            ]
        )

    def _get_telling_domain(self):
        """Deliveries that tell of an item of this notice: a domain. To extend."""
        return Domain("notice_id.line_ids.move_line_id", "in", self.line_ids.move_line_id.ids)

    # ------------------------------------------------------------
    # NOTHING SENT IS EVER CHANGED
    # ------------------------------------------------------------

    def write(self, vals):
        frozen = self._get_frozen_fields() & vals.keys()
        if frozen and any(notice.state == "sent" for notice in self):
            raise UserError(self.env._("This notice was sent: it can no longer be changed."))
        self._check_written_fields(vals)
        self._check_approved(vals)
        return super().write(vals)

    def _check_approved(self, vals):
        """:raise UserError: what was approved would be exchanged, by whomever; or a state is taken
        that does not follow the one before
        """
        if self.env["dunning.proof"]._is_opened():
            return
        approved = self.filtered(lambda notice: notice.state == "approved")
        if approved and self._get_approved_fields() & vals.keys():
            approved._check_not_approved()
        state = vals.get("state")
        if state and any(state not in (n.state, *TRANSITIONS[n.state]) for n in self):
            raise UserError(self.env._("A notice changes by its buttons; only its texts by hand."))

    @api.model
    def _get_approved_fields(self):
        """Names of the fields that the approval fixes: what leaves, to whom, by whose word."""
        return self._get_frozen_fields() - SENDING_FIELDS

    @api.model
    def _get_frozen_fields(self):
        """Names of the fields that never change once a notice was sent. To extend."""
        return FROZEN_FIELDS

    @api.model
    def _get_hand_fields(self):
        """Names of the fields that a person may write on a proposal. To extend."""
        return set(TEXT_FIELDS)

    def _check_written_fields(self, vals):
        """A person writes texts and encloses files; the rest changes by the actions alone."""
        by_hand = self._get_hand_fields()
        written = {
            name
            for name in vals
            if name not in by_hand and not name.startswith(("message_", "activity_"))
        }
        if written and not self.env.su:
            raise AccessError(
                self.env._("A notice changes by its buttons; only its texts by hand.")
            )
        if not self.env.su and by_hand & vals.keys():
            self._check_not_approved()

    def _check_not_approved(self):
        """:raise UserError: what leaves is what was approved"""
        if any(notice.state not in ("proposed", "cancelled") for notice in self):
            raise UserError(
                self.env._("This notice was approved: cancel it, if it is not to leave as it is.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Notices are made by the reminder run, not by hand."))
        return super().create(vals_list)

    def unlink(self):
        # EXTENDS 'mail': before its messages are deleted with it, which are kept as well
        self._unlink_except_sent()
        return super().unlink()

    @api.ondelete(at_uninstall=True)
    def _unlink_except_sent(self):
        if self.env["dunning.proof"]._filter_kept(self):
            raise UserError(self.env._("This notice was sent: it can no longer be deleted."))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_approve(self):
        """Approve proposals: collectors may, formal notices only a manager.

        Among several, those already approved, sent or cancelled are left alone.

        :raise AccessError: the user is not entitled
        :raise UserError: there is no proposal among them
        """
        self._check_may_approve()
        proposals = as_of_today(self).filtered(lambda notice: notice.state == "proposed")
        if self and not proposals:
            raise UserError(self.env._("Only proposals can be approved."))
        proposals._approve(self.env.user)
        return True

    def action_cancel(self):
        """Cancel notices that were not sent; their items wait ``min_contact_days``."""
        self._check_may_act()
        reason = self.env._("Cancelled by %s", self.env.user.name)
        as_of_today(self)._cancel(reason, hold=True)
        return True

    def _is_for_a_day_to_come(self):
        companies = self.company_id
        return any(c._get_dunning_day() > c._get_dunning_today() for c in companies)

    def _check_may_act(self):
        if not self.env.su and not self.env.user.has_group(USER_GROUP):
            raise AccessError(self.env._("Only collectors may do this."))
        self.check_access("write")

    def _check_may_approve(self):
        self._check_may_act()
        formal = any(notice.is_formal_notice for notice in self)
        if formal and not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("A formal notice is approved by a dunning manager."))

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _approve(self, user):
        self.sudo().write({"state": "approved", "approved_by": user.id, "failure_reason": False})

    def _cancel(self, reason, hold=False):
        """Cancel these unsent notices and their open deliveries.

        :param hold: keep their items waiting for max(1, min_contact_days) days
        :raise UserError: one was sent
        """
        if any(notice.state == "sent" for notice in self):
            raise UserError(self.env._("A notice that was sent cannot be cancelled."))
        self.sudo().delivery_ids.filtered(lambda d: d.state == "todo")._cancel()
        for notice in self.sudo():
            days = max(1, notice.policy_id.min_contact_days)
            day = notice.company_id._get_dunning_today()
            notice.write(
                {
                    "state": "cancelled",
                    "cancel_reason": reason,
                    "hold_until": hold and day + timedelta(days=days),
                }
            )
        self.sudo().line_ids.write({"live": False})

    def _is_handed_out(self):
        """Whether its deliveries were already made, so that sending again would say it twice."""
        return bool(self.sudo().delivery_ids.filtered(lambda d: d.state in ("todo", "done")))

    def _is_settled(self):
        """Whether its document is fixed: sent, cancelled, or printed and on somebody's list."""
        return self.state not in LIVE_STATES or self._is_handed_out()

    def _is_still_open(self):
        """Whether an item that this notice advances is still to be claimed."""
        advancing = self.line_ids.filtered(lambda line: line.live and line.advances)
        return any(
            not line.reconciled and line.parent_state == "posted"
            for line in advancing.move_line_id.sudo()
        )

    def _cancel_if_nothing_is_left(self):
        """Cancel approved notices whose every delivery was cancelled."""
        for notice in self.filtered(lambda n: n.state == "approved"):
            own = notice._get_customer_deliveries()
            if all(delivery.state == "cancelled" for delivery in own):
                notice._cancel(self.env._("Every delivery was cancelled."), hold=True)

    def _get_customer_deliveries(self):
        """The deliveries that say it to the customer. To extend."""
        return self.delivery_ids

    def _is_worth_sending(self):
        """Whether something is still claimed and some item still advances."""
        self.ensure_one()
        lines = self.line_ids.filtered("live")
        return any(lines.mapped("advances")) and self._get_comparable_total() > 0

    def _get_claimed_lines(self):
        return self.line_ids.filtered(lambda line: line.live and line.claimed)

    def _get_memo_lines(self):
        return self.line_ids.filtered(lambda line: line.live and not line.claimed)

    def _get_comparable_total(self):
        """The claimed amount; for a notice about items not yet due, their sum."""
        return self.amount_residual

    @api.model
    def _expand_states(self, states, _domain):
        """The columns of the board: a step without a reminder too, cancelled ones if there are."""
        return [
            state
            for state in self._fields["state"].get_values(self.env)
            if state != "cancelled" or state in states
        ]

    def _filter_steps(self, condition):
        """Those whose step meets the ``condition``, which is asked once a step."""
        groups = self.grouped("step_id").items()
        return self.browse().union(*(notices for step, notices in groups if condition(step)))

    def _is_automatic(self):
        """Whether a live run may send this without a person: nobody changed it, nothing is old."""
        touched = self.is_text_edited or any(self.line_ids.mapped("removed_reason"))
        return self.step_id._is_automatic() and not self.has_old_items and not touched

    def _fill_claims(self):
        """Give the lines of these unsent notices what is claimed beside the principal. To extend:
        all at once, and with ``_update_totals`` when something was written.
        """

    def _update_totals(self):
        """Make the totals of these unsent notices those of their claimed lines. One statement."""
        if not self:
            return
        self.env["dunning.notice.line"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE dunning_notice n
                   SET amount_residual = t.residual, amount_interest = t.interest,
                       amount_indemnity = t.indemnity,
                       amount_total = t.residual + t.interest + t.indemnity
                  FROM (SELECT id.id, COALESCE(SUM(l.amount_residual), 0) AS residual,
                               COALESCE(SUM(l.amount_interest), 0) AS interest,
                               COALESCE(SUM(l.amount_indemnity), 0) AS indemnity
                          FROM unnest(%s) AS id(id)
                     LEFT JOIN dunning_notice_line l
                            ON l.notice_id = id.id AND l.live AND l.claimed
                      GROUP BY id.id) AS t
                 WHERE n.id = t.id AND n.state IN ('proposed', 'approved')
                """,
                self.ids,
            )
        )
        self.invalidate_recordset()

    def _schedule_task(self, user, summary, note=None):
        """A task (activity) for ``user``: on the notice, or for who may not read notices on the
        customer, without ``note``.

        Neither says an amount in its summary: everybody may read the customer.
        """
        self.ensure_one()
        user = self.company_id._get_dunning_able(user)
        readable = as_user(self, user).has_access("read")
        record = self if readable else self.partner_id
        note = note if readable else ""
        self.company_id._schedule_dunning_task(record, user, summary, note)
