from odoo import api, models
from odoo.tools import SQL

from ..item.dunning_decision import FORMAL_RANK


class DunningProposal(models.AbstractModel):
    """Writes the decision down: notices and their lines, by ``INSERT ... SELECT``.

    One notice a commercial partner, company and currency, at the hardest step that is due,
    listing every overdue item and every credit. Python sees a row a notice, never one a line.
    Statements: one for any number of customers, five to refresh.
    """

    _name = "dunning.proposal"
    _description = "Dunning proposal"

    @api.model
    def _create_notices(self, company, partner_ids, run):
        """Propose a notice for each of these customers of whom something is ready.

        :param company: a root company
        :return: the notices, in state ``proposed``
        """
        columns = self._get_notice_columns(run)
        created = self.env.execute_query(
            SQL(
                """
                WITH decision AS MATERIALIZED (%(decision)s),
                wanted AS (%(wanted)s),
                notice AS MATERIALIZED (
                    SELECT nextval('dunning_notice_id_seq') AS id, wanted.*,
                           COALESCE(step.is_formal_notice, false) AS is_formal_notice,
                           step.policy_id
                      FROM wanted JOIN dunning_step step ON step.id = wanted.step_id
                     WHERE wanted.is_ready),
                line AS MATERIALIZED (%(lines)s),
                written AS (
                    INSERT INTO dunning_notice_line (%(line_columns)s)
                         SELECT %(line_columns)s FROM line)
                INSERT INTO dunning_notice (%(columns)s)
                     SELECT %(values)s
                       FROM notice
                  LEFT JOIN (SELECT notice_id, SUM(amount_residual) AS residual
                               FROM line WHERE claimed GROUP BY notice_id) AS total
                         ON total.notice_id = notice.id
                  RETURNING id
                """,
                decision=self.env["dunning.decision"]._get_query(partner_ids, company.ids),
                wanted=self._get_wanted_sql(),
                lines=self._get_lines_sql(),
                line_columns=self._join_names(self._get_line_columns()),
                columns=self._join_names(columns),
                values=SQL(", ").join(columns.values()),
            )
        )
        notices = self.env["dunning.notice"].browse(sorted(id_ for (id_,) in created))
        notices.invalidate_recordset(flush=False)  # those who know their notices look again
        notices._fill_claims()
        return notices

    @api.model
    def _refresh_notices(self, notices):
        """Make the lines of these unsent notices anew from today's decision.

        What was paid, disputed, paused or covered drops out; proposals take in what became
        overdue, approved notices keep to the items that were approved. Lines that a person took
        out stay out. A notice that is left without an item that advances is cancelled.
        """
        notices = notices.filtered(lambda notice: notice.state in ("proposed", "approved"))
        notices -= self._cancel_twins(notices)
        for company, group in notices.grouped("company_id").items():
            self._refresh_company(company, group)
        notices._fill_claims()
        notices._update_totals()
        empty = notices.filtered(lambda notice: not notice._is_worth_sending())
        empty._cancel(self.env._("Nothing is left to claim: paid, covered, disputed or held."))

    @api.model
    def _cancel_twins(self, notices):
        """Customers who were merged had a notice each: the one that is furthest on stays.

        :return: those that were cancelled
        """
        notices.flush_recordset()
        self.env["dunning.delivery"].flush_model(["notice_id", "state"])
        twins = self.env.execute_query(
            SQL(
                """
                SELECT id FROM (
                    SELECT n.id, row_number() OVER (
                               PARTITION BY p.commercial_partner_id, n.company_id, n.currency_id
                               ORDER BY d.id IS NULL, n.state, n.id) AS place
                      FROM dunning_notice n
                      JOIN res_partner p ON p.id = n.partner_id
                 LEFT JOIN LATERAL (SELECT id FROM dunning_delivery
                                     WHERE notice_id = n.id AND state = 'todo' LIMIT 1) AS d ON true
                     WHERE n.state IN ('proposed', 'approved')
                       AND p.commercial_partner_id = ANY(%s)) AS live
                 WHERE place > 1
                """,
                notices.partner_id.commercial_partner_id.ids,
            )
        )
        cancelled = notices.browse(id_ for (id_,) in twins)
        cancelled._cancel(self.env._("Another reminder of the same customer speaks for this one."))
        return cancelled

    @api.model
    def _refresh_company(self, company, notices):
        decision = self.env["dunning.decision"]._get_query(notices.partner_id.ids, company.ids)
        notices.flush_recordset()
        notices.line_ids.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE dunning_refresh ON COMMIT DROP AS
                WITH decision AS MATERIALIZED (%(decision)s), wanted AS (%(wanted)s)
                SELECT decision.*, wanted.step_id AS wanted_step_id FROM decision
             LEFT JOIN wanted USING (company_id, partner_id, currency_id)
                """,
                decision=decision,
                wanted=self._get_wanted_sql(),
            )
        )
        self._refresh_dates(notices, company._get_dunning_day())
        self._refresh_steps(notices.filtered(lambda notice: notice.state == "proposed"))
        self._refresh_lines(notices)
        self.env.cr.execute("DROP TABLE dunning_refresh, dunning_said")
        notices.invalidate_recordset()
        self.env["dunning.notice.line"].invalidate_model()

    @api.model
    def _refresh_dates(self, notices, day):
        """Give proposals without deliveries the date of their figures."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE dunning_notice n SET date = %(day)s
                 WHERE n.id = ANY(%(ids)s) AND n.date != %(day)s
                   AND NOT EXISTS (SELECT 1 FROM dunning_delivery d WHERE d.notice_id = n.id)
                """,
                day=day,
                ids=notices.ids,
            )
        )

    @api.model
    def _refresh_steps(self, proposals):
        """A proposal that waited speaks in the step that is due now."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE dunning_notice n
                   SET step_id = step.id, policy_id = step.policy_id,
                       is_formal_notice = COALESCE(step.is_formal_notice, false)
                  FROM dunning_refresh r, res_partner p, dunning_step step
                 WHERE n.id = ANY(%s) AND p.id = n.partner_id
                   AND r.company_id = n.company_id AND r.partner_id = p.commercial_partner_id
                   AND r.currency_id = n.currency_id
                   AND step.id = r.wanted_step_id AND n.step_id != step.id
                """,
                proposals.ids,
            )
        )

    @api.model
    def _refresh_lines(self, notices):
        """Forget the lines, but which items they were about, and write them anew.

        Three statements: in one, the unique index would still see the forgotten lines.
        """
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE dunning_said ON COMMIT DROP AS
                SELECT notice_id, move_line_id FROM dunning_notice_line
                 WHERE notice_id = ANY(%(ids)s) AND removed_reason IS NULL;
                DELETE FROM dunning_notice_line
                 WHERE notice_id = ANY(%(ids)s) AND removed_reason IS NULL;
                """,
                ids=notices.ids,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                WITH decision AS (SELECT * FROM dunning_refresh),
                notice AS (
                    SELECT n.id, n.company_id, p.commercial_partner_id AS partner_id,
                           n.currency_id, n.step_id, n.is_formal_notice, n.state
                      FROM dunning_notice n JOIN res_partner p ON p.id = n.partner_id
                     WHERE n.id = ANY(%(ids)s))
                INSERT INTO dunning_notice_line (%(columns)s)
                %(lines)s
                AND NOT EXISTS (SELECT 1 FROM dunning_notice_line kept
                                 WHERE kept.notice_id = notice.id AND kept.move_line_id = l.id
                                   AND kept.removed_reason IS NOT NULL)
                AND (notice.state = 'proposed' OR decision.amount_residual < 0
                     OR EXISTS (SELECT 1 FROM dunning_said said
                                 WHERE said.notice_id = notice.id
                                   AND said.move_line_id = l.id))
                """,
                ids=notices.ids,
                columns=self._join_names(self._get_line_columns()),
                lines=self._get_lines_sql(),
            )
        )

    # ------------------------------------------------------------
    # PIECES OF SQL
    # ------------------------------------------------------------

    @api.model
    def _get_wanted_sql(self):
        """For each customer, company and currency: is anything ready, and at which step.

        The tone never falls: when all that is due lies below what the customer has heard, the
        notice speaks in the hardest words heard before a formal notice.
        """
        return SQL(
            """
            SELECT company_id, partner_id, currency_id, max(day) AS day,
                   bool_or(hold_reason IS NULL) AS is_ready,
                   bool_or(joins AND is_old) AS has_old,
                   CASE WHEN max(next_rank) FILTER (WHERE joins) < max(heard_rank)
                        THEN COALESCE(max(words_step_id), %(due)s) ELSE %(due)s END AS step_id
              FROM decision
             WHERE partner_id IS NOT NULL
          GROUP BY company_id, partner_id, currency_id
            HAVING bool_or(joins)
            """,
            due=SQL("(array_agg(next_step_id ORDER BY next_rank DESC) FILTER (WHERE joins))[1]"),
        )

    @api.model
    def _get_notice_columns(self, run):
        """Column of ``dunning_notice`` -> SQL, over ``notice`` and ``total``. To extend.

        What is added to its lines is added to its totals by ``dunning.notice._update_totals``.
        """
        return {
            "id": SQL("notice.id"),
            "company_id": SQL("notice.company_id"),
            "partner_id": SQL("notice.partner_id"),
            "currency_id": SQL("notice.currency_id"),
            "step_id": SQL("notice.step_id"),
            "policy_id": SQL("notice.policy_id"),
            "is_formal_notice": SQL("notice.is_formal_notice"),
            "has_old_items": SQL("notice.has_old"),
            "run_id": SQL("%s::int", run.id or None),
            "date": SQL("notice.day"),
            "amount_residual": SQL("COALESCE(total.residual, 0)"),
            "amount_interest": SQL("0"),
            "amount_indemnity": SQL("0"),
            "amount_total": SQL("COALESCE(total.residual, 0)"),
            "state": SQL("'proposed'"),
            "create_uid": SQL("%s", self.env.uid),
            "create_date": SQL("now() AT TIME ZONE 'UTC'"),
            "write_uid": SQL("%s", self.env.uid),
            "write_date": SQL("now() AT TIME ZONE 'UTC'"),
        }

    @api.model
    def _get_line_columns(self):
        """Column of ``dunning_notice_line`` -> SQL. To extend.

        Over ``notice``, ``decision``, ``l`` (account_move_line), ``m`` (account_move) and
        ``says`` (claimed, advances).
        """
        return {
            "notice_id": SQL("notice.id"),
            "move_line_id": SQL("l.id"),
            "number": SQL("m.name"),
            "invoice_date": SQL("decision.invoice_date"),
            "date_maturity": SQL("decision.date_maturity"),
            "label": SQL("COALESCE(sold.label, NULLIF(m.invoice_origin, ''), l.name)"),
            # of a payment or a ledger entry it is no order of the customer's
            "order_reference": SQL(
                """CASE WHEN m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                        THEN m.ref END"""
            ),
            "days_late": SQL("decision.days_late"),
            "amount_untaxed": SQL(
                """CASE WHEN m.amount_total != 0
                        THEN round(l.amount_currency * m.amount_untaxed / m.amount_total, 2)
                        ELSE l.amount_currency END"""
            ),
            "amount_gross": SQL("l.amount_currency"),
            "amount_paid": SQL("l.amount_currency - decision.amount_residual"),
            "amount_residual": SQL("decision.amount_residual"),
            "step_id": SQL(
                """CASE WHEN NOT says.advances THEN decision.step_id
                        WHEN notice.is_formal_notice THEN notice.step_id
                        ELSE decision.next_step_id END"""
            ),
            "round": SQL("decision.round"),
            "claimed": SQL("says.claimed"),
            "advances": SQL("says.advances"),
            "live": SQL("true"),
        }

    @api.model
    def _join_names(self, names):
        return SQL(", ").join(map(SQL.identifier, names))

    @api.model
    def _get_lines_sql(self):
        """``SELECT`` of the lines, column by column; ends in its ``WHERE``, to add ``AND ...``.

        What heard a formal notice before takes another one only where it is its own next step.
        """
        values = self._get_line_columns().items()
        return SQL(
            """
            SELECT %(values)s
              FROM notice
              JOIN decision USING (company_id, partner_id, currency_id)
              JOIN account_move_line l ON l.id = decision.id
              JOIN account_move m ON m.id = l.move_id
         LEFT JOIN LATERAL (SELECT left(split_part(p.name, E'\n', 1), 80) AS label
                              FROM account_move_line p
                             WHERE p.move_id = m.id AND p.display_type = 'product'
                          ORDER BY p.sequence, p.id LIMIT 1) AS sold ON true
        CROSS JOIN LATERAL (SELECT decision.amount_residual < 0 OR NOT notice.is_formal_notice
                                   OR (decision.is_overdue
                                       AND (decision.is_reminded
                                            OR (decision.joins
                                                AND decision.next_step_id = notice.step_id)))
                                   AS claimed) AS claim
        CROSS JOIN LATERAL (SELECT claim.claimed,
                                   COALESCE(decision.hold_reason, '') != 'covered'
                                   AND CASE WHEN notice.is_formal_notice
                                            THEN claim.claimed AND (
                                                decision.step_rank < %(formal)s
                                                OR (decision.joins
                                                    AND decision.next_step_id = notice.step_id))
                                            ELSE decision.joins END AS advances) AS says
             WHERE COALESCE(decision.hold_reason, '') NOT IN %(unmentioned)s
               AND (decision.amount_residual < 0 OR decision.is_overdue
                    OR (decision.joins AND decision.next_step_id = notice.step_id))
            """,
            values=SQL(", ").join(
                SQL("%s AS %s", value, SQL.identifier(name)) for name, value in values
            ),
            formal=FORMAL_RANK,
            unmentioned=self.env["dunning.decision"]._get_hold_codes(on_notices=False),
        )
