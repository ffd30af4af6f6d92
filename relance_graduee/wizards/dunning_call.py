from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.dunning_delivery import CALL_OUTCOMES

DATED_OUTCOMES = ("call_back", "signatory_absent", "will_pay")


class DunningCall(models.TransientModel):
    """What was said on the telephone or at the visit."""

    _name = "dunning.call"
    _description = "Outcome of a call or visit"

    delivery_id = fields.Many2one("dunning.delivery", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="delivery_id.partner_id")
    contact_id = fields.Many2one(related="delivery_id.contact_id")
    channel = fields.Selection(related="delivery_id.channel")
    phone = fields.Char(related="delivery_id.phone")
    call_script = fields.Text(related="delivery_id.call_script")
    amount_total = fields.Monetary(related="delivery_id.amount_total")
    days_late = fields.Integer(related="delivery_id.days_late")
    currency_id = fields.Many2one(related="delivery_id.notice_currency_id")
    outcome = fields.Selection(
        [pair for pair in CALL_OUTCOMES if pair[0] != "not_done"], required=True
    )
    outcome_date = fields.Date(string="On")
    outcome_amount = fields.Monetary(string="Amount")
    outcome_means = fields.Char(string="Means")
    needs_date = fields.Boolean(compute="_compute_needs_date")
    risk = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")], string="Risk felt"
    )
    note = fields.Text()
    send_duplicate = fields.Boolean(
        string="Send a certified duplicate of the invoices by e-mail",
        help="Overprinted and dated; the due date does not change.",
    )

    @api.depends("outcome")
    def _compute_needs_date(self):
        for call in self:
            call.needs_date = call.outcome in DATED_OUTCOMES

    def action_close(self):
        """:raise UserError: the date that the outcome needs is missing"""
        self.ensure_one()
        if self.outcome in ("call_back", "will_pay") and not self.outcome_date:
            raise UserError(self.env._("Enter the date that was given."))
        delivery = self.delivery_id
        delivery._check_may_act()
        delivery.sudo().write(
            {
                "outcome_date": self.outcome_date,
                "outcome_amount": self.outcome_amount,
                "outcome_means": self.outcome_means,
                "risk": self.risk,
            }
        )
        delivery.action_done(outcome=self.outcome, note=self.note)
        if self.send_duplicate:
            delivery.notice_id._send_duplicates()
        return {"type": "ir.actions.act_window_close"}
