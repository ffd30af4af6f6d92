from odoo import models


class DunningStep(models.Model):
    """A step speaks through notices and deliveries; what it said is not said twice."""

    _inherit = "dunning.step"

    def write(self, vals):
        result = super().write(vals)
        if "sequence" in vals:
            self.env["account.move.line"]._begin_dunning_rounds(self.policy_id)
        return result

    def _is_used(self):
        said = [("step_id", "in", self.ids)]
        lines = self.env["dunning.notice.line"].sudo()
        return super()._is_used() or bool(lines.search_count(said, limit=1))
