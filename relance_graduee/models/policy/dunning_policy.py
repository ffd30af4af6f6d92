from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...tools.vocabulary import find_forbidden
from ..common.groups import MANAGER_GROUP

CUSTOMER_KINDS = [
    ("business", "Business"),
    ("nonprofessional", "Non-professional (association, co-ownership)"),
    ("consumer", "Consumer"),
    ("public", "Public body"),
]
MAX_WRITTEN_REMINDERS = 4


class DunningPolicy(models.Model):
    """The ladder of steps that a kind of customer climbs, and its thresholds.

    Amounts are in company currency, delays in calendar days.
    """

    _name = "dunning.policy"
    _description = "Dunning policy"
    _inherit = ["dunning.company.owned", "mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        domain="[('parent_id', '=', False)]",
        help="Empty: every company may use this policy.",
    )
    description = fields.Text(translate=True)
    is_manual = fields.Boolean(
        string="Only by hand",
        help="Never chosen automatically: a person gives it to a customer.",
    )
    customer_kind = fields.Selection(
        CUSTOMER_KINDS, string="For customers of kind", help="Empty: any kind."
    )
    open_amount_min = fields.Float(
        string="Open amount from", help="In company currency. 0: no lower limit."
    )
    open_amount_max = fields.Float(
        string="Open amount below", help="In company currency. 0: no upper limit."
    )
    may_change = fields.Boolean(compute="_compute_may_change")
    step_ids = fields.One2many("dunning.step", "policy_id", string="Steps", copy=True)
    min_amount = fields.Float(
        string="Minimum overdue",
        default=15.0,
        help="Nothing is sent to a customer whose net overdue amount, in company currency, "
        "is below this.",
    )
    min_contact_days = fields.Integer(
        string="Days between contacts",
        default=4,
        help="A customer who was contacted less than this number of days ago is left in peace.",
    )
    contract_rate = fields.Float(
        string="Agreed late interest (% a year)",
        digits=(7, 3),
        help="Between businesses: the rate of your terms of sale. 0: the legal one, that of the "
        "European Central Bank increased by ten points.",
    )
    step_count = fields.Integer(compute="_compute_ladder_summary")
    ladder_summary = fields.Char(compute="_compute_ladder_summary")
    ladder_warning = fields.Char(compute="_compute_ladder_warning")

    _amounts_positive = models.Constraint(
        "CHECK (open_amount_min >= 0 AND open_amount_max >= 0 AND min_amount >= 0"
        " AND COALESCE(contract_rate, 0) >= 0)",
        "The amounts and the rate of a policy cannot be negative.",
    )
    _days_positive = models.Constraint(
        "CHECK (min_contact_days >= 0)",
        "The days of a policy cannot be negative.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("step_ids.delay_days", "step_ids.wait_days", "step_ids.active")
    @api.depends_context("lang")
    def _compute_ladder_summary(self):
        for policy in self:
            policy.step_count = len(policy.step_ids)
            policy.ladder_summary = " · ".join(
                f"{step.day_label} {step.channel_label}" for step in policy.step_ids
            )

    @api.depends(
        lambda self: [
            *("contract_rate", "min_contact_days", "step_ids.active", "step_ids.delay_days"),
            *("step_ids.wait_days", "step_ids.delay_from", "step_ids.is_formal_notice"),
            *(f"step_ids.{name}" for name in self.env["dunning.channel"]._get_step_fields()),
            *(f"step_ids.{name}" for name in self.env["dunning.channel"]._get_text_fields()),
        ]
    )
    @api.depends_context("lang")
    def _compute_ladder_warning(self):
        for policy in self:
            policy.ladder_warning = " ".join(policy._get_ladder_warnings()) or False

    def _get_ladder_warnings(self):
        """Sentences about choices in this ladder that are possible but unwise."""
        self.ensure_one()
        warnings = []
        written = self.step_ids.filtered(lambda s: s._is_written() and not s.is_formal_notice)
        if len(written) > MAX_WRITTEN_REMINDERS and any(self.step_ids.mapped("is_formal_notice")):
            warnings.append(
                self.env._(
                    "%s written reminders before the formal notice: the customer gets used "
                    "to them.",
                    len(written),
                )
            )
        gap = self._get_smallest_gap()
        if gap is not None and self.min_contact_days > gap:
            warnings.append(
                self.env._(
                    "The %(days)s days between contacts are more than the smallest gap of the "
                    "ladder (%(gap)s days): steps will be late.",
                    days=self.min_contact_days,
                    gap=gap,
                )
            )
        if not self.step_ids:
            warnings.append(
                self.env._("This policy has no step: its customers are never written to. Add one.")
            )
        warnings += self.env["dunning.rate"]._get_floor_warnings(self.contract_rate)
        return warnings + self._get_formal_warnings() + self._get_word_warnings()

    def _get_formal_warnings(self):
        """Sentences about the formal notices of this ladder. To extend."""
        return []

    def _get_word_warnings(self):
        """Words of the French texts that a creditor must not use (see ``tools.vocabulary``)."""
        warnings = []
        for step in self.step_ids:
            words = find_forbidden(step._get_french_text(), step.is_formal_notice)
            if words:
                text = self.env._(
                    "“%(step)s” says “%(words)s”: no letter may look like a court's act, nor a "
                    "reminder like a formal notice.",
                    step=step.name,
                    words=", ".join(words),
                )
                warnings.append(text)
        return warnings

    def _get_smallest_gap(self):
        """The fewest calendar days between two steps counted from the due date, or None."""
        steps = self.step_ids.filtered(lambda step: step.delay_from == "due")
        gaps = [
            max(after.delay_days - before.delay_days, after.wait_days)
            for before, after in zip(steps, steps[1:], strict=False)
        ]
        return min(gaps, default=None)

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("company_id")
    def _check_root_company(self):
        """:raise ValidationError: a branch, whose customers are reminded under its root"""
        for policy in self.filtered(lambda policy: policy.company_id.parent_id):
            raise ValidationError(
                self.env._(
                    "“%(company)s” is a branch: give the ladder to %(root)s, under which its "
                    "customers are reminded.",
                    company=policy.company_id.name,
                    root=policy.company_id.root_id.name,
                )
            )

    @api.constrains("step_ids")
    def _check_ladder(self):
        for policy in self:
            policy.step_ids._check_order()

    # ------------------------------------------------------------
    # WHO MAY CHANGE IT
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._check_may_change()
        return policies

    def write(self, vals):
        self._check_may_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_of_others(self):
        self._check_may_change()

    def _check_may_change(self):
        """A ladder of every company is no single company's to change, nor are its texts.

        :raise AccessError: the user answers for other companies than these are of
        """
        for policy in self:
            refusal = policy._get_change_refusal()
            if refusal:
                raise AccessError(refusal)

    def _get_change_refusal(self):
        """Why the user may not change this ladder, in a sentence; empty: he or she may."""
        if self.env.su or self.env.user.has_group("base.group_system"):
            return ""
        policy, own = self.sudo(), self.env.user.company_ids
        if policy.company_id and not policy.company_id & own.root_id:
            return self.env._("“%s” is a ladder of another company.", policy.display_name)
        if not policy.company_id and self._get_other_companies(own):
            return self.env._(
                "“%s” is a ladder of every company: an administrator changes it. Copy it "
                "for your company, and change the copy.",
                policy.display_name,
            )
        return ""

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_may_change(self):
        """For the screen: who may not change a ladder reads it, instead of being told on saving."""
        may_write = self.browse().has_access("write")
        for policy in self:
            policy.may_change = may_write and not (policy._origin and policy._get_change_refusal())

    @api.model
    def _get_other_companies(self, own):
        """One that has ladders and is none of ``own``, or none."""
        others = [("id", "not in", own.ids), ("parent_id", "=", False)]
        return self.env["res.company"].sudo().search(others, limit=1)

    def action_copy_to_company(self):
        """Copy this ladder, with texts of its own, for the user's company: tried there first.

        Customers who follow a ladder by name stay on theirs.

        :raise AccessError: the user is no dunning manager
        """
        self.ensure_one()
        if not self.env.su and not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("Only a dunning manager may do this."))
        company = self.env.company.root_id
        vals = {"company_id": company.id, "sequence": self.sequence - 1}
        copy = self.with_context(active_test=True).copy(vals)
        copy.step_ids._copy_texts()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": copy.id,
            "view_mode": "form",
        }
