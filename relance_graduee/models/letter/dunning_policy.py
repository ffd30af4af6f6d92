from odoo import api, models


class DunningPolicy(models.Model):
    """Warnings about a ladder depend on the words of its letters."""

    _inherit = "dunning.policy"

    @api.depends("step_ids.letter_subject", "step_ids.letter_closing")
    def _compute_ladder_warning(self):
        return super()._compute_ladder_warning()
