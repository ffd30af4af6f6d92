from odoo import api, models
from odoo.tools import SQL

# An item held by the tone (a harder step was already heard) goes alone after these days.
TONE_WAIT_DAYS = 15


class DunningDecision(models.AbstractModel):
    """The next step of each item, the dates that make it due, and the answer."""

    _inherit = "dunning.decision"

    @api.model
    def _get_step_tables(self, companies, family):
        """The steps to come and what makes them wait, over ``_get_item_tables``."""
        standing = self._get_standing_sql(self._get_known_sql(family))
        return [
            ("day_off", "MATERIALIZED", self._get_day_off_sql(companies)),
            ("standing", "MATERIALIZED", standing),
            ("ladder", "MATERIALIZED", self._get_ladder_sql(family)),
            ("dated", "", self._get_dated_sql()),
        ]

    # ------------------------------------------------------------
    # STEPS AND DATES
    # ------------------------------------------------------------

    @api.model
    def _get_standing_sql(self, known):
        """Columns common to all items of a customer, company and currency, with the policy.

        :param known: SQL of a row each with ``open_amount``: see ``_get_known_sql``
        """
        return SQL(
            """
            SELECT known.*, COALESCE(
                       (c.dunning_policy_id->>company.key)::int, company.default_policy_id,
                       (SELECT policy.id FROM policy WHERE policy.place = (
                            SELECT min(policy.place) FROM policy
                             WHERE (policy.company_id IS NULL OR policy.company_id = company.id)
                               AND (policy.customer_kind IS NULL OR policy.customer_kind = c.kind)
                               AND known.open_amount >= policy.low
                               AND (policy.high IS NULL OR known.open_amount < policy.high)))
                   ) AS policy_id
              FROM (%(known)s) AS known
              JOIN company ON company.id = known.company_id
              JOIN (SELECT id, dunning_policy_id, %(kind)s AS kind
                      FROM res_partner c) AS c ON c.id = known.partner_id
             WHERE known.currency_id IS NOT NULL AND known.open_amount IS NOT NULL
            """,
            known=known,
            kind=self._get_kind_sql(),
        )

    @api.model
    def _get_facts(self, family):
        """Further facts about customers: list of ``Fact``, each a column of ``standing``.

        To extend.
        """
        return []

    @api.model
    def _get_known_sql(self, family):
        """The sums of each customer and company, and what each of their currencies has heard.

        Sources of the same columns, one below the other and grouped, not joined: PostgreSQL
        takes the customers for a handful, and would compare each with each.
        """
        facts = self._get_facts(family)
        return SQL(
            """
            SELECT company_id, partner_id, currency_id, max(rank) AS rank,
                   max(words_step_id) AS words_step_id,
                   SUM(SUM(open_amount)) OVER customer::float AS open_amount,
                   SUM(SUM(net_overdue)) OVER customer AS net_overdue%(columns)s
              FROM (SELECT heard.*%(empty)s FROM heard %(sources)s) AS fact
          GROUP BY company_id, partner_id, currency_id
            WINDOW customer AS (PARTITION BY company_id, partner_id)
            """,
            columns=SQL("").join(SQL(", %s", fact._get_column_sql()) for fact in facts),
            empty=SQL("").join(SQL(", %s", fact._get_empty_sql()) for fact in facts),
            sources=SQL(" ").join(
                SQL("UNION ALL %s", fact._get_source_sql([other.name for other in facts]))
                for fact in facts
            ),
        )

    @api.model
    def _get_dated_sql(self):
        """Each item with its policy (kept since its first step), its next step and the dates on
        which each condition of that step is met (working days).

        ``OFFSET 0`` here and below: the dates are computed once a row, and not again wherever
        they are used.
        """
        return SQL(
            """
            SELECT netted.*, standing.net_overdue,
                   standing.rank AS heard_rank, standing.words_step_id,
                   COALESCE(ladder.policy_id, standing.policy_id) AS policy_id,
                   ladder.next_id, ladder.is_small, ladder.next_rank, ladder.min_amount,
                   COALESCE(ladder.taken_rank, 0) AS step_rank,
                   COALESCE(day_off.moved_to, due.date) AS step_due,
                   netted.step_date + COALESCE(ladder.wait_days, 0) AS wait_until%(columns)s
              FROM netted
         LEFT JOIN standing USING (company_id, partner_id, currency_id)
         LEFT JOIN ladder
                ON ladder.place = COALESCE(netted.step_id, -standing.policy_id)
               AND ladder.is_due = (netted.date_maturity <= netted.day)
               AND netted.net_company >= ladder.amount_low
               AND (ladder.amount_high IS NULL OR netted.net_company < ladder.amount_high)
               AND netted.date_maturity - netted.invoice_date >= ladder.term_low
               AND (ladder.term_high IS NULL
                    OR netted.date_maturity - netted.invoice_date < ladder.term_high)
        CROSS JOIN LATERAL (SELECT CASE
                       WHEN ladder.delay_from = 'due'
                       THEN netted.date_maturity + ladder.delay_days
                       WHEN ladder.latest_before_due > 0
                       THEN LEAST(netted.invoice_date + ladder.delay_days,
                                  netted.date_maturity - ladder.latest_before_due)
                       ELSE netted.invoice_date + ladder.delay_days END AS date) AS due
         LEFT JOIN day_off ON day_off.company_id = netted.company_id AND day_off.date = due.date
              %(joins)s
            OFFSET 0
            """,
            columns=self._get_further_columns(self._get_dated_columns()),
            joins=self._get_dated_joins(),
        )

    @api.model
    def _get_dated_columns(self):
        """Further columns of ``dated``, name -> SQL. To extend."""
        return {}

    @api.model
    def _get_dated_joins(self):
        """Further joins of ``dated``, each of one row at most. To extend."""
        return SQL()

    # ------------------------------------------------------------
    # THE ANSWER
    # ------------------------------------------------------------

    @api.model
    def _get_decided_sql(self):
        added = self._get_dated_columns()
        return SQL(
            """
            SELECT decided.id, decided.id AS move_line_id, decided.move_id,
                   decided.line_company_id, decided.company_id, decided.partner_id,
                   decided.currency_id, decided.invoice_date, decided.date_maturity,
                   decided.day, decided.day - decided.date_maturity AS days_late,
                   decided.amount_residual, decided.amount_residual_company,
                   decided.amount_covered, decided.net_company,
                   decided.policy_id, decided.step_id, decided.step_date,
                   decided.next_id AS next_step_id,
                   CASE WHEN decided.next_id IS NOT NULL THEN decided.go_date END AS next_date,
                   decided.round, decided.step_rank, decided.next_rank, decided.heard_rank,
                   decided.words_step_id,
                   decided.is_overdue, decided.is_accepted,
                   decided.step_id IS NOT NULL AS is_reminded,
                   decided.tone_until, decided.wait_until%(columns)s,
                   %(joins)s AS joins,
                   decided.step_id IS NULL
                       AND decided.day - decided.date_maturity > 60 AS is_old,
                   CASE WHEN decided.hold IS NOT NULL THEN decided.hold
                        %(cases)s END AS hold_reason
              FROM (%(timed)s) AS decided
            """,
            columns=SQL("").join(SQL(", decided.%s", SQL.identifier(name)) for name in added),
            joins=SQL(" AND ").join(self._get_joins_conditions()),
            cases=self._get_cases_sql(self._get_step_conditions()),
            timed=self._get_timed_sql(),
        )

    @api.model
    def _get_joins_conditions(self):
        """Conditions under which the customer's next notice advances an item: list of SQL.

        Over ``decided``; all of them. To extend.
        """
        return [
            SQL("decided.hold IS NULL AND decided.is_due AND decided.next_id IS NOT NULL"),
            SQL(
                """(decided.is_overdue OR decided.heard_rank IS NULL
                    OR decided.next_rank >= decided.heard_rank)"""
            ),
        ]

    @api.model
    def _get_go_dates(self):
        """The dates of which the latest is the day of the next step: list of SQL. To extend.

        Over ``dated`` and ``tone``.
        """
        return [SQL("dated.step_due"), SQL("dated.wait_until"), SQL("tone.until")]

    @api.model
    def _get_timed_sql(self):
        """Each dated item with the working day on which the latest of its conditions is met."""
        return SQL(
            """
            SELECT dated.*, tone.until AS tone_until,
                   dated.step_due <= dated.day
                   AND (dated.wait_until IS NULL OR dated.wait_until <= dated.day)
                       AS is_due,
                   COALESCE(day_off.moved_to, go.date) AS go_date
              FROM dated
            CROSS JOIN LATERAL (SELECT CASE
                       WHEN dated.heard_rank IS NULL THEN NULL
                       WHEN dated.next_rank >= dated.heard_rank THEN NULL
                       WHEN dated.is_overdue THEN dated.step_due + %(tone_days)s
                       ELSE dated.date_maturity + 1 END AS until) AS tone
            CROSS JOIN LATERAL (SELECT GREATEST(%(dates)s) AS latest) AS w
            CROSS JOIN LATERAL (SELECT CASE WHEN dated.works THEN w.latest
                                        ELSE GREATEST(w.latest, dated.day)
                                    END AS date) AS go
            LEFT JOIN day_off ON day_off.company_id = dated.company_id
                          AND day_off.date = go.date
            OFFSET 0
            """,
            tone_days=TONE_WAIT_DAYS,
            dates=SQL(", ").join(self._get_go_dates()),
        )
