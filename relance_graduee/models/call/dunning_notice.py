from odoo import models
from odoo.fields import Domain


class DunningNotice(models.Model):
    """Items and script of a notice for a call or visit."""

    _inherit = "dunning.notice"

    def _get_telling_domain(self):
        """Also the further calls that came of a notice."""
        items = self.line_ids.move_line_id.ids
        again = Domain("source_notice_id.line_ids.move_line_id", "in", items)
        return super()._get_telling_domain() | again

    def _get_told_lines(self):
        """The items that are claimed, without the credits that we hold."""
        return self._get_claimed_lines().filtered(lambda line: line.amount_residual > 0)

    def _get_call_script(self):
        """The script of the step in the words of this notice, or why it cannot be shown.

        A script that does not render stops nobody from closing the call.
        """
        self.ensure_one()
        step = self.step_id.sudo()
        problems = self._get_problems(step.call_script or "", is_html=False)
        if problems:
            return self.env._(
                "The script of step “%(step)s” cannot be shown: correct it in the procedure. "
                "%(problems)s",
                step=step.name,
                problems=" ".join(problems),
            )
        return step.call_script and self._fill_placeholders(step.call_script, is_html=False)
