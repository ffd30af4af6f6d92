from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class DunningRetention(models.AbstractModel):
    """What is forgotten of natural persons, and when.

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
            self._lift_marks(company)
            self._erase_notes(company)
            self._erase_pauses(company)

    @api.model
    def _get_natural_domain(self):
        """``res.partner``: natural persons, as customers."""
        return Domain("customer_kind", "=", "consumer") | (
            Domain("is_company", "=", False) & Domain("customer_kind", "in", (False, "business"))
        )

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
        """What marks somebody as a bad payer: field -> value of the mark. To extend."""
        return {"trust": "bad"}

    @api.model
    def _lift_marks(self, company):
        """Whoever paid everything, or has been marked for too long, is no longer marked.

        :return: the customers
        """
        free, old = self.env["res.partner"], self.env["res.partner"]
        for member in company._get_dunning_tree():
            paid, expired = self._lift_marks_of(member, company)
            free, old = free | paid, old | expired
        body = self.env._("Everything was paid: no longer marked as a bad payer.")
        free._message_log_batch(bodies=dict.fromkeys(free.ids, body))
        body = self.env._(
            "Marked as a bad payer for %s months: no longer. What is owed stays owed.",
            company.dunning_mark_months,
        )
        old._message_log_batch(bodies=dict.fromkeys(old.ids, body))
        return free | old

    @api.model
    def _lift_marks_of(self, member, root):
        """The marks that ``member`` of the tree of ``root`` gave: debts count for the whole tree.

        :return: the customers who paid, and those whose mark is too old
        """
        customers = self.env["res.partner"].sudo().with_company(member)
        natural = self._get_natural_domain() & Domain("parent_id", "=", False)
        marked = Domain.OR(
            [(name, "=", value)] for name, value in self._get_mark_vals().items()
        ) | Domain("dunning_hold_until", "!=", False)
        found = customers.search(natural & marked)
        dated = customers.search(natural & Domain("dunning_marked_on", "!=", False))
        (dated - found).write({"dunning_marked_on": False})  # a person lifted the mark
        today = root._get_dunning_today()
        (found - dated).write({"dunning_marked_on": today})
        owing = self._get_debtor_ids(root, found) if found else set()
        paid = found.filtered(lambda partner: partner.id not in owing)
        limit = today - relativedelta(months=root.dunning_mark_months)
        expired = (found - paid).filtered(lambda partner: partner.dunning_marked_on <= limit)
        (paid | expired).write(
            {
                "trust": "normal",
                "dunning_hold_until": False,
                "dunning_hold_reason": False,
                "dunning_marked_on": False,
            }
        )
        return paid, expired

    # ------------------------------------------------------------
    # NOTES
    # ------------------------------------------------------------

    @api.model
    def _get_limit(self, company):
        """What is older than this day is forgotten, or None: everything is kept."""
        months = company.dunning_note_months
        return company._get_dunning_today() - relativedelta(months=months) if months else None

    @api.model
    def _erase_notes(self, company):
        """Free text of old calls, visits and messages; what was sent and its proof stay.

        A customer who still owes something overdue is left alone: the file is not closed.

        :return: the deliveries whose notes were erased
        """
        limit = self._get_limit(company)
        if not limit:
            return self.env["dunning.delivery"]
        old = self.env["dunning.delivery"].sudo().search(self._get_note_domain(company, limit))
        owing = self._get_debtor_ids(company, old.partner_id) if old else set()
        closed = old.filtered(lambda d: d.partner_id.commercial_partner_id.id not in owing)
        closed.write({"note": False, "outcome_means": False, "risk": False})
        self._erase_logs(closed, limit)
        return closed

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
        messages.write({"body": self.env._("Erased: the time for which notes are kept is over.")})

    @api.model
    def _erase_pauses(self, company):
        """Reasons of pauses that ended long ago."""
        limit = self._get_limit(company)
        if not limit:
            return
        over = Domain("dunning_paused_until", "<", limit)
        customers = self.env["res.partner"].sudo().with_company(company)
        customers.search(self._get_natural_domain() & over).write(
            {"dunning_paused_until": False, "dunning_pause_reason": False}
        )
