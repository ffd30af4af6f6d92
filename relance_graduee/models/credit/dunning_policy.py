from odoo import fields, models


class DunningPolicy(models.Model):
    """A policy says from which overdue amount and delay on deliveries are held."""

    _inherit = "dunning.policy"

    block_overdue_amount = fields.Float(
        string="Hold deliveries above",
        default=500.0,
        help="Overdue amount, in company currency, above which deliveries are held. "
        "0: never by the amount alone.",
    )
    block_overdue_days = fields.Integer(string="Hold deliveries after (days late)", default=15)

    _block_overdue_amount_positive = models.Constraint(
        "CHECK (block_overdue_amount >= 0)",
        "The amounts and the rate of a policy cannot be negative.",
    )
    _block_overdue_days_positive = models.Constraint(
        "CHECK (block_overdue_days >= 0)",
        "The days of a policy cannot be negative.",
    )
