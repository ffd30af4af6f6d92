from odoo import api, fields, models
from odoo.tools import format_date

from ..tools import payment_terms

TERM_SECTORS = [
    ("general", "Any other: 60 days, or 45 days end of month"),
    ("periodic", "Periodic (summary) invoices: 45 days"),
    ("perishable", "Perishable food: 30 days after delivery"),
    ("livestock", "Live cattle and fresh meat: 20 days after delivery"),
    ("spirits", "Alcoholic drinks: 30 days after the month of delivery"),
    ("transport", "Transport, forwarding, vehicle hire: 30 days"),
]


class AccountPaymentTerm(models.Model):
    """Whether payment terms stay below the legal cap (articles L441-10 and L441-11)."""

    _inherit = "account.payment.term"

    dunning_cap_warning = fields.Char(compute="_compute_dunning_cap_warning")

    @api.depends("line_ids.nb_days", "line_ids.delay_type", "line_ids.days_next_month")
    @api.depends_context("company", "lang")
    def _compute_dunning_cap_warning(self):
        for term in self:
            rule = term.env.company._get_dunning_term_rule("business")
            beyond = rule and term._is_beyond_cap(rule)
            term.dunning_cap_warning = term._get_cap_sentence(rule) if beyond else False

    def _is_beyond_cap(self, rule):
        """Whether these terms exceed the cap for some invoice date of the year."""
        return any(
            payment_terms.is_ever_beyond(rule, line._get_due_date, line.delay_type != "days_after")
            for line in self.line_ids
        )

    @api.model
    def _get_cap_sentence(self, rule):
        """The rule in words, with its article."""
        rules = {
            "general": self.env._(
                "Beyond the legal cap: 60 days from the invoice date or, if it was expressly "
                "agreed, 45 days end of month (article L441-10 of the Code de commerce)."
            ),
            "periodic": self.env._(
                "Beyond the legal cap: 45 days from the date of a periodic invoice (article "
                "L441-10 of the Code de commerce)."
            ),
            "perishable": self.env._(
                "Beyond the legal cap: 30 days after delivery for perishable food (article "
                "L441-11 of the Code de commerce)."
            ),
            "livestock": self.env._(
                "Beyond the legal cap: 20 days after delivery for live cattle and fresh meat "
                "(article L441-11 of the Code de commerce)."
            ),
            "spirits": self.env._(
                "Beyond the legal cap: 30 days after the end of the month of delivery for "
                "alcoholic drinks (article L441-11 of the Code de commerce)."
            ),
            "transport": self.env._(
                "Beyond the legal cap: 30 days from the invoice date for transport (article "
                "L441-11 of the Code de commerce)."
            ),
            "public": self.env._(
                "Beyond the legal cap: 30 days for the State and local authorities, 50 for "
                "hospitals, 60 for public undertakings (article R2192-10 of the Code de la "
                "commande publique)."
            ),
        }
        return rules[rule]

    @api.model
    def _get_cap_warning(self, company, partner, term, day, due=None, delivered=None):
        """Whether what a document grants exceeds the legal cap: a sentence, or False.

        For invoices, and for quotations, whose ``day`` stands for that of the invoice.

        :param partner: the customer; consumers and non-professionals have no cap
        :param term: its payment terms, may be empty
        :param day: the invoice's date
        :param due: the last due date, when it is known
        :param delivered: day of the delivery, when it is known
        """
        kind = partner.commercial_partner_id._get_customer_kind() if partner else "consumer"
        rule = company._get_dunning_term_rule(kind)
        if not rule:
            return False
        sentence = self._get_cap_sentence(rule)
        if rule == "public":  # hospitals and undertakings have longer caps: the date decides
            term = self
        if term and term._is_beyond_cap(rule):
            return self.env._("Payment terms “%(term)s”. %(rule)s", term=term.name, rule=sentence)
        if due and day and due > payment_terms.get_cap(rule, day, delivered):
            return self.env._(
                "Due on %(date)s. %(rule)s", date=format_date(self.env, due), rule=sentence
            )
        return False
