from odoo import api, models


class DunningPolicy(models.Model):
    """Warnings about a ladder depend on the words of its letters."""

    _inherit = "dunning.policy"

    @api.depends("step_ids.letter_subject", "step_ids.letter_closing")
    def _compute_ladder_warning(self):
        return super()._compute_ladder_warning()

    def _get_word_warnings(self):
        """With the texts that cannot be said: an earlier version let code be written."""
        problems = [problem for step in self.step_ids for problem in step._get_said_problems()]
        return [*super()._get_word_warnings(), *dict.fromkeys(problems)]
