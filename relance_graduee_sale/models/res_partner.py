from odoo import models
from odoo.tools import format_date


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _announce_to_salesperson(self, kind, day):
        """One task for this customer, kind and day, in the salesperson's words; no amounts."""
        self.ensure_one()
        env = self.with_context(lang=self.user_id.lang).env
        date = format_date(env, day)
        if kind == "formal":
            summary = env._("A formal notice leaves on %s: a last word?", date)
        else:
            summary = env._("Deliveries are suspended from %s: a last word?", date)
        if summary not in self.sudo().activity_ids.mapped("summary"):
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo", summary=summary, user_id=self.user_id.id
            )
