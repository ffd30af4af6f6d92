from odoo import api, models
from odoo.tools import SQL

# Beyond it nothing is claimed, whatever was recorded (article 2232 of the Code civil; it does not
# bind court claims: acting earlier than needed harms nobody).
LONGEST_YEARS = 20


class DunningDecision(models.AbstractModel):
    """When each claim becomes time-barred, and that a consumer is not asked for it any more.

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
    def _get_hold_conditions(self):
        # Demanding it would mislead a consumer (Code de la consommation, L218-2 and L121-2).
        limitation = self._get_limitation_sql(SQL.identifier("law"))
        barred = SQL("law.kind = 'consumer' AND %s <= company.day", limitation)
        return [*super()._get_hold_conditions(), ("time_barred", barred)]

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
        return super()._get_shown_columns() | {
            "customer_kind": SQL("law.kind"),
            "is_carriage": SQL("law.is_carriage"),
            "limitation_date": SQL("CASE WHEN %s THEN %s END", is_claim, limitation),
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
                                   stop.first_day AS stop_first, stop.last_day AS stop_last,
                                   stop.gap AS stop_gap) AS law
            """,
            line_id=line_id,
            move_id=move_id,
            first_day=first_day,
            interruption=self._get_interruption_sql(),
            kind=self._get_kind_sql(),
        )

    @api.model
    def _get_interruption_sql(self):
        """line_id, the first and last day of what interrupted, the longest gap (days) between.

        A written claim interrupts for public debtors alone (loi 68-1250, article 2).
        """
        return SQL(
            """
            SELECT line_id, min(date) AS first_day, max(date) AS last_day, max(gap) AS gap
              FROM (SELECT rel.line_id, i.date,
                           i.date - lag(i.date) OVER (PARTITION BY rel.line_id
                                                          ORDER BY i.date, i.id) AS gap
                      FROM dunning_interruption i
                      JOIN dunning_interruption_line_rel rel ON rel.interruption_id = i.id
                      JOIN res_partner p ON p.id = i.partner_id
                      JOIN res_partner c ON c.id = p.commercial_partner_id
                     WHERE i.active AND i.kind != 'payment'
                       AND (i.kind != 'written_claim' OR %s = 'public')) AS dated
          GROUP BY line_id
            """,
            self._get_kind_sql(),
        )

    @api.model
    def _get_limitation_sql(self, law):
        """The day on which an item becomes time-barred.

        What interrupts begins the full period anew (article 2231), if it came in time: before the
        claim was barred, and each time before it was barred again (articles 2250 and 2251).

        :param law: SQL name of a row with kind, is_carriage, first_day and the ``stop_`` columns
        """
        return SQL(
            """(CASE WHEN %(law)s.stop_first IS NULL OR %(law)s.stop_first >= %(plain)s
                          OR %(law)s.stop_gap >= 365 * %(years)s
                     THEN %(plain)s
                     ELSE LEAST(%(anew)s, (%(law)s.first_day + %(longest)s)::date) END)""",
            law=law,
            plain=self._get_period_end_sql(law, SQL("%s.first_day", law)),
            anew=self._get_period_end_sql(law, SQL("%s.stop_last", law)),
            years=self._get_period_years_sql(law),
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
