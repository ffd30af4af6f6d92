from odoo import fields, models

from ..models.dunning_delivery import CHANNELS, PROOF_CHANNELS

CONTACT_CHANNELS = [pair for pair in CHANNELS if pair[0] not in ("handover", *PROOF_CHANNELS)]


class DunningContact(models.TransientModel):
    """An exchange with the customer outside the ladder, by either side."""

    _name = "dunning.contact"
    _description = "Record a contact"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    contact_id = fields.Many2one("res.partner", string="Person")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id
    )
    channel = fields.Selection(CONTACT_CHANNELS, required=True, default="phone")
    date = fields.Date(required=True, default=lambda self: self.env.company._get_dunning_today())
    note = fields.Text(required=True, help="Facts only: the customer has a right to read it.")

    def action_record(self):
        """Note the contact: it counts for the days between contacts."""
        self.ensure_one()
        delivery = self.env["dunning.delivery"].create(
            {
                "partner_id": self.partner_id.commercial_partner_id.id,
                "company_id": self.company_id.root_id.id,
                "contact_id": self.contact_id.id,
                "channel": self.channel,
                "user_id": self.env.user.id,
                "date_planned": self.date,
            }
        )
        delivery.action_done(outcome="other", note=self.note, date=self.date)
        return {"type": "ir.actions.act_window_close"}
