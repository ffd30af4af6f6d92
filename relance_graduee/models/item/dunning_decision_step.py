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
        """What is the same for all items of a customer, company and currency: with the policy.

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
    def _get_known_sql(self, family):
        """The sums of each customer and company, and what each of their currencies has heard.

        Sources of the same columns, one below the other and grouped, not joined: PostgreSQL
        takes the customers for a handful, and would compare each with each.
        """
        return SQL(
            """
            SELECT company_id, partner_id, currency_id, max(rank) AS rank,
                   max(words_step_id) AS words_step_id, max(notice_id) AS notice_id,
                   SUM(SUM(open_amount)) OVER customer::float AS open_amount,
                   SUM(SUM(net_overdue)) OVER customer AS net_overdue,
                   max(max(contact_date)) OVER customer AS contact_date,
                   max(max(formal_deadline)) OVER customer AS formal_deadline
              FROM (SELECT heard.*, NULL::int AS notice_id, NULL::date AS contact_date,
                           NULL::date AS formal_deadline FROM heard
                     UNION ALL %(live)s UNION ALL %(contact)s UNION ALL %(formal)s) AS fact
          GROUP BY company_id, partner_id, currency_id
            WINDOW customer AS (PARTITION BY company_id, partner_id)
            """,
            live=self._get_live_sql(family),
            contact=self._get_contact_sql(family),
            formal=self._get_formal_sql(family),
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
            SELECT netted.*, standing.net_overdue, standing.notice_id AS live_notice_id,
                   standing.rank AS heard_rank, standing.words_step_id, standing.formal_deadline,
                   COALESCE(ladder.policy_id, standing.policy_id) AS policy_id,
                   ladder.next_id, ladder.is_small, ladder.next_rank, ladder.min_amount,
                   COALESCE(ladder.taken_rank, 0) AS step_rank,
                   COALESCE(day_off.moved_to, due.date) AS step_due,
                   netted.step_date + COALESCE(ladder.wait_days, 0) AS wait_until,
                   standing.contact_date + ladder.min_contact_days AS contact_until,
                   cancelled.hold_until AS cancelled_until
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
         LEFT JOIN (%(cancelled)s) AS cancelled ON cancelled.move_line_id = netted.id
            OFFSET 0
            """,
            cancelled=self._get_cancelled_sql(),
        )

    @api.model
    def _get_live_sql(self, family):
        """Notices that are proposed or approved: one at a time. Columns of ``_get_known_sql``."""
        return SQL(
            """
            SELECT n.company_id, p.commercial_partner_id, n.currency_id,
                   NULL, NULL, NULL, NULL, n.id, NULL, NULL
              FROM dunning_notice n JOIN res_partner p ON p.id = n.partner_id
             WHERE n.state IN ('proposed', 'approved') %s
            """,
            self._get_partner_filter(family, SQL("n.partner_id")),
        )

    @api.model
    def _get_contact_sql(self, family):
        """Contacts, as far back as any policy looks. Columns of ``_get_known_sql``."""
        return SQL(
            """
            SELECT d.company_id, p.commercial_partner_id, NULL,
                   NULL, NULL, NULL, NULL, NULL, d.date_contact, NULL
              FROM dunning_delivery d JOIN res_partner p ON p.id = d.partner_id
             WHERE d.date_contact > (SELECT min(day) FROM company)
                                    - (SELECT COALESCE(max(min_contact_days), 0)
                                         FROM dunning_policy) %s
            """,
            self._get_partner_filter(family, SQL("d.partner_id")),
        )

    @api.model
    def _get_formal_sql(self, family):
        """Formal notices whose deadline has not passed. Columns of ``_get_known_sql``.

        One that did not arrive has no deadline any more: nothing follows it sooner for that.
        """
        return SQL(
            """
            SELECT n.company_id, p.commercial_partner_id, NULL,
                   NULL, NULL, NULL, NULL, NULL, NULL,
                   COALESCE(n.answer_deadline, n.printed_deadline)
              FROM dunning_notice n JOIN res_partner p ON p.id = n.partner_id
             WHERE n.state = 'sent' AND n.is_formal_notice
               AND (n.answer_deadline >= (SELECT min(day) FROM company)
                    OR n.answer_deadline IS NULL
                       AND n.printed_deadline >= (SELECT min(day) FROM company)) %s
            """,
            self._get_partner_filter(family, SQL("n.partner_id")),
        )

    @api.model
    def _get_cancelled_sql(self):
        """Items of a proposal that a person cancelled lately, until they may be proposed again."""
        return SQL(
            """
            SELECT nl.move_line_id, max(n.hold_until) AS hold_until
              FROM dunning_notice n JOIN dunning_notice_line nl ON nl.notice_id = n.id
             WHERE n.state = 'cancelled' AND n.hold_until > (SELECT min(day) FROM company)
               AND nl.move_line_id IS NOT NULL
          GROUP BY nl.move_line_id
            """
        )

    # ------------------------------------------------------------
    # THE ANSWER
    # ------------------------------------------------------------

    @api.model
    def _get_decided_sql(self):
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
                   decided.is_overdue, decided.step_id IS NOT NULL AS is_reminded,
                   decided.contact_until, decided.formal_deadline, decided.tone_until,
                   decided.wait_until, decided.cancelled_until, decided.live_notice_id,
                   decided.hold IS NULL AND decided.is_due AND decided.next_id IS NOT NULL
                       AND (decided.cancelled_until IS NULL
                            OR decided.cancelled_until <= decided.day)
                       AND (decided.is_overdue OR decided.heard_rank IS NULL
                            OR decided.next_rank >= decided.heard_rank) AS joins,
                   decided.step_id IS NULL
                       AND decided.day - decided.date_maturity > 60 AS is_old,
                   CASE WHEN decided.hold IS NOT NULL THEN decided.hold
                        WHEN decided.net_overdue + CASE WHEN decided.is_overdue THEN 0
                                                        ELSE decided.net_company END
                             < decided.min_amount THEN 'below_minimum'
                        WHEN decided.policy_id IS NULL THEN 'no_policy'
                        WHEN decided.next_id IS NULL AND decided.is_small THEN 'below_minimum'
                        WHEN decided.next_id IS NULL THEN 'last_step_done'
                        WHEN decided.live_notice_id IS NOT NULL THEN 'proposed'
                        WHEN decided.step_due > decided.day THEN 'not_due'
                        WHEN decided.go_date > decided.day THEN 'waiting'
                   END AS hold_reason
              FROM (%(timed)s) AS decided
            """,
            timed=self._get_timed_sql(),
        )

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
            CROSS JOIN LATERAL (SELECT GREATEST(
                       dated.step_due, dated.wait_until, dated.contact_until,
                       tone.until, dated.formal_deadline + 1,
                       dated.cancelled_until) AS latest) AS w
            CROSS JOIN LATERAL (SELECT CASE WHEN dated.works THEN w.latest
                                        ELSE GREATEST(w.latest, dated.day)
                                    END AS date) AS go
            LEFT JOIN day_off ON day_off.company_id = dated.company_id
                          AND day_off.date = go.date
            OFFSET 0
            """,
            tone_days=TONE_WAIT_DAYS,
        )
