from odoo import fields, models

from ..common.groups import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    """Penalties of an invoice that is or was paid late."""

    _inherit = "account.move"

    dunning_penalty_due = fields.Monetary(
        string="Penalties due",
        compute="_compute_dunning_penalty_due",
        groups=ACCOUNTING_GROUPS,
        help="Late interest and recovery indemnity that are neither paid nor waived.",
    )
    has_dunning_penalties = fields.Boolean(
        string="Penalties", compute="_compute_dunning_penalty_due", groups=ACCOUNTING_GROUPS
    )

    def _compute_dunning_penalty_due(self):
        """The ledger keeps them in the currency of the invoice."""
        groups = self.env["dunning.penalty"]._read_group(
            [("move_id", "in", self.ids)], ["move_id"], ["amount_due:sum"]
        )
        due = {move.id: amount for move, amount in groups}
        for move in self:
            move.dunning_penalty_due = due.get(move.id, 0)
            move.has_dunning_penalties = move.id in due

    def action_open_dunning_penalties(self):
        """The penalties of this invoice, also those that were paid or waived."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relance_graduee.dunning_penalty_action"
        )
        return {**action, "domain": [("move_id", "=", self.id)], "context": {}}
