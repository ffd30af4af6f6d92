from odoo import api, fields, models
from odoo.tools import SQL, format_date

from .dunning_item import DAY
from .res_partner import HOLDS

# Customers late by more than these days, above the policy's minimum, get a warning.
WARNING_DAYS = 5


class DunningAccount(models.Model):
    """A customer as a company sees it: the rows of the decision, grouped. Read-only.

    ``id`` is (company - 1) * 2^31 + partner: stable, and small in a database of one company.
    Amounts are in company currency; ``amount_overdue`` and ``amount_not_due`` are gross,
    credits stand apart.
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
    amount_to_invoice = fields.Monetary(string="To invoice", readonly=True)
    exposure = fields.Monetary(readonly=True)
    credit_limit = fields.Float(compute="_compute_credit_limit")
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
    has_overdue_hold = fields.Boolean(readonly=True, depends_context=DAY)
    suspension_date = fields.Date(readonly=True)
    delivery_hold_reason = fields.Char(
        string="Why deliveries wait", compute="_compute_delivery_hold_reason"
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH decision AS MATERIALIZED (%(decision)s),
            account AS (%(account)s)
            SELECT account.*,
                   exposure_open + amount_to_invoice AS exposure,
                   amount_overdue * GREATEST(days_late, 0) AS priority,
                   contact.date AS last_contact_date, suspension.date AS suspension_date,
                   CASE WHEN has_overdue_hold OR suspension.date <= day THEN 'blocked'
                        WHEN has_overdue_warning OR suspension.date IS NOT NULL THEN 'warning'
                        ELSE 'none' END AS delivery_hold
              FROM account
         LEFT JOIN (%(contact)s) AS contact USING (company_id, partner_id)
         LEFT JOIN (%(suspension)s) AS suspension USING (company_id, partner_id)
            """,
            decision=self.env["dunning.decision"]._get_query(),
            account=self._get_account_sql(),
            contact=self._get_last_contact_sql(),
            suspension=self._get_suspension_sql(),
        )

    # ------------------------------------------------------------
    # PIECES OF SQL
    # ------------------------------------------------------------

    @api.model
    def _get_account_sql(self):
        return SQL(
            """
            SELECT (d.company_id - 1)::bigint * 2147483648 + d.partner_id AS id,
                   d.company_id, d.partner_id, max(d.day) AS day, count(*) AS item_count,
                   COALESCE(SUM(d.amount_residual_company)
                       FILTER (WHERE d.amount_residual > 0 AND d.is_overdue), 0) AS amount_overdue,
                   COALESCE(SUM(d.amount_residual_company)
                       FILTER (WHERE d.amount_residual > 0 AND NOT d.is_overdue), 0)
                       AS amount_not_due,
                   COALESCE(SUM(d.amount_residual_company)
                       FILTER (WHERE d.amount_residual < 0), 0) AS amount_credit,
                   0::numeric AS amount_to_invoice,
                   SUM(d.amount_residual_company) AS exposure_open,
                   (array_agg(d.step_id ORDER BY d.step_rank DESC)
                       FILTER (WHERE d.step_id IS NOT NULL))[1] AS step_id,
                   min(d.date_maturity) FILTER (WHERE d.amount_residual > 0) AS oldest_due_date,
                   max(d.days_late) FILTER (WHERE d.amount_residual > 0) AS days_late,
                   min(GREATEST(d.next_date, d.day)) FILTER (
                       WHERE d.hold_reason IS NULL OR d.hold_reason IN ('not_due', 'waiting'))
                       AS next_date,
                   %(blocked)s AS has_overdue_hold, %(warned)s AS has_overdue_warning
              FROM decision d LEFT JOIN dunning_policy policy ON policy.id = d.policy_id
             WHERE d.partner_id IS NOT NULL
          GROUP BY d.company_id, d.partner_id
            """,
            blocked=self._get_overdue_condition(
                SQL("policy.block_overdue_days"), SQL("policy.block_overdue_amount")
            ),
            warned=self._get_overdue_condition(
                SQL("%s", WARNING_DAYS),
                SQL("CASE WHEN policy.block_overdue_amount > 0 THEN policy.min_amount ELSE 0 END"),
            ),
        )

    @api.model
    def _get_overdue_condition(self, days, amount):
        """Net overdue, late by more than ``days``, undisputed and unpaused, above ``amount``.

        An amount of 0 never holds by itself.
        """
        return SQL(
            """COALESCE(max(%(amount)s) > 0
                        AND SUM(d.net_company) FILTER (
                                WHERE d.days_late > %(days)s AND d.amount_residual > 0
                                  AND COALESCE(d.hold_reason, '') NOT IN %(harmless)s)
                            > max(%(amount)s), false)""",
            amount=amount,
            days=days,
            harmless=self._get_harmless_reasons(),
        )

    @api.model
    def _get_harmless_reasons(self):
        """Hold reasons whose items do not hold deliveries."""
        return (
            "excluded",
            "insolvency",
            "time_barred",
            "disputed",
            "promised",
            "on_plan",
            "paused",
            "covered",
        )

    @api.model
    def _get_last_contact_sql(self):
        partner_ids = self.env.context.get("dunning_partner_ids")
        only = (
            SQL()
            if partner_ids is None
            else SQL(
                """AND p.commercial_partner_id IN (
                       SELECT commercial_partner_id FROM res_partner WHERE id = ANY(%s))""",
                list(partner_ids),
            )
        )
        return SQL(
            """
            SELECT d.company_id, p.commercial_partner_id AS partner_id, max(d.date_contact) AS date
              FROM dunning_delivery d JOIN res_partner p ON p.id = d.partner_id
             WHERE d.date_contact IS NOT NULL %s
          GROUP BY d.company_id, p.commercial_partner_id
            """,
            only,
        )

    @api.model
    def _get_suspension_sql(self):
        """The first suspension announced to a customer of which an item is still open."""
        return SQL(
            """
            SELECT n.company_id, d.partner_id, min(n.suspension_date) AS date
              FROM dunning_notice n
              JOIN dunning_notice_line l ON l.notice_id = n.id AND l.claimed
              JOIN decision d ON d.id = l.move_line_id AND d.amount_residual > 0
               AND COALESCE(d.hold_reason, '') NOT IN %s
             WHERE n.state = 'sent' AND n.suspension_date IS NOT NULL
          GROUP BY n.company_id, d.partner_id
            """,
            self._get_harmless_reasons(),
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

    @api.depends("partner_id", "company_id")
    def _compute_credit_limit(self):
        for account in self:
            partner = account.partner_id.with_company(account.company_id).sudo()
            account.credit_limit = partner.credit_limit

    @api.depends("next_date")
    @api.depends_context("dunning_date", "lang")
    def _compute_next_detail(self):
        """What comes next, from the item whose step comes first."""
        items = (
            self.env["dunning.item"]
            .with_context(dunning_partner_ids=self.partner_id.ids)
            .search([("partner_id", "in", self.partner_id.ids), ("amount_residual", ">", 0)])
        )
        ranked = items.sorted(
            lambda i: (bool(i.hold_reason), i.next_date or fields.Date.to_date("9999-12-31")),
            reverse=True,
        )
        first = {(item.partner_id, item.company_id): item for item in ranked}
        for account in self:
            item = first.get((account.partner_id, account.company_id), items.browse())
            account.next_detail = item.hold_detail

    @api.depends("delivery_hold", "has_overdue_hold", "suspension_date")
    @api.depends_context("dunning_date", "lang")
    def _compute_delivery_hold_reason(self):
        for account in self:
            sentences = account._get_hold_sentences(account.company_id._get_dunning_day())
            account.delivery_hold_reason = " ".join(sentences) or False

    def _get_hold_sentences(self, day):
        """Why deliveries wait or may soon, each cause in a sentence, without amounts."""
        self.ensure_one()
        sentences = []
        if self.has_overdue_hold:
            sentences.append(self.env._("Invoices are overdue beyond what was agreed."))
        if self.suspension_date and self.suspension_date <= day:
            sentences.append(
                self.env._(
                    "Suspension announced for %s, unpaid since.",
                    format_date(self.env, self.suspension_date),
                )
            )
        elif self.suspension_date:
            sentences.append(
                self.env._(
                    "Suspension announced for %s.", format_date(self.env, self.suspension_date)
                )
            )
        if not sentences and self.delivery_hold == "warning":
            sentences.append(self.env._("Invoices are overdue."))
        return sentences

    @api.model
    def _get_holds(self, company):
        """Commercial partner id -> {"hold", "reason"} of the root ``company``; asked afresh."""
        self.invalidate_model()
        accounts = self.search([("company_id", "=", company.id), ("delivery_hold", "!=", "none")])
        return {
            account.partner_id.id: {
                "hold": account.delivery_hold,
                "reason": account.delivery_hold_reason,
            }
            for account in accounts
        }

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
