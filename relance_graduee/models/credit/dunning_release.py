from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_date

from ..common.groups import DIRECTOR_GROUP, INTERNAL_GROUP, MANAGER_GROUP
from ..common.words import has_words

SCOPES = [
    ("order", "One order"),
    ("delivery", "One delivery"),
    ("amount", "An amount"),
    ("until", "Everything until a date"),
    ("per_invoices_paid", "One delivery for each N invoices paid"),
]
STATES = [
    ("requested", "Asked for"),
    ("granted", "Granted"),
    ("refused", "Refused"),
    ("expired", "Ended"),
    ("cancelled", "Withdrawn"),
]
# Fields that the applicant may write; all others are set by actions.
ASKED_FIELDS = {
    "partner_id", "company_id", "scope", "amount", "date_until", "reason", "invoice_count",
}  # fmt: skip
# Fields that a manager may still change before granting.
EDITABLE_FIELDS = {"scope", "amount", "date_until", "reason", "invoice_count"}


class DunningRelease(models.Model):
    """Goods for a customer on hold, by somebody entitled to say so.

    Asked for by anybody with a reason, granted by a manager within the limits of his group
    (``dunning_release_limit.py``). It covers only what was known when it was asked for:
    ``amount`` (company currency, VAT included) caps the order, the delivery, or all documents
    together, and nothing is covered after ``date_until``. Who asks it: ``dunning.guard``.

    - order: that order and its deliveries, while it is not worth more than ``amount``
    - delivery: that delivery, the same
    - amount: documents one after the other, up to ``amount`` together
    - until: every document until the date, up to ``amount`` together if one is given
    - per_invoices_paid: a delivery for each ``invoice_count`` invoices, overdue at the
      agreement, that were fully paid since, the oldest first; all together not worth more than
      what was paid on these invoices since

    What it covers is asked in ``dunning_release_cover.py``; which document an order or a
    delivery is, the satellites add (``_get_target``).
    """

    _name = "dunning.release"
    _description = "Release of goods for a customer on hold"
    _inherit = ["dunning.company.owned", "dunning.dated", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    scope = fields.Selection(SCOPES, required=True, default="amount", tracking=True)
    amount = fields.Monetary(
        tracking=True,
        help="VAT included. The value of the order or delivery when the release was asked for, "
        "or all that may leave. Until a date, 0: whatever it is worth; a credit director without "
        "a limit grants that.",
    )
    invoice_count = fields.Integer(string="Invoices for a delivery", default=1)
    date_until = fields.Date(string="Until", required=True, default=lambda self: self._get_end())
    reason = fields.Text(required=True)
    user_id = fields.Many2one(
        "res.users", string="Asked by", readonly=True, default=lambda self: self.env.user
    )
    state = fields.Selection(STATES, required=True, default="requested", readonly=True, copy=False)
    granted_by = fields.Many2one("res.users", string="Decided by", readonly=True, copy=False)
    granted_date = fields.Datetime(string="Decided on", readonly=True, copy=False)
    answer = fields.Text(readonly=True, copy=False, help="Why it was refused or withdrawn.")
    use_ids = fields.One2many("dunning.release.use", "release_id", string="Used for")
    amount_used = fields.Monetary(
        compute="_compute_amount_used", compute_sudo=True, groups=INTERNAL_GROUP
    )
    invoice_ids = fields.One2many("dunning.release.invoice", "release_id", string="Agreed on")
    paid_count = fields.Integer(
        string="Invoices paid since",
        compute="_compute_earned",
        compute_sudo=True,
        groups=INTERNAL_GROUP,
    )
    earned_count = fields.Integer(
        string="Deliveries earned",
        compute="_compute_earned",
        compute_sudo=True,
        groups=INTERNAL_GROUP,
    )
    used_count = fields.Integer(
        string="Deliveries used",
        compute="_compute_amount_used",
        compute_sudo=True,
        groups=INTERNAL_GROUP,
    )
    amount_paid = fields.Monetary(
        string="Paid since", compute="_compute_earned", compute_sudo=True, groups=INTERNAL_GROUP
    )

    _open_idx = models.Index("(partner_id, company_id) WHERE state = 'granted'")
    _amounts_positive = models.Constraint(
        "CHECK (amount >= 0 AND invoice_count > 0)",
        "A release has a positive amount and number of invoices.",
    )

    def _get_end(self):
        company = self.env.company.sudo().root_id
        return company._get_dunning_today() + timedelta(days=company.dunning_release_days)

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("use_ids.amount")
    def _compute_amount_used(self):
        for release in self:
            whole = release.use_ids.filtered(lambda use: not use.parent_id)
            release.amount_used = sum(whole.mapped("amount"))
            release.used_count = len(release.use_ids)

    @api.depends("invoice_ids", "invoice_count")
    def _compute_earned(self):
        """Not stored, since paying changes it: what the invoices agreed on say now."""
        earned = self._get_earned()
        for release in self:
            paid_count, amount_paid = earned.get(release.id, (0, 0.0))
            release.paid_count = paid_count
            release.earned_count = paid_count // max(release.invoice_count, 1)
            release.amount_paid = amount_paid

    @api.depends("scope", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        scopes = dict(self._fields["scope"]._description_selection(self.env))
        for release in self:
            release.display_name = f"{release.partner_id.name or ''} – {scopes.get(release.scope)}"

    def _get_earned(self):
        """Release id -> (invoices paid since, oldest first without a gap, amount paid since).

        Amounts are in company currency. Money alone pays: credit notes, losses and other entries
        settle an invoice, and pay nothing.
        """
        self.env["dunning.release.invoice"].flush_model()
        self.env["account.move.line"].flush_model(["amount_residual", "reconciled", "balance"])
        self.env["account.partial.reconcile"].flush_model()
        return {
            release_id: (count, float(amount))
            for release_id, count, amount in self.env.execute_query(
                SQL(
                    """
                    SELECT release_id, count(*) FILTER (WHERE in_order AND is_paid),
                           SUM(amount)
                      FROM (SELECT paid.*, bool_and(is_settled) OVER (
                                       PARTITION BY release_id ORDER BY date_due, id) AS in_order
                              FROM (%s) AS paid) AS ordered
                  GROUP BY release_id
                    """,
                    self._get_paid_sql(),
                )
            )
        }

    def _get_paid_sql(self):
        """Each invoice agreed on: is_settled (nothing is open), is_paid (by money too), amount."""
        return SQL(
            """
            SELECT agreed.id, agreed.release_id, agreed.date_due, now.residual = 0 AS is_settled,
                   now.residual = 0 AND agreed.amount_residual > credited.amount AS is_paid,
                   GREATEST(agreed.amount_residual - now.residual - credited.amount, 0) AS amount
              FROM dunning_release_invoice agreed
              JOIN dunning_release release ON release.id = agreed.release_id
        CROSS JOIN LATERAL (
                   SELECT COALESCE(SUM(l.amount_residual), 0) AS residual
                     FROM account_move_line l
                     JOIN account_account a ON a.id = l.account_id
                    WHERE l.move_id = agreed.move_id AND a.account_type = 'asset_receivable'
                   ) AS now
        CROSS JOIN LATERAL (
                   SELECT COALESCE(SUM(pr.amount * part.share), 0) AS amount
                     FROM account_move_line owed
                     JOIN account_partial_reconcile pr ON pr.debit_move_id = owed.id
                     JOIN account_move_line l ON l.id = pr.credit_move_id
                     JOIN account_move m ON m.id = l.move_id
                     %(parts)s
                    WHERE owed.move_id = agreed.move_id AND part.kind != 'money'
                      AND pr.create_date >= release.granted_date
                   ) AS credited
             WHERE agreed.release_id = ANY(%(ids)s)
            """,
            parts=self.env["dunning.counterpart"]._get_parts_sql(),
            ids=self.ids,
        )

    # ------------------------------------------------------------
    # CONSTRAINTS AND RIGHTS
    # ------------------------------------------------------------

    @api.constrains("scope", "amount", "reason")
    def _check_release(self):
        for release in self:
            if release.scope == "amount" and release.amount <= 0:
                raise ValidationError(self.env._("Say which amount is to be released."))
            if not has_words(release.reason):
                raise ValidationError(self.env._("Say why: the reason is kept with the release."))

    @api.model
    def _get_asked_fields(self):
        """Fields that the applicant may write. To extend."""
        return ASKED_FIELDS

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._prepare_request_vals(vals) for vals in vals_list]
        releases = super().create(vals_list)
        releases.filtered(lambda release: release.state == "requested")._tell_deciders()
        return releases

    def _prepare_request_vals(self, vals):
        """A request as anybody may make it: state, asker and decision are not the caller's."""
        vals = dict(vals)
        if vals.get("partner_id"):
            partner = self.env["res.partner"].browse(vals["partner_id"])
            vals["partner_id"] = partner.sudo().commercial_partner_id.id
        if vals.get("company_id"):
            company = self.env["res.company"].browse(vals["company_id"])
            vals["company_id"] = company.sudo().root_id.id
        if not self.env.su:
            vals = {name: vals[name] for name in self._get_asked_fields() & vals.keys()}
            vals |= {"state": "requested", "user_id": self.env.uid, "use_ids": False}
            vals |= {"granted_by": False, "granted_date": False, "invoice_ids": False}
        return vals

    def write(self, vals):
        if not self.env.su:
            self._check_editable(vals)
        return super().write(vals)

    def _check_editable(self, vals):
        """:raise AccessError: not a manager's last word on a request"""
        written = {n for n in vals if not n.startswith(("message_", "activity_"))}
        if not written:
            return
        is_manager = self.env.user.has_group(MANAGER_GROUP)
        requested = all(release.state == "requested" for release in self)
        if not is_manager or not requested or not written <= EDITABLE_FIELDS:
            raise AccessError(self.env._("A release changes by its buttons, not by hand."))

    @api.ondelete(at_uninstall=True)
    def _unlink_except_decided(self):
        if any(release.state != "requested" for release in self):
            raise UserError(self.env._("A release that was decided is kept."))

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    @api.model
    def _get_request_action(self, document, scope, field_name):
        """The form that asks for a release of ``document``, with what is known of it.

        :param document: one order or delivery: a record with ``_get_dunning_customer``,
            ``_get_dunning_value`` and a company
        :param field_name: the field of a release that links to it
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for a release"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_scope": scope,
                f"default_{field_name}": document.id,
                "default_partner_id": document._get_dunning_customer().id,
                "default_company_id": document.sudo().company_id.root_id.id,
                "default_amount": document._get_dunning_value(),
            },
        }

    # ------------------------------------------------------------
    # DECIDING
    # ------------------------------------------------------------

    def action_grant(self):
        """Let the goods go.

        :raise AccessError: the user is no manager, or it is beyond the group's limits
        :raise UserError: it was decided already, or has ended
        """
        for release in self:
            release._check_may_decide()
            release.partner_id._lock_dunning_limit(release.company_id)
            release._check_within_limit()
            release._grant(self.env.user)
        return True

    def action_refuse(self):
        for release in self:
            release._check_may_decide()
            release._decide("refused", self.env.user)
        return True

    def action_cancel(self):
        """Withdraw a request or what was granted: by a manager, or one's own request."""
        for release in self:
            own = release.user_id == self.env.user and release.state == "requested"
            if not own:
                release._check_manager()
            if release.state not in ("requested", "granted"):
                raise UserError(self.env._("This release has ended already."))
            release._decide("cancelled", self.env.user)
        return True

    def _check_manager(self):
        if not self.env.su and not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("A release is granted by a dunning manager."))
        self.check_access("read")

    def _check_may_decide(self):
        self.ensure_one()
        self._check_manager()
        if self.state != "requested":
            raise UserError(self.env._("This release was decided already."))

    def _grant(self, user):
        """Granted by ``user``: covers from now on. The customer is locked."""
        self.ensure_one()
        self._decide("granted", user)
        if self.scope == "per_invoices_paid":
            self.env["dunning.release.invoice"]._agree(self)

    def _decide(self, state, user):
        # the transaction's time: what is reconciled from now on is written at it or later
        date = self.env.cr.now().replace(microsecond=0)
        self.sudo().write({"state": state, "granted_by": user.id, "granted_date": date})
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        self._tell_decided()

    # ------------------------------------------------------------
    # NOTIFICATIONS
    # ------------------------------------------------------------

    def _tell_deciders(self):
        """A task for whoever may grant it."""
        for release in self.sudo():
            decider = release._get_decider()
            env = release.with_context(lang=decider.lang).env
            summary = env._("Release asked for: %s", release.partner_id.display_name)
            release.company_id._schedule_dunning_task(release, decider, summary, release.reason)

    def _get_decider(self):
        """The dunning manager; beyond what he or she may grant, a credit director."""
        company = self.company_id.sudo()
        manager = company._get_dunning_manager()
        if not self._get_grant_refusal(manager):
            return manager
        directors = company._filter_dunning_able(self.env.ref(DIRECTOR_GROUP).sudo().all_user_ids)
        return manager if manager in directors else directors[:1] or manager

    def _tell_decided(self):
        """In the chatter of release, customer and document; the people concerned are notified."""
        for release in self.sudo():
            body = release._get_decision_sentence()
            for record in release._get_told_records():
                record._message_log(body=body)
            told = release.company_id._filter_dunning_able(release._get_told_users())
            release.message_notify(
                partner_ids=told.partner_id.ids,
                subject=release.display_name,
                body=body,
                model=release._name,
                res_id=release.id,
            )

    def _creation_message(self):
        # EXTENDS mail: whoever writes it down asks for it
        return self.env._("Release asked for.")

    def _get_decision_sentence(self):
        """The decision and its author, without amounts: companies share the customer."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        scopes = dict(self._fields["scope"]._description_selection(self.env))
        return self.env._(
            "Release “%(scope)s” until %(date)s: %(state)s by %(user)s.",
            scope=scopes[self.scope],
            date=format_date(self.env, self.date_until),
            state=labels[self.state].lower(),
            user=self.granted_by.name,
        )

    def _get_told_records(self):
        """Documents in whose chatter the decision stands. To extend."""
        return [self, self.partner_id]

    def _get_told_users(self):
        """Whom the decision concerns: who asked, the salesperson. To extend (the warehouse)."""
        return self.user_id | self.partner_id.user_id

    # ------------------------------------------------------------
    # THE END
    # ------------------------------------------------------------

    @api.model
    def _cron_expire(self):
        """Say of those whose date is over that they ended; they cover nothing since that day."""
        for company in self.env["res.company"]._get_dunning_roots():
            self.sudo().search(
                [
                    ("company_id", "=", company.id),
                    ("state", "in", ("requested", "granted")),
                    ("date_until", "<", company._get_dunning_today()),
                ]
            ).write({"state": "expired"})
