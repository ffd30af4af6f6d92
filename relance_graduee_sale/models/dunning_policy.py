from odoo import fields, models


class DunningPolicy(models.Model):
    _inherit = "dunning.policy"

    deposit_percent = fields.Float(
        string="Deposit proposed (%)",
        default=30.0,
        help="Share of an order that its customer is asked for before it is confirmed. 0: none.",
    )
    deposit_for_new = fields.Boolean(
        string="Deposit of new customers",
        help="Proposed to customers who never had an invoice posted.",
    )
    deposit_amount_min = fields.Float(
        string="Deposit for orders from",
        help="In company currency, VAT included. 0: never by the amount alone.",
    )

    _deposit_percent = models.Constraint(
        "CHECK (deposit_percent >= 0 AND deposit_percent <= 100 AND deposit_amount_min >= 0)",
        "The deposit of a policy is between 0 and 100 %.",
    )
