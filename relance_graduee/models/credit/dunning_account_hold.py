from odoo import api, models
from odoo.tools import SQL, format_date

from ..common import kept_plan

# Customers late by more than these days, above the policy's minimum, get a warning.
WARNING_DAYS = 5


class DunningAccount(models.Model):
    """The causes of a hold of deliveries, and of a warning before it.

    A cause is a code, a level and a condition on the joined row (``_get_hold_causes``); its
    words are in ``_get_sentence_<code>``. A new cause is one line and one sentence.
    """

    _inherit = "dunning.account"

    # ------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------

    @api.model
    def _get_hold_causes(self):
        """List of (code, "blocked" or "warning", SQL condition on ``exposed``). To extend.

        Insolvency is none of them: what was invoiced before the judgment must not stop
        deliveries (article L622-13 of the Code de commerce); a manager is asked.
        """
        return [
            ("manual", "blocked", SQL("hold_until IS NOT NULL")),
            ("overdue", "blocked", SQL("is_blocked")),
            ("suspended", "blocked", SQL("suspension_date <= day")),
            ("limit", "blocked", SQL("credit_limit > 0 AND exposure_limited > credit_limit")),
            ("late", "warning", SQL("is_late AND NOT is_blocked")),
            ("announced", "warning", SQL("suspension_date > day")),
            (
                "near_limit",
                "warning",
                SQL(
                    """credit_limit > 0 AND exposure_limited <= credit_limit
                       AND exposure_limited >= credit_limit * warning_rate"""
                ),
            ),
            ("cover_ending", "warning", SQL("cover_end IS NOT NULL")),
        ]

    @api.model
    def _get_judged_sql(self):
        """``exposed`` with ``hold_causes`` (codes, by commas) and ``delivery_hold``."""
        causes = self._get_hold_causes()
        blocking = [condition for _code, level, condition in causes if level == "blocked"]
        return SQL(
            """
            SELECT exposed.*, causes.codes AS hold_causes,
                   CASE WHEN %(blocked)s THEN 'blocked'
                        WHEN causes.codes != '' THEN 'warning' ELSE 'none' END AS delivery_hold
              FROM exposed
        CROSS JOIN LATERAL (SELECT concat_ws(',', %(codes)s) AS codes) AS causes
            """,
            blocked=SQL(" OR ").join(SQL("(%s)", condition) for condition in blocking),
            codes=SQL(", ").join(
                SQL("CASE WHEN %s THEN %s END", condition, code)
                for code, _level, condition in causes
            ),
        )

    @api.model
    def _get_blocked_condition(self):
        """Overdue beyond the policy; an amount of 0 never holds by itself."""
        return SQL(
            "COALESCE(max(policy.block_overdue_amount) > 0 AND %s, false)",
            self._get_overdue_condition(
                SQL("policy.block_overdue_days"), SQL("policy.block_overdue_amount")
            ),
        )

    @api.model
    def _get_late_condition(self):
        return self._get_overdue_condition(
            SQL("%s", WARNING_DAYS), SQL("COALESCE(policy.min_amount, 0)")
        )

    @api.model
    def _get_overdue_condition(self, days, amount):
        """Net overdue, late by more than ``days``, not accepted by us, above ``amount``."""
        return SQL(
            """COALESCE(SUM(d.net_company) FILTER (
                            WHERE d.days_late > %(days)s AND d.amount_residual > 0 AND %(holding)s)
                        > max(%(amount)s), false)""",
            amount=amount,
            days=days,
            holding=self._get_holding_condition(),
        )

    @api.model
    def _get_holding_condition(self):
        """Item ``d`` of the decision holds deliveries when it is overdue.

        Neither for a reason that does, nor while one of ours accepts that it is paid later.
        """
        harmless = self.env["dunning.decision"]._get_hold_codes(holds_deliveries=False)
        return SQL("NOT d.is_accepted AND COALESCE(d.hold_reason, '') NOT IN %s", harmless)

    @api.model
    def _get_suspension_sql(self):
        """The first suspension announced to a customer of which an item is still open."""
        return SQL(
            """
            SELECT n.company_id, d.partner_id, min(n.suspension_date) AS date
              FROM dunning_notice n
              JOIN dunning_notice_line l ON l.notice_id = n.id AND l.claimed
              JOIN decision d ON d.id = l.move_line_id AND d.net_company > 0 AND %s
             WHERE n.state = 'sent' AND n.suspension_date IS NOT NULL
          GROUP BY n.company_id, d.partner_id
            """,
            self._get_holding_condition(),
        )

    @api.model
    def _get_manual_sql(self, partner_ids):
        """company_id, partner_id, until: held by hand, to that day included."""
        return SQL(
            """
            SELECT company.id AS company_id, c.id AS partner_id,
                   (c.dunning_hold_until->>company.key)::date AS until
              FROM res_partner c CROSS JOIN company
             WHERE c.dunning_hold_until IS NOT NULL AND c.id = c.commercial_partner_id
               AND (c.dunning_hold_until->>company.key)::date >= company.day AND %s
            """,
            self._get_only_sql(SQL("c.id"), partner_ids),
        )

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    @api.depends("hold_causes", "suspension_date", "cover_end")
    @api.depends_context("dunning_date", "lang")
    def _compute_delivery_hold_reason(self):
        for account in self:
            sentences = [*account._get_hold_sentences(), account._get_typed_sentence()]
            account.delivery_hold_reason = " ".join(filter(None, sentences)) or False

    def _get_neutral_reason(self):
        """Why deliveries wait, for everybody who works here, or False."""
        return " ".join(self._get_hold_sentences()) if self else False

    def _get_hold_sentences(self):
        """The causes of a present or coming hold, a sentence each.

        Without amounts, and without what a person wrote: orders and transfers show them too.
        """
        self.ensure_one()
        codes = filter(None, (self.hold_causes or "").split(","))
        return [getattr(self, f"_get_sentence_{code}")() for code in codes]

    def _get_sentence_manual(self):
        partner = self.partner_id.sudo().with_company(self.company_id)
        return self.env._(
            "Held by hand until %s.", format_date(self.env, partner.dunning_hold_until)
        )

    def _get_typed_sentence(self):
        """The reason that a person gave for the hold, for who may read accounts; or None."""
        if "manual" not in (self.hold_causes or "").split(","):
            return None
        reason = self.partner_id.sudo().with_company(self.company_id).dunning_hold_reason
        return reason and self.env._("Reason given: %s.", reason.rstrip(". "))

    def _get_sentence_overdue(self):
        return self.env._("Invoices are overdue beyond what was agreed.")

    def _get_sentence_suspended(self):
        return self.env._(
            "Suspension announced for %s, unpaid since.",
            format_date(self.env, self.suspension_date),
        )

    def _get_sentence_limit(self):
        if self.limit_partner_id != self.partner_id:
            return self.env._("The credit limit that its group shares is exceeded.")
        return self.env._("The credit limit is exceeded.")

    def _get_sentence_late(self):
        return self.env._("Invoices are overdue.")

    def _get_sentence_announced(self):
        return self.env._(
            "Suspension announced for %s.", format_date(self.env, self.suspension_date)
        )

    def _get_sentence_near_limit(self):
        return self.env._("The credit limit is nearly reached.")

    def _get_sentence_cover_ending(self):
        return self.env._(
            "Its insurance or a guarantee ends on %s.", format_date(self.env, self.cover_end)
        )

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    @api.model
    def _get_holds(self, company, partner_ids):
        """The holds of these customers in the root ``company``, read afresh in one query.

        :param partner_ids: ids of partners: their commercial entities are looked at
        :return: commercial partner id -> {"hold": "warning" or "blocked", "reason": sentences
            in the language of the context, "causes": list of codes}
        """
        sharing_ids = self._get_limit_partner_ids(partner_ids)
        if kept_plan.are_few(partner_ids) and kept_plan.are_few(sharing_ids):
            query = self._get_held_sql(company, kept_plan.IDS, kept_plan.OTHER_IDS)
            rows = kept_plan.fetch(self.env, query, partner_ids, sharing_ids)
        else:
            rows = self.env.execute_query_dict(
                self._get_held_sql(company, partner_ids, sharing_ids)
            )
        return {row["partner_id"]: self._prepare_hold(company, row) for row in rows}

    @api.model
    def _get_held_sql(self, company, wanted, partner_ids, levels=("warning", "blocked")):
        """The accounts of the root ``company`` at one of ``levels``: what their words need.

        :param wanted, partner_ids: as of ``_get_query``
        """
        return SQL(
            """
            SELECT partner_id, limit_partner_id, suspension_date, cover_end, delivery_hold,
                   hold_causes
              FROM (%s) AS account WHERE delivery_hold IN %s
            """,
            self._get_query(wanted, partner_ids, company),
            tuple(levels),
        )

    @api.model
    def _prepare_hold(self, company, row):
        """:param row: columns of the account, which is not looked for again for its words"""
        account = self.new({**row, "company_id": company.id})
        return {
            "hold": row["delivery_hold"],
            "reason": " ".join(account._get_hold_sentences()),
            "causes": row["hold_causes"].split(","),
        }

    @api.model
    def _get_held_partners_sql(self, company, levels):
        """The customers at one of ``levels`` in the root ``company``, as a sub-query."""
        query = self._get_held_sql(company, None, None, levels)
        return SQL("SELECT partner_id FROM (%s) AS held", query)

    @api.model
    def _get_of(self, customers, company):
        """Customer -> account in the root ``company``, in one query; for screens."""
        if not customers:
            return {}
        self.invalidate_model()
        accounts = self.with_context(dunning_partner_ids=customers.ids).search_fetch(
            [("partner_id", "in", customers.ids), ("company_id", "=", company.id)]
        )
        return {account.partner_id: account for account in accounts}
