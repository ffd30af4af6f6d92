from odoo import api, fields, models
from odoo.exceptions import ValidationError

MOST_DAYS = 366


class DunningClosingDay(models.Model):
    _name = "dunning.closing.day"
    _description = "Closing days"
    _inherit = ["dunning.company.owned", "dunning.dated"]
    _order = "date_from desc"
    _check_company_auto = True

    name = fields.Char(string="Reason", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id, index=True
    )
    date_from = fields.Date(string="First day", required=True)
    date_to = fields.Date(string="Last day", required=True)

    _dates_ordered = models.Constraint(
        "CHECK (date_from <= date_to)", "A closing period ends on or after its first day."
    )

    @api.constrains("date_from", "date_to")
    def _check_length(self):
        for period in self:
            if (period.date_to - period.date_from).days > MOST_DAYS:
                raise ValidationError(self.env._("A closing period lasts a year at most."))
