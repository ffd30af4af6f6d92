"""The décompte as it is printed, in French: every figure of a formal notice is accounted for."""

from datetime import date

from odoo.tests import tagged

from ..tools.letter_pdf import squeeze
from .test_letter_pdf import page_texts
from .test_penalties import PenaltyCommon


@tagged("post_install", "-at_install")
class TestPenaltyLetter(PenaltyCommon):
    real_letters = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(["account", "relance_graduee"], ["fr_FR"])
        cls.customer.lang = "fr_FR"

    def _print(self):
        """The pages of the formal notice of the customer, and the notice."""
        notice = self._claim()
        self._send(notice, (self.stop - self.day).days)
        self.assertFalse(notice.failure_reason)
        return notice, page_texts(notice.attachment_id.raw)

    def _assert_says(self, text, *sentences):
        for sentence in sentences:
            self.assertIn(squeeze(sentence), text)

    def test_business_over_five_semesters_with_a_part_payment(self):
        invoice = self._bill(12000, "2024-09-30")
        self._pay_on(invoice, "2025-03-31", 5000)
        for number in range(1, 13):
            self._bill(100 * number, date(2025, number, 15))
        notice, pages = self._print()
        self.assertGreaterEqual(len(pages), 3)
        annex = "".join(pages[1:])
        self._assert_says(
            annex,
            "Annexe : décompte des pénalités de retard",
            "majoré de 10 points (article L441-10 du code de commerce)",
            "Une année compte 365 jours.",
            "Les paiements s'imputent d'abord sur le principal.",
            "du 01/10/2024 au 31/12/2024",
            "92/365",
            "paiement du 31/03/2025 : 5 000,00",
            "12,40 %",
            "Intérêts arrêtés au 31/08/2026",
            "Total des pénalités",
        )
        sheet = notice._get_penalty_details()[0]["sheet"]
        semesters = {segment["from"] for segment in sheet["segments"]}
        self.assertGreaterEqual(
            semesters, {"2024-10-01", "2025-01-01", "2025-07-01", "2026-01-01", "2026-07-01"}
        )

    def test_public_buyer(self):
        self.customer.customer_kind = "public"
        self._bill(12000, "2025-12-14")
        notice, pages = self._print()
        self.assertEqual(notice.amount_total, 12907.62)
        self._assert_says(
            "".join(pages), "260/365", "10,15 %", "867,62", "majoré de 8 points", "R2192-31"
        )
