from odoo import api, models
from odoo.tools import SQL

from ..common.kept_plan import ids_sql


class DunningAccount(models.Model):
    """The query behind a customer account: who, how much, against which limit, how covered.

    ``decision``     the open items, as ``dunning.decision`` says them
    ``company``      a row for each root company: its day, its default limit, its margin
    ``member``       the customers who share a limit, and whose limit it is
    ``opened``       the items, by customer and company
    ``position``     what was ordered or delivered and is not invoiced (satellites fill it)
    ``delivered``    what was delivered while each insurance or guarantee was valid
    ``cover``        insurance and guarantees, by customer
    ``suspension``   the first suspension announced
    ``manual``       the holds by hand
    ``contact``      the last contact of each customer
    ``customer``     everybody named by one of them
    ``joined``       all of it in one row, with the limit
    ``limited``      with the exposure of all who share the limit
    ``exposed``      with what is left of the limit, covered and at own risk
    ``judged``       with what holds deliveries (``dunning_account_hold.py``)

    Pieces are extended by overriding the ``_get_*`` methods.
    """

    _inherit = "dunning.account"

    @property
    def _table_query(self):
        wanted = self.env.context.get("dunning_partner_ids")
        return self._get_query(wanted, self._get_limit_partner_ids(wanted))

    @api.model
    def _get_query(self, wanted, partner_ids, company=None):
        """A row for each account: the columns of this model.

        :param wanted: ids of partners (list or SQL): only their commercial entities; None: all
        :param partner_ids: those and all who share a limit with them; None: all
        :param company: a root company, for who asks what is owed to it and held: without looking
            at the steps to come (``next_date`` is empty), which is quicker
        """
        self._flush()
        decision = self.env["dunning.decision"].with_context(dunning_partner_ids=None)
        items = decision._get_owed_query if company else decision._get_query
        companies = decision._get_companies(company and company.ids)
        tables = [
            ("decision", "MATERIALIZED", items(partner_ids, companies.ids)),
            *self._get_tables(companies, partner_ids),
        ]
        query = SQL("SELECT * FROM judged %s", self._get_wanted_sql(wanted))
        return decision._get_with_sql(tables, query)

    @api.model
    def _get_tables(self, companies, partner_ids):
        """Further tables of the query: list of (name, "MATERIALIZED" or "", SQL)."""
        return [
            ("company", "MATERIALIZED", self._get_company_sql(companies)),
            ("member", "MATERIALIZED", self._get_member_sql()),
            ("opened", "MATERIALIZED", self._get_opened_sql()),
            ("position", "MATERIALIZED", self._get_position_sql(partner_ids)),
            ("delivered", "MATERIALIZED", self._get_delivered_sql()),
            ("cover", "MATERIALIZED", self._get_cover_sql(partner_ids)),
            ("suspension", "MATERIALIZED", self._get_suspension_sql()),
            ("manual", "MATERIALIZED", self._get_manual_sql(partner_ids)),
            ("contact", "", self._get_last_contact_sql(partner_ids)),
            ("customer", "", self._get_customer_sql()),
            ("joined", "", self._get_joined_sql()),
            ("limited", "", self._get_limited_sql()),
            ("exposed", "", self._get_exposed_sql()),
            ("judged", "", self._get_judged_sql()),
        ]

    @api.model
    def _flush(self):
        """Write what is pending in the cache and the query reads beside the decision."""
        for model, names in self._get_flushed_fields().items():
            self.env[model].flush_model(names)

    @api.model
    def _get_flushed_fields(self):
        """Model name -> names of the fields that the query reads. To extend."""
        return {
            "res.partner": [
                "commercial_partner_id", "credit_limit", "dunning_limit_partner_id",
                "dunning_hold_until",
            ],
            "dunning.cover": None,
        }  # fmt: skip

    # ------------------------------------------------------------
    # CUSTOMERS
    # ------------------------------------------------------------

    @api.model
    def _get_limit_partner_ids(self, partner_ids):
        """The commercial entities of ``partner_ids`` and all who share a limit with them."""
        if partner_ids is None:
            return None
        self._flush()
        rows = self.env.execute_query(
            SQL(
                """
                WITH mine AS (
                    SELECT c.id, COALESCE(g.commercial_partner_id, c.id) AS limit_id
                      FROM res_partner p
                      JOIN res_partner c ON c.id = p.commercial_partner_id
                 LEFT JOIN res_partner g ON g.id = c.dunning_limit_partner_id
                     WHERE p.id = ANY(%s))
                SELECT id FROM mine UNION SELECT limit_id FROM mine
                 UNION SELECT c.id FROM res_partner c
                         JOIN res_partner g ON g.id = c.dunning_limit_partner_id
                        WHERE c.dunning_limit_partner_id IS NOT NULL
                          AND g.commercial_partner_id IN (SELECT limit_id FROM mine)
                """,
                list(partner_ids),
            )
        )
        return [partner_id for (partner_id,) in rows]

    @api.model
    def _get_only_sql(self, column, partner_ids):
        """Condition that keeps ``column`` (commercial entities) to ``partner_ids``, if given."""
        if partner_ids is None:
            return SQL("true")
        return SQL("%s = ANY(%s)", column, ids_sql(partner_ids))

    @api.model
    def _get_wanted_sql(self, wanted):
        """Those asked for, without the others who share their limit."""
        if wanted is None:
            return SQL()
        return SQL(
            """WHERE partner_id IN (
                   SELECT commercial_partner_id FROM res_partner WHERE id = ANY(%s))""",
            ids_sql(wanted),
        )

    @api.model
    def _get_company_sql(self, companies):
        """id, key (of company-dependent values), day, default_limit, warning_rate (0 to 1).

        A limit by default counts while Odoo's own switch is on; one of a customer's own always.
        """
        field = self.env["res.partner"]._fields["credit_limit"]
        rows = []
        for company in companies:
            partners = self.env["res.partner"].sudo().with_company(company)
            default = field.get_company_dependent_fallback(partners)
            rows.append(
                (
                    company.id,
                    str(company.id),
                    company._get_dunning_day(),
                    default or 0.0,
                    bool(company.account_use_credit_limit),
                    company.dunning_limit_warning / 100,
                )
            )
        types = {
            "id": "int", "key": "text", "day": "date", "default_limit": "numeric",
            "uses_default": "bool", "warning_rate": "numeric",
        }  # fmt: skip
        return self.env["dunning.decision"]._get_values(rows, types)

    @api.model
    def _get_member_sql(self):
        """The customers who share a limit, its holder among them: id, limit_id."""
        return SQL(
            """
            SELECT c.commercial_partner_id AS id, max(g.commercial_partner_id) AS limit_id
              FROM res_partner c
              JOIN res_partner g ON g.id = c.dunning_limit_partner_id
             WHERE c.dunning_limit_partner_id IS NOT NULL AND c.id = c.commercial_partner_id
          GROUP BY c.commercial_partner_id
             UNION
            SELECT g.commercial_partner_id, g.commercial_partner_id
              FROM res_partner c
              JOIN res_partner g ON g.id = c.dunning_limit_partner_id
             WHERE c.dunning_limit_partner_id IS NOT NULL AND c.id = c.commercial_partner_id
            """
        )

    @api.model
    def _get_customer_sql(self):
        """company_id, partner_id: everybody of whom something is known."""
        return SQL(
            """
            WITH busy AS (
                SELECT company_id, partner_id FROM opened
                 UNION SELECT company_id, partner_id FROM position
                 UNION SELECT company_id, partner_id FROM cover
                 UNION SELECT company_id, partner_id FROM manual)
            SELECT company_id, partner_id FROM busy
             UNION SELECT busy.company_id, sister.id
                     FROM busy JOIN member mine ON mine.id = busy.partner_id
                     JOIN member sister ON sister.limit_id = mine.limit_id
            """
        )

    # ------------------------------------------------------------
    # AMOUNTS
    # ------------------------------------------------------------

    @api.model
    def _get_opened_sql(self):
        """The items of each customer and company, summed up."""
        return SQL(
            """
            SELECT d.company_id, d.partner_id, count(*) AS item_count,
                   COALESCE(SUM(d.amount_residual_company)
                       FILTER (WHERE d.amount_residual > 0 AND d.is_overdue AND %(counts)s), 0)
                       AS amount_overdue,
                   COALESCE(SUM(d.amount_residual_company)
                       FILTER (WHERE d.amount_residual > 0 AND NOT d.is_overdue AND %(counts)s), 0)
                       AS amount_not_due,
                   %(credit)s AS amount_credit,
                   COALESCE(SUM(d.amount_residual_company)
                       FILTER (WHERE d.hold_reason = 'insolvency'), 0) AS amount_frozen,
                   (array_agg(d.step_id ORDER BY d.step_rank DESC)
                       FILTER (WHERE d.step_id IS NOT NULL))[1] AS step_id,
                   min(d.date_maturity) FILTER (WHERE d.amount_residual > 0) AS oldest_due_date,
                   max(d.days_late) FILTER (WHERE d.amount_residual > 0) AS days_late,
                   min(GREATEST(d.next_date, d.day)) FILTER (
                       WHERE d.hold_reason IS NULL OR d.hold_reason IN %(coming)s)
                       AS next_date,
                   %(blocked)s AS is_blocked, %(late)s AS is_late
              FROM decision d LEFT JOIN dunning_policy policy ON policy.id = d.policy_id
             WHERE d.partner_id IS NOT NULL
          GROUP BY d.company_id, d.partner_id
            """,
            counts=self._get_counts_condition(),
            credit=self._get_credit_amount_sql(),
            blocked=self._get_blocked_condition(),
            late=self._get_late_condition(),
            coming=self.env["dunning.decision"]._get_hold_codes(goes_on=True),
        )

    @api.model
    def _get_counts_condition(self):
        """Condition: the item ``d`` is part of what is owed, or held for the customer."""
        uncounted = self.env["dunning.decision"]._get_hold_codes(counts=False)
        return SQL("COALESCE(d.hold_reason, '') NOT IN %s", uncounted)

    @api.model
    def _get_credit_amount_sql(self):
        """Credits of a customer (negative): excluded ones as far as they meet excluded debts."""

        def get_sum(condition):
            return SQL(
                "COALESCE(SUM(d.amount_residual_company) FILTER (WHERE %s), 0)", SQL(condition)
            )

        return SQL(
            "%s + GREATEST(%s, -%s)",
            get_sum("d.amount_residual < 0 AND d.hold_reason = 'covered'"),
            get_sum("d.amount_residual < 0 AND d.hold_reason = 'excluded'"),
            get_sum("d.amount_residual > 0 AND d.hold_reason = 'excluded'"),
        )

    @api.model
    def _get_position_sql(self, partner_ids):
        """company_id (root), partner_id, amount_to_invoice, amount_ordered: not invoiced yet."""
        queries = self._get_position_queries(partner_ids)
        if not queries:
            return SQL(
                """SELECT 0 AS company_id, 0 AS partner_id, 0::numeric AS amount_to_invoice,
                          0::numeric AS amount_ordered WHERE false"""
            )
        return SQL(
            """
            SELECT split_part(company.parent_path, '/', 1)::int AS company_id,
                   p.commercial_partner_id AS partner_id,
                   SUM(piece.amount_to_invoice) AS amount_to_invoice,
                   SUM(piece.amount_ordered) AS amount_ordered
              FROM (%s) AS piece
              JOIN res_company company ON company.id = piece.company_id
              JOIN res_partner p ON p.id = piece.partner_id
          GROUP BY 1, 2
            """,
            SQL(" UNION ALL ").join(queries),
        )

    @api.model
    def _get_position_queries(self, partner_ids):
        """Amounts that customers ordered or received and that are not invoiced yet. To extend.

        :param partner_ids: ids of commercial entities to keep to, or None
        :return: list of SQL that select ``company_id`` (any of the tree), ``partner_id`` (who
            pays, any of its contacts), ``amount_to_invoice`` and ``amount_ordered`` (numeric,
            company currency, VAT included)
        """
        return []

    # ------------------------------------------------------------
    # AGAINST WHICH LIMIT
    # ------------------------------------------------------------

    @api.model
    def _get_joined_sql(self):
        """Everything of each customer beside each other, with exposure and limit."""
        return SQL(
            """
            SELECT (customer.company_id - 1)::bigint * 2147483648 + customer.partner_id AS id,
                   customer.company_id, customer.partner_id, company.day, company.warning_rate,
                   %(amounts)s,
                   COALESCE(opened.item_count, 0) AS item_count,
                   opened.step_id, opened.oldest_due_date,
                   COALESCE(opened.days_late, 0) AS days_late, opened.next_date,
                   COALESCE(opened.is_blocked, false) AS is_blocked,
                   COALESCE(opened.is_late, false) AS is_late,
                   cover.cover_end, cover.declaration_deadline, contact.date AS last_contact_date,
                   suspension.date AS suspension_date, manual.until AS hold_until,
                   holder.id AS limit_partner_id, %(limit)s AS credit_limit
              FROM customer
              JOIN company ON company.id = customer.company_id
         LEFT JOIN opened USING (company_id, partner_id)
         LEFT JOIN position USING (company_id, partner_id)
         LEFT JOIN cover USING (company_id, partner_id)
         LEFT JOIN suspension USING (company_id, partner_id)
         LEFT JOIN manual USING (company_id, partner_id)
         LEFT JOIN contact USING (company_id, partner_id)
         LEFT JOIN member ON member.id = customer.partner_id
              JOIN res_partner holder ON holder.id = COALESCE(member.limit_id, customer.partner_id)
            """,
            amounts=self._get_amounts_sql(),
            limit=self._get_limit_sql(),
        )

    @api.model
    def _get_amounts_sql(self):
        """The amounts of ``joined``, 0 where there is nothing."""
        return SQL(
            """COALESCE(opened.amount_overdue, 0) AS amount_overdue,
               COALESCE(opened.amount_not_due, 0) AS amount_not_due,
               COALESCE(opened.amount_overdue + opened.amount_not_due, 0) AS amount_invoiced,
               COALESCE(opened.amount_credit, 0) AS amount_credit,
               COALESCE(opened.amount_frozen, 0) AS amount_frozen,
               COALESCE(position.amount_to_invoice, 0) AS amount_to_invoice,
               COALESCE(position.amount_ordered, 0) AS amount_ordered,
               COALESCE(cover.amount_used, 0) + LEAST(
                   COALESCE(cover.amount_spare, 0),
                   COALESCE(position.amount_to_invoice + position.amount_ordered, 0)
               ) AS amount_cover,
               COALESCE(opened.amount_overdue + opened.amount_not_due + opened.amount_credit, 0)
                   + COALESCE(position.amount_to_invoice + position.amount_ordered, 0)
                   AS exposure"""
        )

    @api.model
    def _get_limit_sql(self):
        """The limit of ``holder``; that by default counts only while Odoo's switch is on."""
        own = SQL("COALESCE((holder.credit_limit->>company.key)::numeric, company.default_limit)")
        return SQL(
            """CASE WHEN company.uses_default OR %(own)s != company.default_limit
                    THEN GREATEST(%(own)s, 0) ELSE 0 END""",
            own=own,
        )

    @api.model
    def _get_limited_sql(self):
        """``joined``, with the exposure of all who share a limit; what is frozen left out."""
        return SQL(
            """
            SELECT joined.*,
                   SUM(exposure - amount_frozen) OVER (PARTITION BY company_id, limit_partner_id)
                       AS exposure_limited,
                   LEAST(GREATEST(exposure, 0), amount_cover) AS amount_secured
              FROM joined
            """
        )

    @api.model
    def _get_exposed_sql(self):
        """``limited``, with what is left of the limit and at own risk."""
        return SQL(
            """
            SELECT limited.*, exposure - amount_secured AS amount_own_risk,
                   CASE WHEN credit_limit > 0 THEN credit_limit - exposure_limited END
                       AS amount_available,
                   amount_overdue * GREATEST(days_late, 0) AS priority
              FROM limited
            """
        )

    @api.model
    def _get_last_contact_sql(self, partner_ids):
        return SQL(
            """
            SELECT d.company_id, p.commercial_partner_id AS partner_id, max(d.date_contact) AS date
              FROM dunning_delivery d JOIN res_partner p ON p.id = d.partner_id
             WHERE d.date_contact IS NOT NULL AND %s
          GROUP BY d.company_id, p.commercial_partner_id
            """,
            self._get_only_sql(SQL("p.commercial_partner_id"), partner_ids),
        )
