from odoo import api, fields, models

from ..item.dunning_item import DAY

HOLDS = [("none", "None"), ("warning", "Warning"), ("blocked", "Blocked")]


class DunningAccount(models.Model):
    """A customer as a root company sees it: what is owed, at risk and held. Read-only.

    One row for each customer who has something open, ordered, covered, held by hand, or in a
    group of which another has. ``id`` is (company - 1) * 2^31 + partner: stable, and small in
    a database of one company. Amounts are in company currency, VAT included;
    ``amount_overdue`` and ``amount_not_due`` are gross, credits stand apart.

    The query is in ``dunning_account_exposure.py`` (who, how much, which limit) and
    ``dunning_account_hold.py`` (what holds deliveries, and in which words).
    """

    _name = "dunning.account"
    _description = "Customer account"
    _auto = False
    _order = "priority desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users", string="Collector", compute="_compute_user_id", search="_search_user_id"
    )
    amount_overdue = fields.Monetary(string="Overdue", readonly=True, depends_context=DAY)
    amount_not_due = fields.Monetary(string="Not due", readonly=True, depends_context=DAY)
    amount_credit = fields.Monetary(string="Credits", readonly=True)
    amount_invoiced = fields.Monetary(
        string="Invoiced", readonly=True, help="Invoices open, overdue or not."
    )
    amount_to_invoice = fields.Monetary(
        string="To invoice", readonly=True, help="Delivered, not invoiced yet."
    )
    amount_ordered = fields.Monetary(
        string="Ordered", readonly=True, help="Ordered, not delivered nor invoiced yet."
    )
    exposure = fields.Monetary(
        readonly=True, help="Invoiced, to invoice and ordered, less the money held."
    )
    limit_partner_id = fields.Many2one(
        "res.partner", string="Limit of", readonly=True, help="The head of the group, or itself."
    )
    credit_limit = fields.Monetary(readonly=True, aggregator=None, help="0: no limit.")
    exposure_limited = fields.Monetary(
        string="Exposure under the limit",
        readonly=True,
        aggregator=None,
        help="Of all customers who share the limit, without what insolvency proceedings freeze.",
    )
    amount_available = fields.Monetary(string="Left of the limit", readonly=True, aggregator=None)
    amount_secured = fields.Monetary(
        string="Covered",
        readonly=True,
        depends_context=DAY,
        help="Part of the exposure that insurance and guarantees cover.",
    )
    amount_own_risk = fields.Monetary(string="At own risk", readonly=True, depends_context=DAY)
    declaration_deadline = fields.Date(
        string="Declare to the insurer by", readonly=True, depends_context=DAY
    )
    item_count = fields.Integer(string="Open items", readonly=True)
    step_id = fields.Many2one("dunning.step", string="Last step", readonly=True)
    oldest_due_date = fields.Date(readonly=True, depends_context=DAY)
    days_late = fields.Integer(
        string="Oldest days late", readonly=True, aggregator="max", depends_context=DAY
    )
    priority = fields.Float(
        readonly=True, help="Amount overdue × days late.", aggregator=None, depends_context=DAY
    )
    last_contact_date = fields.Date(string="Last contact", readonly=True)
    next_date = fields.Date(string="Next step on", readonly=True, depends_context=DAY)
    next_detail = fields.Char(string="Next", compute="_compute_next_detail")
    delivery_hold = fields.Selection(HOLDS, string="Deliveries", readonly=True, depends_context=DAY)
    hold_causes = fields.Char(readonly=True, depends_context=DAY)
    suspension_date = fields.Date(readonly=True)
    cover_end = fields.Date(readonly=True, depends_context=DAY)
    delivery_hold_reason = fields.Char(
        string="Why deliveries wait", compute="_compute_delivery_hold_reason"
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("partner_id", "company_id")
    def _compute_user_id(self):
        for account in self:
            partner = account.partner_id.sudo().with_company(account.company_id)
            account.user_id = partner.dunning_user_id

    @api.model
    def _search_user_id(self, operator, value):
        return [("partner_id.dunning_user_id", operator, value)]

    @api.depends("next_date")
    @api.depends_context("dunning_date", "lang")
    def _compute_next_detail(self):
        """The next step of the account: that of the item whose step comes first."""
        items = (
            self.env["dunning.item"]
            .with_context(dunning_partner_ids=self.partner_id.ids)
            .search([("partner_id", "in", self.partner_id.ids), ("amount_residual", ">", 0)])
        )
        speaking = items._get_speaking(lambda item: (item.partner_id, item.company_id))
        for account in self:
            item = speaking.get((account.partner_id, account.company_id), items.browse())
            account.next_detail = item.hold_detail

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_items(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.partner_id.display_name,
            "res_model": "dunning.item",
            "view_mode": "list,pivot,graph",
            "domain": [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {**self.env.context, "dunning_partner_ids": self.partner_id.ids},
        }

    def action_open_partner(self):
        self.ensure_one()
        return self.partner_id._get_records_action()

    def action_record_contact(self):
        self.ensure_one()
        return self.partner_id.action_record_contact()
