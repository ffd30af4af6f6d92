from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..item.dunning_item import DAY
from ..policy.dunning_policy import CUSTOMER_KINDS


class DunningItem(models.Model):
    """Until when each item may be claimed in court (see ``dunning_decision_limitation.py``)."""

    _inherit = "dunning.item"

    customer_kind = fields.Selection(CUSTOMER_KINDS, readonly=True)
    is_carriage = fields.Boolean(string="Carriage of goods", readonly=True)
    limitation_date = fields.Date(
        string="Time-barred on",
        readonly=True,
        help="Counted prudently, from the earliest of delivery, invoice and due date, and from "
        "recorded interruptions. A formal notice changes nothing, except for public bodies.",
    )
    limitation_days = fields.Integer(
        string="Days before time-barred", readonly=True, aggregator="min", depends_context=DAY
    )
    limitation_possible_date = fields.Date(
        string="Possibly time-barred on",
        compute="_compute_limitation_possible_date",
        help="If a court took the last part payment for an acknowledgement of the whole debt. "
        "Not to be relied on.",
    )

    def _get_detail_time_barred(self, item, facts):
        return self.env._(
            "Nothing: time-barred since %s, a consumer may no longer be asked for it",
            format_date(self.env, item.limitation_date),
        )

    @api.depends("limitation_date")
    def _compute_limitation_possible_date(self):
        """From the last payment, in the books or recorded; only if it came in time."""
        possible = self._get_possible_dates()
        for item in self:
            paid, end = possible.get(item.id, (None, None))
            counts = paid and item.limitation_date and paid < item.limitation_date < end
            item.limitation_possible_date = counts and end

    def _get_possible_dates(self):
        """Item id -> (day of the last money, end of the period from then on). One statement."""
        self.env["account.partial.reconcile"].flush_model()
        self.env["dunning.interruption"].flush_model()
        law = [(item.id, item.customer_kind or "business", item.is_carriage) for item in self]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT law.id, paid.day, %(end)s
                  FROM unnest(%(ids)s, %(kinds)s, %(carriages)s) AS law(id, kind, is_carriage)
                  JOIN (SELECT id, max(date) AS day FROM (%(money)s) AS money GROUP BY id) AS paid
                    ON paid.id = law.id
                """,
                end=self.env["dunning.decision"]._get_period_end_sql(
                    SQL.identifier("law"), SQL("paid.day")
                ),
                ids=[id_ for id_, _kind, _is_carriage in law],
                kinds=[kind for _id, kind, _is_carriage in law],
                carriages=[is_carriage for _id, _kind, is_carriage in law],
                money=self._get_money_sql(),
            )
        )
        return {id_: (day, end) for id_, day, end in rows}

    def _get_money_sql(self):
        """id, date of each sum that these items received, in the books or noted by a person."""
        return SQL(
            """
            SELECT r.debit_move_id AS id, received.date
              FROM account_partial_reconcile r
              JOIN account_move_line received ON received.id = r.credit_move_id
              JOIN account_move m ON m.id = received.move_id
             WHERE r.debit_move_id = ANY(%(ids)s) AND %(kind)s = 'money'
         UNION ALL
            SELECT rel.line_id, i.date
              FROM dunning_interruption_line_rel rel
              JOIN dunning_interruption i ON i.id = rel.interruption_id
             WHERE rel.line_id = ANY(%(ids)s) AND i.active AND i.kind = 'payment'
            """,
            ids=self.ids,
            kind=self.env["dunning.counterpart"]._get_kind_sql("received"),
        )

    def action_record_interruption(self):
        """Note that the time to sue begins anew for these items of one customer."""
        self.partner_id.ensure_one()
        self.company_id.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What interrupts the limitation period"),
            "res_model": "dunning.interruption",
            "view_mode": "form",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_move_line_ids": self.ids,
            },
        }
