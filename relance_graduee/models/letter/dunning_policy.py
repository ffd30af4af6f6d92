from odoo import api, models


class DunningPolicy(models.Model):
    """Warnings about a ladder depend on the words of its letters."""

    _inherit = "dunning.policy"

    @api.depends("step_ids.letter_subject", "step_ids.letter_closing")
    def _compute_ladder_warning(self):
        return super()._compute_ladder_warning()

    def _get_word_warnings(self):
        """With the texts that cannot be said: an earlier version let code be written."""
        return [*super()._get_word_warnings(), *self._get_text_problems()]

    def _get_text_problems(self):
        """What keeps steps of this ladder from saying their texts: a list of sentences."""
        problems = (problem for step in self.step_ids for problem in step._get_said_problems())
        return list(dict.fromkeys(problems))

    def _note_text_problems(self):
        """Note on each ladder, in the language of its company, what cannot be said any more."""
        for policy in self:
            company = policy.company_id or self.env.ref("base.main_company")
            policy = policy.with_context(lang=company.partner_id.lang)
            problems = policy._get_text_problems()
            if problems:
                intro = policy.env._("Texts are no longer evaluated. These stop their reminders:")
                policy.message_post(body="\n".join([intro, *problems]))
