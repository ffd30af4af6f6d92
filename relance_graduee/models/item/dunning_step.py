from odoo import models


class DunningStep(models.Model):
    _inherit = "dunning.step"

    def _is_used(self):
        taken = [("dunning_step_id", "in", self.ids)]
        lines = self.env["account.move.line"].sudo()
        return super()._is_used() or bool(lines.search_count(taken, limit=1))
