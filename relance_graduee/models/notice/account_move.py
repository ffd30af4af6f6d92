from odoo import fields, models

from ..common.groups import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    """Notices and deliveries about an invoice."""

    _inherit = "account.move"

    dunning_notice_count = fields.Integer(
        compute="_compute_dunning_notice_count", groups=ACCOUNTING_GROUPS
    )
    dunning_delivery_ids = fields.Many2many(
        "dunning.delivery",
        string="History",
        compute="_compute_dunning_delivery_ids",
        groups=ACCOUNTING_GROUPS,
    )

    def _compute_dunning_notice_count(self):
        groups = self.env["dunning.notice.line"]._read_group(
            [("move_id", "in", self.ids), ("live", "=", True)],
            ["move_id"],
            ["notice_id:count_distinct"],
        )
        counts = {move.id: count for move, count in groups}
        for move in self:
            move.dunning_notice_count = counts.get(move.id, 0)

    def _compute_dunning_delivery_ids(self):
        """Deliveries about each invoice, oldest first: those of its notices, and with its
        customer outside the ladder since its date.
        """
        notices = dict(
            self.env["dunning.notice.line"]._read_group(
                [("move_id", "in", self.ids), ("live", "=", True)],
                ["move_id"],
                ["notice_id:recordset"],
            )
        )
        outside = self.env["dunning.delivery"].search(
            [
                ("partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "in", self.company_id.root_id.ids),
                ("notice_id", "=", False),
            ]
        )
        for move in self:
            history = notices.get(move, self.env["dunning.notice"]).delivery_ids
            history |= outside.filtered(move._is_dunning_told)
            move.dunning_delivery_ids = history.sorted(lambda d: (d.date_planned, d.id))

    def _is_dunning_told(self, delivery):
        """Whether this contact with the customer, outside the ladder, may be about the invoice."""
        return (
            delivery.partner_id.commercial_partner_id == self.commercial_partner_id
            and delivery.company_id == self.company_id.root_id
            and delivery.date_planned >= (self.invoice_date or self.date)
        )

    def action_open_dunning_notices(self):
        """The notices that name this invoice, the newest first."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reminders of %s", self.name),
            "res_model": "dunning.notice",
            "view_mode": "list,form",
            "domain": [("line_ids.move_id", "=", self.id)],
            "context": {"create": False},
        }
