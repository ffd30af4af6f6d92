import json

from odoo import api, models
from odoo.tools import SQL

from .dunning_penalty import KINDS


class DunningPenalty(models.Model):
    """Accrual of the ledger: its rows are computed from the debts of ``dunning.interest``.

    Written by SQL, a statement for all new rows and one for all that nobody touched, because a
    night has hundreds of thousands; rows that were paid, waived or booked in part are written one
    by one, so that what follows from it is computed.
    """

    _inherit = "dunning.penalty"

    @api.model
    def _accrue(self, company, partner_ids, day):
        """Bring the ledger of these customers up to ``day``. A constant number of statements.

        :param company: a root company
        :param partner_ids: ids of commercial partners
        """
        ledger = self.sudo()
        debts = self.env["dunning.interest"].sudo()._get_debts(company, partner_ids, day)
        rows = ledger.search(
            [("company_id", "=", company.id), ("partner_id", "in", list(partner_ids))]
        )
        owed = ledger._pair_debts(rows, debts, company.dunning_indemnity_per)
        new, plain = [], []
        for debt, kind, row in owed:
            vals = ledger._prepare_accrual_vals(debt, kind, day)
            if not row:
                new.append(vals | ledger._prepare_identity_vals(debt, kind, company))
            elif row._is_plain():
                plain.append(row._prepare_plain_vals(vals))
            else:
                row.write(vals)
        looked_at = {debt["id"] for debt in debts}
        gone = rows - ledger.union(*(row for _debt, _kind, row in owed))
        gone.filtered(lambda r: not r.is_final or r.move_line_id.id in looked_at)._forget()
        ledger._update_plain(plain)
        ledger._insert(new)

    @api.model
    def _pair_debts(self, rows, debts, per):
        """Debts with their rows of the ledger: list of (debt, kind, its row or an empty record).

        An invoice that bears its indemnity already gets no second one, unless the company wants
        one for each instalment.
        """
        known = {(row.move_line_id.id, row.kind): row for row in rows if row.move_line_id}
        fined = {row.move_id.id for row in rows if row.kind == "indemnity" and row.amount_accrued}
        owed = []
        for debt in debts:
            interest, indemnity = (
                known.get((debt["id"], kind), self.browse()) for kind, _ in KINDS
            )
            if debt["interest"] or debt["missing"]:
                owed.append((debt, "interest", interest))
            second = per == "invoice" and debt["move_id"] in fined and not indemnity
            if debt["indemnity"] and not second:
                owed.append((debt, "indemnity", indemnity))
        return owed

    @api.model
    def _prepare_accrual_vals(self, debt, kind, day):
        """Values that each accrual computes anew; interest without its rate stays as it was."""
        vals = {"is_final": bool(debt["reconciled"]), "checked_at": self.env.cr.now()}
        if kind == "indemnity":
            return vals | {"amount_accrued": float(debt["indemnity"]), "accrued_until": day}
        if debt["missing"]:
            return vals | {"missing": debt["missing"], "is_final": False}
        return vals | {
            "missing": False,
            "amount_accrued": float(debt["interest"]),
            "accrued_until": debt["sheet"]["until"],
            "sheet": debt["sheet"],
        }

    @api.model
    def _prepare_identity_vals(self, debt, kind, company):
        return {
            "kind": kind,
            "company_id": company.id,
            "partner_id": debt["partner_id"],
            "currency_id": debt["currency_id"],
            "move_line_id": debt["id"],
            "move_id": debt["move_id"],
            "number": debt["number"],
            "invoice_date": debt["invoice_date"],
            "date_maturity": debt["date_maturity"],
        }

    def _forget(self):
        """Delete rows that are no longer owed, unless they were claimed or acted on."""
        kept = self.filtered(
            lambda row: row.amount_claimed or row.amount_paid or row.waived_by or row.amount_noted
        )
        kept.filtered("amount_accrued").write({"amount_accrued": 0, "missing": False})
        (self - kept).unlink()

    @api.model
    def _forget_given_up(self):
        """Forget the penalties of items that were written off or moved, and paid by nobody.

        :return: (number of rows forgotten, rows that were claimed or acted on: they stay)
        """
        self.env["dunning.interest"]._flush()
        counterpart = self.env["dunning.counterpart"]
        rows = self.browse(
            row_id
            for (row_id,) in self.env.execute_query(
                SQL(
                    """
                    SELECT p.id
                      FROM dunning_penalty p
                      JOIN account_move_line owed ON owed.id = p.move_line_id AND owed.reconciled
                      JOIN account_partial_reconcile r ON r.debit_move_id = owed.id
                      JOIN account_move_line l ON l.id = r.credit_move_id
                      JOIN account_move m ON m.id = l.move_id
                     WHERE p.is_final
                  GROUP BY p.id
                    HAVING bool_and(%s IN ('written_off', 'transfer'))
                    """,
                    counterpart._get_kind_sql(),
                )
            )
        )
        kept = rows.filtered(lambda row: not row._is_plain() or row.amount_claimed)
        (rows - kept).unlink()
        return len(rows - kept), kept

    # ------------------------------------------------------------
    # MANY ROWS
    # ------------------------------------------------------------

    def _is_plain(self):
        """Whether nothing of this row was paid, waived or put on a debit note: what is due is
        what accrued, and its state stays."""
        self.ensure_one()
        return not (
            self.amount_paid
            or self.amount_booked
            or self.amount_waived
            or self.is_waived
            or self.amount_noted
        )

    def _prepare_plain_vals(self, vals):
        """The whole of what is written of this row, whatever is new of it."""
        names = ("amount_accrued", "accrued_until", "is_final", "missing", "sheet")
        return {name: vals[name] if name in vals else self[name] for name in names} | {
            "id": self.id
        }

    @api.model
    def _update_plain(self, vals_list):
        """:param vals_list: see ``_prepare_plain_vals``"""
        if not vals_list:
            return
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE dunning_penalty
                   SET amount_accrued = t.amount_accrued, amount_due = t.amount_accrued,
                       accrued_until = t.accrued_until, is_final = t.is_final,
                       missing = t.missing, sheet = t.sheet,
                       checked_at = now() AT TIME ZONE 'UTC'
                  FROM %s
                 WHERE dunning_penalty.id = t.id
                """,
                self._get_rows_sql(
                    vals_list,
                    "id int, amount_accrued numeric, accrued_until date, is_final boolean,"
                    " missing text, sheet jsonb",
                ),
            )
        )
        self.invalidate_model()

    @api.model
    def _insert(self, vals_list):
        """:param vals_list: see ``_prepare_accrual_vals`` and ``_prepare_identity_vals``"""
        if not vals_list:
            return
        columns = (
            "kind text, company_id int, partner_id int, currency_id int, move_line_id int,"
            " move_id int, number text, invoice_date date, date_maturity date,"
            " amount_accrued numeric, accrued_until date, is_final boolean, missing text,"
            " sheet jsonb"
        )
        names = SQL(", ").join(SQL.identifier(each.split()[0]) for each in columns.split(", "))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dunning_penalty (
                    %(names)s, amount_due, amount_paid, amount_noted, state, checked_at,
                    create_uid, create_date, write_uid, write_date)
                SELECT %(names)s, amount_accrued, 0, 0, 'accrued', now() AT TIME ZONE 'UTC',
                       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM %(rows)s
                """,
                names=names,
                uid=self.env.uid,
                rows=self._get_rows_sql(vals_list, columns),
            )
        )
        self.invalidate_model()

    @api.model
    def _get_rows_sql(self, vals_list, columns):
        """``vals_list`` as the SQL table ``t``; what is False is NULL, but for ``is_final``.

        :param columns: names and types
        """
        for vals in vals_list:
            empty = [name for name, value in vals.items() if value is False]
            vals.update(dict.fromkeys(set(empty) - {"is_final"}))
        return SQL(
            "jsonb_to_recordset(%s::jsonb) AS t(%s)",
            json.dumps(vals_list, default=str),
            SQL(columns),
        )
