from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from .dunning_delivery import POST_OUTCOMES


class DunningReceipt(models.Model):
    """What the post said of a letter: a row each time that somebody notes it, for good.

    The newest row of a letter counts, and names the one that it puts right. The letter shows what
    counts (``outcome`` and its days), these rows who noted what, and when.
    """

    _name = "dunning.receipt"
    _description = "What became of a letter"
    _inherit = ["dunning.company.owned", "dunning.dated"]
    _order = "id desc"
    _rec_name = "delivery_id"

    delivery_id = fields.Many2one(
        "dunning.delivery", string="Letter", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="delivery_id.company_id", store=True, index=True)
    outcome = fields.Selection(POST_OUTCOMES, string="What the post said", required=True)
    date = fields.Date(string="On", required=True)
    user_id = fields.Many2one("res.users", string="Noted by", required=True)
    corrects_id = fields.Many2one("dunning.receipt", string="Puts right", ondelete="restrict")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("What the post said is noted on its letter."))
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("What was noted stays: note it anew on the letter."))

    @api.ondelete(at_uninstall=True)
    def _unlink_except_never(self):
        raise UserError(self.env._("What was noted stays: note it anew on the letter."))

    def _get_words(self):
        """One row in one line: what, on which day, noted by whom and when."""
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        return self.env._(
            "%(day)s: %(outcome)s (noted by %(user)s on %(noted)s)",
            day=format_date(self.env, self.date),
            outcome=labels[self.outcome],
            user=self.user_id.name,
            noted=format_date(self.env, self.create_date),
        )

    @api.model
    def _note(self, delivery, outcome, day):
        """Add the row of what the post said of ``delivery`` on ``day``."""
        before = self.sudo().search([("delivery_id", "=", delivery.id)], limit=1)
        vals = {
            "delivery_id": delivery.id,
            "outcome": outcome,
            "date": day,
            "user_id": self.env.uid,
            "corrects_id": before.id,
        }
        return self.sudo().create(vals)
