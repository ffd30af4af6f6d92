from odoo import api, models
from odoo.tools import SQL

from ...tools import business_days
from .account_move import NAMED_MOVES, NUMBER

# Working days for which money that nobody matched holds what it could pay.
AWAITED_DAYS = 5
# Money begins to pay an item with this part of it at least.
BEGUN = 0.1
# A number or a reference that a label names: so many signs, from so many words.
SHORTEST_NUMBER, MOST_WORDS = 5, 5


class DunningDecision(models.AbstractModel):
    """Money that is there and is no credit yet: on the bank, paid online, in another currency.

    It holds the items that it could pay, oldest first, those that its label names before the
    others, and lessens what they count for (``net_company``).

    ``awaited``   bank lines and online payments that nobody matched, of the last working days
    ``named``     the customers and invoices that they name
    ``pool``      a row a customer and company: how much of it (company currency)
    ``expected``  the items that a pool could pay, with the reason and the amount
    ``settled``   a row an item: what covers it, and what it could be paid by
    """

    _inherit = "dunning.decision"

    @api.model
    def _get_flushed_fields(self):
        flushed = super()._get_flushed_fields()
        flushed["account.move"] += [
            "name", "date", "company_id", "payment_reference", "commercial_partner_id",
        ]  # fmt: skip
        flushed["account.journal"] = ["suspense_account_id", "type"]
        flushed["account.bank.statement.line"] = [
            "is_reconciled", "payment_ref", "partner_id", "internal_index",
        ]  # fmt: skip
        if "payment.transaction" in self.env:
            flushed["payment.transaction"] = None
        return flushed

    @api.model
    def _get_awaited_tables(self, family):
        own = [("number", "MATERIALIZED", self._get_own_number_sql())] if family else []
        return [
            *own,
            ("awaited", "MATERIALIZED", self._get_awaited_sql(family)),
            ("named", "MATERIALIZED", self._get_named_sql()),
            ("pool", "MATERIALIZED", self._get_pool_sql()),
            ("expected", "MATERIALIZED", self._get_expected_sql()),
            ("settled", "MATERIALIZED", self._get_settled_sql()),
        ]

    # ------------------------------------------------------------
    # MONEY THAT NOBODY MATCHED
    # ------------------------------------------------------------

    @api.model
    def _get_awaited_since(self, company, day):
        """The first day of which money still holds something on ``day``."""
        closing_days = company._get_dunning_closing_days()
        return business_days.subtract_working_days(day, AWAITED_DAYS, closing_days)

    @api.model
    def _get_awaited_sql(self, family):
        """id, company_id (root), partner_id (or empty), amount (company currency), words."""
        return SQL(
            """
            SELECT row_number() OVER () AS id, company.id AS company_id,
                   (SELECT p.commercial_partner_id FROM res_partner p
                     WHERE p.id = paid.partner_id) AS partner_id, paid.amount,
                   regexp_split_to_array(upper(paid.label), '[^A-Z0-9]+') AS words
              FROM (%s) AS paid
              JOIN branch ON branch.id = paid.company_id
              JOIN company ON company.id = branch.root_id
             WHERE paid.amount != 0 AND paid.date BETWEEN company.awaited_since AND company.day
            """,
            SQL(" UNION ALL ").join(self._get_awaited_queries(family)),
        )

    @api.model
    def _get_awaited_queries(self, family):
        """Sources of money: SQL of company_id (any of the tree), partner_id (any contact), date,
        label, amount (company currency). To extend.

        :param family: see ``_get_kept_sql``
        """
        queries = [self._get_bank_line_sql(family)]
        if "payment.transaction" in self.env:
            online = self._get_kept_sql(self._get_online_sql(), family)
            columns = SQL("company_id, partner_id, date, label, amount")
            queries.append(SQL("SELECT %s FROM (%s) AS online", columns, online))
        return queries

    @api.model
    def _get_bank_line_sql(self, family):
        """What of each bank line stands on the suspense account.

        Some never match their bank lines: those of the last days are found by Odoo's index, journal
        by journal.
        """
        recent = SQL(
            """
            SELECT bank.move_id, journal.suspense_account_id, branch.id AS company_id,
                   bank.partner_id, bank.payment_ref AS label
              FROM account_journal journal
        CROSS JOIN branch
              JOIN company ON company.id = branch.root_id
        CROSS JOIN LATERAL (
                   SELECT each.move_id, each.partner_id, each.payment_ref
                     FROM account_bank_statement_line each
                    WHERE each.journal_id = journal.id AND each.company_id = branch.id
                      AND each.is_reconciled IS NOT TRUE
                      AND each.internal_index >= to_char(company.awaited_since, 'YYYYMMDD')
                   OFFSET 0) AS bank
             WHERE journal.type IN ('bank', 'cash', 'credit')
            """
        )
        return SQL(
            """
            SELECT bank.company_id, bank.partner_id, entry.date, bank.label, left_over.amount
              FROM (%s) AS bank
              JOIN account_move entry ON entry.id = bank.move_id AND entry.state != 'cancel'
        CROSS JOIN LATERAL (SELECT -SUM(e.balance) AS amount FROM account_move_line e
                             WHERE e.move_id = bank.move_id
                               AND e.account_id = bank.suspense_account_id) AS left_over
            """,
            self._get_kept_sql(recent, family),
        )

    @api.model
    def _get_kept_sql(self, source, family):
        """``source`` (with partner_id and label) as far as it may concern the ``family``.

        As partner, or a number of theirs may be in the label: ``_get_named_sql`` then looks at
        whole words. ``OFFSET 0``: labels are made plain once, and before anything else is read.
        """
        if family is None:
            return source
        return SQL(
            """
            SELECT plain.*
              FROM (SELECT money.*, %s AS number FROM (%s) AS money OFFSET 0) AS plain
             WHERE plain.partner_id = ANY(%s)
                OR EXISTS (SELECT FROM number WHERE strpos(plain.number, number.own) > 0)
            OFFSET 0
            """,
            self._get_number_sql(SQL("money.label")),
            source,
            family,
        )

    @api.model
    def _get_own_number_sql(self):
        """own: the numbers and references of the open items of a few customers."""
        return SQL(
            """
            SELECT own FROM (
                SELECT DISTINCT unnest(ARRAY[%s, %s]) AS own
                  FROM line JOIN account_move mine ON mine.id = line.move_id) AS numbers
             WHERE length(own) >= %s
            """,
            self._get_number_sql(SQL("mine.name")),
            self._get_number_sql(SQL("mine.payment_reference")),
            SHORTEST_NUMBER,
        )

    @api.model
    def _get_online_sql(self):
        """Online payments that were authorised or made and have no posted entry yet.

        The module that links them to invoices is not needed: their reference names them too.
        """
        fields = self.env["payment.transaction"]._fields.values()
        posted = SQL("false")
        if any(field.name == "payment_id" for field in fields):
            posted = SQL(
                """EXISTS (SELECT FROM account_payment made
                             JOIN account_move entry ON entry.id = made.move_id
                            WHERE made.id = tx.payment_id AND entry.state = 'posted')"""
            )
        linked = [
            self._get_linked_names_sql(field)
            for field in fields
            if field.type == "many2many" and field.comodel_name == "account.move" and field.store
        ]
        return SQL(
            """
            SELECT tx.company_id, tx.partner_id,
                   COALESCE(tx.last_state_change, tx.create_date)::date AS date,
                   concat_ws(' ', %(names)s) AS label, tx.amount / %(rate)s AS amount
              FROM payment_transaction tx
              JOIN res_company own ON own.id = tx.company_id
             WHERE tx.state IN ('authorized', 'done')
               AND COALESCE(tx.operation, '') NOT IN ('validation', 'refund') AND NOT %(posted)s
            """,
            rate=self._get_rate_sql(SQL("tx.currency_id"), SQL("own")),
            names=SQL(", ").join([SQL("tx.reference"), *linked]),
            posted=posted,
        )

    @api.model
    def _get_linked_names_sql(self, field):
        """The numbers of the invoices that the online payment ``tx`` is linked to by ``field``."""
        return SQL(
            """(SELECT string_agg(linked.name, ' ')
                  FROM %s rel JOIN account_move linked ON linked.id = rel.%s
                 WHERE rel.%s = tx.id)""",
            SQL.identifier(field.relation),
            SQL.identifier(field.column2),
            SQL.identifier(field.column1),
        )

    @api.model
    def _get_rate_sql(self, currency, company):
        """Units of ``currency`` for one of the currency of ``company``, by the latest rates."""

        def get_rate(of):
            return SQL(
                """COALESCE((SELECT rate.rate FROM res_currency_rate rate
                              WHERE rate.currency_id = %(of)s
                                AND (rate.company_id IS NULL
                                     OR rate.company_id
                                        = split_part(%(company)s.parent_path, '/', 1)::int)
                           ORDER BY rate.company_id, rate.name DESC LIMIT 1), 1)""",
                of=of,
                company=company,
            )

        return SQL(
            "CASE WHEN %s = %s.currency_id THEN 1 ELSE %s / %s END",
            currency,
            company,
            get_rate(currency),
            get_rate(SQL("%s.currency_id", company)),
        )

    # ------------------------------------------------------------
    # WHAT IT NAMES
    # ------------------------------------------------------------

    @api.model
    def _get_number_sql(self, column):
        return SQL(NUMBER.format("%s"), column)

    @api.model
    def _get_named_sql(self):
        """id, company_id, amount (of ``awaited``), partner_id, move_id: invoices whose number or
        payment reference stands in a label, as some of its words one after the other, the
        last with a digit.

        Each is looked up by its index: labels are never compared with all invoices. Those of other
        customers are looked for too, whoever is asked about: they share the money.
        """
        return SQL(
            """
            SELECT DISTINCT said.id, said.company_id, said.amount, found.partner_id, found.move_id
              FROM (SELECT DISTINCT awaited.id, awaited.company_id, awaited.amount,
                           array_to_string(awaited.words[word.place - more:word.place], '')
                               AS number
                      FROM awaited
                CROSS JOIN unnest(awaited.words) WITH ORDINALITY AS word(text, place)
                CROSS JOIN generate_series(0, %(more)s) AS more
                     WHERE word.text ~ '[0-9]' AND more < word.place) AS said
        CROSS JOIN LATERAL (%(by_name)s UNION ALL %(by_reference)s) AS found
              JOIN branch ON branch.id = found.company_id AND branch.root_id = said.company_id
             WHERE length(said.number) >= %(shortest)s
            """,
            more=MOST_WORDS - 1,
            shortest=SHORTEST_NUMBER,
            by_name=self._get_numbered_sql(SQL("name")),
            by_reference=self._get_numbered_sql(SQL("payment_reference")),
        )

    @api.model
    def _get_numbered_sql(self, column):
        return SQL(
            """(SELECT id AS move_id, company_id, commercial_partner_id AS partner_id
                  FROM account_move WHERE %s = said.number AND %s OFFSET 0)""",
            self._get_number_sql(column),
            SQL(NAMED_MOVES),
        )

    # ------------------------------------------------------------
    # WHAT IT COULD PAY
    # ------------------------------------------------------------

    @api.model
    def _get_pool_sql(self):
        """company_id, partner_id, bank, other: what waits to be matched, and what is held in
        other currencies (company currency).

        Money is there once: who is named together shares it, in equal parts until somebody matches
        it. What goes back lessens it where the label names an invoice: a direct debit returned.
        """
        return SQL(
            """
            SELECT company_id, partner_id, SUM(bank) AS bank, SUM(other) AS other
              FROM (SELECT company_id, partner_id,
                           amount / count(*) OVER (PARTITION BY id) AS bank, 0 AS other
                      FROM (SELECT id, company_id, partner_id, amount FROM awaited
                             WHERE partner_id IS NOT NULL AND amount > 0
                             UNION
                            SELECT id, company_id, partner_id, amount FROM named) AS paid
                 UNION ALL
                    SELECT company_id, partner_id, 0, amount FROM (%s) AS spare) AS money
          GROUP BY company_id, partner_id
            """,
            self._get_spare_sql(),
        )

    @api.model
    def _get_spare_sql(self):
        """company_id, partner_id, amount (company currency): what is left of the credits of each
        currency when the items of that currency are covered."""
        return SQL(
            """
            SELECT company_id, partner_id,
                   max(amount_company) * SUM(amount) / max(amount) AS amount
              FROM (SELECT company_id, partner_id, currency_id, amount, amount_company FROM credit
                     WHERE NOT is_excluded
                     UNION ALL
                    SELECT company_id, partner_id, currency_id, -amount, NULL FROM cover
                     WHERE NOT is_excluded) AS used
          GROUP BY company_id, partner_id, currency_id
            HAVING SUM(amount) > 0
            """
        )

    @api.model
    def _get_expected_sql(self):
        """id, reason, amount (company currency) of the items that a pool could pay, or begin to:
        a cent silences no debt.

        What a label names comes first. Of two reasons for one item the first counts, and both
        amounts: they are different money. Rows of items, credits and pools stand one below the
        other and are grouped, not joined: PostgreSQL takes each for a handful.
        """
        return SQL(
            """
            SELECT id,
                   CASE WHEN bank_before < bank_pool THEN 'bank_line' ELSE 'other_currency' END
                       AS reason,
                   LEAST(owed, GREATEST(bank_pool - bank_before, 0)
                               + GREATEST(other_pool - other_before, 0)) AS amount
              FROM (SELECT id, owed, max(bank) OVER customer AS bank_pool,
                           max(other) OVER customer AS other_pool,
                           SUM(owed) OVER (customer ORDER BY is_named DESC, date_maturity, id
                                           ROWS UNBOUNDED PRECEDING) - owed AS bank_before,
                           SUM(owed) OVER (customer ORDER BY date_maturity, id
                                           ROWS UNBOUNDED PRECEDING) - owed AS other_before
                      FROM (%(items)s
                             UNION ALL
                            SELECT NULL, company_id, partner_id, NULL, false, 0, bank, other
                              FROM pool) AS stacked
                    WINDOW customer AS (PARTITION BY company_id, partner_id)) AS ranked
             WHERE id IS NOT NULL AND (bank_before < bank_pool OR other_before < other_pool)
               AND GREATEST(bank_pool - bank_before, 0) + GREATEST(other_pool - other_before, 0)
                   >= owed * %(begun)s
            """,
            begun=BEGUN,
            items=self._get_pooled_items_sql(),
        )

    @api.model
    def _get_pooled_items_sql(self):
        """The items of customers for whom there is a pool, with what is owed beyond the credits.

        ``IS TRUE`` keeps PostgreSQL from joining; it looks the customer up in a hash. Without any
        pool it does not read the items at all.
        """
        return SQL(
            """
            SELECT id, max(company_id) AS company_id, max(partner_id) AS partner_id,
                   max(date_maturity) AS date_maturity,
                   COALESCE(max(move_id) IN (SELECT move_id FROM named), false) AS is_named,
                   max(residual_company) * (1 - SUM(covered) / max(residual)) AS owed,
                   0::numeric AS bank, 0::numeric AS other
              FROM (SELECT id, company_id, partner_id, date_maturity, move_id,
                           amount_residual_company AS residual_company,
                           amount_residual AS residual, 0::numeric AS covered
                      FROM line
                     WHERE (SELECT count(*) FROM pool) > 0 AND held IS NULL AND amount_residual > 0
                       AND (partner_id IN (SELECT partner_id FROM pool)) IS TRUE
                     UNION ALL
                    SELECT id, company_id, partner_id, NULL, NULL, NULL, NULL, amount FROM cover
                     WHERE (partner_id IN (SELECT partner_id FROM pool)) IS TRUE) AS stacked
          GROUP BY id
            """
        )

    @api.model
    def _get_settled_sql(self):
        """id, covered (currency of the item), reason and expected (company currency): what is known
        of the money for an item, for one join with all of them."""
        return SQL(
            """
            SELECT id, SUM(covered) AS covered, max(reason) AS reason, SUM(expected) AS expected
              FROM (SELECT id, amount AS covered, NULL AS reason, 0 AS expected FROM cover
                     UNION ALL
                    SELECT id, 0, reason, amount FROM expected) AS stacked
          GROUP BY id
            """
        )
