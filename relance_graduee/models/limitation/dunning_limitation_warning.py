import logging

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..common.words import labelled, plain_to_html

_logger = logging.getLogger(__name__)

BATCH_SIZE = 200  # customers warned about in one transaction
# Days before a claim becomes time-barred on which somebody is warned.
WARNING_DAYS = (180, 90, 30)


class DunningLimitationWarning(models.Model):
    """A warning, given once, that an item will be time-barred in so many days."""

    _name = "dunning.limitation.warning"
    _inherit = ["dunning.dated"]
    _description = "Warning before a claim is time-barred"
    _log_access = False

    move_line_id = fields.Many2one("account.move.line", required=True, ondelete="cascade")
    days = fields.Integer(required=True)
    limitation_date = fields.Date(required=True)

    _told_once = models.UniqueIndex(
        "(move_line_id, days, limitation_date)", "This warning was already given."
    )

    @api.model
    def _cron_warn(self):
        """Tell the collectors, one task a customer, what will soon be time-barred."""
        for company in self.env["res.company"]._get_dunning_roots():
            in_time = self.env["dunning.batch"]._do_all(
                self,
                "_warn",
                self._get_partner_ids_to_warn(company),
                BATCH_SIZE,
                on_failure="_note_unwarned",
                company=company,
                arguments=[company.id],
            )
            if not in_time:
                return

    @api.model
    def _warn(self, partner_ids, company_id):
        by_customer = {}
        for row in self._note_new(partner_ids, company_id):
            by_customer.setdefault(row["partner_id"], []).append(row)
        self.env["mail.activity"].create(
            [
                self._prepare_activity_vals(company_id, partner_id, items)
                for partner_id, items in by_customer.items()
            ]
        )

    @api.model
    def _note_unwarned(self, partner_id, error, company_id):
        _logger.error("No warning was given of the customer %s", partner_id, exc_info=error)
        company = self.env["res.company"].browse(company_id)
        words = self.with_context(lang=company._get_dunning_manager().lang or self.env.lang)
        summary = words.env._("What will be time-barred could not be told")
        company._tell_dunning_failure(partner_id, summary)

    @api.model
    def _get_partner_ids_to_warn(self, company):
        """Customers with an item that came below a number of days without a warning yet."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT partner_id FROM (%s) AS near
                 WHERE NOT EXISTS (
                           SELECT 1 FROM dunning_limitation_warning told
                            WHERE told.move_line_id = near.id AND told.days = near.days
                              AND told.limitation_date = near.limitation_date)
              ORDER BY partner_id
                """,
                self._get_near_sql(None, company.id),
            )
        )
        return [partner_id for (partner_id,) in rows]

    @api.model
    def _note_new(self, partner_ids, company_id):
        """Record and return the warnings that are due for these customers. One statement.

        :return: list of dicts: partner_id, number, limitation_date
        """
        self.flush_model()
        return self.env.execute_query_dict(
            SQL(
                """
                WITH near AS MATERIALIZED (%s),
                told AS (
                    INSERT INTO dunning_limitation_warning (move_line_id, days, limitation_date)
                         SELECT id, days, limitation_date FROM near
                    ON CONFLICT DO NOTHING RETURNING move_line_id)
                SELECT near.partner_id, m.name AS number, near.limitation_date
                  FROM near JOIN told ON told.move_line_id = near.id
                  JOIN account_move m ON m.id = near.move_id
              ORDER BY near.limitation_date, m.name
                """,
                self._get_near_sql(partner_ids, company_id),
            )
        )

    @api.model
    def _get_near_sql(self, partner_ids, company_id):
        """``SELECT`` of the items that will be time-barred within the longest of ``WARNING_DAYS``.

        Columns: id, move_id, partner_id, limitation_date, days (the shortest of
        ``WARNING_DAYS`` that they came below).
        """
        return SQL(
            """
            SELECT id, move_id, partner_id, limitation_date, CASE %(cases)s END AS days
              FROM (SELECT *, limitation_date - day AS days_left
                      FROM (%(decision)s) AS decision) AS item
             WHERE days_left BETWEEN 1 AND %(most)s AND partner_id IS NOT NULL
            """,
            cases=SQL(" ").join(
                SQL("WHEN days_left <= %s THEN %s", days, days) for days in sorted(WARNING_DAYS)
            ),
            decision=self.env["dunning.decision"]._get_shown_query(partner_ids, [company_id]),
            most=max(WARNING_DAYS),
        )

    @api.model
    def _prepare_activity_vals(self, company_id, partner_id, items):
        """A task on the customer for its collector: numbers and dates, no amounts."""
        company = self.env["res.company"].browse(company_id)
        partner = self.env["res.partner"].browse(partner_id).with_company(company)
        doer = partner._get_dunning_collector(company)
        words = self.with_context(lang=doer.lang or self.env.lang)
        first = items[0]["limitation_date"]
        lines = [
            labelled(words.env, item["number"], words._format(item["limitation_date"]))
            for item in items
        ]
        return {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": partner_id,
            "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            "user_id": doer.id,
            "date_deadline": company._get_dunning_today(),
            "summary": words.env._(
                "Claims time-barred from %s on: act before", words._format(first)
            ),
            "note": plain_to_html("\n".join(lines)),
        }

    def _format(self, date):
        return format_date(self.env, date)
