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
        barred = SQL("law.kind = 'consumer' AND %s <= company.day", self._get_limitation_sql())
        return [*super()._get_hold_conditions(), ("time_barred", barred)]

    @api.model
    def _get_line_columns(self):
        is_claim = SQL("l.amount_residual_currency > 0")
        limitation = self._get_limitation_sql()
        return super()._get_line_columns() | {
            "customer_kind": SQL("law.kind"),
            "is_carriage": SQL("law.is_carriage"),
            "limitation_date": SQL("CASE WHEN %s THEN %s END", is_claim, limitation),
            "limitation_days": SQL("CASE WHEN %s THEN %s - company.day END", is_claim, limitation),
        }

    @api.model
    def _get_line_joins(self):
        """``law``: kind of customer, carriage, first day that counts; ``stop``: interruptions.

        Few invoices are carriage or were delivered before their date: a partial index finds them.
        """
        return SQL(
            """
            %(others)s
         LEFT JOIN account_move early ON early.id = l.move_id
               AND (early.dunning_is_carriage OR early.delivery_date < early.invoice_date)
         LEFT JOIN (%(interruption)s) AS stop ON stop.line_id = l.id
        CROSS JOIN LATERAL (SELECT %(kind)s AS kind,
                                   early.dunning_is_carriage IS TRUE AS is_carriage,
                                   LEAST(COALESCE(l.invoice_date, l.date),
                                         COALESCE(l.date_maturity, l.date),
                                         early.delivery_date) AS first_day) AS law
            """,
            others=super()._get_line_joins(),
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
    def _get_limitation_sql(self):
        """The day on which item ``l`` becomes time-barred.

        What interrupts begins the full period anew (article 2231), if it came in time: before the
        claim was barred, and each time before it was barred again (articles 2250 and 2251).
        """
        return SQL(
            """(CASE WHEN stop.first_day IS NULL OR stop.first_day >= %(plain)s
                          OR stop.gap >= 365 * %(years)s
                     THEN %(plain)s
                     ELSE LEAST(%(anew)s, (law.first_day + %(longest)s)::date) END)""",
            plain=self._get_period_end_sql(SQL("law.first_day")),
            anew=self._get_period_end_sql(SQL("stop.last_day")),
            years=self._get_period_years_sql(),
            longest=SQL("make_interval(years => %s)", LONGEST_YEARS),
        )

    @api.model
    def _get_period_years_sql(self):
        return SQL(
            """CASE WHEN law.is_carriage THEN 1 WHEN law.kind = 'consumer' THEN 2
                    WHEN law.kind = 'public' THEN 4 ELSE 5 END"""
        )

    @api.model
    def _get_period_end_sql(self, since):
        """The end of the period that begins on ``since``.

        5 years (C. com. L110-4, C. civ. 2224), consumers 2 (C. conso. L218-2), carriage 1 (C. com.
        L133-6); public bodies 4 years from the next 1 January (loi 68-1250, article 1).
        """
        return SQL(
            """(CASE WHEN law.kind = 'public' AND NOT law.is_carriage
                     THEN make_date(extract(year FROM %(since)s)::int + 5, 1, 1)
                     ELSE (%(since)s + make_interval(years => %(years)s))::date END)""",
            since=since,
            years=self._get_period_years_sql(),
        )
