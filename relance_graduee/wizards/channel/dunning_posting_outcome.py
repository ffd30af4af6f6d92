from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...models.channel.dunning_delivery import POST_OUTCOMES


class DunningPostingOutcome(models.TransientModel):
    """Outcomes of posted registered letters, for several at once."""

    _name = "dunning.posting.outcome"
    _inherit = ["dunning.dated"]
    _description = "What became of registered letters"

    delivery_ids = fields.Many2many("dunning.delivery", string="Registered letters", readonly=True)
    letter_count = fields.Integer(string="Number of letters", compute="_compute_letter_count")
    outcome = fields.Selection(
        POST_OUTCOMES,
        string="What became of them",
        required=True,
        default="received",
    )
    date = fields.Date(
        string="On",
        required=True,
        default=lambda self: self.env.company._get_dunning_today(),
        help="Day of the first presentation or of the receipt, as the post wrote it.",
    )

    @api.model
    def default_get(self, fields_list):
        vals = super().default_get(fields_list)
        chosen = self.env["dunning.delivery"]
        if self.env.context.get("active_model") == chosen._name:
            chosen = chosen.browse(self.env.context.get("active_ids", []))
        letters = chosen.filtered(lambda d: d.is_proof and d.state == "done")
        if not letters:
            raise UserError(self.env._("Choose at least one registered letter that was posted."))
        vals["delivery_ids"] = [Command.set(letters.ids)]
        return vals

    @api.depends("delivery_ids")
    def _compute_letter_count(self):
        for wizard in self:
            wizard.letter_count = len(wizard.delivery_ids)

    def action_record(self):
        """:raise UserError: the day is to come, or before a letter was posted"""
        self.ensure_one()
        self.delivery_ids.action_done(outcome=self.outcome, date=self.date)
        return {"type": "ir.actions.act_window_close"}
