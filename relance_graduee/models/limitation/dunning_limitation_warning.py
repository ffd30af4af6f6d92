from odoo import api, fields, models
from odoo.tools import SQL, format_date, plaintext2html

from ..common.words import labelled

# Days before a claim becomes time-barred on which somebody is told.
WARNING_DAYS = (180, 90, 30)


class DunningLimitationWarning(models.Model):
    """That somebody was told, once, that an item will be time-barred in so many days."""

    _name = "dunning.limitation.warning"
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
        rows = self._note_new()
        by_customer = {}
        for row in rows:
            key = (row["company_id"], row["partner_id"])
            by_customer.setdefault(key, []).append(row)
        self.env["mail.activity"].create(
            [
                self._prepare_activity_vals(company_id, partner_id, items)
                for (company_id, partner_id), items in by_customer.items()
            ]
        )
        return len(by_customer)

    @api.model
    def _note_new(self):
        """Items that came below a number of days nobody was told of yet. One statement.

        :return: list of dicts: company_id, partner_id, number, limitation_date
        """
        self.flush_model()
        return self.env.execute_query_dict(
            SQL(
                """
                WITH near AS MATERIALIZED (
                    SELECT id, move_id, company_id, partner_id, limitation_date,
                           CASE %(cases)s END AS days
                      FROM (SELECT *, limitation_date - day AS days_left
                              FROM (%(decision)s) AS decision) AS item
                     WHERE days_left BETWEEN 1 AND %(most)s AND partner_id IS NOT NULL),
                told AS (
                    INSERT INTO dunning_limitation_warning (move_line_id, days, limitation_date)
                         SELECT id, days, limitation_date FROM near
                    ON CONFLICT DO NOTHING RETURNING move_line_id)
                SELECT near.company_id, near.partner_id, m.name AS number, near.limitation_date
                  FROM near JOIN told ON told.move_line_id = near.id
                  JOIN account_move m ON m.id = near.move_id
              ORDER BY near.limitation_date, m.name
                """,
                cases=SQL(" ").join(
                    SQL("WHEN days_left <= %s THEN %s", days, days) for days in sorted(WARNING_DAYS)
                ),
                decision=self.env["dunning.decision"]._get_shown_query(),
                most=max(WARNING_DAYS),
            )
        )

    @api.model
    def _prepare_activity_vals(self, company_id, partner_id, items):
        """A task on the customer for its collector: numbers and dates, no amounts."""
        company = self.env["res.company"].browse(company_id)
        partner = self.env["res.partner"].browse(partner_id).with_company(company)
        doer = partner.dunning_user_id or company._get_dunning_manager()
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
            "note": plaintext2html("\n".join(lines)),
        }

    def _format(self, date):
        return format_date(self.env, date)
