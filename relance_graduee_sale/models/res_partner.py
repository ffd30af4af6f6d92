from odoo import models
from odoo.tools import format_date


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _announce_to_salesperson(self, kind, day, company):
        """One task for this customer, kind and day, in the salesperson's words; no amounts."""
        self.ensure_one()
        doer = company._filter_dunning_able(self.user_id)[:1] or self._get_dunning_collector(
            company
        )
        env = self.with_context(lang=doer.lang).env
        date = format_date(env, day)
        if kind == "formal":
            summary = env._("A formal notice leaves on %s: a last word?", date)
        else:
            summary = env._("Deliveries are suspended from %s: a last word?", date)
        if summary not in self.sudo().activity_ids.mapped("summary"):
            company._schedule_dunning_task(self.sudo(), doer, summary)
