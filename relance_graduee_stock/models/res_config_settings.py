from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_stock_hold = fields.Selection(related="company_id.dunning_stock_hold", readonly=False)
    dunning_reservation_days = fields.Integer(
        related="company_id.dunning_reservation_days", readonly=False
    )
