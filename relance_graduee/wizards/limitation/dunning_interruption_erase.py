from odoo import fields, models


class DunningInterruptionErase(models.TransientModel):
    """The reason for which interruptions no longer count."""

    _name = "dunning.interruption.erase"
    _description = "Erase an interruption"

    interruption_ids = fields.Many2many("dunning.interruption", required=True)
    reason = fields.Char(required=True)

    def action_erase(self):
        self.ensure_one()
        self.interruption_ids._erase(self.reason)
        return {"type": "ir.actions.act_window_close"}
