from odoo import fields, models


class DunningFormalDecision(models.TransientModel):
    """Why a manager sends a formal notice that the rules would keep back."""

    _name = "dunning.formal.decision"
    _description = "Decide on a formal notice"

    notice_id = fields.Many2one("dunning.notice", required=True, readonly=True)
    question = fields.Text(related="notice_id.formal_question")
    reason = fields.Text(required=True)

    def action_decide(self):
        self.ensure_one()
        self.notice_id._decide_formal(self.reason)
        return {"type": "ir.actions.act_window_close"}
