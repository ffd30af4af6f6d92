"""Formal notice and décompte as they are printed, in French: three pages, every figure told.

To a business with a part payment over five semesters, to a town hall, to a consumer.
"""

import os
from datetime import date
from pathlib import Path

from odoo.tests import tagged
from odoo.tools.misc import formatLang

from ...tools.letter.pdf import squeeze
from ..letter.test_letter_pdf import page_texts
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

    def _use(self, kind, step):
        """Make the customer one of this kind, whom the shipped ``step`` puts on formal notice."""
        self.step = self.env.ref(f"relance_graduee.{step}")
        self.customer.write(
            {
                "customer_kind": kind,
                "is_company": kind != "consumer",
                "dunning_policy_id": self.step.policy_id.id,
            }
        )
        return self.step

    def _remind(self, invoices, day):
        """These invoices were reminded by the step before the formal notice."""
        before = self.step.policy_id.step_ids.filtered(lambda s: s.sequence < self.step.sequence)
        lines = invoices.line_ids.filtered(lambda line: line.display_type == "payment_term")
        lines._set_dunning_step(before[-1:], day, "Reprise")

    def _send_formal(self, invoices, day):
        """The formal notice of a day about these invoices, approved and rendered."""
        self._remind(invoices, day - (self.stop - date(2026, 7, 31)))
        with self._clock(day):
            run = self.env["dunning.run"].launch(date=day, companies=self.company)
            notice = self._notices(run)
            notice.action_approve()
            notice.action_send()
        self.assertFalse(notice.failure_reason)
        return notice

    def _print(self, invoices):
        """The formal notice of ``stop``, and the texts of its pages."""
        notice = self._send_formal(invoices, self.stop)
        pdf = notice.attachment_id.raw
        if os.environ.get("LETTERS_TO"):  # to look at them
            name = f"{self.customer.customer_kind}.pdf"
            Path(os.environ["LETTERS_TO"], name).write_bytes(pdf)
        return notice, page_texts(pdf)

    def _assert_says(self, text, *sentences):
        for sentence in sentences:
            self.assertIn(squeeze(sentence), text)

    def _assert_silent(self, text, *sentences):
        for sentence in sentences:
            self.assertNotIn(squeeze(sentence), text)

    def _bill_monthly(self, year, months, amount):
        """An invoice due on the 15th of each month."""
        bills = [self._bill(amount * month, date(year, month, 15)) for month in months]
        return self.env["account.move"].concat(*bills)

    def test_business_over_five_semesters_with_a_part_payment(self):
        self._use("business", "step_progressive_5")
        invoice = self._bill(12000, "2024-09-30")
        self._pay_on(invoice, "2025-03-31", 5000)
        notice, pages = self._print(invoice | self._bill_monthly(2025, (9, 10, 11), 100))
        self.assertEqual(len(pages), 3)
        self._assert_says(
            pages[0],
            "MISE EN DEMEURE DE PAYER",
            "P. J. : décompte des pénalités de retard",
            "7 000,00",
            "Total dû, arrêté au 31 août 2026",
        )
        self._assert_says(
            pages[2],
            "Annexe : décompte des pénalités de retard",
            "majoré de 10 points (article L441-10 du code de commerce)",
            "Une année compte 365 jours.",
            "Les paiements s'imputent d'abord sur le principal.",
            "montant TTC, échu le 30/09/2024",
            "du 01/10/2024 au 31/12/2024",
            "92/365",
            "paiement du 31/03/2025 : 5 000,00",
            "12,40 %",
            "Intérêts arrêtés au 31/08/2026",
        )
        interest, indemnity = notice.amount_interest, notice.amount_indemnity
        self.assertEqual((notice.amount_residual, indemnity), (10000, 4 * 40))
        figures = [self._figure(x) for x in (10000, interest, indemnity, notice.amount_total)]
        self._assert_says(
            pages[2],
            f"Principal{figures[0]}",
            f"Pénalités de retard{figures[1]}",
            f"Indemnité forfaitaire pour frais de recouvrement{figures[2]}",
            f"Total dû{figures[3]}",
        )
        sheet = notice._get_penalty_details()[0]["sheet"]
        semesters = {segment["from"] for segment in sheet["segments"]}
        self.assertGreaterEqual(
            semesters, {"2024-10-01", "2025-01-01", "2025-07-01", "2026-01-01", "2026-07-01"}
        )

    def _figure(self, amount):
        return formatLang(
            self.env["dunning.notice"].with_context(lang="fr_FR").env,
            amount,
            currency_obj=self._euro(),
        )

    def test_town_hall(self):
        self._use("public", "step_public_4")
        first = self._bill(12000, "2025-12-14")
        notice, pages = self._print(first | self._bill_monthly(2025, range(1, 9), 100))
        self.assertEqual(len(pages), 3)
        self.assertEqual(notice._get_penalty_details()[-2]["amount"], "867.62")
        self._assert_says(
            pages[0], "vaut réclamation écrite", "P. J. : décompte des intérêts moratoires"
        )
        self._assert_says(
            "".join(pages[1:]),
            "Annexe : décompte des intérêts moratoires",
            "260/365",
            "10,15 %",
            "867,62",
            "majoré de 8 points",
            "R2192-31",
            f"Intérêts moratoires{self._figure(notice.amount_interest)}",
        )
        self._assert_silent("".join(pages), "pénalités de retard", "L441-10")

    def test_consumer_asked_a_second_time(self):
        """The legal rate, from the day after the receipt of the first formal notice; no 40 €."""
        self._use("consumer", "step_consumer_3")
        invoices = self._bill_monthly(2025, range(1, 8), 50)
        first = self._send_formal(invoices, date(2025, 10, 6))
        letter = first.delivery_ids.filtered(lambda d: d.channel == "registered")
        letter.tracking_number = "2C1"
        with self._clock(date(2025, 10, 6)):
            letter.action_done()
        letter.action_done(outcome="received", date=date(2025, 10, 9))
        self._pay_on(invoices[6], "2026-02-28", 150)
        self.assertEqual((first.amount_interest, first.amount_indemnity), (0, 0))
        notice, pages = self._print(invoices)
        self.assertEqual(len(pages), 3)
        self.assertEqual(notice.amount_indemnity, 0)
        self._assert_says(
            pages[0],
            "MISE EN DEMEURE DE PAYER",
            "P. J. : décompte des intérêts au taux légal",
            "Intérêts au taux légal",
            "1231-6",
        )
        self._assert_says(
            "".join(pages[1:]),
            "Annexe : décompte des intérêts au taux légal",
            "réception de la mise en demeure, le 09/10/2025",
            "du 10/10/2025 au 31/12/2025",
            "2,62 %",
            "2,75 %",
            "paiement du 28/02/2026 : 150,00",
            f"Intérêts au taux légal{self._figure(notice.amount_interest)}",
        )
        self._assert_silent(
            "".join(pages), "pénalités de retard", "L441-10", "Indemnité forfaitaire", "6,84"
        )
