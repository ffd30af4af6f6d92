import logging
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH_SIZE = 200  # customers of whom something is forgotten in one transaction


class Marks(NamedTuple):
    """Customers (``res.partner``) by what is to be done about their mark as a bad payer.

    new: marked, and not yet dated
    lifted: dated, and no longer marked: a person lifted the mark
    paid: marked, and owe nothing overdue
    expired: marked for too long, and still owe
    """

    new: Any
    lifted: Any
    paid: Any
    expired: Any


class DunningRetention(models.AbstractModel):
    """Deletion of the personal data of natural persons once its time has passed.

    CNIL, délibération 2021-130 of 23/09/2021 (unpaid debts of a commercial transaction): marks as
    a bad payer fall within 48 hours of full payment, and after three years at most; notes and call
    reports are kept for a time that the company sets. Invoices, notices and proofs stay: accounting
    keeps them ten years.
    Natural persons are consumers and customers who are no company.
    """

    _name = "dunning.retention"
    _description = "Retention of personal data"

    @api.model
    def _cron_forget(self):
        """Once a day, so that no mark survives full payment by two days."""
        for company in self.env["res.company"]._get_dunning_roots():
            in_time = self.env["dunning.batch"]._do_all(
                self,
                "_forget",
                self._get_partner_ids_to_forget(company),
                BATCH_SIZE,
                on_failure="_note_unforgotten",
                company=company,
                arguments=[company.id],
            )
            if not in_time:
                return

    @api.model
    def _get_partner_ids_to_forget(self, company):
        """Customers of whom something is to be forgotten, or begins to count, today."""
        marks = [self._get_marks(member, company) for member in company._get_dunning_tree()]
        found = self.env["res.partner"].union(*(customers for of in marks for customers in of))
        found |= self._get_closed_deliveries(company).partner_id.commercial_partner_id
        found |= self._get_ended_pauses(company)
        found |= self._get_closed_decisions(company).partner_id
        return found.ids

    @api.model
    def _forget(self, partner_ids, company_id):
        company = self.env["res.company"].browse(company_id)
        self._lift_marks(company, partner_ids)
        self._erase_notes(company, partner_ids)
        self._get_closed_decisions(company, partner_ids)._erase()
        self._get_ended_pauses(company, partner_ids).write(
            {"dunning_paused_until": False, "dunning_pause_reason": False}
        )

    @api.model
    def _note_unforgotten(self, partner_id, error, company_id):
        """Keeping it would be against the law: the dunning manager is told."""
        _logger.error("Data of the customer %s were not erased", partner_id, exc_info=error)
        company = self.env["res.company"].browse(company_id)
        words = self.with_context(lang=company._get_dunning_manager().lang or self.env.lang)
        summary = words.env._("Personal data could not be erased")
        company._tell_dunning_failure(partner_id, summary)

    @api.model
    def _get_natural_domain(self):
        """``res.partner``: natural persons, as customers."""
        return Domain("customer_kind", "=", "consumer") | (
            Domain("is_company", "=", False) & Domain("customer_kind", "in", (False, "business"))
        )

    @api.model
    def _get_among_domain(self, path, partner_ids):
        """Keeps ``path`` to these customers; None: to nobody in particular."""
        return Domain.TRUE if partner_ids is None else Domain(path, "in", partner_ids)

    @api.model
    def _get_debtor_ids(self, company, partners):
        """Which of these customers owe something overdue to the root ``company``. One query."""
        rows = self.env["dunning.decision"]._get_rows(
            partners.ids, company.ids, SQL("is_overdue AND amount_residual > 0")
        )
        return {row["partner_id"] for row in rows}

    # ------------------------------------------------------------
    # MARKS
    # ------------------------------------------------------------

    @api.model
    def _get_mark_vals(self):
        """Fields that mark somebody as a bad payer: field -> value of the mark. To extend."""
        return {"trust": "bad"}

    @api.model
    def _lift_marks(self, company, partner_ids):
        """Whoever paid everything, or has been marked for too long, is no longer marked.

        :return: the customers
        """
        free, old = self.env["res.partner"], self.env["res.partner"]
        for member in company._get_dunning_tree():
            marks = self._get_marks(member, company, partner_ids)
            self._write_marks(marks, company)
            free, old = free | marks.paid, old | marks.expired
        body = self.env._("Everything was paid: no longer marked as a bad payer.")
        free._message_log_batch(bodies=dict.fromkeys(free.ids, body))
        body = self.env._(
            "Marked as a bad payer for %s months: no longer. What is owed stays owed.",
            company.dunning_mark_months,
        )
        old._message_log_batch(bodies=dict.fromkeys(old.ids, body))
        return free | old

    @api.model
    def _get_marks(self, member, root, partner_ids=None):
        """The marks that ``member`` of the tree of ``root`` gave: debts count for the whole tree.

        :return: ``Marks``
        """
        customers = self.env["res.partner"].sudo().with_company(member)
        natural = self._get_natural_domain() & Domain("parent_id", "=", False)
        natural &= self._get_among_domain("id", partner_ids)
        marked = Domain.OR(
            [(name, "=", value)] for name, value in self._get_mark_vals().items()
        ) | Domain("dunning_hold_until", "!=", False)
        found = customers.search(natural & marked)
        dated = customers.search(natural & Domain("dunning_marked_on", "!=", False))
        owing = self._get_debtor_ids(root, found) if found else set()
        paid = found.filtered(lambda partner: partner.id not in owing)
        limit = root._get_dunning_today() - relativedelta(months=root.dunning_mark_months)
        expired = (found & dated - paid).filtered(lambda p: p.dunning_marked_on <= limit)
        return Marks(found - dated, dated - found, paid, expired)

    @api.model
    def _write_marks(self, marks, root):
        marks.lifted.write({"dunning_marked_on": False})
        marks.new.write({"dunning_marked_on": root._get_dunning_today()})
        (marks.paid | marks.expired).write(
            {
                "trust": "normal",
                "dunning_hold_until": False,
                "dunning_hold_reason": False,
                "dunning_marked_on": False,
            }
        )

    # ------------------------------------------------------------
    # NOTES
    # ------------------------------------------------------------

    @api.model
    def _get_limit(self, company):
        """The day before which data is deleted, or None: everything is kept."""
        months = company.dunning_note_months
        return company._get_dunning_today() - relativedelta(months=months) if months else None

    @api.model
    def _erase_notes(self, company, partner_ids):
        """Free text of old calls, visits and messages; what was sent and its proof stay."""
        closed = self._get_closed_deliveries(company, partner_ids)
        nothing = {"note": False, "outcome_means": False, "risk": False}
        self.env["dunning.proof"]._open(closed).write(nothing)
        if closed:
            self._erase_logs(closed, self._get_limit(company))

    @api.model
    def _get_closed_deliveries(self, company, partner_ids=None):
        """Deliveries whose notes are to be erased.

        A customer who still owes something overdue is left alone: the file is not closed.
        """
        deliveries, limit = self.env["dunning.delivery"].sudo(), self._get_limit(company)
        if not limit:
            return deliveries
        among = self._get_among_domain("partner_id.commercial_partner_id", partner_ids)
        old = deliveries.search(self._get_note_domain(company, limit) & among)
        owing = self._get_debtor_ids(company, old.partner_id) if old else set()
        return old.filtered(lambda d: d.partner_id.commercial_partner_id.id not in owing)

    @api.model
    def _get_note_domain(self, company, limit):
        natural = Domain("partner_id.commercial_partner_id", "any", self._get_natural_domain())
        written = Domain.OR([(name, "!=", False)] for name in ("note", "outcome_means", "risk"))
        age = Domain("date_planned", "<", limit) & Domain("state", "!=", "todo")
        return Domain("company_id", "=", company.id) & age & natural & written

    @api.model
    def _erase_logs(self, deliveries, limit):
        """The same notes, as they were repeated in the chatter of their notices."""
        messages = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", "dunning.notice"),
                    ("res_id", "in", deliveries.notice_id.ids),
                    ("message_type", "in", ("notification", "comment")),
                    ("date", "<", limit),
                ]
            )
        )
        body = self.env._("Erased: the time for which notes are kept is over.")
        self.env["dunning.proof"]._open(messages).write({"body": body})

    @api.model
    def _get_ended_pauses(self, company, partner_ids=None):
        """Persons whose pause ended so long ago that its reason is to be erased."""
        customers = self.env["res.partner"].sudo().with_company(company)
        limit = self._get_limit(company)
        if not limit:
            return customers
        over = Domain("dunning_paused_until", "<", limit)
        among = self._get_among_domain("id", partner_ids)
        return customers.search(self._get_natural_domain() & over & among)

    @api.model
    def _get_closed_decisions(self, company, partner_ids=None):
        """Decisions about customers whose reasons are to be erased: old, and the file is closed."""
        notes, limit = self.env["dunning.customer.note"].sudo(), self._get_limit(company)
        if not limit:
            return notes
        written = Domain("company_id", "=", company.id) & Domain("reason", "!=", False)
        natural = Domain("partner_id", "any", self._get_natural_domain())
        among = self._get_among_domain("partner_id", partner_ids)
        old = notes.search(written & natural & among & Domain("date", "<", limit))
        owing = self._get_debtor_ids(company, old.partner_id) if old else set()
        return old.filtered(lambda note: note.partner_id.id not in owing)
