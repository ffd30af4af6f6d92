from odoo import api, fields, models

from ..common.groups import ACCOUNTING_GROUPS, INTERNAL_GROUP


class ResPartner(models.Model):
    """Penalties of a customer whose invoices are or were paid late."""

    _inherit = "res.partner"

    dunning_contract_rate = fields.Float(
        string="Agreed late interest (% a year)",
        company_dependent=True,
        copy=False,
        digits=(7, 3),
        groups=INTERNAL_GROUP,
        help="Between businesses: the rate that was agreed with this customer. 0: that of its "
        "policy, else the legal one.",
    )
    dunning_penalty_due = fields.Monetary(
        string="Penalties due",
        compute="_compute_dunning_penalty_due",
        groups=ACCOUNTING_GROUPS,
        help="Late interest and recovery indemnities that are neither paid nor waived, in the "
        "currency of the company.",
    )
    has_dunning_penalties = fields.Boolean(
        string="Penalties", compute="_compute_dunning_penalty_due", groups=ACCOUNTING_GROUPS
    )

    @api.model
    def _get_dunning_tree_fields(self):
        return super()._get_dunning_tree_fields() | {"dunning_contract_rate"}

    @api.model
    def _get_dunning_guarded_fields(self):
        return super()._get_dunning_guarded_fields() | {"dunning_contract_rate"}

    @api.depends_context("company")
    def _compute_dunning_penalty_due(self):
        company = self.env.company
        due = dict.fromkeys(self.commercial_partner_id.ids)
        for partner, currency, amount in self.env["dunning.penalty"]._read_group(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", company.root_id.id),
            ],
            ["partner_id", "currency_id"],
            ["amount_due:sum"],
        ):
            day = company._get_dunning_today()
            amount = currency._convert(amount, company.currency_id, company, day)
            due[partner.id] = (due[partner.id] or 0) + amount
        for partner in self:
            amount = due.get(partner.commercial_partner_id.id)
            partner.dunning_penalty_due = amount or 0
            partner.has_dunning_penalties = amount is not None

    def action_open_dunning_penalties(self):
        """The penalties of this customer: those still due first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relance_graduee.dunning_penalty_action"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {"search_default_due": 1},
        }
