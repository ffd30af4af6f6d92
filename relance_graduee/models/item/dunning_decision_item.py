from odoo import api, models
from odoo.tools import SQL

from ..common import kept_plan


class DunningDecision(models.AbstractModel):
    """The open items and what holds them whatever their step; the money held; the customers."""

    _inherit = "dunning.decision"

    @api.model
    def _get_item_tables(self, companies, family):
        """Open items, the reasons that hold them whatever their step, and their policy."""
        return [
            ("company", "MATERIALIZED", self._get_company_sql(companies)),
            ("branch", "MATERIALIZED", self._get_branch_sql(companies)),
            ("step", "MATERIALIZED", self._get_step_sql()),
            ("line", "MATERIALIZED", self._get_line_sql(family)),
            ("credit", "", self._get_credit_sql()),
            ("cover", "MATERIALIZED", self._get_cover_sql()),
            *self._get_awaited_tables(family),
            ("netted", "NOT MATERIALIZED", self._get_netted_sql()),
            ("policy", "MATERIALIZED", self._get_policy_sql()),
            ("heard", "MATERIALIZED", self._get_heard_sql()),
        ]

    @api.model
    def _get_owed_query(self, partner_ids=None, company_ids=None):
        """The decision as far as it does not look at steps to come: quicker, in the same words.

        For who asks what is owed and what holds it: ``hold_reason`` is one of those that hold an
        item whatever its step, and ``next_date`` is empty.

        :return: SQL with the columns of ``_get_query`` that ``_get_owed_sql`` names
        """
        self._flush()
        family = self._get_family(partner_ids)
        tables = [
            *self._get_item_tables(self._get_companies(company_ids), family),
            ("standing", "MATERIALIZED", self._get_standing_sql(self._get_owing_sql())),
        ]
        return self._get_with_sql(tables, self._get_owed_sql())

    @api.model
    def _get_owing_sql(self):
        """Rows (customer, company, currency) with the debt that the choice of a policy needs."""
        return SQL(
            """
            SELECT company_id, partner_id, currency_id,
                   SUM(open_amount) OVER (PARTITION BY company_id, partner_id)::float AS open_amount
              FROM heard
            """
        )

    @api.model
    def _get_owed_sql(self):
        return SQL(
            """
            SELECT netted.id, netted.company_id, netted.partner_id, netted.day,
                   netted.date_maturity, netted.day - netted.date_maturity AS days_late,
                   netted.is_overdue, netted.is_accepted,
                   netted.amount_residual, netted.amount_residual_company,
                   netted.net_company, netted.step_id, COALESCE(step.rank, 0) AS step_rank,
                   COALESCE(step.policy_id, standing.policy_id) AS policy_id,
                   NULL::date AS next_date, netted.hold AS hold_reason
              FROM netted
         LEFT JOIN standing USING (company_id, partner_id, currency_id)
         LEFT JOIN step ON step.id = netted.step_id
            """
        )

    # ------------------------------------------------------------
    # THE ITEMS
    # ------------------------------------------------------------

    @api.model
    def _get_line_sql(self, family):
        """The open items, each with the reason (``held``) that holds it whatever its step.

        Accounts and partners are arrays, not joins: PostgreSQL would take the lines of a few
        among many accounts for a handful, and join all that follows row by row. So it would
        with an array of the journals left out.
        """
        return SQL(
            """
            SELECT l.id, l.move_id, l.company_id AS line_company_id, company.id AS company_id,
                   company.day, company.works, p.commercial_partner_id AS partner_id, l.currency_id,
                   %(due)s AS date_maturity, %(issued)s AS invoice_date,
                   l.amount_residual_currency AS amount_residual,
                   l.amount_residual AS amount_residual_company,
                   l.dunning_step_id AS step_id, l.dunning_step_date AS step_date,
                   COALESCE(l.dunning_round, 0) AS round,
                   %(accepted)s AS is_accepted,
                   %(held)s AS held
              FROM account_move_line l
              JOIN branch ON branch.id = l.company_id
              JOIN company ON company.id = branch.root_id
         LEFT JOIN (res_partner p JOIN res_partner c ON c.id = p.commercial_partner_id)
                ON p.id = l.partner_id
         LEFT JOIN account_move stopped ON stopped.id = l.move_id
               AND stopped.payment_state IN ('blocked', 'in_payment')
              %(joins)s
             WHERE l.parent_state = 'posted' AND l.reconciled IS NOT TRUE
               AND l.amount_residual_currency != 0
               AND l.account_id = ANY(ARRAY(
                       SELECT a.id FROM account_account a
                        WHERE a.account_type = 'asset_receivable' AND a.non_trade IS NOT TRUE))
               AND l.journal_id NOT IN (%(unchased)s)
               %(where)s
            """,
            due=self._get_day_sql(SQL("COALESCE(l.date_maturity, l.date)")),
            issued=self._get_day_sql(SQL("COALESCE(l.invoice_date, l.date)")),
            unchased=self._get_unchased_journals_sql(),
            accepted=self._get_accepted_sql(),
            held=self._get_held_sql(),
            joins=self._get_line_joins(),
            where=self._get_partner_filter(family, SQL("l.partner_id")),
        )

    @api.model
    def _get_accepted_sql(self):
        """Condition: the item holds no goods, whatever it is reminded of.

        One of ours accepted so until a day; or a payment of it is registered in our books; or it
        is an entry of a general journal (an opening balance), which Odoo itself leaves out of
        reminders until somebody includes it.
        """
        return SQL(
            """COALESCE(l.dunning_accepted_until >= company.day
                        OR stopped.payment_state = 'in_payment'
                        OR l.no_followup AND l.invoice_date IS NULL, false)"""
        )

    @api.model
    def _get_day_sql(self, day):
        """``day``, and of a slip of the pen the nearest day that calendars know.

        Days that follow from one of the year 9999 or 1 would have no name in Python.
        """
        return SQL("LEAST(GREATEST(%s, DATE '1950-01-01'), DATE '2999-12-31')", day)

    @api.model
    def _get_unchased_journals_sql(self):
        """Journals whose items are neither reminded nor counted: debit notes of penalties."""
        return SQL(
            """SELECT dunning_penalty_journal_id FROM res_company
                WHERE dunning_penalty_journal_id IS NOT NULL
                  AND dunning_penalty_chased IS NOT TRUE"""
        )

    @api.model
    def _get_family(self, partner_ids):
        """All partners of the commercial entities of these, as the SQL of an array of ids.

        Of many, the ids themselves: of a subquery PostgreSQL expects ten, and joins the items of
        thousands of customers row by row.

        :param partner_ids: ids, ``kept_plan.IDS``, or None for everybody
        :return: SQL for ``_get_partner_filter``, or None
        """
        if partner_ids is None:
            return None
        family = SQL(
            """SELECT p.id FROM res_partner p WHERE p.commercial_partner_id IN (
                   SELECT commercial_partner_id FROM res_partner WHERE id = ANY(%s))""",
            kept_plan.ids_sql(partner_ids),
        )
        if isinstance(partner_ids, SQL) or kept_plan.are_few(partner_ids):
            return SQL("ARRAY(%s)", family)
        return kept_plan.ids_sql([id_ for (id_,) in self.env.execute_query(family)])

    @api.model
    def _get_partner_filter(self, family, column):
        """``AND``: ``column`` is one of the ``family`` (see ``_get_family``), if given."""
        return SQL() if family is None else SQL("AND %s = ANY(%s)", column, family)

    @api.model
    def _get_line_joins(self):
        """Further joins of ``line`` that ``_get_hold_conditions`` may use. To extend."""
        return SQL()

    # ------------------------------------------------------------
    # CREDITS
    # ------------------------------------------------------------

    @api.model
    def _get_credit_sql(self):
        """What we hold of each customer, less what we paid back; what is excluded apart."""
        return SQL(
            """
            SELECT company_id, partner_id, currency_id, held = 'excluded' AS is_excluded,
                   -SUM(amount_residual) AS amount, -SUM(amount_residual_company) AS amount_company
              FROM line
             WHERE (amount_residual < 0 AND held IN ('covered', 'excluded') OR held = 'refund')
               AND partner_id IS NOT NULL
          GROUP BY company_id, partner_id, currency_id, is_excluded
            HAVING SUM(amount_residual) < 0
            """
        )

    @api.model
    def _get_cover_sql(self):
        """Amount of each item covered by credits, in its currency: oldest due first, then by id.

        What is held and yet owed comes last: it is not said to be covered, but it holds goods for
        what no credit covers alone. What is excluded is covered by what is excluded with it.
        """
        return SQL(
            """
            SELECT id, company_id, partner_id, currency_id, is_excluded,
                   LEAST(amount_residual, credit_left) AS amount
              FROM (SELECT line.id, company_id, partner_id, currency_id, credit.is_excluded,
                           line.amount_residual,
                           credit.amount + line.amount_residual
                           - SUM(line.amount_residual) OVER (
                                 PARTITION BY line.company_id, line.partner_id, line.currency_id,
                                              credit.is_excluded
                                 ORDER BY line.held IS NOT NULL, line.date_maturity, line.id
                                 ROWS UNBOUNDED PRECEDING) AS credit_left
                      FROM line
                      JOIN credit USING (company_id, partner_id, currency_id)
                     WHERE credit.is_excluded = COALESCE(line.held = 'excluded', false)
                       AND (line.held IS NULL
                            OR line.held IN %s AND line.amount_residual > 0)) AS applied
             WHERE credit_left > 0
            """,
            self._get_hold_codes(holds_deliveries=True),
        )

    @api.model
    def _get_netted_sql(self):
        """The items with what holds them because of money that is there; ``net_company``: without
        that money."""
        return SQL(
            """
            SELECT line.*, COALESCE(settled.covered, 0) AS amount_covered,
                   CASE WHEN held IS NOT NULL THEN held %s END AS hold,
                   CASE WHEN settled.id IS NULL THEN line.amount_residual_company
                        ELSE line.amount_residual_company
                             * (line.amount_residual - settled.covered) / line.amount_residual
                             - settled.expected END AS net_company,
                   line.date_maturity < line.day AS is_overdue
              FROM line LEFT JOIN settled ON settled.id = line.id
            """,
            self._get_cases_sql(self._get_money_conditions()),
        )

    # ------------------------------------------------------------
    # CUSTOMERS
    # ------------------------------------------------------------

    @api.model
    def _get_kind_sql(self):
        """The kind of customer ``c``: as entered, else business with a number, else by type."""
        return SQL(
            """COALESCE(c.customer_kind,
                        CASE WHEN COALESCE(c.vat, '') NOT IN ('', '/')
                                  OR COALESCE(c.company_registry, '') != '' THEN 'business'
                             WHEN c.is_company THEN 'nonprofessional'
                             ELSE 'consumer' END)"""
        )

    @api.model
    def _get_heard_sql(self):
        """What is owed (company currency) and the hardest step heard, with its gentlest words.

        By customer, company and currency; ``rank`` is empty where nothing was heard yet.
        """
        return SQL(
            """
            SELECT company_id, partner_id, currency_id,
                   COALESCE(SUM(amount_residual_company)
                       FILTER (WHERE hold IS NULL OR hold NOT IN %(uncounted)s), 0) AS open_amount,
                   COALESCE(SUM(net_company) FILTER (WHERE is_overdue AND hold IS NULL), 0)
                       AS net_overdue,
                   max(step.rank) FILTER (WHERE hold IS NULL) AS rank,
                   (max(step.words_key) FILTER (WHERE hold IS NULL) & %(lower_half)s)::int
                       AS words_step_id
              FROM netted LEFT JOIN step ON step.id = netted.step_id
             WHERE partner_id IS NOT NULL
          GROUP BY company_id, partner_id, currency_id
            """,
            lower_half=2**32 - 1,
            uncounted=self._get_hold_codes(counts=False),
        )
