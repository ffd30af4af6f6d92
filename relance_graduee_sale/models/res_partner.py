from odoo import models
from odoo.tools import format_date


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _announce_to_salesperson(self, kind, day):
        """One task for this customer, kind and day, without amounts."""
        self.ensure_one()
        date = format_date(self.env, day)
        if kind == "formal":
            summary = self.env._("A formal notice leaves on %s: a last word?", date)
        else:
            summary = self.env._("Deliveries are suspended from %s: a last word?", date)
        if summary not in self.sudo().activity_ids.mapped("summary"):
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo", summary=summary, user_id=self.user_id.id
            )
