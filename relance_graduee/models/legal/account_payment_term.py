from odoo import api, fields, models
from odoo.tools import format_date

from ...tools import payment_terms
from ..common.groups import INTERNAL_GROUP

TERM_SECTORS = [
    ("general", "Any other"),
    ("periodic", "Periodic (summary) invoices"),
    ("perishable", "Perishable food"),
    ("livestock", "Live cattle and fresh meat"),
    ("spirits", "Alcoholic drinks"),
    ("transport", "Transport, forwarding, vehicle hire"),
]


class AccountPaymentTerm(models.Model):
    """Whether payment terms stay below the legal cap (articles L441-10 and L441-11)."""

    _inherit = "account.payment.term"

    dunning_cap_warning = fields.Char(compute="_compute_dunning_cap_warning", groups=INTERNAL_GROUP)

    @api.depends("line_ids.nb_days", "line_ids.delay_type", "line_ids.days_next_month")
    @api.depends_context("company", "lang")
    def _compute_dunning_cap_warning(self):
        caps = self.env["dunning.legal.value"]._get_caps(fields.Date.context_today(self))
        for term in self:
            rule = term.env.company._get_dunning_term_rule("business")
            beyond = rule and term._is_beyond_cap(rule, caps)
            term.dunning_cap_warning = term._get_cap_sentence(rule, caps) if beyond else False

    def _is_beyond_cap(self, rule, caps):
        """Whether these terms exceed the cap for some invoice date of the year."""
        return any(
            payment_terms.is_ever_beyond(
                rule, caps, line._get_due_date, line.delay_type != "days_after"
            )
            for line in self.line_ids
        )

    @api.model
    def _get_cap_sentence(self, rule, caps):
        """The rule in words, with its article.

        :param caps: rule -> days in force (see ``dunning.legal.value._get_caps``)
        """
        if rule == "public":
            return self._get_public_cap_sentence(caps)
        days = caps.get(rule)
        if rule == "general":
            return self.env._(
                "Beyond the legal cap: %(days)s days from the invoice date or, if it was expressly "
                "agreed, %(end_of_month)s days end of month (article L441-10 of the Code de "
                "commerce).",
                days=days,
                end_of_month=caps.get(payment_terms.END_OF_MONTH),
            )
        rules = {
            "periodic": self.env._(
                "Beyond the legal cap: %s days from the date of a periodic invoice (article "
                "L441-10 of the Code de commerce).",
                days,
            ),
            "perishable": self.env._(
                "Beyond the legal cap: %s days after delivery for perishable food (article "
                "L441-11 of the Code de commerce).",
                days,
            ),
            "livestock": self.env._(
                "Beyond the legal cap: %s days after delivery for live cattle and fresh meat "
                "(article L441-11 of the Code de commerce).",
                days,
            ),
            "spirits": self.env._(
                "Beyond the legal cap: %s days after the end of the month of delivery for "
                "alcoholic drinks (article L441-11 of the Code de commerce).",
                days,
            ),
            "transport": self.env._(
                "Beyond the legal cap: %s days from the invoice date for transport (article "
                "L441-11 of the Code de commerce).",
                days,
            ),
        }
        return rules[rule]

    @api.model
    def _get_public_cap_sentence(self, caps):
        return self.env._(
            "Beyond the legal cap: %(days)s days for the State and local authorities, "
            "%(health)s for hospitals, %(undertaking)s for public undertakings (articles "
            "R2192-10 and R2192-11 of the Code de la commande publique).",
            days=caps.get("public"),
            health=caps.get("public_health"),
            undertaking=caps.get("public_undertaking"),
        )

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
        caps = self.env["dunning.legal.value"]._get_caps(day)
        sentence = self._get_cap_sentence(rule, caps)
        if rule == "public":  # hospitals and undertakings have longer caps: the date decides
            term = self
        if term and term._is_beyond_cap(rule, caps):
            return self.env._("Payment terms “%(term)s”. %(rule)s", term=term.name, rule=sentence)
        cap = payment_terms.get_cap(rule, caps, day, delivered)
        if due and cap and due > cap:
            return self.env._(
                "Due on %(date)s. %(rule)s", date=format_date(self.env, due), rule=sentence
            )
        return False
