from odoo import fields, models


class DunningTakeOut(models.TransientModel):
    """The reason for leaving an invoice out of one notice; it returns with the next."""

    _name = "dunning.take.out"
    _description = "Take items out of a notice"

    line_ids = fields.Many2many("dunning.notice.line", required=True)
    reason = fields.Char(required=True)

    def action_take_out(self):
        self.ensure_one()
        self.line_ids._take_out(self.reason)
        return {"type": "ir.actions.act_window_close"}
