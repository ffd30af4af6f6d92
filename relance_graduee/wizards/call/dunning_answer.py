from odoo import api, fields, models

from ...models.call.dunning_delivery_answer import CALL_OUTCOMES
from ...models.call.dunning_outcome import DATED_OUTCOMES


class DunningAnswer(models.AbstractModel):
    """Fields of forms about an exchange with a customer: date, answer, impression."""

    _name = "dunning.answer"
    _inherit = ["dunning.dated"]
    _description = "Answer of a customer"

    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._get_dunning_today(),
        help="The day of the exchange: it counts from then.",
    )
    outcome = fields.Selection(selection="_get_outcomes")
    outcome_date = fields.Date(string="Date given")
    outcome_amount = fields.Monetary(string="Amount")
    outcome_means = fields.Char(string="Means")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    is_incoming = fields.Boolean(string="The customer began it")
    risk = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")], string="Risk felt"
    )
    note = fields.Text(help="Facts only: the customer has a right to read it.")

    @api.model
    def _get_outcomes(self):
        """The answers to choose from: code, label in the user's language."""
        labels = self.env["dunning.delivery"]._fields["outcome"]._description_selection(self.env)
        codes = self._get_outcome_codes()
        return [(code, label) for code, label in labels if code in codes]

    @api.model
    def _get_outcome_codes(self):
        """Outcomes that a person may choose."""
        return {code for code, _label in CALL_OUTCOMES} - {"not_done"}

    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    def _record_on(self, delivery):
        """Close ``delivery`` with this answer.

        :raise UserError: a date is missing, or makes no sense (see ``dunning.outcome``)
        """
        self.ensure_one()
        delivery._check_may_act()
        delivery.sudo().write(self._prepare_answer_vals())
        return delivery.action_done(outcome=self.outcome or "other", note=self.note, date=self.date)

    def _prepare_answer_vals(self):
        """The entered values without those that do not belong to the chosen outcome."""
        tells_payment = self.outcome in ("will_pay", "already_sent")
        return {
            "outcome_date": self.outcome in DATED_OUTCOMES and self.outcome_date,
            "outcome_amount": tells_payment and self.outcome_amount,
            "outcome_means": tells_payment and self.outcome_means,
            "is_incoming": self.is_incoming,
            "risk": self.risk,
        }
