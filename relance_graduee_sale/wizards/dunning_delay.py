from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.relance_graduee.models.common.words import has_words


class DunningDelay(models.TransientModel):
    """A salesperson asks for more time for a customer. It changes nothing: a collector decides.

    Asked in words of the company: the task is on a row of its own, not on the shared customer.
    """

    _name = "dunning.delay"
    _inherit = ["dunning.dated"]
    _description = "Ask for a delay"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    company_id = fields.Many2one("res.company", required=True)
    date_until = fields.Date(string="Until", required=True)
    reason = fields.Text(required=True)

    def action_ask(self):
        """A task for the collector, who may pause the reminders or take a promise."""
        self.ensure_one()
        if not has_words(self.reason):
            raise UserError(self.env._("Say why: the reason goes to whoever decides."))
        self.partner_id.check_access("read")
        self.company_id.check_access("read")  # nobody asks in a company where he does not work
        partner = self.partner_id.sudo().commercial_partner_id.with_company(self.company_id)
        note = partner.env["dunning.customer.note"]._log(
            partner, "delay", self.reason, self.date_until
        )
        summary = self.env._(
            "%(user)s asks for a delay until %(date)s",
            user=self.env.user.name,
            date=format_date(self.env, self.date_until),
        )
        company = self.company_id.sudo()
        collector = partner._get_dunning_collector(company)
        company._schedule_dunning_task(note, collector, summary, self.reason)
        return {"type": "ir.actions.act_window_close"}
