from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_sale_hold = fields.Selection(related="company_id.dunning_sale_hold", readonly=False)
