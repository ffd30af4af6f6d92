from datetime import timedelta
from functools import lru_cache

from odoo import api, models
from odoo.tools import SQL

from ...tools import business_days
from ..common import kept_plan

# Added to the rank of a step for each formal notice up to it: harder than any reminder.
FORMAL_RANK = 1000
CALENDAR_PAST_DAYS, CALENDAR_AHEAD_DAYS = 60, 400


@lru_cache(maxsize=128)
def _get_moved_days(company_id, first, last, closing_days):
    """See ``_get_days_off``; () where every day is worked on."""
    moved = business_days.moved_days(first, last, closing_days)
    columns = zip(*((company_id, *days) for days in moved), strict=True)
    return tuple(",".join(map(str, values)) for values in columns)


class DunningDecision(models.AbstractModel):
    """Who is to be contacted today, about what, and why not: the one place that decides.

    ``_get_query`` is one SQL query that gives a row for each open receivable instalment of
    every company. The run takes the rows without ``hold_reason``, the screens show the same
    rows, and nobody decides anywhere else. How it reads, from top to bottom:

    The pieces are in ``dunning_decision_item.py`` (items, credits, customers),
    ``dunning_decision_hold.py`` (what holds an item) and ``dunning_decision_step.py`` (steps,
    dates, the answer); upper rooms add theirs in files of the name of this one.

    ``company``      a row for each root company: its day, its default policy
    ``day_off``      days without work and the working day each moves to
    ``step``         steps with their rank in the ladder (the tone: formal notices rank highest)
    ``line``         the open items, with the reason that holds each whatever its step
    ``credit``       money held for a customer, by company and currency
    ``cover``        that money applied to the items, oldest due first
    ``expected``     money that is no credit yet, or in another currency: what it could pay
    ``settled``      both, by item
    ``netted``       the items without what is covered
    ``heard``        a row a customer, company and currency: sums, the hardest step heard
    ``standing``     the same, with the policy and what else makes them all wait
    ``ladder``       for each policy, step taken and amount band: the next step that applies
    ``dated``        the items joined with it, with the dates that make the next step due

    Extend it by overriding the ``_get_*`` methods, each of which returns a piece of SQL.

    Cost: one scan of the open items and hash joins with small tables; nothing is asked a line.
    """

    _name = "dunning.decision"
    _description = "Dunning decision"

    # ------------------------------------------------------------
    # THE QUERY
    # ------------------------------------------------------------

    @api.model
    def _get_query(self, partner_ids=None, company_ids=None):
        """One row for each open item.

        :param partner_ids: ids of partners: only their commercial entities are looked at
            (default: the context's ``dunning_partner_ids``, else everybody)
        :param company_ids: ids of root companies (default: all)
        :return: SQL that selects ``id`` (of the move line), the columns of ``dunning.item``, and
            for the run: round, ranks, ``words_step_id`` (the hardest heard before a formal
            notice), ``joins`` (advances by the customer's next notice), ``is_old``
        """
        self._flush()
        if partner_ids is None:
            partner_ids = self.env.context.get("dunning_partner_ids")
        companies, family = self._get_companies(company_ids), self._get_family(partner_ids)
        tables = [
            *self._get_item_tables(companies, family),
            *self._get_step_tables(companies, family),
        ]
        return self._get_with_sql(tables, self._get_decided_sql())

    @api.model
    def _get_with_sql(self, tables, query):
        """``query`` over ``tables``: list of (name, "MATERIALIZED" or such, SQL), in order."""
        return SQL(
            "WITH %s %s",
            SQL(", ").join(
                SQL("%s AS %s (%s)", SQL.identifier(name), SQL(kept), sql)
                for name, kept, sql in tables
            ),
            query,
        )

    @api.model
    def _get_further_columns(self, columns):
        """``, value AS name`` of each of ``columns`` (name -> SQL)."""
        return SQL("").join(
            SQL(", %s AS %s", value, SQL.identifier(name)) for name, value in columns.items()
        )

    @api.model
    def _flush(self):
        """Write what is pending in the cache and the query reads."""
        for model, names in self._get_flushed_fields().items():
            self.env[model].flush_model(names)

    @api.model
    def _get_flushed_fields(self):
        """Model name -> names of the fields that the query reads."""
        return {
            "account.move.line": [
                "account_id", "move_id", "company_id", "partner_id", "currency_id",
                "date", "date_maturity", "invoice_date", "parent_state", "reconciled",
                "amount_residual", "amount_residual_currency", "no_followup",
                "dunning_step_id", "dunning_step_date", "dunning_round", "dunning_disputed",
                "payment_id", "statement_line_id", "balance",
                "dunning_accepted_until",
            ],
            "account.move": ["payment_state", "state", "move_type"],
            "account.account": ["account_type", "non_trade", "code_store"],
            "account.payment": ["state"],
            "res.partner": [
                "commercial_partner_id", "is_company", "vat", "company_registry",
                "customer_kind", "insolvency_date", "dunning_policy_id", "dunning_paused_until",
            ],
            "res.company": ["parent_id", "dunning_penalty_journal_id", "dunning_penalty_chased"],
            "dunning.policy": None,
            "dunning.step": None,
        }  # fmt: skip

    # ------------------------------------------------------------
    # SMALL TABLES
    # ------------------------------------------------------------

    @api.model
    def _get_companies(self, company_ids=None):
        if not company_ids:
            return self.env["res.company"]._get_dunning_roots()
        companies = self.env["res.company"].sudo().browse(company_ids)
        return companies.filtered(lambda company: not company.parent_id)

    @api.model
    def _get_values(self, rows, types):
        """``SELECT`` over ``rows`` (tuples) that change from day to day, or with the caller.

        :param types: column -> name of its type in PostgreSQL
        """
        names = SQL(", ").join(SQL.identifier(name) for name in types)
        values = SQL(", ").join(
            SQL("(%s)", SQL(", ").join(map(kept_plan.varying, row, types.values()))) for row in rows
        )
        return SQL("SELECT * FROM (VALUES %s) AS v(%s)", values, names)

    @api.model
    def _get_company_sql(self, companies):
        """id, key (of company-dependent values), day, works (on it), default_policy_id,
        awaited_since (see ``_get_awaited_since``)."""
        field = self.env["res.partner"]._fields["dunning_policy_id"]
        rows = []
        for company in companies:
            fallback = field.get_company_dependent_fallback(
                self.env["res.partner"].sudo().with_company(company)
            )
            day = company._get_dunning_day()
            works = company._is_dunning_working_day(day)
            since = self._get_awaited_since(company, day)
            rows.append((company.id, str(company.id), day, works, fallback.id or None, since))
        types = {
            "id": "int", "key": "text", "day": "date", "works": "bool", "default_policy_id": "int",
            "awaited_since": "date",
        }  # fmt: skip
        return self._get_values(rows, types)

    @api.model
    def _get_branch_sql(self, companies):
        """id of every company, and the id of the root under which it is netted and reminded."""
        return SQL(
            """
            SELECT id, split_part(parent_path, '/', 1)::int AS root_id
              FROM res_company
             WHERE split_part(parent_path, '/', 1)::int = ANY(%s)
            """,
            kept_plan.varying(companies.ids, "int[]"),
        )

    @api.model
    def _get_day_off_sql(self, companies):
        """company_id, date (on which nobody works), moved_to (the next working day).

        Written as arrays in text: PostgreSQL reads 150 days of a text in a fraction of the time
        that so many expressions take, and plans for as many rows as there are.
        """
        texts = [self._get_days_off(company) for company in companies]
        columns = zip(*filter(None, texts), strict=True) if any(texts) else ("", "", "")
        arrays = zip(columns, ("int[]", "date[]", "date[]"), strict=True)
        return SQL(
            "SELECT * FROM unnest(%s) AS d(company_id, date, moved_to)",
            SQL(", ").join(
                kept_plan.varying("{" + ",".join(values) + "}", kind) for values, kind in arrays
            ),
        )

    @api.model
    def _get_days_off(self, company):
        """Three texts of values with commas between: those of the columns of ``day_off``."""
        day = company._get_dunning_day()
        first = day - timedelta(days=CALENDAR_PAST_DAYS)
        last = day + timedelta(days=CALENDAR_AHEAD_DAYS)
        return _get_moved_days(company.id, first, last, company._get_dunning_closing_days())

    @api.model
    def _get_step_sql(self):
        """Every step with its rank: its place in the ladder, formal notices and after above all.

        ``words_key``: of the step itself, or of the last one before a formal notice; the greatest
        of several is the hardest, its lower half the id.
        """
        return SQL(
            """
            SELECT ranked.*,
                   max(CASE WHEN rank < %(formal)s THEN rank << 32 | id END) OVER (
                       PARTITION BY policy_id ORDER BY rank) AS words_key
              FROM (SELECT s.id, s.policy_id, s.active, s.is_formal_notice, s.delay_from,
                           s.delay_days, s.latest_before_due, s.wait_days, s.min_amount,
                           row_number() OVER ladder + %(formal)s
                           * count(*) FILTER (WHERE s.is_formal_notice) OVER ladder AS rank
                      FROM dunning_step s
                    WINDOW ladder AS (PARTITION BY s.policy_id ORDER BY s.sequence, s.id)
                   ) AS ranked
            """,
            formal=FORMAL_RANK,
        )

    @api.model
    def _get_ladder_sql(self, family):
        """The next step for each place on a ladder, side of the due date, amount and term.

        ``place``: the step taken, or minus the policy where none was. A step does not apply to an
        item below its ``min_amount`` nor, when it lies before the due date, once that is reached.
        Amounts and terms (days from invoice to due date) are cut into bands at the steps' own
        limits, so that each item finds its next step, and all that it says, by one join.
        ``is_small``: a later step exists, but only for larger items.
        """
        return SQL(
            """
            SELECT taken.place, taken.policy_id, taken.rank AS taken_rank, side.is_due,
                   amount.low::numeric AS amount_low, amount.high::numeric AS amount_high,
                   term.low AS term_low, term.high AS term_high,
                   policy.min_amount::numeric, policy.min_contact_days,
                   next.id AS next_id, next.rank AS next_rank, next.delay_from, next.delay_days,
                   next.latest_before_due, COALESCE(next.wait_days, 0) AS wait_days,
                   next.id IS NULL AND later.id IS NOT NULL AS is_small
              FROM (SELECT id AS policy_id, -id AS place, 0 AS rank FROM dunning_policy
                     UNION ALL SELECT policy_id, id, rank FROM step) AS taken
              JOIN dunning_policy policy ON policy.id = taken.policy_id
        CROSS JOIN (VALUES (true), (false)) AS side(is_due)
              JOIN (%(amount)s) AS amount ON amount.policy_id = taken.policy_id
              JOIN (%(term)s) AS term ON term.policy_id = taken.policy_id
 LEFT JOIN LATERAL (SELECT s.* FROM step s
                     WHERE s.policy_id = taken.policy_id AND s.active AND s.rank > taken.rank
                       AND COALESCE(s.min_amount, 0) <= amount.low
                       AND NOT (side.is_due AND %(before_due)s)
                     ORDER BY s.rank LIMIT 1) AS next ON true
 LEFT JOIN LATERAL (SELECT s.id FROM step s
                     WHERE s.policy_id = taken.policy_id AND s.active AND s.rank > taken.rank
                       AND NOT (side.is_due AND %(before_due)s)
                     LIMIT 1) AS later ON true
             %(where)s
            """,
            where=self._get_places_sql(family),
            amount=self._get_band_sql(
                SQL("0::float"), SQL("min_amount"), SQL("active AND min_amount > 0")
            ),
            term=self._get_band_sql(
                SQL("-1000000"), SQL("delay_days + 1"), SQL("active AND delay_from = 'invoice'")
            ),
            before_due=self._get_before_due_sql(),
        )

    @api.model
    def _get_places_sql(self, family):
        """Condition that keeps to the places of these customers on their ladders."""
        if family is None:
            return SQL()
        return SQL(
            """WHERE taken.place IN (SELECT step_id FROM line
                                      UNION SELECT -policy_id FROM standing)"""
        )

    @api.model
    def _get_before_due_sql(self):
        """Condition: step ``s`` lies before the due date of items of the band ``term``."""
        return SQL(
            """(CASE WHEN s.delay_from = 'invoice'
                     THEN s.latest_before_due > 0 OR s.delay_days < term.low
                     ELSE s.delay_days < 0 END)"""
        )

    @api.model
    def _get_band_sql(self, lowest, cut, where):
        """policy_id, low, high: the bands of each policy between ``lowest`` and its steps' cuts."""
        return SQL(
            """
            SELECT policy_id, low, lead(low) OVER (PARTITION BY policy_id ORDER BY low) AS high
              FROM (SELECT id AS policy_id, %(lowest)s AS low FROM dunning_policy
                     UNION SELECT policy_id, %(cut)s FROM step WHERE %(where)s) AS cut
            """,
            lowest=lowest,
            cut=cut,
            where=where,
        )

    @api.model
    def _get_policy_sql(self):
        """The policies that are chosen by kind and amount, in the order in which they are tried."""
        return SQL(
            """
            SELECT id, company_id, customer_kind, COALESCE(open_amount_min, 0) AS low,
                   NULLIF(open_amount_max, 0) AS high,
                   row_number() OVER (ORDER BY sequence, id) AS place
              FROM dunning_policy WHERE active AND is_manual IS NOT TRUE
            """
        )

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    @api.model
    def _get_shown_query(self, partner_ids=None, company_ids=None):
        """The decision and what is only shown beside it: the columns of ``dunning.item``.

        What nobody asks for of the added columns, PostgreSQL does not compute.
        """
        return SQL(
            "SELECT decision.*%s FROM (%s) AS decision %s",
            self._get_further_columns(self._get_shown_columns()),
            self._get_query(partner_ids, company_ids),
            self._get_shown_joins(),
        )

    @api.model
    def _get_shown_columns(self):
        """Further columns over ``decision`` and the joins, column -> SQL. To extend."""
        return {}

    @api.model
    def _get_shown_joins(self):
        """Joins to ``decision``, each of one row at most. To extend."""
        return SQL()

    @api.model
    def _get_rows(self, partner_ids=None, company_ids=None, where=None, shown=False):
        """Ask afresh, as code that decides must: never from a cache.

        Of a few customers by a plan that is kept: planning would be most of the cost.

        :param where: SQL condition on the row, aliased ``decision``
        :param shown: with the columns of ``_get_shown_columns``
        :return: list of dicts (see ``_get_query`` for the columns)
        """
        get_query = self._get_shown_query if shown else self._get_query
        if where is None and kept_plan.are_few(partner_ids):
            query = get_query(kept_plan.IDS, company_ids)
            return kept_plan.fetch(self.env, query, partner_ids, [])
        return self.env.execute_query_dict(
            SQL(
                "SELECT * FROM (%s) AS decision WHERE %s",
                get_query(partner_ids, company_ids),
                where or SQL("true"),
            )
        )

    @api.model
    def _get_owing_partner_ids(self, company):
        """Customers who owe the root ``company`` something that nothing holds, ready or not.

        The quick question, for who asks the whole decision of them next.
        """
        companies = self._get_companies(company.ids)
        self._flush()
        rows = self.env.execute_query(
            SQL(
                """WITH company AS MATERIALIZED (%s), branch AS MATERIALIZED (%s), line AS (%s)
                 SELECT DISTINCT partner_id FROM line
                  WHERE amount_residual > 0 AND held IS NULL ORDER BY partner_id""",
                self._get_company_sql(companies),
                self._get_branch_sql(companies),
                self._get_line_sql(None),
            )
        )
        return [partner_id for (partner_id,) in rows]

    @api.model
    def _get_followed_policies(self, company, customers):
        """The policy that a new item of each customer would follow in the root ``company``.

        One query for all.

        :param customers: commercial partners
        :return: dict customer -> ``dunning.policy``, empty where none fits
        """
        if kept_plan.are_few(customers.ids):
            query = self._get_followed_query(company, kept_plan.IDS)
            rows = kept_plan.fetch(self.env, query, customers.ids, [])
        else:
            query = self._get_followed_query(company, customers.ids)
            rows = self.env.execute_query_dict(query)
        policies = {row["partner_id"]: row["policy_id"] or () for row in rows}
        empty = self.env["dunning.policy"].sudo()
        return {each: empty.browse(policies.get(each.id, ())) for each in customers}

    @api.model
    def _get_followed_query(self, company, customer_ids):
        self._flush()
        companies, family = self._get_companies(company.ids), self._get_family(customer_ids)
        standing = self._get_standing_sql(self._get_asked_sql(customer_ids))
        return self._get_with_sql(
            self._get_item_tables(companies, family),
            SQL("SELECT partner_id, policy_id FROM (%s) AS standing", standing),
        )

    @api.model
    def _get_asked_sql(self, customer_ids):
        """Debt of each of these customers to a company, 0 included: for ``_get_standing_sql``."""
        return SQL(
            """
            SELECT company.id AS company_id, asked.id AS partner_id, 0 AS currency_id,
                   COALESCE((SELECT SUM(heard.open_amount) FROM heard
                              WHERE heard.company_id = company.id
                                AND heard.partner_id = asked.id), 0)::float AS open_amount
              FROM company CROSS JOIN unnest(%s) AS asked(id)
            """,
            kept_plan.ids_sql(customer_ids),
        )

    @api.model
    def _get_ready_steps(self, company):
        """The steps that are to be taken on the day in the root ``company``."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT next_step_id FROM (%s) AS decision
                    WHERE hold_reason IS NULL AND next_step_id IS NOT NULL""",
                self._get_query(company_ids=company.ids),
            )
        )
        return self.env["dunning.step"].browse(step_id for (step_id,) in rows)

    @api.model
    def _get_ready_partner_ids(self, company):
        """Customers of the root ``company`` for whom something is to be done on the day."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT partner_id FROM (%s) AS decision
                    WHERE hold_reason IS NULL ORDER BY partner_id""",
                self._get_query(company_ids=company.ids),
            )
        )
        return [partner_id for (partner_id,) in rows]
