from odoo import fields, models

from ..common.groups import ACCOUNTING_GROUPS


class ResPartner(models.Model):
    """Notices and deliveries of a customer."""

    _inherit = "res.partner"

    dunning_history_ids = fields.Many2many(
        "dunning.delivery",
        string="History",
        compute="_compute_dunning_history_ids",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_notice_count = fields.Integer(
        compute="_compute_dunning_notice_count", groups=ACCOUNTING_GROUPS
    )

    # ------------------------------------------------------------
    # HISTORY
    # ------------------------------------------------------------

    def _compute_dunning_history_ids(self):
        """Deliveries of the customer in order of time, in the company tree of the user."""
        deliveries = self.env["dunning.delivery"].search(
            [
                ("partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.root_id.id),
            ],
            order="date_planned, id",
        )
        histories = deliveries.grouped(lambda d: d.partner_id.commercial_partner_id)
        for partner in self:
            partner.dunning_history_ids = histories.get(partner.commercial_partner_id, False)

    def _compute_dunning_notice_count(self):
        groups = self.env["dunning.notice"]._read_group(
            [("partner_id", "in", self.commercial_partner_id.ids), ("state", "!=", "cancelled")],
            ["partner_id"],
            ["__count"],
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.dunning_notice_count = counts.get(partner.commercial_partner_id.id, 0)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_dunning_notices(self):
        """The notices of this customer, the newest first."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reminders of %s", self.display_name),
            "res_model": "dunning.notice",
            "view_mode": "list,form",
            "domain": [("partner_id", "child_of", self.commercial_partner_id.id)],
            "context": {"create": False},
        }

    def action_open_dunning_history(self):
        """All that was sent to this customer or said with it, oldest first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relance_graduee.dunning_delivery_history_action"
        )
        name = self.env._("History of %s", self.display_name)
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": [("partner_id", "child_of", self.commercial_partner_id.id)],
            "context": {"create": False},
        }
