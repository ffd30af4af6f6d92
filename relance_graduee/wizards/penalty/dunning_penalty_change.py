from odoo import api, fields, models
from odoo.exceptions import UserError


class DunningPenaltyChange(models.TransientModel):
    """Change of chosen penalties: claimed by a debit note, paid, or waived."""

    _name = "dunning.penalty.change"
    _inherit = ["dunning.dated"]
    _description = "Decide about penalties"

    change = fields.Selection(
        [
            ("claim", "Make a debit note"),
            ("pay", "Allot a payment"),
            ("booked", "Already booked otherwise"),
            ("waive", "Waive"),
        ],
        required=True,
        default="claim",
    )
    penalty_ids = fields.Many2many("dunning.penalty", string="Penalties", required=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_amount")
    amount = fields.Monetary(string="Still due", compute="_compute_amount")
    date = fields.Date(required=True, default=lambda self: self.env.company._get_dunning_today())
    credit_line_id = fields.Many2one(
        "account.move.line",
        string="Payment",
        compute="_compute_credit_line_id",
        store=True,
        readonly=False,
    )
    credit_line_ids = fields.Many2many(
        "account.move.line", compute="_compute_credit_line_ids", string="Open payments"
    )
    also_future = fields.Boolean(
        string="Also what still accrues",
        default=True,
        help="Nothing of it is ever claimed; otherwise only what has accrued to date is waived.",
    )
    reason = fields.Char()

    @api.depends("penalty_ids")
    def _compute_amount(self):
        for wizard in self:
            currencies = wizard.penalty_ids.currency_id
            wizard.currency_id = currencies if len(currencies) == 1 else False
            wizard.amount = sum(penalty._get_claimable() for penalty in wizard.penalty_ids)

    @api.depends("penalty_ids")
    def _compute_credit_line_ids(self):
        for wizard in self:
            wizard.credit_line_ids = wizard.penalty_ids._get_credits()

    @api.depends("penalty_ids")
    def _compute_credit_line_id(self):
        """Proposed: the payment whose communication names the notice."""
        for wizard in self:
            wizard.credit_line_id = wizard.penalty_ids._get_named_credit()

    def action_apply(self):
        """:raise UserError: a reason or a payment is missing, or nothing is due"""
        self.ensure_one()
        self.penalty_ids._check_may_act()
        return getattr(self, f"_apply_{self.change}")()

    def _apply_claim(self):
        self._check_one_company()
        return self.penalty_ids._create_debit_notes(self.date)._get_records_action()

    def _apply_pay(self):
        if not self.credit_line_id:
            raise UserError(self.env._("Choose an open payment of this customer."))
        return self.penalty_ids._pay_from(self.credit_line_id, self.date)._get_records_action()

    def _apply_booked(self):
        self.penalty_ids._book(self.date, self.reason)
        return {"type": "ir.actions.act_window_close"}

    def _apply_waive(self):
        self.penalty_ids._waive(self.reason, self.also_future)
        return {"type": "ir.actions.act_window_close"}

    def _check_one_company(self):
        if len(self.penalty_ids.company_id) > 1:
            raise UserError(self.env._("Choose penalties of one company at a time."))
