from odoo import api, fields, models

# Nobody is without an answer in an exchange; an invoice is contested on its own page.
NO_ANSWERS = {"voicemail", "unreachable", "wrong_number", "contests"}


class DunningContact(models.TransientModel):
    """An exchange with the customer outside the ladder, by either side."""

    _name = "dunning.contact"
    _inherit = ["dunning.answer"]
    _description = "Record a contact"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    contact_id = fields.Many2one("res.partner", string="Person")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id
    )
    channel = fields.Selection(selection="_get_channel_selection", required=True, default="phone")
    note = fields.Text(required=True)
    corrects_id = fields.Many2one("dunning.delivery", string="Puts right", readonly=True)
    planned_call_id = fields.Many2one("dunning.delivery", compute="_compute_planned_call_id")
    replaces_call = fields.Boolean(
        string="Replaces the planned call",
        help="The call on the list is closed with this one, and its items take their step.",
    )

    @api.model
    def _get_channel_selection(self):
        return self.env["dunning.channel"]._get_selection(reaches_customer=True, is_proof=False)

    @api.model
    def _get_outcome_codes(self):
        return super()._get_outcome_codes() - NO_ANSWERS

    @api.depends("company_id")
    def _compute_currency_id(self):
        for contact in self:
            contact.currency_id = contact.company_id.currency_id

    @api.depends("partner_id", "company_id", "channel", "date")
    def _compute_planned_call_id(self):
        """The call on the list that this exchange makes needless, if somebody says so."""
        for contact in self:
            planned = self.env["dunning.delivery"]
            if contact.channel == "phone" and contact.partner_id and contact.date:
                planned = planned._search_planned(
                    contact.partner_id, contact.company_id.root_id, contact.date
                )
            contact.planned_call_id = planned[:1]

    def action_record(self):
        """Note the contact: it counts for the days between contacts."""
        self.ensure_one()
        planned = self.planned_call_id if self.replaces_call else False
        self._record_on(planned or self._create_delivery())
        return {"type": "ir.actions.act_window_close"}

    def _create_delivery(self):
        return self.env["dunning.delivery"].create(
            {
                "partner_id": self.partner_id.commercial_partner_id.id,
                "company_id": self.company_id.root_id.id,
                "contact_id": self.contact_id.id,
                "channel": self.channel,
                "user_id": self.env.user.id,
                "date_planned": self.date,
                "corrects_id": self.corrects_id.id,
            }
        )
