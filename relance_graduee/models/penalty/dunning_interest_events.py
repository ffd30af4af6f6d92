from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL


class DunningInterest(models.AbstractModel):
    """What settled the items, and the money that we hold for them."""

    _inherit = "dunning.interest"

    @api.model
    def _read_events(self, line_ids, past=None):
        """Move line id -> [{day, kind, amount, label}], from the reconciliations.

        ``kind``: of ``dunning.counterpart``. Amounts are those of the item's own currency:
        exchange differences have none.

        :param past: only what stood on this day
        """
        events = defaultdict(list)
        for line_id, *event in self.env.execute_query(
            SQL(
                """
                SELECT r.debit_move_id, %(event)s, r.debit_amount_currency * part.share
                  FROM account_partial_reconcile r
                  JOIN account_move_line l ON l.id = r.credit_move_id
                  JOIN account_move m ON m.id = l.move_id
                  %(parts)s
                 WHERE r.debit_move_id = ANY(%(ids)s) AND r.debit_amount_currency > 0
                   AND %(past)s
              ORDER BY 2, r.id, part.kind
                """,
                event=self._get_event_sql(),
                parts=self.env["dunning.counterpart"]._get_parts_sql(),
                ids=list(line_ids),
                past=SQL("r.max_date <= %s AND l.parent_state = 'posted'", past)
                if past
                else SQL("true"),
            )
        ):
            events[line_id].append(self._prepare_event(*event))
        return events

    @api.model
    def _get_event_sql(self):
        """day, kind, label of the ``part`` of the entry ``l`` of ``m`` that settles an item."""
        return SQL(
            """%s, part.kind,
               CASE WHEN m.move_type != 'entry' THEN m.name
                    ELSE COALESCE(NULLIF(m.ref, ''), m.name) END""",
            self.env["dunning.counterpart"]._get_day_sql(),
        )

    @api.model
    def _prepare_event(self, day, kind, label, amount):
        return {
            "day": day,
            "kind": kind,
            "label": label or "",
            "amount": Decimal(str(amount)),
        }

    @api.model
    def _add_held_money(self, events, rows, held):
        """Money that we hold counts from the day it arrived, oldest item first.

        Unallocated payments and credit notes, as the notice lists them too.

        :param held: see ``_read_held_money``
        """
        left = {
            row["id"]: Decimal(str(row["residual"]))
            for row in rows
            if not row["reconciled"] and not row["dunning_disputed"]
        }
        queues = defaultdict(list)
        for row in rows:
            if row["id"] in left:
                queues[row["partner_id"], row["currency_id"]].append(row["id"])
        for partner_id, currency_id, *event in held:
            event = self._prepare_event(*event)
            for line_id in queues[partner_id, currency_id]:
                amount = min(left[line_id], event["amount"])
                if amount > 0:
                    events[line_id].append({**event, "amount": amount})
                    left[line_id] -= amount
                    event["amount"] -= amount

    @api.model
    def _read_held_money(self, company, family, past=None):
        """(partner, currency, day, kind, label, amount), by date: as the decision covers items.

        What was moved to another account, rejected or excluded covers nothing here either, nor
        what we paid back.

        :param past: as it was on this day
        """
        counterpart = self.env["dunning.counterpart"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.commercial_partner_id, l.currency_id, %(event)s,
                       -%(residual)s * part.share
                  FROM account_move_line l
                  JOIN account_move m ON m.id = l.move_id
                  JOIN res_partner p ON p.id = l.partner_id
                  %(parts)s
                 WHERE l.parent_state = 'posted' AND %(stands)s AND %(residual)s != 0
                   AND (%(residual)s < 0 OR l.payment_id IS NOT NULL
                        OR l.statement_line_id IS NOT NULL)
                   AND l.no_followup IS NOT TRUE AND l.company_id IN %(companies)s
                   AND %(receivable)s %(partners)s
                   AND NOT (%(reclassified)s) AND (%(void)s) IS NOT TRUE
              ORDER BY 3, l.id
                """,
                event=self._get_event_sql(),
                residual=self._get_residual_sql(past),
                stands=SQL("l.date <= %s", past) if past else SQL("l.reconciled IS NOT TRUE"),
                parts=counterpart._get_parts_sql(),
                reclassified=counterpart._get_reclassified_condition(),
                void=counterpart._get_void_condition(),
                companies=tuple(company._get_dunning_tree().ids),
                receivable=self._get_receivable_sql(),
                partners=self.env["dunning.decision"]._get_partner_filter(
                    family, SQL("l.partner_id")
                ),
            )
        )
        return self._subtract_refunds([list(row) for row in rows])

    @api.model
    def _subtract_refunds(self, rows):
        """Money held less what we paid back (negative amounts) of it: the last that was there."""
        held = defaultdict(list)
        for row in reversed(rows):
            if row[-1] > 0:
                held[tuple(row[:2])].append(row)
        for *customer, day, _kind, _label, refund in [row for row in rows if row[-1] < 0]:
            left = -refund
            for row in sorted(held[tuple(customer)], key=lambda row, day=day: row[2] > day):
                taken = min(row[-1], left)
                row[-1] -= taken
                left -= taken
        return [row for row in rows if row[-1] > 0]
