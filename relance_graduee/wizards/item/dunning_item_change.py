from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...models.common.groups import USER_GROUP

CHANGES = [
    ("step", "Continue from another step"),
    ("restart", "Begin the ladder again"),
    ("exclude", "Exclude from reminders"),
    ("include", "Include in reminders"),
    ("dispute", "Mark as disputed"),
    ("undispute", "No longer disputed"),
    ("accept", "Accept a later payment"),
    ("withdraw", "No longer accept a later payment"),
    ("pause", "Pause the customers"),
    ("resume", "Resume the customers"),
]


class DunningItemChange(models.TransientModel):
    """Change where chosen items stand, in bulk, with a reason that stays with the documents."""

    _name = "dunning.item.change"
    _inherit = ["dunning.dated"]
    _description = "Change open items"

    change = fields.Selection(CHANGES, required=True, default="step")
    move_line_ids = fields.Many2many("account.move.line", string="Items", required=True)
    item_count = fields.Integer(compute="_compute_items")
    company_id = fields.Many2one("res.company", compute="_compute_items")
    step_id = fields.Many2one(
        "dunning.step",
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        string="Last step done",
        help="The items continue with the step after this one. Empty: with the first one.",
    )
    date = fields.Date(
        string="Done on",
        default=lambda self: self.env.company._get_dunning_today(),
        help="The days to the next step count from here.",
    )
    pause_until = fields.Date()
    accept_until = fields.Date(
        string="Accepted until",
        help="Until then these items do not hold deliveries: 15 days for a collector, 30 for a "
        "dunning manager, unless the settings say otherwise.",
    )
    reason = fields.Char(required=True)

    @api.depends("move_line_ids")
    def _compute_items(self):
        for wizard in self:
            wizard.item_count = len(wizard.move_line_ids)
            wizard.company_id = wizard.move_line_ids.company_id.root_id[:1]

    def action_apply(self):
        """:raise UserError: a reason or a date is missing"""
        self.ensure_one()
        if not self.env.user.has_group(USER_GROUP):
            raise AccessError(self.env._("Only collectors may do this."))
        self.move_line_ids.check_access("read")
        getattr(self, f"_apply_{self.change}")()
        return {"type": "ir.actions.act_window_close"}

    def _apply_step(self):
        """:raise UserError: the step is of a ladder of another company, or its day is to come"""
        owner = self.step_id.company_id
        if owner and self.move_line_ids.company_id.root_id != owner:
            raise UserError(
                self.env._("The step “%s” is of another company's ladder.", self.step_id.name)
            )
        if self.date and self.date > self.company_id._get_dunning_today():
            raise UserError(self.env._("%s lies in the future.", format_date(self.env, self.date)))
        self.move_line_ids._set_dunning_step(self.step_id, self.date, self.reason)

    def _apply_restart(self):
        self.move_line_ids._set_dunning_step(self.step_id.browse(), False, self.reason)

    def _apply_exclude(self):
        self.move_line_ids._set_dunning_excluded(True, self.reason)

    def _apply_include(self):
        self.move_line_ids._set_dunning_excluded(False, self.reason)

    def _apply_dispute(self):
        self.move_line_ids._set_dunning_disputed(True, self.reason)

    def _apply_undispute(self):
        self.move_line_ids._set_dunning_disputed(False, self.reason)

    def _apply_accept(self):
        self.move_line_ids._accept_dunning(self.accept_until, self.reason)

    def _apply_withdraw(self):
        self.move_line_ids._withdraw_dunning_acceptance(self.reason)

    def _apply_pause(self):
        if not self.pause_until:
            raise UserError(self.env._("A pause always has an end date and a reason."))
        for company, partners in self._get_customers():
            partners.with_company(company)._set_dunning_pause(
                self.pause_until, self.reason, exact=True
            )

    def _apply_resume(self):
        for company, partners in self._get_customers():
            partners.with_company(company)._end_dunning_pause(self.reason)

    def _get_customers(self):
        """Root company -> the customers of the chosen items in it."""
        by_company = self.move_line_ids.grouped(lambda line: line.company_id.root_id)
        return [(company, lines.partner_id) for company, lines in by_company.items()]
