from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.relance_graduee.models.common.kept_plan import ids_sql

# Working days before a formal notice or a suspension on which the salesperson is warned.
TOLD_BEFORE_DAYS = 2


class DunningAccount(models.Model):
    """Uninvoiced orders count for the exposure; salespeople are warned in time."""

    _inherit = "dunning.account"

    # ------------------------------------------------------------
    # EXPOSURE
    # ------------------------------------------------------------

    @api.model
    def _get_flushed_fields(self):
        # EXTENDS relance_graduee
        return {
            **super()._get_flushed_fields(),
            "sale.order": [
                "state", "partner_invoice_id", "company_id", "currency_id", "currency_rate",
                "invoice_status",
            ],
            "sale.order.line": [
                "order_id", "display_type", "is_downpayment", "product_uom_qty", "qty_delivered",
                "qty_invoiced", "price_total", "price_unit", "dunning_unit_total", "invoice_lines",
            ],
            "account.move": [
                "state", "move_type", "amount_total_signed", "commercial_partner_id",
                "currency_id", "invoice_currency_rate",
            ],
        }  # fmt: skip

    @api.model
    def _get_position_queries(self, partner_ids):
        # EXTENDS relance_graduee
        return [
            *super()._get_position_queries(partner_ids),
            self._get_order_sql(partner_ids),
            self._get_draft_sql(partner_ids),
        ]

    @api.model
    def _get_order_sql(self, partner_ids):
        """Amounts of confirmed orders still to come, delivered or not, less down payments.

        Down payments are invoices like others, in draft too: they lower what is ordered, then
        what is delivered. ``qty_invoiced`` counts drafts: see ``_get_draft_sql``.
        """
        return SQL(
            """
            SELECT so.company_id, so.partner_invoice_id AS partner_id,
                   GREATEST(part.delivered - GREATEST(
                       COALESCE(down.amount, 0) - part.undelivered, 0), 0)
                       / COALESCE(NULLIF(so.currency_rate, 0), 1)::numeric AS amount_to_invoice,
                   GREATEST(part.undelivered - COALESCE(down.amount, 0), 0)
                       / COALESCE(NULLIF(so.currency_rate, 0), 1)::numeric AS amount_ordered
              FROM sale_order so
              JOIN (%(part)s) AS part ON part.order_id = so.id
         LEFT JOIN (%(down)s) AS down ON down.order_id = so.id
            """,
            part=self._get_part_sql(partner_ids),
            down=self._get_down_payment_sql(partner_ids),
        )

    @api.model
    def _get_part_sql(self, partner_ids):
        """order_id, delivered, undelivered: not invoiced, in the order's currency, with VAT.

        Of each line, in units: ``gone`` was delivered, ``billed`` is on invoices, ``whole`` is all
        that may come to be on invoices. Of a line of less than nothing (taken back), the same
        below zero.
        """
        return SQL(
            """
            SELECT l.order_id,
                   SUM(unit.price * unit.sign * GREATEST(
                       LEAST(unit.gone, unit.whole) - unit.billed, 0)) AS delivered,
                   SUM(unit.price * unit.sign * GREATEST(
                       unit.whole - GREATEST(unit.gone, unit.billed), 0)) AS undelivered
              FROM sale_order_line l
              JOIN sale_order so ON so.id = l.order_id
              %(joins)s
        CROSS JOIN LATERAL (SELECT CASE WHEN l.product_uom_qty < 0 THEN -1 ELSE 1
                                    END AS sign) AS way
        CROSS JOIN LATERAL (SELECT way.sign, %(price)s AS price,
                                   COALESCE(l.qty_delivered, 0) * way.sign AS gone,
                                   COALESCE(l.qty_invoiced, 0) * way.sign AS billed,
                                   (%(whole)s) * way.sign AS whole) AS unit
             WHERE so.state = 'sale' AND so.invoice_status IS DISTINCT FROM 'invoiced'
               AND l.display_type IS NULL
               AND (l.is_downpayment IS NOT TRUE OR l.product_uom_qty != 0) AND %(payer)s
          GROUP BY l.order_id
            """,
            joins=self._get_part_joins(),
            price=self._get_unit_price_sql(),
            whole=self._get_whole_quantity_sql(),
            payer=self._get_payer_sql(SQL("so.partner_invoice_id"), partner_ids),
        )

    @api.model
    def _get_part_joins(self):
        """Joins to the line ``l`` for ``_get_whole_quantity_sql``, at most a row. To extend."""
        return SQL()

    @api.model
    def _get_whole_quantity_sql(self):
        """How much of the order line ``l`` may come to be on invoices. To extend by who delivers.

        What was ordered; what was delivered beyond it may be invoiced as well.
        """
        return SQL(
            """CASE WHEN l.product_uom_qty < 0
                    THEN LEAST(l.product_uom_qty, COALESCE(l.qty_delivered, 0))
                    ELSE GREATEST(l.product_uom_qty, COALESCE(l.qty_delivered, 0)) END"""
        )

    @api.model
    def _get_unit_price_sql(self):
        """A unit of the order line ``l``, discounted, VAT included."""
        return SQL(
            """CASE WHEN l.product_uom_qty != 0 THEN l.price_total / l.product_uom_qty
                    ELSE COALESCE(l.dunning_unit_total::numeric, l.price_unit) END"""
        )

    @api.model
    def _get_down_payment_sql(self, partner_ids):
        """order_id, amount: down payments on invoices and not deducted yet, with VAT.

        In the order's currency; of an invoice in another one, by the rates of both.
        """
        return SQL(
            """
            SELECT l.order_id,
                   SUM(CASE WHEN m.move_type = 'out_refund' THEN -1 ELSE 1 END * il.price_total
                       * CASE WHEN m.currency_id = so.currency_id THEN 1
                              ELSE COALESCE(NULLIF(so.currency_rate, 0), 1)::numeric
                                   / COALESCE(NULLIF(m.invoice_currency_rate, 0), 1)::numeric
                         END) AS amount
              FROM sale_order_line l
              JOIN sale_order so ON so.id = l.order_id
              JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = l.id
              JOIN account_move_line il ON il.id = rel.invoice_line_id
              JOIN account_move m ON m.id = il.move_id
             WHERE l.is_downpayment AND so.state = 'sale' AND m.state IN ('draft', 'posted')
               AND %s
          GROUP BY l.order_id
            """,
            self._get_payer_sql(SQL("so.partner_invoice_id"), partner_ids),
        )

    @api.model
    def _get_draft_sql(self, partner_ids):
        """Invoices of orders that are still drafts: invoiced for the order, owed by nobody yet."""
        return SQL(
            """
            SELECT m.company_id, m.commercial_partner_id AS partner_id,
                   m.amount_total_signed AS amount_to_invoice, 0::numeric AS amount_ordered
              FROM account_move m
             WHERE m.state = 'draft' AND m.move_type IN ('out_invoice', 'out_refund')
               AND EXISTS (SELECT 1 FROM account_move_line il
                             JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = il.id
                            WHERE il.move_id = m.id)
               AND %s
            """,
            self._get_only_sql(SQL("m.commercial_partner_id"), partner_ids),
        )

    @api.model
    def _get_payer_sql(self, column, partner_ids):
        """Condition that keeps ``column`` (any contact) to these commercial entities."""
        if partner_ids is None:
            return SQL("true")
        return SQL(
            """%s = ANY(ARRAY(SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s)))""",
            column,
            ids_sql(partner_ids),
        )

    # ------------------------------------------------------------
    # SALESPEOPLE ARE TOLD
    # ------------------------------------------------------------

    @api.model
    def _cron_credit_alerts(self):
        # EXTENDS relance_graduee
        result = super()._cron_credit_alerts()
        for company in self.env["res.company"]._get_dunning_roots():
            self._announce_steps(company)
        return result

    @api.model
    def _announce_steps(self, company):
        """Tell salespeople two working days before a formal notice or a suspension."""
        today = company._get_dunning_today()
        last = company._add_dunning_working_days(today, TOLD_BEFORE_DAYS)
        for partner_id, day, kind in self._get_announced(company, today, last):
            partner = self.env["res.partner"].browse(partner_id)
            if partner.user_id:
                partner._announce_to_salesperson(kind, day, company)

    @api.model
    def _get_announced(self, company, today, last):
        """List of (partner id, day, "formal" or "suspension") from ``today`` to ``last``."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT decision.partner_id, min(decision.next_date)
                  FROM (%s) AS decision
                  JOIN dunning_step step ON step.id = decision.next_step_id
                 WHERE step.is_formal_notice AND decision.company_id = %s
                   AND decision.next_date BETWEEN %s AND %s
                   AND (decision.hold_reason IS NULL
                        OR decision.hold_reason IN %s)
              GROUP BY decision.partner_id
                """,
                self.env(context={})["dunning.decision"]._get_query(company_ids=company.ids),
                company.id,
                today - timedelta(days=1),
                last,
                self.env["dunning.decision"]._get_hold_codes(goes_on=True),
            )
        )
        formal = [(partner_id, day, "formal") for partner_id, day in rows]
        accounts = (
            self.env(context={})["dunning.account"]
            .sudo()
            .search([("company_id", "=", company.id), ("suspension_date", ">", today)])
        )
        return formal + [
            (account.partner_id.id, account.suspension_date, "suspension")
            for account in accounts
            if account.suspension_date <= last
        ]
