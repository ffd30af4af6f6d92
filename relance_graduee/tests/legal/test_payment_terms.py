"""Payment terms beyond the legal cap are named where they are granted (LAW.md 39 to 42)."""

from datetime import date, timedelta

from odoo import Command
from odoo.tests import BaseCase, tagged

from ...tools import payment_terms
from ..common import DunningCommon

CAPS = {
    "general": 60,
    "end_of_month": 45,
    "periodic": 45,
    "perishable": 30,
    "livestock": 20,
    "spirits": 30,
    "transport": 30,
    "public": 30,
}
PUBLIC_CAPS = {"public_health": 50, "public_undertaking": 60, "default": 30}


@tagged("post_install", "-at_install")
class TestCaps(BaseCase):
    """The caps themselves, without a database."""

    def test_general_sixty_days(self):
        day = date(2026, 3, 1)
        cap = payment_terms.get_cap("general", CAPS, day, end_of_month_agreed=False)
        self.assertEqual(cap, date(2026, 4, 30))

    def test_both_computations_of_45_days_end_of_month_are_lawful(self):
        """LAW.md 40: 45 days then the end of the month, or the end of the month then 45 days."""
        self.assertEqual(
            payment_terms.get_end_of_month_cap(date(2026, 3, 1), 45), date(2026, 5, 15)
        )
        self.assertEqual(
            payment_terms.get_end_of_month_cap(date(2026, 3, 20), 45), date(2026, 5, 31)
        )

    def test_special_sectors(self):
        """LAW.md 41."""
        day, delivered = date(2026, 3, 20), date(2026, 3, 10)
        caps = {
            "periodic": date(2026, 5, 4),
            "perishable": date(2026, 4, 9),
            "livestock": date(2026, 3, 30),
            "spirits": date(2026, 4, 30),
            "transport": date(2026, 4, 19),
            "public": date(2026, 4, 19),
        }
        for rule, cap in caps.items():
            with self.subTest(rule=rule):
                self.assertEqual(payment_terms.get_cap(rule, CAPS, day, delivered), cap)

    def test_rule_without_a_cap_says_nothing(self):
        day = date(2026, 3, 1)
        self.assertIsNone(payment_terms.get_cap("general", {}, day))
        self.assertFalse(payment_terms.is_ever_beyond("general", {}, lambda _day: date.max, False))

    def test_february_of_a_leap_year(self):
        self.assertEqual(payment_terms.end_of_month(date(2028, 2, 3)), date(2028, 2, 29))


@tagged("post_install", "-at_install")
class TestTermWarnings(DunningCommon):
    def _term(self, nb_days, delay_type="days_after", **vals):
        line = {"value": "percent", "value_amount": 100, "nb_days": nb_days}
        return self.env["account.payment.term"].create(
            {
                "name": f"{nb_days} {delay_type}",
                "line_ids": [Command.create(line | {"delay_type": delay_type} | vals)],
            }
        )

    def _granted(self, term, **vals):
        return self._invoice(
            0, invoice_payment_term_id=term.id, invoice_date_due=False, **vals
        ).dunning_cap_warning

    def test_lawful_terms_say_nothing(self):
        for term in (
            self._term(30),
            self._term(60),
            self._term(45, "days_after_end_of_month"),
            self._term(45, "days_end_of_month_on_the", days_next_month="0"),
            self._term(0, "days_after_end_of_next_month"),
        ):
            with self.subTest(term=term.name):
                self.assertFalse(term.dunning_cap_warning)
                self.assertFalse(self._granted(term))

    def test_terms_beyond_the_cap_name_the_rule(self):
        for term in (
            self._term(61),
            self._term(90),
            self._term(46, "days_after_end_of_month"),
            self._term(30, "days_after_end_of_next_month"),
            self._term(45, "days_end_of_month_on_the", days_next_month="15"),
        ):
            with self.subTest(term=term.name):
                self.assertIn("L441-10", term.dunning_cap_warning)
                self.assertIn("L441-10", self._granted(term))

    def test_sixty_days_end_of_month_is_never_lawful(self):
        """LAW.md 40: even when a given invoice stays within 60 days."""
        for term in (
            self._term(60, "days_after_end_of_month"),
            self._term(60, "days_end_of_month_on_the", days_next_month="0"),
        ):
            with self.subTest(term=term.name):
                self.assertIn("L441-10", self._granted(term))

    def test_due_date_by_hand(self):
        term = self.env["account.payment.term"]
        day = date(2026, 3, 1)
        for days, beyond in ((60, False), (75, False), (76, True)):
            due = day + timedelta(days=days)
            found = term._get_cap_warning(self.company, self.customer, term, day, due)
            self.assertEqual(bool(found), beyond, days)

    def test_by_kind_of_customer(self):
        term = self._term(45)
        day = date(2026, 3, 1)
        for kind, beyond in (
            ("business", False),
            ("nonprofessional", False),
            ("consumer", False),
            ("public", True),
        ):
            customer = self._create_customer(f"The {kind}", customer_kind=kind)
            found = term._get_cap_warning(
                self.company, customer, term, day, day + timedelta(days=45)
            )
            self.assertEqual(bool(found), beyond, kind)

    def test_caps_are_dated_records_with_their_source(self):
        values = self.env["dunning.legal.value"]
        caps = values.search([("kind", "=like", "cap_%")])
        self.assertEqual(values._get_caps(self.day), CAPS | PUBLIC_CAPS)
        self.assertTrue(all(cap.article and cap.source and cap.read_on for cap in caps))

    def test_law_that_changes_counts_from_its_day(self):
        """An invoice is judged by the cap of its own date."""
        old = self.env.ref("relance_graduee.legal_value_cap_general")
        old.valid_to = date(2026, 12, 31)
        old.copy({"value": 30, "valid_from": date(2027, 1, 1), "valid_to": False})
        term = self.env["account.payment.term"]
        for day, beyond in ((date(2026, 12, 31), False), (date(2027, 1, 1), True)):
            due = day + timedelta(days=60)
            self.env.ref("relance_graduee.legal_value_cap_end_of_month").value = 1
            found = term._get_cap_warning(self.company, self.customer, term, day, due)
            self.assertEqual(bool(found), beyond, day)
        self.assertIn("30 days from", found)

    def test_sector_of_the_company(self):
        term = self._term(45)
        self.company.dunning_term_sector = "transport"
        self.assertIn("L441-11", self._granted(term))
        self.assertIn("transport", term.dunning_cap_warning)

    def test_company_elsewhere_is_not_bound(self):
        self.company.country_id = self.env.ref("base.be")
        self.assertFalse(self._granted(self._term(90)))
