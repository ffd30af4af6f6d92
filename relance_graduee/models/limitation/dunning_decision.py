from odoo import api, models
from odoo.tools import SQL, LazyTranslate

from ..item.hold_reason import HoldReason

_lt = LazyTranslate(__name__)

# Acknowledgements do not prolong a claim beyond it; court claims, enforcement and titles may
# (article 2232 of the Code civil).
LONGEST_YEARS = 20
# For so long a judgment may be enforced (Code des procédures civiles d'exécution, L111-4).
TITLE_YEARS = 10
UNLIMITED = ("court", "enforcement", "title")
# What at least is left of the period when a mediation ends (article 2238 of the Code civil).
MONTHS_AFTER_SUSPENSION = 6


class DunningDecision(models.AbstractModel):
    """The date on which each claim becomes time-barred; a consumer is then left alone.

    Counted from the earliest date that a court could choose: delivery, invoice or due date
    (Cass. 1re civ. 19/05/2021, 20-12.520). Interruptions are ``dunning.interruption``; a payment
    may be one and never moves the date by itself (Cass. 1re civ. 19/05/2021, 19-26.253).
    """

    _inherit = "dunning.decision"

    @api.model
    def _get_flushed_fields(self):
        flushed = super()._get_flushed_fields()
        flushed["account.move"] += ["delivery_date", "invoice_date", "dunning_is_carriage"]
        return flushed | {"dunning.interruption": None}

    @api.model
    def _get_hold_reasons(self):
        return [
            *super()._get_hold_reasons(),
            HoldReason("time_barred", _lt("Time-barred"), 30, warns=True),
        ]

    @api.model
    def _get_hold_conditions(self):
        # Demanding it would mislead a consumer (Code de la consommation, L218-2 and L121-2).
        limitation = self._get_limitation_sql(SQL.identifier("law"))
        barred = SQL("law.kind = 'consumer' AND %s <= company.day", limitation)
        # What was delivered before the opening judgment is a prior debt, whenever it is invoiced
        # (C. com. L622-17).
        prior = SQL(
            "LEAST(COALESCE(l.invoice_date, l.date), early.delivery_date) <= c.insolvency_date"
        )
        conditions = dict(super()._get_hold_conditions()) | {"insolvency": prior}
        return [*conditions.items(), ("time_barred", barred)]

    @api.model
    def _get_line_joins(self):
        first_day = SQL("COALESCE(l.invoice_date, l.date), COALESCE(l.date_maturity, l.date)")
        return SQL(
            "%s %s",
            super()._get_line_joins(),
            self._get_law_joins(SQL("l.id"), SQL("l.move_id"), first_day),
        )

    @api.model
    def _get_shown_columns(self):
        is_claim = SQL("decision.amount_residual > 0")
        limitation = self._get_limitation_sql(SQL.identifier("law"))
        date = SQL("CASE WHEN %s THEN %s END", is_claim, limitation)
        return super()._get_shown_columns() | {
            "customer_kind": SQL("law.kind"),
            "is_carriage": SQL("law.is_carriage"),
            "limitation_date": date,
            "limitation_days": SQL("%s - decision.day", date),
        }

    @api.model
    def _get_shown_joins(self):
        first_day = SQL("decision.invoice_date, decision.date_maturity")
        return SQL(
            "%s LEFT JOIN res_partner c ON c.id = decision.partner_id %s",
            super()._get_shown_joins(),
            self._get_law_joins(SQL("decision.id"), SQL("decision.move_id"), first_day),
        )

    @api.model
    def _get_law_joins(self, line_id, move_id, first_day):
        """``law``: kind of customer ``c``, carriage, first day; ``stop``: what interrupted.

        Few invoices are carriage or were delivered before their date: a partial index finds them.
        """
        return SQL(
            """
         LEFT JOIN account_move early ON early.id = %(move_id)s
               AND (early.dunning_is_carriage OR early.delivery_date < early.invoice_date)
         LEFT JOIN (%(interruption)s) AS stop ON stop.line_id = %(line_id)s
        CROSS JOIN LATERAL (SELECT %(kind)s AS kind,
                                   early.dunning_is_carriage IS TRUE AS is_carriage,
                                   LEAST(%(first_day)s, early.delivery_date) AS first_day,
                                   stop.first_day AS stop_first, stop.capped AS stop_capped,
                                   stop.free AS stop_free, stop.suspended AS stop_end) AS law
            """,
            line_id=line_id,
            move_id=move_id,
            first_day=first_day,
            interruption=self._get_interruption_sql(),
            kind=self._get_kind_sql(),
        )

    @api.model
    def _get_interruption_sql(self):
        """line_id, first_day, and until when what interrupted leads.

        ``capped``: by what article 2232 ends after twenty years; ``free``: by what it does not.
        Each counts if it came before all that came earlier had run out; the first is compared
        with the plain period by ``_get_limitation_sql``. ``suspended``: the end of the few items
        of which the period was suspended too (see ``_get_suspended_sql``). They stand below one
        another and are grouped: of a full join PostgreSQL expects so many rows that it would hash
        all open items instead.
        """
        return SQL(
            """
            SELECT line_id, min(first_day) AS first_day, max(capped) AS capped, max(free) AS free,
                   max(suspended) AS suspended
              FROM (SELECT line_id, first_day, capped, free, NULL::date AS suspended
                      FROM (%(interrupted)s) AS stopped
                     UNION ALL
                    SELECT line_id, NULL, NULL, NULL, until
                      FROM (%(suspended)s) AS suspended) AS stop
          GROUP BY line_id
            """,
            interrupted=self._get_interrupted_sql(),
            suspended=self._get_suspended_sql(),
        )

    @api.model
    def _get_interrupted_sql(self):
        return SQL(
            """
            SELECT line_id, min(date) AS first_day,
                   max(until) FILTER (WHERE in_time AND kind NOT IN %(unlimited)s) AS capped,
                   max(until) FILTER (WHERE in_time AND kind IN %(unlimited)s) AS free
              FROM (SELECT *, bool_and(date < COALESCE(before, 'infinity'))
                                  OVER (PARTITION BY line_id ORDER BY date, id) AS in_time
                      FROM (SELECT *, max(until) OVER (
                                          PARTITION BY line_id ORDER BY date, id
                                          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                                      ) AS before
                              FROM (%(dated)s) AS dated) AS chained) AS checked
          GROUP BY line_id
            """,
            unlimited=UNLIMITED,
            dated=self._get_dated_interruption_sql(),
        )

    @api.model
    def _get_dated_interruption_sql(self):
        """line_id, id, date, kind, until: of what interrupts, each by itself.

        A court claim interrupts until the proceedings end (article 2242); as long as nobody noted
        that, it is reckoned from its own day. A written claim interrupts for public debtors alone
        (loi 68-1250, article 2).
        """
        law = SQL.identifier("stopped")
        return SQL(
            """
            SELECT rel.line_id, i.id, i.date, i.kind,
                   CASE WHEN i.kind = 'title' THEN (i.date + %(title)s)::date
                        ELSE %(until)s END AS until
              FROM dunning_interruption i
              JOIN dunning_interruption_line_rel rel ON rel.interruption_id = i.id
              JOIN account_move_line il ON il.id = rel.line_id
              JOIN account_move im ON im.id = il.move_id
              JOIN res_partner p ON p.id = i.partner_id
              JOIN res_partner c ON c.id = p.commercial_partner_id
        CROSS JOIN LATERAL (SELECT %(kind)s AS kind,
                                   im.dunning_is_carriage IS TRUE AS is_carriage) AS stopped
             WHERE i.active AND i.kind NOT IN ('payment', 'mediation')
               AND (i.kind != 'written_claim' OR stopped.kind = 'public')
            """,
            title=SQL("make_interval(years => %s)", TITLE_YEARS),
            until=self._get_period_end_sql(law, SQL("COALESCE(i.date_end, i.date)")),
            kind=self._get_kind_sql(),
        )

    @api.model
    def _get_suspended_sql(self):
        """line_id, until: the end of the period of items that a mediation suspended.

        What happened is gone through in its order: what interrupts begins the period anew; a
        mediation adds its days, and leaves six months at least when it ends (article 2238). One
        of which nobody noted the end adds nothing yet, to be prudent. Twenty years are the most
        (article 2232) unless a claim before a court or a title leads further.
        """
        return SQL(
            """
            WITH RECURSIVE happened AS (
                SELECT event.*, row_number() OVER (
                           PARTITION BY event.line_id ORDER BY event.date, event.id) AS place
                  FROM (%(interruptions)s UNION ALL %(mediations)s) AS event),
            item AS (
                %(items)s),
            course AS (
                SELECT line_id, 0::bigint AS place, until, longest FROM item
                 UNION ALL
                SELECT line_id, happened.place,
                       CASE WHEN happened.date >= course.until THEN course.until
                            WHEN happened.kind IN %(unlimited)s
                            THEN GREATEST(course.until, happened.until)
                            ELSE GREATEST(course.until, LEAST(course.longest, CASE
                                WHEN happened.kind != 'mediation' THEN happened.until
                                ELSE GREATEST(course.until + (happened.until - happened.date),
                                              happened.until + %(months)s)::date END))
                       END, longest
                  FROM course JOIN happened USING (line_id)
                 WHERE happened.place = course.place + 1)
            SELECT DISTINCT ON (line_id) line_id, until FROM course ORDER BY line_id, place DESC
            """,
            interruptions=self._get_dated_interruption_sql(),
            mediations=self._get_mediation_sql(),
            items=self._get_mediated_item_sql(),
            unlimited=UNLIMITED,
            months=SQL("make_interval(months => %s)", MONTHS_AFTER_SUSPENSION),
        )

    @api.model
    def _get_mediated_item_sql(self):
        """line_id, until (the plain end), longest (article 2232): items that a mediation is about,
        of those in ``happened``."""
        law = SQL.identifier("own")
        return SQL(
            """
                SELECT l.id AS line_id, %(plain)s AS until,
                       (own.first_day + %(longest)s)::date AS longest
                  FROM account_move_line l
                  JOIN account_move m ON m.id = l.move_id
                  JOIN res_partner p ON p.id = l.partner_id
                  JOIN res_partner c ON c.id = p.commercial_partner_id
            CROSS JOIN LATERAL (SELECT %(kind)s AS kind,
                                       m.dunning_is_carriage IS TRUE AS is_carriage,
                                       LEAST(COALESCE(l.invoice_date, l.date),
                                             COALESCE(l.date_maturity, l.date),
                                             m.delivery_date) AS first_day) AS own
                 WHERE l.id IN (SELECT line_id FROM happened WHERE kind = 'mediation')
            """,
            plain=self._get_period_end_sql(law, SQL("%s.first_day", law)),
            longest=SQL("make_interval(years => %s)", LONGEST_YEARS),
            kind=self._get_kind_sql(),
        )

    @api.model
    def _get_mediation_sql(self):
        """The same columns of mediations that ended: ``until`` is their last day."""
        return SQL(
            """
            SELECT rel.line_id, i.id, i.date, i.kind, i.date_end AS until
              FROM dunning_interruption i
              JOIN dunning_interruption_line_rel rel ON rel.interruption_id = i.id
             WHERE i.active AND i.kind = 'mediation' AND i.date_end IS NOT NULL
            """
        )

    @api.model
    def _get_limitation_sql(self, law):
        """The day on which an item becomes time-barred.

        What interrupts begins the full period anew (article 2231), if it came in time: before the
        claim was barred, and each time before it was barred again (articles 2250 and 2251).

        :param law: SQL name of a row with kind, is_carriage, first_day and the ``stop_`` columns
        """
        return SQL(
            """(CASE WHEN %(law)s.stop_end IS NOT NULL THEN %(law)s.stop_end
                     WHEN %(law)s.stop_first IS NULL OR %(law)s.stop_first >= %(plain)s
                     THEN %(plain)s
                     ELSE GREATEST(
                         %(plain)s, %(law)s.stop_free,
                         CASE WHEN %(law)s.stop_capped IS NOT NULL
                              THEN LEAST(%(law)s.stop_capped,
                                         (%(law)s.first_day + %(longest)s)::date) END)
                END)""",
            law=law,
            plain=self._get_period_end_sql(law, SQL("%s.first_day", law)),
            longest=SQL("make_interval(years => %s)", LONGEST_YEARS),
        )

    @api.model
    def _get_period_years_sql(self, law):
        return SQL(
            """CASE WHEN %(law)s.is_carriage THEN 1 WHEN %(law)s.kind = 'consumer' THEN 2
                    WHEN %(law)s.kind = 'public' THEN 4 ELSE 5 END""",
            law=law,
        )

    @api.model
    def _get_period_end_sql(self, law, since):
        """The end of the period that begins on ``since``.

        5 years (C. com. L110-4, C. civ. 2224), consumers 2 (C. conso. L218-2), carriage 1 (C. com.
        L133-6); public bodies 4 years from the next 1 January (loi 68-1250, article 1).
        """
        return SQL(
            """(CASE WHEN %(law)s.kind = 'public' AND NOT %(law)s.is_carriage
                     THEN make_date(extract(year FROM %(since)s)::int + 5, 1, 1)
                     ELSE (%(since)s + make_interval(years => %(years)s))::date END)""",
            law=law,
            since=since,
            years=self._get_period_years_sql(law),
        )
