from odoo import fields, models


class DunningNoticeLine(models.Model):
    """What is claimed of an item beside its principal, as the ledger had it on the day."""

    _inherit = "dunning.notice.line"

    penalty_detail = fields.Json(
        readonly=True, help="What is claimed beside the principal, with its calculation."
    )
