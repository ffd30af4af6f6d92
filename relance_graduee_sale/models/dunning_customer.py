from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.relance_graduee.models.credit.dunning_account import HOLDS
from odoo.addons.relance_graduee.models.item.dunning_item import DAY

OWN_GROUP = "sales_team.group_sale_salesman"
ALL_GROUP = "sales_team.group_sale_salesman_all_leads"


class DunningCustomer(models.Model):
    """The customers of a salesperson, overdue or not: ``dunning.account`` for who sells.

    A row for each customer who has a salesperson, and root company; read-only. Salespeople see
    their own, without any right in accounting. ``id`` as in ``dunning.account``; the customer's
    own plus 2^52 when nothing is known of it in any company. Amounts in company currency.
    """

    _name = "dunning.customer"
    _description = "Customer of a salesperson"
    _auto = False
    _order = "priority desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", compute_sudo=True, groups=OWN_GROUP
    )
    amount_overdue = fields.Monetary(string="Overdue", readonly=True, depends_context=DAY)
    amount_not_due = fields.Monetary(string="Not due", readonly=True, depends_context=DAY)
    exposure = fields.Monetary(readonly=True)
    credit_limit = fields.Monetary(readonly=True, aggregator=None)
    oldest_due_date = fields.Date(string="Overdue since", readonly=True, depends_context=DAY)
    days_late = fields.Integer(readonly=True, aggregator="max", depends_context=DAY)
    priority = fields.Float(readonly=True, aggregator=None, depends_context=DAY)
    delivery_hold = fields.Selection(HOLDS, string="Deliveries", readonly=True, depends_context=DAY)
    delivery_hold_reason = fields.Char(
        string="Why", compute="_compute_account", compute_sudo=True, groups=OWN_GROUP
    )
    next_detail = fields.Char(
        string="Next", compute="_compute_account", compute_sudo=True, groups=OWN_GROUP
    )
    next_date = fields.Date(string="Next step on", readonly=True, depends_context=DAY)
    order_count = fields.Integer(
        string="Orders that wait",
        compute="_compute_order_count",
        compute_sudo=True,
        groups=OWN_GROUP,
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT COALESCE(account.id, p.id + 4503599627370496) AS id, p.id AS partner_id,
                   p.user_id, account.company_id,
                   COALESCE(account.amount_overdue, 0) AS amount_overdue,
                   COALESCE(account.amount_not_due, 0) AS amount_not_due,
                   COALESCE(account.exposure, 0) AS exposure,
                   COALESCE(account.credit_limit, 0) AS credit_limit,
                   CASE WHEN account.amount_overdue > 0 THEN account.oldest_due_date END
                       AS oldest_due_date,
                   COALESCE(account.days_late, 0) AS days_late,
                   COALESCE(account.priority, 0) AS priority,
                   COALESCE(account.delivery_hold, 'none') AS delivery_hold, account.next_date
              FROM res_partner p
         LEFT JOIN (%(account)s) AS account ON account.partner_id = p.id
             WHERE p.active AND p.user_id IS NOT NULL AND p.id = p.commercial_partner_id
               AND %(own)s
            """,
            account=self._get_accounts()._table_query,
            own=SQL("p.user_id = %s", self.env.uid) if self._is_own_only() else SQL("true"),
        )

    def _is_own_only(self):
        """Whether the user sees the own customers alone (the record rule says so too)."""
        return not self.env.su and not self.env.user.has_group(ALL_GROUP)

    def _get_accounts(self):
        """``dunning.account``, asked about the own customers alone where that is all one sees."""
        accounts = self.env["dunning.account"].sudo()
        if not self._is_own_only():
            return accounts
        own = self.env["res.partner"].sudo().search([("user_id", "=", self.env.uid)])
        return accounts.with_context(dunning_partner_ids=own.ids)

    @api.depends("company_id")
    def _compute_currency_id(self):
        for customer in self:
            company = customer.company_id or self.env.company
            customer.currency_id = company.currency_id

    @api.depends("partner_id", "company_id")
    @api.depends_context("lang", "dunning_date")
    def _compute_account(self):
        """The words of the account, which the salesperson may not read."""
        self.next_detail, self.delivery_hold_reason = False, False
        for company, customers in self.filtered("company_id").grouped("company_id").items():
            accounts = self.env["dunning.account"]._get_of(customers.partner_id, company)
            for customer in customers:
                account = accounts.get(customer.partner_id, self.env["dunning.account"])
                customer.next_detail = account.next_detail
                customer.delivery_hold_reason = account.delivery_hold_reason

    @api.depends("delivery_hold")
    def _compute_order_count(self):
        """Orders accepted and in review, or confirmed and not delivered, of blocked customers."""
        blocked = self.filtered(lambda c: c.delivery_hold == "blocked").partner_id
        groups = self.env["sale.order"]._read_group(
            self._get_waiting_domain(blocked), ["partner_invoice_id"], ["__count"]
        )
        counts = {}
        for partner, count in groups:
            customer = partner.commercial_partner_id
            counts[customer] = counts.get(customer, 0) + count
        for customer in self:
            customer.order_count = counts.get(customer.partner_id, 0)

    @api.model
    def _get_waiting_domain(self, customers):
        return [
            ("partner_invoice_id.commercial_partner_id", "in", customers.ids),
            "|",
            ("dunning_in_review", "=", True),
            "&",
            ("state", "=", "sale"),
            ("invoice_status", "!=", "invoiced"),
        ]

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_partner(self):
        self.ensure_one()
        return self.partner_id._get_records_action()

    def action_open_orders(self):
        """The orders of this customer that wait."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders that wait"),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": self._get_waiting_domain(self.partner_id),
            "context": {"create": False},
        }

    def action_ask_delay(self):
        """Ask for more time for this customer: whoever may grant it is told."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for a delay"),
            "res_model": "dunning.delay",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": (self.company_id or self.env.company.sudo().root_id).id,
            },
        }
