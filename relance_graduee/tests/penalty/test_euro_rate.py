"""Forty euros are not forty dollars because nobody entered a rate."""

from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestEuroRate(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro, cls.dollar = cls.env.ref("base.EUR"), cls.env.ref("base.USD")
        (cls.euro | cls.dollar).active = True
        cls.env["res.currency.rate"].search([]).unlink()
        cls.interest = cls.env["dunning.interest"]
        cls.company.currency_id = cls.dollar

    def _is_known(self, item_currency):
        scope = {
            "company": self.company,
            "euro_id": self.euro.id,
            "rated": self.interest._get_rated_currencies(self.company, item_currency),
        }
        return self.interest._is_euro_rate_known({"currency_id": item_currency.id}, scope)

    def _rate(self, currency, rate):
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": rate, "name": "2026-01-01"}
        )

    def test_dollars_without_a_rate(self):
        self.assertFalse(self._is_known(self.dollar))
        self.assertIn("40 €", self.company.dunning_misconfiguration)

    def test_dollars_with_a_rate_of_the_euro(self):
        self._rate(self.euro, 0.8)
        self.assertTrue(self._is_known(self.dollar))
        self.assertFalse(self.company.dunning_misconfiguration)

    def test_rate_of_one_of_the_own_currency_says_nothing(self):
        self._rate(self.dollar, 1.0)
        self.assertFalse(self._is_known(self.dollar))

    def test_dollars_of_a_company_in_euros(self):
        self.company.currency_id = self.euro
        self.assertFalse(self._is_known(self.dollar))
        self._rate(self.dollar, 1.25)
        self.assertTrue(self._is_known(self.dollar))
        self.assertTrue(self._is_known(self.euro))

    def test_nothing_is_claimed(self):
        self._invoice(40)
        debts = self.interest._get_debts(self.company, self.customer.ids, self.day)
        self.assertEqual([debt["indemnity"] for debt in debts], [0])
        self._rate(self.euro, 0.8)
        debts = self.interest._get_debts(self.company, self.customer.ids, self.day)
        self.assertEqual([float(debt["indemnity"]) for debt in debts], [50.0], "40 / 0.8")
