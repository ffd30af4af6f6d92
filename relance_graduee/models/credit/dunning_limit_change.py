from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import float_compare

from ..common.groups import USER_GROUP
from ..common.words import has_words

CHANGE_KINDS = [
    ("limit", "Credit limit"),
    ("default", "Default credit limit"),
    ("group", "Shared credit limit"),
    ("cover", "Insured amount or guarantee"),
    ("policy", "Policy"),
]
DIGITS = 2


class DunningLimitChange(models.Model):
    """Each change of a limit, a cover or a policy: old and new, who, when and why.

    That of the limit by default has no customer. Written by the change itself, on whatever path.
    A collector may also create a row of kind ``limit`` (by hand, or a sheet through Odoo's own
    import): that makes the change, with its reason. Rows are never changed or deleted. Amounts are
    in company currency.
    """

    _name = "dunning.limit.change"
    _description = "Change of a credit limit"
    _inherit = ["dunning.company.owned"]
    _order = "id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(CHANGE_KINDS, required=True, default="limit", readonly=True)
    subject = fields.Char(string="What", readonly=True, help="Which insurance or guarantee.")
    old_amount = fields.Monetary(readonly=True)
    new_amount = fields.Monetary()
    old_value = fields.Char(readonly=True)
    new_value = fields.Char(readonly=True)
    reason = fields.Char()
    user_id = fields.Many2one("res.users", string="Changed by", readonly=True)
    date = fields.Datetime(string="Changed on", readonly=True)

    _has_partner = models.Constraint(
        "CHECK (partner_id IS NOT NULL OR kind = 'default')", "Say whose limit is changed."
    )

    # ------------------------------------------------------------
    # A SHEET OF LIMITS
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Make the changes asked for: customer, company, new limit and reason count."""
        self._check_may_change()
        return super().create([self._prepare_asked_vals(vals) for vals in vals_list])._apply()

    def _check_may_change(self):
        if not self.env.su and not self.env.user.has_group(USER_GROUP):
            raise AccessError(self.env._("Only collectors change credit limits by this sheet."))

    def _prepare_asked_vals(self, vals):
        """The values that a person may give a change; all others are left out."""
        if not has_words(vals.get("reason")):
            raise UserError(self.env._("Say why: the reason is kept with the change."))
        partner = self.env["res.partner"].browse(vals.get("partner_id")).commercial_partner_id
        if not partner:
            raise UserError(self.env._("Say whose limit is changed."))
        company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
        return {
            **self._prepare_log_vals(partner, company.sudo().root_id, "limit", vals["reason"]),
            "old_amount": partner.sudo().with_company(company.sudo().root_id).credit_limit,
            "new_amount": vals.get("new_amount") or 0.0,
        }

    def _apply(self):
        """Write the limits of these rows on their customers, without a second row."""
        for change in self:
            if change.new_amount < 0:
                raise ValidationError(self.env._("A credit limit cannot be negative."))
            partner = change.partner_id.with_company(change.company_id)
            partner.check_access("write")
            partner.sudo()._write_dunning_limit(change.new_amount)
        return self

    def write(self, vals):
        if vals:
            raise UserError(self.env._("What was changed, and why, is not changed afterwards."))
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_never(self):
        raise UserError(self.env._("The history of a limit is not deleted."))

    # ------------------------------------------------------------
    # THE LOG
    # ------------------------------------------------------------

    @api.model
    def _prepare_log_vals(self, partner, company, kind, reason=None):
        return {
            "partner_id": partner.id,
            "company_id": company.id,
            "kind": kind,
            "reason": reason or False,
            "user_id": self.env.uid,
            "date": fields.Datetime.now(),
            "subject": False,
            "old_value": False,
            "new_value": False,
        }

    @api.model
    def _create_log(self, vals_list):
        return models.Model.create(self, vals_list)

    @api.model
    def _log(self, vals_list):
        """Keep these changes, whoever made them: past our own ``create``, which would make them."""
        return self.sudo()._create_log(vals_list) if vals_list else self.browse()

    @api.model
    def _log_covers(self, covers, old, reason=None, gone=False):
        """Keep what became of ``covers``: amounts, and what they are and how long they hold.

        :param old: cover id -> ``_get_logged_state`` before; one that is not named is as it was
        :param gone: they are about to be deleted
        """
        vals_list = []
        for cover in covers:
            current = cover._get_logged_state()
            before, after = (current, (0.0, "")) if gone else (old.get(cover.id, current), current)
            if float_compare(before[0], after[0], precision_digits=DIGITS) or before[1] != after[1]:
                vals = self._prepare_log_vals(cover.partner_id, cover.company_id, "cover", reason)
                vals |= {"subject": cover.display_name}
                vals |= {"old_amount": before[0], "new_amount": after[0]}
                vals_list.append({**vals, "old_value": before[1], "new_value": after[1]})
        return self._log(vals_list)
