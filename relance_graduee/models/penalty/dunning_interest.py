from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...tools.late_interest import (
    CreditNote,
    Debt,
    IndemnityCase,
    Instalment,
    MissingRate,
    MissingValue,
    Options,
    Payment,
    Regime,
    compute_interest,
    indemnity_amount,
    round_amount,
)
from ..item.dunning_counterpart import MONEY

ON_NOTICE = ("consumer", "nonprofessional")
PUBLIC_YEARS = 4


class DunningInterest(models.AbstractModel):
    """Reads from the books what ``tools.late_interest`` asks for, and asks it.

    Set-based: a constant number of statements for any number of customers; Python sees a row a
    late instalment. What is late but not chased (excluded, blocked, being paid) and what was
    reversed altogether owes nothing here; neither do the debit notes of penalties themselves.
    """

    _name = "dunning.interest"
    _description = "Late interest of the open and the paid items"

    @api.model
    def _get_debts(self, company, partner_ids, day, as_of=False):
        """The debt beyond the principal of each late instalment of these customers.

        Instalments that were paid late are looked at once, and again when their payments changed.

        :param company: a root company
        :param day: the last day that bears interest
        :param as_of: look back truly (see ``_get_past_line_sql``): everything that was open on
            ``day``, due or not, with what was open of it, whatever came after
        :return: list of dicts: the columns of ``_get_line_sql`` and ``interest``, ``indemnity``
            (Decimal, currency of the item), ``missing`` (the semester whose rate is missing: then
            ``interest`` is None), ``sheet`` (the calculation, plain data)
        """
        self._flush()
        family = self.env["dunning.decision"]._get_family(partner_ids)
        get_sql = self._get_past_line_sql if as_of else self._get_line_sql
        rows = self._read_lines(get_sql(company, family, day))
        if not rows:
            return []
        past = day if as_of else None
        events = self._read_events([row["id"] for row in rows], past)
        self._add_held_money(events, rows, self._read_held_money(company, family, past))
        customers = self._get_customers(company, rows)
        scope = self._get_scope(company, rows, day)
        for row in rows:
            row.update(customers[row["partner_id"]])
            row["events"] = events[row["id"]]
            row.update(self._compute_debt(row, scope))
        self._keep_one_indemnity(rows, company.dunning_indemnity_per)
        return rows

    # ------------------------------------------------------------
    # LATE ITEMS
    # ------------------------------------------------------------

    @api.model
    def _read_lines(self, query):
        return self.env.execute_query_dict(SQL("%s ORDER BY date_maturity, l.id", query))

    @api.model
    def _flush(self):
        self.env["dunning.decision"]._flush()
        self.env["account.partial.reconcile"].flush_model()
        self.env["dunning.penalty"].flush_model()
        self.env["account.move"].flush_model(
            ["name", "move_type", "invoice_date", "delivery_date", "payment_state", "journal_id"]
        )

    @api.model
    def _get_line_sql(self, company, family, day):
        """Late instalments: the open ones, and those paid late that were not yet looked at.

        :param family: see ``_get_family`` of the decision
        """
        return SQL(
            """
            SELECT l.id, l.move_id, p.commercial_partner_id AS partner_id, l.currency_id,
                   m.name AS number, m.delivery_date, l.reconciled,
                   COALESCE(l.invoice_date, m.invoice_date, l.date) AS invoice_date,
                   %(due)s AS date_maturity,
                   l.amount_currency AS gross, l.balance AS gross_company,
                   l.amount_residual_currency AS residual, l.dunning_disputed, step.policy_id
              FROM account_move_line l
              JOIN account_move m ON m.id = l.move_id
              JOIN res_partner p ON p.id = l.partner_id
              JOIN res_partner c ON c.id = p.commercial_partner_id
         LEFT JOIN dunning_step step ON step.id = l.dunning_step_id
         LEFT JOIN LATERAL (%(settled)s) AS paid ON l.reconciled
             WHERE l.parent_state = 'posted' AND l.amount_currency > 0
               AND l.company_id IN %(companies)s AND %(receivable)s
               AND %(due)s < %(day)s
               AND l.no_followup IS NOT TRUE AND l.payment_id IS NULL
               AND l.statement_line_id IS NULL AND m.payment_state IS DISTINCT FROM 'reversed'
               AND CASE WHEN l.reconciled IS NOT TRUE
                        THEN COALESCE(m.payment_state, '') NOT IN ('blocked', 'in_payment')
                        ELSE %(unseen)s END
               %(partners)s
            """,
            companies=tuple(company._get_dunning_tree().ids),
            receivable=self._get_receivable_sql(),
            day=day,
            due=self._get_due_sql(day),
            settled=self._get_settled_sql(),
            unseen=self._get_unseen_sql(company.dunning_penalty_since, day),
            partners=self.env["dunning.decision"]._get_partner_filter(family, SQL("l.partner_id")),
        )

    @api.model
    def _get_due_sql(self, day):
        """The last day on which paying ``l`` is in time. Opening entries may have none: then the
        days that the law gives where nothing was agreed (C. com. L441-10 I)."""
        days = self.env["dunning.legal.value"]._get_caps(day).get("default")
        return SQL("COALESCE(l.date_maturity, l.date + %s::int)", days)

    @api.model
    def _get_receivable_sql(self):
        """Trade receivables, but for the debit notes of penalties: interest bears none."""
        return SQL(
            """l.account_id = ANY(ARRAY(
                   SELECT a.id FROM account_account a
                    WHERE a.account_type = 'asset_receivable' AND a.non_trade IS NOT TRUE))
               AND l.journal_id != ALL(ARRAY(
                   SELECT dunning_penalty_journal_id FROM res_company
                    WHERE dunning_penalty_journal_id IS NOT NULL))"""
        )

    @api.model
    def _get_unseen_sql(self, since, day):
        """Paid late, due since the company's own limit, and not looked at since it was paid.

        What was given up altogether was not paid late; what accrued of it before stops there.

        Consumers and nonprofessionals owe nothing unless a formal notice was sent. What public
        bodies owed in a year lapses four years after its end (loi 68-1250, article 1).
        """
        return SQL(
            """(paid.is_given_up AND EXISTS (
                       SELECT FROM dunning_penalty open
                        WHERE open.move_line_id = l.id AND open.is_final IS NOT TRUE)
                OR %(due)s >= %(since)s AND paid.day > %(due)s
               AND (step.is_formal_notice OR %(kind)s IN ('business', 'public'))
               AND (%(kind)s != 'public' OR paid.day >= make_date(%(year)s, 1, 1))
               AND NOT EXISTS (SELECT 1 FROM dunning_penalty seen
                                WHERE seen.move_line_id = l.id AND seen.is_final
                                  AND seen.checked_at > paid.entered))""",
            due=self._get_due_sql(day),
            since=since or "0001-01-01",
            year=day.year - PUBLIC_YEARS,
            kind=self.env["dunning.decision"]._get_kind_sql(),
        )

    @api.model
    def _get_settled_sql(self):
        """day (of the last money or credit note), entered (the last of all), is_given_up: of
        what settled the item ``l``, by the dates of the books."""
        counterpart = self.env["dunning.counterpart"]
        return SQL(
            """SELECT max(day) FILTER (WHERE kind IN ('money', 'credit_note')) AS day,
                      max(entered) AS entered,
                      bool_or(kind NOT IN ('money', 'credit_note')) AS is_given_up
                 FROM (SELECT r.max_date AS day, r.create_date AS entered, %s AS kind
                         FROM account_partial_reconcile r
                         JOIN account_move_line other ON other.id = r.credit_move_id
                         JOIN account_move entry ON entry.id = other.move_id
                        WHERE r.debit_move_id = l.id) AS settled""",
            counterpart._get_kind_sql("other", "entry"),
        )

    @api.model
    def _get_late_partner_ids(self, company, day):
        """Commercial partners of whom something is still to be reckoned up to ``day``."""
        self._flush()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT partner_id FROM (%s) AS late
                    WHERE NOT EXISTS (SELECT 1 FROM dunning_penalty done
                                       WHERE done.partner_id = late.partner_id
                                         AND done.company_id = %s AND done.accrued_until >= %s
                                         AND done.is_final IS NOT TRUE)
                 ORDER BY partner_id""",
                self._get_line_sql(company, None, day),
                company.id,
                day,
            )
        )
        return [partner_id for (partner_id,) in rows]

    # ------------------------------------------------------------
    # CUSTOMERS
    # ------------------------------------------------------------

    @api.model
    def _get_customers(self, company, rows):
        """Commercial partner id -> {kind, insolvency_date, customer_rate, default_policy}."""
        partners = self.env["res.partner"].sudo().with_company(company)
        partners = partners.browse({row["partner_id"] for row in rows})
        policies = self.env["dunning.policy"].sudo().search([("is_manual", "=", False)])
        received = self._read_received(
            [row["id"] for row in rows],
            any(partner._get_customer_kind() in ON_NOTICE for partner in partners),
        )
        for row in rows:
            row["received"] = received.get(row["id"])
        return {
            partner.id: {
                "kind": partner._get_customer_kind(),
                "insolvency_date": partner.insolvency_date or None,
                "customer_rate": partner.dunning_contract_rate,
                "default_policy": partner.dunning_policy_id
                or policies.filtered(
                    lambda p, own=partner: (
                        p.company_id in (p.company_id.browse(), company)
                        and p.customer_kind in (False, own._get_customer_kind())
                    )
                )[:1],
            }
            for partner in partners
        }

    @api.model
    def _read_received(self, line_ids, needed):
        """Move line id -> the day on which a formal notice about it was received.

        Refused and unclaimed letters count from the day on which they were presented.
        """
        if not needed:
            return {}
        self.env["dunning.delivery"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT said.move_line_id, min(COALESCE(d.date_received, d.date_presented))
                  FROM dunning_notice_line said
                  JOIN dunning_notice n ON n.id = said.notice_id
                  JOIN dunning_delivery d ON d.notice_id = n.id
                 WHERE said.move_line_id = ANY(%s) AND said.live AND said.claimed
                   AND n.state = 'sent' AND n.is_formal_notice
                   AND (d.date_received IS NOT NULL OR d.outcome IN ('refused', 'unclaimed'))
              GROUP BY said.move_line_id
                """,
                list(line_ids),
            )
        )
        return {line_id: day for line_id, day in rows if day}

    # ------------------------------------------------------------
    # ONE DEBT
    # ------------------------------------------------------------

    @api.model
    def _get_scope(self, company, rows, day):
        """Values common to all debts, fetched once since there may be many."""
        currencies = self.env["res.currency"].browse({row["currency_id"] for row in rows})
        return {
            "day": day,
            "company": company,
            "legal": self.env["dunning.rate"]._get_legal_values(),
            "rated": self._get_rated_currencies(company, currencies),
            "euro_id": self.env["ir.model.data"]._xmlid_to_res_id("base.EUR"),
            "options": {
                currency.id: Options(
                    company.dunning_day_count,
                    company.dunning_imputation,
                    Decimal(str(currency.rounding)),
                )
                for currency in currencies
            },
        }

    @api.model
    def _compute_debt(self, row, scope):
        """interest, indemnity, missing and sheet of one instalment (see ``_get_debts``)."""
        options, legal = scope["options"][row["currency_id"]], scope["legal"]
        until = self._get_last_day(row, scope["day"])
        regime = self._get_regime(row)
        result = {"interest": None, "missing": False, "sheet": False}
        try:
            answer = compute_interest(
                self._get_debt(row, options.rounding), regime, legal, until, options
            )
        except (MissingRate, MissingValue) as error:
            result["missing"] = getattr(error, "semester", None) or str(error.day)
        else:
            result["interest"] = answer.interest
            result["sheet"] = self._prepare_sheet(row, regime, options, answer)
        result["indemnity"] = self._compute_indemnity(row, scope, until, options.rounding)
        return result

    @api.model
    def _get_last_day(self, row, day):
        """Once the books call an item paid, nothing more accrues, whatever the imputation."""
        if not row["reconciled"] or not row["events"]:
            return day
        return min(day, max(event["day"] for event in row["events"]))

    @api.model
    def _get_regime(self, row):
        """The rules of the customer's kind; a contractual rate counts between businesses alone.

        The rate: the customer's own, else that of the policy the item follows, else that of the
        customer's policy. 0 means that none was agreed.
        """
        rate = None
        if row["kind"] == "business":
            policy = self.env["dunning.policy"].sudo().browse(row["policy_id"] or ())
            policy = policy or row["default_policy"]
            agreed = row["customer_rate"] or policy.contract_rate
            rate = Decimal(str(agreed)) if agreed else None
        return Regime(row["kind"], rate, row["received"] if row["kind"] in ON_NOTICE else None)

    @api.model
    def _get_debt(self, row, rounding):
        """As the law module wants it: nothing happens before the invoice was made.

        What is no money lessens the principal from the morning of its day, as a credit note does,
        and pays no interest.
        """
        events = {Payment: [], CreditNote: []}
        for event in self._round_events(row["events"], rounding):
            kind = Payment if event["kind"] == MONEY else CreditNote
            day = max(event["day"], row["invoice_date"])
            events[kind].append(kind(day, event["amount"], event["label"]))
        return Debt(
            gross=round_amount(Decimal(str(row["gross"])), rounding),
            invoice_date=row["invoice_date"],
            due_date=max(row["date_maturity"], row["invoice_date"]),
            payments=events[Payment],
            credit_notes=events[CreditNote],
            insolvency_date=row["insolvency_date"],
            delivery_date=row["delivery_date"] or None,
        )

    @api.model
    def _round_events(self, events, rounding):
        """``events`` with rounded amounts, those above 0."""
        rounded = [{**e, "amount": round_amount(e["amount"], rounding)} for e in events]
        return [event for event in rounded if event["amount"] > 0]

    @api.model
    def _compute_indemnity(self, row, scope, until, rounding):
        """The fixed indemnity of this instalment, in its currency; 0 where none is due."""
        case = IndemnityCase(
            row["kind"],
            row["invoice_date"],
            [Instalment(row["date_maturity"], until if row["reconciled"] else None)],
            row["insolvency_date"],
            row["delivery_date"] or None,
        )
        try:
            euros = indemnity_amount(case, until, scope["legal"])
        except MissingValue:
            return Decimal(0)
        if not euros or row["currency_id"] == scope["euro_id"]:
            return round_amount(euros, rounding)
        if not self._is_euro_rate_known(row, scope):
            return Decimal(0)  # nobody knows how much: see ``_get_dunning_setup_gaps``
        return round_amount(euros * self._get_euro_rate(row, scope), rounding)

    @api.model
    def _get_rated_currencies(self, company, currencies):
        """The ids of the currencies that have a rate in ``company``, as a set.

        Odoo takes 1 for a rate that nobody entered: forty euros would be forty dollars. The
        currency of the company needs none of its own; a 1 there says nothing of another.
        """
        euro = self.env.ref("base.EUR")
        asked = (currencies | company.currency_id | euro) - (company.currency_id & euro)
        if not asked - euro:
            return set(asked.ids)
        rates = self.env["res.currency.rate"].sudo()
        own = [("currency_id", "in", asked.ids), ("company_id", "in", (False, company.root_id.id))]
        return {
            currency.id
            for currency, rate in rates._read_group(own, ["currency_id", "rate"])
            if currency != company.currency_id or rate != 1
        }

    @api.model
    def _is_euro_rate_known(self, row, scope):
        """Whether the value of a euro in the item's currency is known."""
        own, rated = scope["company"].currency_id.id, scope["rated"]
        euro_known = own == scope["euro_id"] or {own, scope["euro_id"]} & rated
        item_known = row["currency_id"] == own or row["currency_id"] in rated or own in rated
        return bool(euro_known and item_known)

    @api.model
    def _get_euro_rate(self, row, scope):
        """Units of the item's currency for one euro: at the rate of the invoice itself."""
        if not row["gross_company"]:
            return Decimal(1)
        rate = Decimal(str(row["gross"])) / Decimal(str(row["gross_company"]))
        company = scope["company"]
        if company.currency_id.id != scope["euro_id"]:
            euro, day = self.env["res.currency"].browse(scope["euro_id"]), row["invoice_date"]
            to_company = euro._get_conversion_rate(euro, company.currency_id, company, day)
            rate *= Decimal(str(to_company))
        return rate

    @api.model
    def _keep_one_indemnity(self, rows, per):
        """One an invoice, on its first late instalment, unless the company wants one for each."""
        if per == "instalment":
            return
        seen = set()
        for row in rows:  # by due date
            if row["indemnity"] and row["move_id"] in seen:
                row["indemnity"] = Decimal(0)
            elif row["indemnity"]:
                seen.add(row["move_id"])
