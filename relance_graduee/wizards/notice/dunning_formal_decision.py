from odoo import api, fields, models


class DunningFormalDecision(models.TransientModel):
    """The reason for which a manager sends a formal notice that the rules would keep back."""

    _name = "dunning.formal.decision"
    _description = "Decide on a formal notice"

    notice_id = fields.Many2one("dunning.notice", required=True, readonly=True)
    question = fields.Text(string="A manager decides", compute="_compute_question")
    reason = fields.Text(required=True)

    @api.depends("notice_id")
    def _compute_question(self):
        for decision in self:
            readable = decision.notice_id._filtered_access("read")
            decision.question = readable.formal_question

    def action_decide(self):
        self.ensure_one()
        self.notice_id._decide_formal(self.reason)
        return {"type": "ir.actions.act_window_close"}
