from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import float_compare, format_date

from ..common.groups import ACCOUNTING_GROUPS, INTERNAL_GROUP
from ..common.words import has_words
from .dunning_account import HOLDS
from .dunning_limit_change import DIGITS

# Columns of the account that the customer's page shows.
SHOWN_AMOUNTS = (
    "amount_overdue", "amount_not_due", "amount_to_invoice", "amount_ordered", "amount_credit",
    "exposure", "amount_available", "amount_secured", "amount_own_risk",
)  # fmt: skip
LOGGED_FIELDS = {"credit_limit", "dunning_policy_id", "dunning_limit_partner_id"}


class ResPartner(models.Model):
    """The credit limit of a customer, its covers, and whether its deliveries are held."""

    _inherit = "res.partner"

    delivery_hold = fields.Selection(
        HOLDS,
        compute="_compute_delivery_hold",
        search="_search_delivery_hold",
        compute_sudo=True,
        groups=INTERNAL_GROUP,
    )
    delivery_hold_reason = fields.Char(
        compute="_compute_delivery_hold", compute_sudo=True, groups=INTERNAL_GROUP
    )
    dunning_limit_partner_id = fields.Many2one(
        "res.partner",
        string="Shares the limit of",
        index="btree_not_null",
        domain="[('commercial_partner_id', '=', id), ('id', '!=', commercial_partner_id)]",
        groups=INTERNAL_GROUP,
        help="Head of its group of companies: all of them together stay under the head's limit.",
    )
    dunning_limit_member_ids = fields.One2many(
        "res.partner",
        "dunning_limit_partner_id",
        string="Limit shared with",
        groups=INTERNAL_GROUP,
    )
    dunning_hold_until = fields.Date(
        string="Deliveries held until",
        company_dependent=True,
        copy=False,
        groups=INTERNAL_GROUP,
    )
    dunning_hold_reason = fields.Char(
        string="Deliveries held because",
        company_dependent=True,
        copy=False,
        groups=ACCOUNTING_GROUPS,
    )
    dunning_marked_on = fields.Date(
        string="Marked as a bad payer since",
        company_dependent=True,
        copy=False,
        readonly=True,
        groups=INTERNAL_GROUP,
        help="Of persons: noted the night after, and lifted after the time set by the company.",
    )
    dunning_cover_ids = fields.One2many(
        "dunning.cover", "partner_id", string="Insurance and guarantees", groups=ACCOUNTING_GROUPS
    )
    dunning_amount_overdue = fields.Monetary(
        string="Overdue", compute="_compute_dunning_exposure", groups=ACCOUNTING_GROUPS
    )
    dunning_amount_not_due = fields.Monetary(
        string="Not due", compute="_compute_dunning_exposure", groups=ACCOUNTING_GROUPS
    )
    dunning_amount_to_invoice = fields.Monetary(
        string="To invoice", compute="_compute_dunning_exposure", groups=ACCOUNTING_GROUPS
    )
    dunning_amount_ordered = fields.Monetary(
        string="Ordered", compute="_compute_dunning_exposure", groups=ACCOUNTING_GROUPS
    )
    dunning_amount_credit = fields.Monetary(
        string="Credits", compute="_compute_dunning_exposure", groups=ACCOUNTING_GROUPS
    )
    dunning_exposure = fields.Monetary(
        string="Exposure", compute="_compute_dunning_exposure", groups=ACCOUNTING_GROUPS
    )
    dunning_amount_available = fields.Monetary(
        string="Left of the limit", compute="_compute_dunning_exposure", groups=ACCOUNTING_GROUPS
    )
    dunning_amount_secured = fields.Monetary(
        string="Covered", compute="_compute_dunning_exposure", groups=ACCOUNTING_GROUPS
    )
    dunning_amount_own_risk = fields.Monetary(
        string="At own risk", compute="_compute_dunning_exposure", groups=ACCOUNTING_GROUPS
    )
    dunning_declaration_deadline = fields.Date(
        string="Declare to the insurer by",
        compute="_compute_dunning_exposure",
        groups=ACCOUNTING_GROUPS,
        help="Last day to declare the oldest unpaid invoice that was not declared yet.",
    )
    dunning_is_declaration_near = fields.Boolean(
        string="Declaration due soon", compute="_compute_dunning_exposure", groups=ACCOUNTING_GROUPS
    )
    dunning_change_reason = fields.Char(
        string="Reason of the change",
        store=False,
        groups=INTERNAL_GROUP,
        help="Kept with the change of limit or policy.",
    )

    def write(self, vals):
        if {"delivery_hold", "delivery_hold_reason"} & vals.keys():
            raise UserError(self.env._("Whether deliveries are held is computed, not written."))
        before = self._get_logged_limits(vals)
        newly_insolvent = self.filtered(lambda p: vals.get("insolvency_date")) - self.filtered(
            "insolvency_date"
        )
        result = super().write(vals)
        newly_insolvent._ask_about_insolvency()
        self._log_limits(before, vals.get("dunning_change_reason"))
        return result

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        for partner, vals in zip(partners, vals_list, strict=True):
            partner._log_limits(partner._get_limits_before(vals), vals.get("dunning_change_reason"))
        return partners

    @api.model
    def _get_dunning_tree_fields(self):
        names = {"credit_limit", "dunning_hold_until", "dunning_hold_reason"}
        return super()._get_dunning_tree_fields() | names

    @api.model
    def _get_dunning_guarded_fields(self):
        names = {"dunning_hold_until", "dunning_hold_reason", "dunning_limit_partner_id"}
        return super()._get_dunning_guarded_fields() | names

    # ------------------------------------------------------------
    # EXPOSURE
    # ------------------------------------------------------------

    @api.depends_context("company", "dunning_date")
    def _compute_dunning_exposure(self):
        """Figures of the customer's account, for the screen."""
        empty = self.env["dunning.account"].sudo()
        company = self.env.company.sudo().root_id
        accounts = empty._get_of(self.commercial_partner_id, company)
        for partner in self:
            account = accounts.get(partner.commercial_partner_id, empty)
            for name in SHOWN_AMOUNTS:
                partner[f"dunning_{name}"] = account[name]
            partner.dunning_declaration_deadline = account.declaration_deadline
            partner.dunning_is_declaration_near = account._is_declaration_near()

    # ------------------------------------------------------------
    # HOLDS
    # ------------------------------------------------------------

    @api.depends_context("company", "dunning_date", "lang")
    def _compute_delivery_hold(self):
        """For the screen, and the day of the context; what decides asks _get_delivery_holds."""
        accounts = self.env["dunning.account"].sudo()
        customers = self.commercial_partner_id
        holds = accounts._get_holds(self.env.company.sudo().root_id, customers.ids)
        for partner in self:
            hold = holds.get(partner.commercial_partner_id.id, {})
            partner.delivery_hold = hold.get("hold", "none")
            partner.delivery_hold_reason = hold.get("reason", False)

    @api.model
    def _search_delivery_hold(self, operator, value):
        """Those of these levels; with "none", everybody but those of the other levels.

        Odoo asks for the groups of columns alone: whoever may not read it could look for it.
        """
        self._check_field_access(self._fields["delivery_hold"], "read")
        if operator != "in":
            return NotImplemented
        levels, chosen = {level for level, _label in HOLDS}, set(value)
        if "none" in chosen:
            chosen, operator = levels - chosen, "not in"
        chosen &= levels
        if not chosen:
            return Domain(operator == "not in")
        accounts = self.env["dunning.account"].sudo()
        customers = accounts._get_held_partners_sql(self.env.company.sudo().root_id, chosen)
        return [("commercial_partner_id", operator, customers)]

    def _get_delivery_holds(self, company):
        """Whether and why goods to these customers are to wait: what every guard asks.

        A fresh query as superuser, for today and the document's company: no computed field, no
        date, company or selection of the context counts.

        :param company: the company of the document (any of the tree)
        :return: commercial partner id -> {"hold": "warning" or "blocked", "reason": sentences
            without amounts, "causes": list of codes}; customers without any are not in it
        """
        lang = self.env.context.get("lang")
        customers = self.sudo().commercial_partner_id
        accounts = self.env(context={"lang": lang})["dunning.account"].sudo()
        return accounts._get_holds(company.sudo().root_id, customers.ids)

    def _lock_dunning_limit(self, company):
        """Hold these customers, and whose limit they share, until the transaction ends.

        :raise psycopg2.errors.SerializationFailure: somebody else decided in between
        """
        customers = self.sudo().commercial_partner_id
        holders = customers.dunning_limit_partner_id.commercial_partner_id
        ids = sorted((customers | holders).ids)
        self.env["dunning.lock"].sudo()._acquire(company.sudo().root_id, ids)

    def _set_delivery_hold(self, until, reason):
        """Hold deliveries to these customers up to ``until`` included, for the company in context.

        :raise UserError: no end date or no reason: a hold always has both
        """
        if not until or not has_words(reason):
            raise UserError(self.env._("A hold always has an end date and a reason."))
        for customer in self.commercial_partner_id:
            customer.write({"dunning_hold_until": until, "dunning_hold_reason": reason})
            self.env["dunning.customer.note"]._log(customer, "hold", reason, until)
            customer.sudo()._message_log(
                body=self.env._("Deliveries held until %s.", format_date(self.env, until))
            )

    @api.constrains("dunning_hold_until", "dunning_hold_reason")
    def _check_dunning_hold(self):
        for partner in self:
            if partner.dunning_hold_until and not has_words(partner.dunning_hold_reason):
                raise ValidationError(self.env._("Say why the deliveries are held."))

    def _ask_about_insolvency(self):
        """Ask the dunning manager how to go on with these customers.

        Contracts under way are performed whatever was left unpaid before the judgment (article
        L622-13 of the Code de commerce), so nothing is blocked; later orders may be prepaid.
        """
        company = self.env.company.sudo().root_id
        for partner in self.sudo():
            company._schedule_dunning_task(
                partner,
                company._get_dunning_manager(),
                self.env._("Insolvency proceedings: how to deliver from now on?"),
                self.env._(
                    "Deliveries are not blocked by it. Decide whether new orders are prepaid, "
                    "or hold them by hand."
                ),
            )

    # ------------------------------------------------------------
    # A LIMIT FOR A GROUP
    # ------------------------------------------------------------

    @api.constrains("dunning_limit_partner_id")
    def _check_dunning_limit_partner(self):
        for partner in self.filtered("dunning_limit_partner_id"):
            head = partner.dunning_limit_partner_id
            if head.commercial_partner_id == partner.commercial_partner_id:
                raise ValidationError(self.env._("A customer does not share its own limit."))
            if head.commercial_partner_id.dunning_limit_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(head)s shares the limit of another itself: choose that one.",
                        head=head.display_name,
                    )
                )
            if partner.dunning_limit_member_ids:
                raise ValidationError(
                    self.env._("Others share the limit of %s: it is a head.", partner.display_name)
                )

    # ------------------------------------------------------------
    # CHANGES
    # ------------------------------------------------------------

    def _write_dunning_limit(self, amount):
        """Write Odoo's own limit for the whole company tree, past the log of ``write``."""
        vals = {"credit_limit": amount}
        for company in self.env.company.sudo().root_id._get_dunning_tree():
            models.Model.write(self.with_company(company), vals)

    def _get_logged_limits(self, vals):
        """Present values of the logged fields in ``vals``: partner id -> (limit, policy, head)."""
        if not LOGGED_FIELDS & vals.keys():
            return {}
        return {
            p.id: (p.credit_limit, p.dunning_policy_id, p.dunning_limit_partner_id)
            for p in self.sudo()
        }

    def _get_limits_before(self, vals):
        """As ``_get_logged_limits``, of a partner made with ``vals``: nothing where they say."""
        said = {name for name in LOGGED_FIELDS if vals.get(name)}
        if not said:
            return {}
        limit, policy, head = self._get_logged_limits(vals)[self.id]
        return {
            self.id: (
                0.0 if "credit_limit" in said else limit,
                policy.browse() if "dunning_policy_id" in said else policy,
                head.browse() if "dunning_limit_partner_id" in said else head,
            )
        }

    def _log_limits(self, before, reason):
        """Keep what became of the limits, policies and heads of ``before``."""
        Change = self.env["dunning.limit.change"]
        company = self.env.company.sudo().root_id
        vals_list = []
        for partner in self.sudo().browse(before):
            limit, policy, head = before[partner.id]
            if float_compare(limit, partner.credit_limit, precision_digits=DIGITS):
                vals = Change._prepare_log_vals(partner, company, "limit", reason)
                vals_list.append({**vals, "old_amount": limit, "new_amount": partner.credit_limit})
            for kind, old, new in (
                ("policy", policy, partner.dunning_policy_id),
                ("group", head, partner.dunning_limit_partner_id),
            ):
                if old != new:
                    vals = Change._prepare_log_vals(partner, company, kind, reason)
                    names = {"old_value": old.display_name, "new_value": new.display_name}
                    vals_list.append({**vals, **names})
        Change._log(vals_list)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_limit_changes(self):
        """Changes of this customer's limits, covers and policy."""
        return self._open_own("dunning.limit.change", self.env._("Changes of limits"))

    def action_open_releases(self):
        return self._open_own("dunning.release", self.env._("Releases"))

    def _open_own(self, model, name):
        self.ensure_one()
        customer = self.commercial_partner_id
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("partner_id", "child_of", customer.id)],
            "context": {"default_partner_id": customer.id},
        }
