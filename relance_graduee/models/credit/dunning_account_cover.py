from odoo import api, models
from odoo.tools import SQL

# A cover that ends within these days is warned about.
COVER_WARNING_DAYS = 30


class DunningAccount(models.Model):
    """What insurance and guarantees secure.

    Insurance: what was delivered while it was valid, by the day of delivery, else of the invoice;
    what is ordered or not invoiced yet is taken for delivered today. A guarantee secures as long
    as it is valid itself: after its end nobody pays.
    """

    _inherit = "dunning.account"

    @api.model
    def _get_delivered_sql(self):
        """cover_id, item_id, owed (company currency), date_maturity, is_late."""
        return SQL(
            """
            SELECT k.id AS cover_id, d.id AS item_id, GREATEST(d.net_company, 0) AS owed,
                   d.date_maturity,
                   d.is_overdue AND COALESCE(d.hold_reason, '') != 'covered' AS is_late
              FROM dunning_cover k
              JOIN res_partner p ON p.id = k.partner_id
              JOIN decision d ON d.company_id = k.company_id
                             AND d.partner_id = p.commercial_partner_id
              JOIN account_move_line l ON l.id = d.id
              JOIN account_move m ON m.id = l.move_id
        CROSS JOIN LATERAL (
                   SELECT CASE WHEN k.kind = 'insurance'
                               THEN COALESCE(m.delivery_date, l.invoice_date, l.date)
                               ELSE d.day END AS day) AS judged
             WHERE k.active AND d.amount_residual > 0 AND %(counts)s
               AND (k.date_from IS NULL OR k.date_from <= judged.day)
               AND (k.date_to IS NULL OR k.date_to >= judged.day)
            """,
            counts=self._get_counts_condition(),
        )

    @api.model
    def _get_cover_sql(self, partner_ids):
        """company_id, partner_id, amount_used (by what was delivered), amount_spare (for what is
        still to be), cover_end (the next), declaration_deadline.

        What several covers secure together is no more than what was delivered under one of them.
        """
        return SQL(
            """
            SELECT k.company_id, k.partner_id,
                   LEAST(SUM(LEAST(k.most, COALESCE(used.owed, 0))), max(under_any.owed))::numeric
                       AS amount_used,
                   COALESCE(SUM(GREATEST(k.most - COALESCE(used.owed, 0), 0))
                       FILTER (WHERE k.is_valid), 0)::numeric AS amount_spare,
                   min(k.date_to) FILTER (
                       WHERE k.is_valid AND k.date_to <= k.day + %(days)s) AS cover_end,
                   min(deadline.date) AS declaration_deadline
              FROM (SELECT k.id, k.company_id, p.commercial_partner_id AS partner_id, k.date_to,
                           k.amount * k.percentage / 100 AS most, company.day,
                           (k.date_from IS NULL OR k.date_from <= company.day)
                           AND (k.date_to IS NULL OR k.date_to >= company.day) AS is_valid
                      FROM dunning_cover k
                      JOIN res_partner p ON p.id = k.partner_id
                      JOIN company ON company.id = k.company_id
                     WHERE k.active AND %(only)s) AS k
         LEFT JOIN (SELECT cover_id, SUM(owed) AS owed FROM delivered GROUP BY cover_id) AS used
                ON used.cover_id = k.id
         LEFT JOIN (%(under_any)s) AS under_any USING (company_id, partner_id)
         LEFT JOIN (%(deadline)s) AS deadline ON deadline.cover_id = k.id
          GROUP BY k.company_id, k.partner_id
            """,
            days=COVER_WARNING_DAYS,
            only=self._get_only_sql(SQL("p.commercial_partner_id"), partner_ids),
            under_any=self._get_under_any_sql(),
            deadline=self._get_deadline_sql(),
        )

    @api.model
    def _get_under_any_sql(self):
        """company_id, partner_id, owed: of what was delivered under some cover, each item once."""
        return SQL(
            """
            SELECT company_id, partner_id, SUM(owed) AS owed
              FROM (SELECT DISTINCT k.company_id, p.commercial_partner_id AS partner_id,
                           delivered.item_id, delivered.owed
                      FROM delivered
                      JOIN dunning_cover k ON k.id = delivered.cover_id
                      JOIN res_partner p ON p.id = k.partner_id) AS once
          GROUP BY company_id, partner_id
            """
        )

    @api.model
    def _get_deadline_sql(self):
        """cover_id, date: the last day to declare what is unpaid of what was delivered under it."""
        return SQL(
            """
            SELECT k.id AS cover_id, min(delivered.date_maturity) + k.declare_days AS date
              FROM delivered JOIN dunning_cover k ON k.id = delivered.cover_id
             WHERE k.kind = 'insurance' AND k.declare_days > 0 AND delivered.is_late
               AND (k.declared_date IS NULL OR delivered.date_maturity >= k.declared_date)
          GROUP BY k.id
            """
        )

    @api.model
    def _get_declaration_deadlines(self):
        """Insurance -> its own last day to declare something, in one query."""
        self._flush()
        decision = self.env["dunning.decision"].with_context(dunning_partner_ids=None)
        tables = [
            ("decision", "MATERIALIZED", decision._get_owed_query()),
            ("delivered", "MATERIALIZED", self._get_delivered_sql()),
        ]
        rows = self.env.execute_query(decision._get_with_sql(tables, self._get_deadline_sql()))
        covers = self.env["dunning.cover"].sudo()
        return {covers.browse(cover_id): day for cover_id, day in rows}
