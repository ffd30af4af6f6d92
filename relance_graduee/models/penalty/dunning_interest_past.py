from odoo import api, models
from odoo.tools import SQL


class DunningInterest(models.AbstractModel):
    """What was owed on a day of the past, as the ledger says of it: for claims and statements."""

    _inherit = "dunning.interest"

    @api.model
    def _get_past_line_sql(self, company, family, day):
        """The columns of ``_get_line_sql`` for what was open on ``day``, due or not.

        Neither what was paid, credited, excluded or disputed since counts, nor what an entry that
        does not stand any more settled.
        """
        return SQL(
            """
            SELECT l.id, l.move_id, p.commercial_partner_id AS partner_id, l.currency_id,
                   m.name AS number, m.delivery_date, false AS reconciled,
                   COALESCE(l.invoice_date, m.invoice_date, l.date) AS invoice_date,
                   %(due)s AS date_maturity,
                   l.amount_currency AS gross, l.balance AS gross_company,
                   was.residual, false AS dunning_disputed, step.policy_id
              FROM account_move_line l
              JOIN account_move m ON m.id = l.move_id
              JOIN res_partner p ON p.id = l.partner_id
         LEFT JOIN dunning_step step ON step.id = l.dunning_step_id
        CROSS JOIN LATERAL (SELECT %(residual)s AS residual) AS was
             WHERE l.parent_state = 'posted' AND l.date <= %(day)s AND l.amount_currency > 0
               AND l.company_id IN %(companies)s AND %(receivable)s
               AND l.payment_id IS NULL AND l.statement_line_id IS NULL
               AND NOT (m.move_type = 'entry' AND l.account_id IN (%(doubtful)s))
               AND was.residual > 0 %(partners)s
            """,
            due=self._get_due_sql(day),
            residual=self._get_residual_sql(day),
            day=day,
            companies=tuple(company._get_dunning_tree().ids),
            receivable=self._get_receivable_sql(),
            doubtful=self.env["dunning.counterpart"]._get_doubtful_accounts_sql(),
            partners=self.env["dunning.decision"]._get_partner_filter(family, SQL("l.partner_id")),
        )

    @api.model
    def _get_residual_sql(self, past):
        """What is open of ``l``, or was on the day ``past``, in its currency.

        Today's residual, and what settled it later or by an entry that is no longer posted: it
        ties to the ledger of that day, whenever it was matched.
        """
        if not past:
            return SQL("l.amount_residual_currency")
        return SQL(
            "(l.amount_residual_currency + %s - %s)",
            self._get_settled_since_sql("debit", "credit", past),
            self._get_settled_since_sql("credit", "debit", past),
        )

    @api.model
    def _get_settled_since_sql(self, side, other_side, past):
        return SQL(
            """COALESCE((SELECT SUM(since.%(amount)s)
                           FROM account_partial_reconcile since
                           JOIN account_move_line other ON other.id = since.%(other)s
                          WHERE since.%(own)s = l.id
                            AND (since.max_date > %(past)s OR other.parent_state != 'posted')), 0)
            """,
            amount=SQL.identifier(f"{side}_amount_currency"),
            own=SQL.identifier(f"{side}_move_id"),
            other=SQL.identifier(f"{other_side}_move_id"),
            past=past,
        )
