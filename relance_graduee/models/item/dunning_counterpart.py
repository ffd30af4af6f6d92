from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

MONEY, CREDIT_NOTE, WRITTEN_OFF, TRANSFER = "money", "credit_note", "written_off", "transfer"
# Accounts of the French chart begin with these: losses on bad debts, doubtful customers.
LOSS_CODES, DOUBTFUL_CODES = ("654",), ("416",)


class DunningCounterpart(models.AbstractModel):
    """What an entry is that settles a receivable: the one place that says it.

    ``money``        a payment, a bank line, an entry that puts money on a bank or cash account
    ``credit_note``  a credit note, from its own date
    ``written_off``  a debt given up: an entry of a loss; or the part of a payment's entry that
                     stands on an account of losses (654), with its VAT
    ``transfer``     any other entry: opening, set-off, to another account

    Money alone is a payment. Asked in SQL, over the names of the settling line and its entry.
    """

    _name = "dunning.counterpart"
    _description = "Kind of an entry that settles a receivable"

    @api.model
    def _get_kind_sql(self, line="l", move="m"):
        """The kind of the whole entry. Few entries are looked into line by line."""
        line, move = SQL.identifier(line), SQL.identifier(move)
        return SQL(
            """CASE WHEN %(move)s.move_type != 'entry' THEN 'credit_note'
                    WHEN %(line)s.payment_id IS NOT NULL OR %(line)s.statement_line_id IS NOT NULL
                    THEN 'money'
                    WHEN %(money)s THEN 'money'
                    WHEN %(loss)s THEN 'written_off'
                    ELSE 'transfer' END""",
            line=line,
            move=move,
            money=self._get_has_sql(line, SQL("a.account_type = 'asset_cash'")),
            loss=self._get_has_sql(line, SQL("left(a.account_type, 7) = 'expense'")),
        )

    @api.model
    def _get_has_sql(self, line, condition):
        """Whether the entry of ``line`` debits an account ``a`` that meets ``condition``."""
        return SQL(
            """EXISTS (SELECT FROM account_move_line e JOIN account_account a ON a.id = e.account_id
                        WHERE e.move_id = %s.move_id AND e.balance > 0 AND %s)""",
            line,
            condition,
        )

    @api.model
    def _get_parts_sql(self):
        """Joins that give a row ``part`` (kind, share of the amount) for each kind in the entry
        ``m`` of ``l``."""
        return SQL(
            """
        CROSS JOIN LATERAL (SELECT %(kind)s AS kind OFFSET 0) AS whole
        CROSS JOIN LATERAL (SELECT CASE WHEN whole.kind = 'money' THEN %(lost)s ELSE 0 END AS share
                            OFFSET 0) AS lost
        CROSS JOIN LATERAL (SELECT whole.kind, 1 - lost.share AS share WHERE lost.share < 1
                             UNION ALL
                            SELECT 'written_off', lost.share WHERE lost.share > 0) AS part
            """,
            kind=self._get_kind_sql(),
            lost=self._get_lost_share_sql(),
        )

    @api.model
    def _get_lost_share_sql(self):
        """Which part of what an entry of money settles was given up: the loss and its VAT."""
        return SQL(
            """COALESCE((
                   SELECT CASE WHEN bool_or(is_loss) THEN LEAST(1, GREATEST(0,
                              SUM(balance) FILTER (
                                    WHERE is_loss OR account_type = 'liability_current')
                              / NULLIF(-SUM(balance) FILTER (
                                    WHERE account_type = 'asset_receivable'), 0))) ELSE 0 END
                     FROM (SELECT e.balance, a.account_type, %(loss)s AS is_loss
                             FROM account_move_line e JOIN account_account a ON a.id = e.account_id
                            WHERE e.move_id = l.move_id) AS entry), 0)""",
            loss=self._get_code_condition(LOSS_CODES),
        )

    @api.model
    def _get_code_condition(self, codes):
        """Whether a code of the account ``a`` begins with one of ``codes``, in any company."""
        return SQL("a.code_store::text ~ %s", f': "({"|".join(codes)})')

    @api.model
    def _get_day_sql(self):
        """The day from which ``l`` of ``m`` counts: a credit note its own, money that of the
        bank line or the one given with the payment."""
        return SQL(
            """CASE WHEN m.move_type != 'entry' THEN COALESCE(m.invoice_date, l.date)
                    ELSE l.date END"""
        )

    # ------------------------------------------------------------
    # DOUBTFUL CUSTOMERS
    # ------------------------------------------------------------

    @api.model
    def _get_doubtful_accounts_sql(self):
        return SQL(
            "SELECT a.id FROM account_account a WHERE %s",
            self._get_code_condition(DOUBTFUL_CODES),
        )

    @api.model
    def _get_misc_condition(self, line):
        """``line`` stands in a journal that is none of sales and purchases, and is no payment."""
        return SQL(
            """%(line)s.payment_id IS NULL AND %(line)s.statement_line_id IS NULL
               AND %(line)s.journal_id = ANY(ARRAY(
                       SELECT id FROM account_journal WHERE type NOT IN ('sale', 'purchase')))""",
            line=SQL.identifier(line),
        )

    @api.model
    def _get_reclassified_condition(self):
        """The credit ``l`` is of an entry that moved a debt to the doubtful customers (416).

        It is no money held: the customer paid nothing. PostgreSQL reads the few open credits of
        such journals once, by Odoo's index of them.
        """
        return SQL(
            """%s AND l.move_id IN (
                   SELECT credit.move_id FROM account_move_line credit
                    WHERE credit.amount_residual < 0 AND credit.parent_state = 'posted' AND %s
                      AND EXISTS (SELECT FROM account_move_line doubtful
                                   WHERE doubtful.move_id = credit.move_id
                                     AND doubtful.account_id = ANY(ARRAY(%s))))""",
            self._get_misc_condition("l"),
            self._get_misc_condition("credit"),
            self._get_doubtful_accounts_sql(),
        )

    # ------------------------------------------------------------
    # TAKEN BACK
    # ------------------------------------------------------------

    @api.model
    def _get_void_condition(self, line="l"):
        """The entry of ``line`` belongs to a payment that was rejected or cancelled: Odoo leaves
        it in the books as it was."""
        return SQL(
            """%s.payment_id IN (SELECT void.id FROM account_payment void
                                  WHERE void.state IN ('rejected', 'canceled'))""",
            SQL.identifier(line),
        )

    @api.model
    def _get_undone_sql(self):
        """Ids of partial reconciliations of posted items with entries that do not stand any more.

        An entry that is set to draft keeps its matching, and so does that of a rejected payment:
        what it settled looks paid.
        """
        return SQL(
            """
            SELECT partial.id
              FROM (SELECT gone.id FROM account_move_line gone
                     WHERE gone.parent_state != 'posted' AND gone.matching_number IS NOT NULL
                     UNION
                    SELECT gone.id FROM account_payment void
                      JOIN account_move_line gone ON gone.move_id = void.move_id
                     WHERE void.state IN ('rejected', 'canceled')) AS undone
              JOIN account_partial_reconcile partial ON partial.credit_move_id = undone.id
              JOIN account_move_line owed ON owed.id = partial.debit_move_id
               AND owed.parent_state = 'posted'
              JOIN account_account a ON a.id = owed.account_id
               AND a.account_type = 'asset_receivable' AND a.non_trade IS NOT TRUE
            """
        )

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    @api.model
    def _filter_paying(self, lines):
        """Those of these receivable lines that may pay something: no loss, no debt moved to the
        doubtful customers, no payment that was rejected."""
        self.env["account.move.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT l.id FROM account_move_line l JOIN account_move m ON m.id = l.move_id
                    WHERE l.id = ANY(%s) AND %s != 'written_off' AND NOT (%s)
                      AND (%s) IS NOT TRUE""",
                lines.ids,
                self._get_kind_sql(),
                self._get_reclassified_condition(),
                self._get_void_condition(),
            )
        )
        paying = {line_id for (line_id,) in rows}
        return lines.filtered(lambda line: line.id in paying)

    @api.model
    def _get_settled(self, moves):
        """What settled these invoices, by kind.

        :return: dict of move id -> dict of kind -> amount, in the currency of the invoice
        """
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move.line"].flush_model()
        settled = defaultdict(lambda: defaultdict(float))
        for move_id, kind, amount in self.env.execute_query(
            SQL(
                """
                SELECT owed.move_id, part.kind, SUM(r.debit_amount_currency * part.share)
                  FROM account_move_line owed
                  JOIN account_partial_reconcile r ON r.debit_move_id = owed.id
                  JOIN account_move_line l ON l.id = r.credit_move_id
                  JOIN account_move m ON m.id = l.move_id
                  %s
                 WHERE owed.move_id = ANY(%s)
              GROUP BY owed.move_id, part.kind
                """,
                self._get_parts_sql(),
                moves.ids,
            )
        ):
            settled[move_id][kind] = float(amount)
        return settled
