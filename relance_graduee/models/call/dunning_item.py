from odoo import models


class DunningItem(models.Model):
    """Items of which the customer said something."""

    _inherit = "dunning.item"

    def _get_detail_said(self, item, facts):
        line = item.move_line_id.sudo()
        labels = dict(line._fields["dunning_stay_outcome"]._description_selection(self.env))
        return self.env._(
            "Nothing until %(date)s: %(answer)s",
            date=self._format(line.dunning_stay_until),
            answer=labels.get(line.dunning_stay_outcome) or self.env._("the customer answered"),
        )

    def _get_detail_promised(self, item, facts):
        line = item.move_line_id.sudo()
        if line.dunning_accepted_until and line.dunning_accepted_until >= facts["day"]:
            return self.env._(
                "Nothing: later payment accepted until %s",
                self._format(line.dunning_accepted_until),
            )
        if line.dunning_stay_until:
            return self.env._(
                "Nothing until %s: payment promised", self._format(line.dunning_stay_until)
            )
        return self.env._("Nothing: payment promised")
