from odoo import fields, models


class DunningNoticeLine(models.Model):
    """Penalties claimed with an item, as the ledger had them on the day."""

    _inherit = "dunning.notice.line"

    penalty_detail = fields.Json(
        readonly=True, help="What is claimed beside the principal, with its calculation."
    )
