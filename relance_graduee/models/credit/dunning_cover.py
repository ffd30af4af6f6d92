from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

COVER_KINDS = [
    ("insurance", "Credit insurance"),
    ("bank_guarantee", "Bank guarantee"),
    ("deposit", "Deposit"),
    ("surety", "Surety"),
    ("retention", "Retention of title"),
]


class DunningCover(models.Model):
    """A cover of a customer's debt: credit insurance or a guarantee.

    Shown beside the credit limit and never added to it: the limit says how much risk one
    takes, the cover how much of it is somebody else's. Amounts are in company currency;
    ``percentage`` is 0 to 100. Belongs to a root company, like the account.
    """

    _name = "dunning.cover"
    _description = "Credit insurance or guarantee"
    _inherit = ["dunning.company.owned", "dunning.dated", "mail.thread", "mail.activity.mixin"]
    _order = "partner_id, date_to desc, id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('commercial_partner_id', '=', id)]",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True)
    kind = fields.Selection(COVER_KINDS, required=True, default="insurance")
    name = fields.Char(string="Number", help="Of the policy, the guarantee or the deed.")
    insurer_id = fields.Many2one("res.partner", string="Insurer or guarantor")
    amount = fields.Monetary(required=True)
    percentage = fields.Float(
        string="Covered (%)", default=100.0, help="Share of a loss that is paid, up to the amount."
    )
    amount_secured = fields.Monetary(string="Covered", compute="_compute_amount_secured")
    decision_date = fields.Date(string="Decided on", help="Day of the insurer's decision.")
    date_from = fields.Date(string="Valid from")
    date_to = fields.Date(string="Valid until")
    is_valid = fields.Boolean(string="Valid today", compute="_compute_is_valid")
    declare_days = fields.Integer(
        string="Days to declare",
        help="Calendar days after its due date within which an unpaid invoice is to be declared "
        "to the insurer. 0: no such duty.",
    )
    declared_date = fields.Date(
        string="Declared on",
        help="Invoices due before this day were declared: they raise no more alert.",
    )
    note = fields.Text()
    change_reason = fields.Char(
        string="Reason of the change", store=False, help="Kept with the change of the amount."
    )

    _amounts_positive = models.Constraint(
        "CHECK (amount >= 0 AND percentage >= 0 AND percentage <= 100 AND declare_days >= 0)",
        "An amount or a number of days cannot be negative, nor a percentage be above 100.",
    )

    @api.depends("amount", "percentage")
    def _compute_amount_secured(self):
        for cover in self:
            cover.amount_secured = cover.amount * cover.percentage / 100

    @api.depends("date_from", "date_to", "company_id", "active")
    @api.depends_context("dunning_date")
    def _compute_is_valid(self):
        for cover in self:
            day = cover.company_id._get_dunning_day()
            cover.is_valid = (
                cover.active
                and (not cover.date_from or cover.date_from <= day)
                and (not cover.date_to or cover.date_to >= day)
            )

    @api.depends("kind", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for cover in self:
            cover.display_name = " ".join(filter(None, (kinds.get(cover.kind), cover.name)))

    @api.constrains("company_id")
    def _check_root_company(self):
        if any(cover.company_id.sudo().parent_id for cover in self):
            raise ValidationError(
                self.env._("A guarantee belongs to the main company, not to a branch.")
            )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        if any(c.date_from and c.date_to and c.date_to < c.date_from for c in self):
            raise ValidationError(self.env._("A guarantee cannot end before it begins."))

    @api.model_create_multi
    def create(self, vals_list):
        covers = super().create([self._with_commercial_partner(vals) for vals in vals_list])
        for cover, vals in zip(covers, vals_list, strict=True):
            self.env["dunning.limit.change"]._log_covers(
                cover, {cover.id: (0.0, "")}, vals.get("change_reason")
            )
        return covers

    def write(self, vals):
        old = {cover.id: cover._get_logged_state() for cover in self}
        result = super().write(self._with_commercial_partner(vals))
        self.env["dunning.limit.change"]._log_covers(self, old, vals.get("change_reason"))
        return result

    def unlink(self):
        self.env["dunning.limit.change"]._log_covers(self, {}, gone=True)
        return super().unlink()

    def _with_commercial_partner(self, vals):
        """Whoever is chosen, it is the commercial entity that is covered."""
        partner = self.env["res.partner"].browse(vals.get("partner_id"))
        return {**vals, "partner_id": partner.commercial_partner_id.id} if partner else vals

    def _get_logged_state(self):
        """(amount it covers at most, what it is and until when); an archived one covers nothing."""
        self.ensure_one()
        if not self.active:
            return 0.0, ""
        dates = [day and format_date(self.env, day) for day in (self.date_from, self.date_to)]
        words = [self.display_name, self.insurer_id.name]
        if any(dates):
            words.append(" – ".join(day or "…" for day in dates))
        return self.amount_secured, ", ".join(filter(None, words))

    def _alert_declaration(self, deadline):
        """Tell the collector, unless told of this day already."""
        self.ensure_one()
        if deadline in self.activity_ids.mapped("date_deadline"):
            return
        partner = self.partner_id.with_company(self.company_id)
        collector = partner._get_dunning_collector(self.company_id)
        env = self.with_context(lang=collector.lang).env
        summary = env._(
            "%(customer)s: declare to the insurer by %(date)s",
            customer=partner.display_name,
            date=format_date(env, deadline),
        )
        self.company_id._schedule_dunning_task(self, collector, summary, date_deadline=deadline)
