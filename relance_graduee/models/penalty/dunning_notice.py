from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL


class DunningNotice(models.Model):
    """Interest and indemnities in a notice: those of the ledger, to the cent, frozen with it.

    A step that charges them claims what the ledger says is due of each listed invoice; what a
    person attached goes with any notice. Each line keeps what it claims in ``penalty_detail``:
    a list of {id (of the ``dunning.penalty``), kind, amount, sheet (the calculation)}.
    """

    _inherit = "dunning.notice"

    interest_missing = fields.Char(
        string="Interest for the record",
        readonly=True,
        copy=False,
        help="The semester whose rate is missing: the interest is named without a figure.",
    )
    contract_warning = fields.Text(string="Agreed rate", compute="_compute_contract_warning")

    @api.model
    def _get_frozen_fields(self):
        return super()._get_frozen_fields() | {"interest_missing"}

    # ------------------------------------------------------------
    # FILLING
    # ------------------------------------------------------------

    def _fill_claims(self):
        result = super()._fill_claims()
        self._fill_penalties()
        return result

    def _fill_penalties(self):
        """Give the lines of these unsent notices their interest and indemnities.

        The ledger of their customers is brought up to the day first, where the step charges
        something. A constant number of statements a company.
        """
        charging = self._filter_steps(lambda step: step.charge_interest or step.charge_indemnity)
        for company, notices in charging.grouped("company_id").items():
            self.env["dunning.penalty"]._accrue(
                company,
                notices.partner_id.commercial_partner_id.ids,
                company._get_dunning_day(),
            )
        concerned = charging | self.filtered("interest_missing") | self._filter_attached()
        if concerned:
            concerned._write_penalties()

    def _filter_attached(self):
        """Those whose customer owes something that a person attached to the next notice."""
        customers = self.partner_id.commercial_partner_id
        attached = self.env["dunning.penalty"].sudo()
        attached = attached.search([("to_attach", "=", True), ("partner_id", "in", customers.ids)])
        if not attached:
            return self.browse()
        partners = attached.partner_id
        return self.filtered(lambda n: n.partner_id.commercial_partner_id in partners)

    def _write_penalties(self):
        self.env["dunning.penalty"].flush_model()
        self.flush_recordset()
        self._write_line_penalties()
        self._add_attached_lines()
        self._write_missing_interest()
        self._update_totals()
        self.invalidate_recordset()
        self.env["dunning.notice.line"].invalidate_model()
        self.env["dunning.penalty"].invalidate_model(["attached_notice_id"])

    def _write_line_penalties(self):
        """On the line of its instalment; else on the first line of the same invoice."""
        self.env.cr.execute(
            SQL(
                """
                WITH said AS (
                    SELECT nl.id, nl.move_line_id, l.move_id, step.charge_interest,
                           step.charge_indemnity,
                           row_number() OVER (PARTITION BY nl.notice_id, l.move_id
                                                  ORDER BY nl.date_maturity, nl.id) AS place
                      FROM dunning_notice_line nl
                      JOIN account_move_line l ON l.id = nl.move_line_id
                      JOIN dunning_notice n ON n.id = nl.notice_id
                      JOIN dunning_step step ON step.id = n.step_id
                     WHERE n.id = ANY(%(ids)s) AND nl.live AND nl.claimed
                       AND nl.amount_residual > 0),
                owed AS (
                    SELECT DISTINCT ON (p.id) said.id AS line_id, p.*, %(due)s AS due
                      FROM said
                      JOIN dunning_penalty p ON p.move_id = said.move_id
                      JOIN res_company company ON company.id = p.company_id
                     WHERE p.to_attach OR CASE p.kind WHEN 'interest' THEN said.charge_interest
                                                      ELSE said.charge_indemnity END
                  ORDER BY p.id, COALESCE(said.move_line_id = p.move_line_id, false) DESC,
                           said.place)
                UPDATE dunning_notice_line line
                   SET amount_interest = t.interest, amount_indemnity = t.indemnity,
                       penalty_detail = t.detail
                  FROM (SELECT line_id, %(sums)s FROM owed WHERE due > 0 OR missing IS NOT NULL
                      GROUP BY line_id) AS t
                 WHERE line.id = t.line_id
                """,
                ids=self.ids,
                due=self._get_penalty_due_sql(),
                sums=self._get_penalty_sums_sql(),
            )
        )

    @api.model
    def _get_penalty_due_sql(self):
        """SQL amount that a notice claims of the penalty ``p``: debit notes reminded like invoices
        stand on the notice by themselves; interest without its rate is named, not claimed."""
        return SQL(
            """CASE WHEN p.missing IS NOT NULL AND p.kind = 'interest' THEN 0
                    WHEN company.dunning_penalty_chased
                    THEN p.amount_due - COALESCE(p.amount_noted, 0)
                         + COALESCE(p.amount_paid, 0) - COALESCE(p.amount_booked, 0)
                    ELSE p.amount_due END"""
        )

    @api.model
    def _get_penalty_sums_sql(self):
        """interest, indemnity, detail: of the penalties of one line."""
        return SQL(
            """COALESCE(SUM(due) FILTER (WHERE kind = 'interest'), 0) AS interest,
               COALESCE(SUM(due) FILTER (WHERE kind = 'indemnity'), 0) AS indemnity,
               jsonb_agg(jsonb_build_object(
                   'id', id, 'kind', kind, 'amount', due::text, 'missing', missing,
                   'sheet', sheet, 'number', number, 'date_maturity', date_maturity)
                   ORDER BY date_maturity, kind DESC, id) AS detail"""
        )

    def _add_attached_lines(self):
        """Lines for what a person attached of invoices that are not on the notice: paid ones.

        An approved notice takes nothing more in.
        """
        attached = self.env.execute_query(
            SQL(
                """
                WITH owed AS (
                    SELECT n.id AS target_id, p.*, %(due)s AS due
                      FROM dunning_notice n
                      JOIN res_partner c ON c.id = n.partner_id
                      JOIN dunning_penalty p ON p.partner_id = c.commercial_partner_id
                       AND p.company_id = n.company_id AND p.currency_id = n.currency_id
                      JOIN res_company company ON company.id = p.company_id
                     WHERE n.id = ANY(%(ids)s) AND p.to_attach
                       AND (n.state = 'proposed' OR p.attached_notice_id = n.id)
                       AND NOT EXISTS (SELECT 1 FROM dunning_notice_line said
                                         JOIN account_move_line l ON l.id = said.move_line_id
                                        WHERE said.notice_id = n.id AND l.move_id = p.move_id
                                          AND (NOT said.live OR said.claimed))),
                line AS (
                    INSERT INTO dunning_notice_line (
                        notice_id, move_line_id, number, invoice_date, date_maturity, days_late,
                        amount_residual, round, claimed, advances, live, amount_interest,
                        amount_indemnity, penalty_detail)
                    SELECT target_id, move_line_id, number, invoice_date, date_maturity, 0, 0, 0,
                           true, false, true, %(sums)s
                      FROM owed WHERE due > 0
                  GROUP BY target_id, move_line_id, number, invoice_date, date_maturity)
                SELECT id, target_id FROM owed WHERE due > 0
                """,
                ids=self.ids,
                due=self._get_penalty_due_sql(),
                sums=self._get_penalty_sums_sql(),
            )
        )
        if attached:
            self.env.cr.execute(
                SQL(
                    """UPDATE dunning_penalty SET attached_notice_id = t.notice_id
                         FROM unnest(%s::int[], %s::int[]) AS t(id, notice_id)
                        WHERE dunning_penalty.id = t.id""",
                    *([row[column] for row in attached] for column in range(2)),
                )
            )

    def _write_missing_interest(self):
        """Note the first semester without which the interest of a notice has no figure."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE dunning_notice n
                   SET interest_missing = t.missing
                  FROM (SELECT nl.notice_id, min(d.value->>'missing') AS missing
                          FROM dunning_notice_line nl
                     LEFT JOIN LATERAL jsonb_array_elements(nl.penalty_detail) AS d(value) ON true
                         WHERE nl.notice_id = ANY(%s) AND nl.live
                      GROUP BY nl.notice_id) AS t
                 WHERE n.id = t.notice_id AND n.interest_missing IS DISTINCT FROM t.missing
                """,
                self.ids,
            )
        )

    # ------------------------------------------------------------
    # PENALTIES IN THE LETTER
    # ------------------------------------------------------------

    def _get_total_rows(self):
        """With interest and indemnity; interest without its rate is named, for the record."""
        rows = super()._get_total_rows()
        if self.amount_interest:
            rows.append((self._get_interest_label(), self._format_amount(self.amount_interest)))
        if self.interest_missing:
            rows.append((self._get_memo_interest_label(), self.env._("for the record")))
        if self.amount_indemnity:
            label = self.env._("Fixed recovery indemnity")
            rows.append((label, self._format_amount(self.amount_indemnity)))
        return rows

    def _get_row_label(self, line):
        if not line.amount_residual and line.penalty_detail:
            if line._is_written_off():
                return self.env._("Written off: penalties remain due")
            return self.env._("Paid late: penalties remain due")
        return super()._get_row_label(line)

    def _get_interest_label(self):
        return self.env["dunning.sheet"]._get_interest_label(self._get_customer_kind())

    def _get_memo_interest_label(self):
        return self.env._(
            "%(interest)s (the rate of %(semester)s is not yet known)",
            interest=self._get_interest_label(),
            semester=self.interest_missing,
        )

    def action_enter_rate(self):
        """Open the form in which the rate is entered that this notice lacks."""
        ids = [detail["id"] for detail in self._get_penalty_details() if detail["missing"]]
        return self.env["dunning.penalty"].browse(ids).exists().action_enter_rate()

    # ------------------------------------------------------------
    # CLAIMED
    # ------------------------------------------------------------

    def _get_penalty_details(self):
        """Each penalty that this notice claims: the dicts of ``penalty_detail``, by line."""
        lines = self.line_ids.filtered(lambda line: line.live and line.claimed)
        return [detail for line in lines for detail in line.penalty_detail or ()]

    def _after_sent(self, day):
        result = super()._after_sent(day)
        self._claim_penalties(day)
        return result

    def _claim_penalties(self, day):
        """These notices were sent on ``day``: what they name is claimed in the ledger."""
        ledger = self.env["dunning.penalty"].sudo()
        for notice in self.filtered(lambda n: n.amount_interest or n.amount_indemnity):
            amounts = {d["id"]: float(d["amount"]) for d in notice._get_penalty_details()}
            for penalty in ledger.browse(amounts).exists():
                penalty.write(
                    {
                        "amount_claimed": amounts[penalty.id],
                        "claimed_on": day,
                        "notice_id": notice.id,
                        "to_attach": False,
                        "attached_notice_id": False,
                    }
                )

    # ------------------------------------------------------------
    # THE CALCULATION SHEET
    # ------------------------------------------------------------

    def _get_annexes(self):
        """With the calculation of each figure that the notice claims, when it claims any."""
        annexes = super()._get_annexes()
        if not self._get_penalty_details():
            return annexes
        sheet = self._prepare_sheet()
        return [*annexes, {**sheet, "html": Markup("<p>%s</p>") % sheet["notes"]}]

    def _prepare_sheet(self):
        """The calculation of what this notice claims (see ``dunning.sheet``)."""
        return self.env["dunning.sheet"]._prepare_sheet(
            self._get_penalty_details(),
            self.currency_id,
            self._get_customer_kind(),
            self.amount_residual,
        )

    def _get_sheets(self):
        """For the page: title and sheet (see ``dunning.sheet``) of each of these notices."""
        return [
            {
                "title": f"{notice.display_name} – {notice.partner_id.display_name}",
                "sheet": notice._prepare_sheet(),
            }
            for notice in self
        ]

    def action_open_sheet(self):
        """The calculation sheet of this notice, as a page: as it was sent, once it was."""
        return self.env.ref("relance_graduee.dunning_notice_sheet_report").report_action(self)

    # ------------------------------------------------------------
    # THE AGREED RATE
    # ------------------------------------------------------------

    @api.depends("line_ids.penalty_detail")
    @api.depends_context("lang")
    def _compute_contract_warning(self):
        """Sentences about agreed rates below the legal minimum: reported, never replaced."""
        for notice in self:
            sheets = [d["sheet"] for d in notice._get_penalty_details() if d["sheet"]]
            notice.contract_warning = "\n".join(self._get_floor_sentences(sheets)) or False

    @api.model
    def _get_floor_sentences(self, sheets):
        """One sentence a rate and semester, over calculation sheets."""
        periods = {}
        for sheet in filter(lambda s: s["contract_rate"] and s["segments"], sheets):
            rate, segments = float(sheet["contract_rate"]), sheet["segments"]
            first, last = periods.get(rate, (segments[0]["from"], segments[-1]["to"]))
            periods[rate] = min(first, segments[0]["from"]), max(last, segments[-1]["to"])
        return [
            sentence
            for rate, days in sorted(periods.items())
            for sentence in self.env["dunning.rate"]._get_floor_warnings(
                rate, *map(fields.Date.to_date, days)
            )
        ]
