"""Formal notices as they are printed, in French: a business, a town hall, a consumer."""

from odoo.tests import tagged

from ...tools.letter.pdf import squeeze
from ..common import DunningCommon
from .test_letter_pdf import page_texts

MODULE = "relance_graduee"
# Nothing may look like a court's act, and before one nothing like a threat (C. pén. 433-13).
COURT_WORDS = ("commandement", "sommation", "huissier", "agios", "saisie", "RG n", "contentieux")


@tagged("post_install", "-at_install")
class TestFormalLetters(DunningCommon):
    real_letters = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(["account", MODULE], ["fr_FR"])
        cls.company.currency_id = cls.env.ref("base.EUR")
        cls.company.write(
            {
                "name": "Ateliers Marchadier",
                "email": "compta@marchadier.example",
                "dunning_signatory_capacity": "Directrice financière",
                "dunning_credit_insurer": "Prudence Assurances",
            }
        )
        cls.env["res.partner.bank"].create(
            {
                "acc_number": "FR7630006000011234567890189",
                "partner_id": cls.company.partner_id.id,
                "allow_out_payment": True,
            }
        )

    def _print(self, name, step, *amounts, paid=0, **vals):
        """The letter of the formal notice ``step`` to a new customer, and its text."""
        step = self.env.ref(f"{MODULE}.{step}")
        partner = self._create_customer(
            name, lang="fr_FR", dunning_policy_id=step.policy_id.id, **vals
        )
        before = step.policy_id.step_ids.filtered(lambda s: s.sequence < step.sequence)[-1:]
        for number, amount in enumerate(amounts):
            invoice = self._invoice(step.delay_days + 30 * number, amount, partner=partner)
            self._term_lines(invoice)._set_dunning_step(before, self._at(-30), "Reprise")
            if paid and not number:
                self._pay(invoice, paid)
        notice = self._notices(self._launch(), partner)
        self._send(notice)
        self.assertFalse(notice.failure_reason)
        pdf = notice.attachment_id.raw
        return notice, "".join(page_texts(pdf))

    def _assert_says(self, text, *sentences):
        for sentence in sentences:
            self.assertIn(squeeze(sentence), text)

    def _assert_no_court_words(self, text):
        for words in COURT_WORDS:
            self.assertNotIn(squeeze(words).lower(), text.lower())

    def test_business_with_a_part_payment(self):
        notice, text = self._print(
            "Bois et Métal",
            "step_progressive_5",
            12000.0,
            800.0,
            paid=5000.0,
            vat="FR23334175221",
            company_registry="334175221",
            street="12 quai des Forges",
        )
        self.assertEqual(notice.amount_residual, 7800)
        self._assert_says(
            text,
            "MISE EN DEMEURE DE PAYER",
            "SARL au capital de 10 000 €",
            "SIREN 732 829 320",
            "RCS Lyon",
            "Lettre recommandée avec avis de réception",
            "12 QUAI DES FORGES",
            "5 000,00",
            "7 000,00",
            "334175221",
            "arrêté au 7 octobre 2026",
            notice.with_context(lang="fr_FR").text_deadline,
            "L441-10",
            "assureur-crédit, Prudence Assurances",
            "Sophie Signataire",
            "Directrice financière",
            "comptabilité fournisseurs",
        )
        self._assert_no_court_words(text)

    def test_town_hall(self):
        notice, text = self._print(
            "Commune de Saint-Test",
            "step_public_4",
            3000.0,
            customer_kind="public",
            dunning_accountant_id=self._create_customer("Service de gestion comptable").id,
        )
        self._assert_says(
            text,
            "MISE EN DEMEURE DE PAYER",
            "ATTENTION DE L ORDONNATEUR",
            "vaut réclamation écrite",
            "Intérêts moratoires",
            "comptable public",
            "L2192-13",
            notice.with_context(lang="fr_FR").text_deadline,
        )
        self.assertNotIn(squeeze("L441-10"), text)
        self.assertNotIn(squeeze("assureur-crédit"), text)
        self._assert_no_court_words(text)

    def test_consumer(self):
        notice, text = self._print(
            "Camille Durand",
            "step_consumer_3",
            450.0,
            customer_kind="consumer",
            is_company=False,
        )
        self.assertEqual(notice.amount_total, 450)
        self._assert_says(
            text,
            "MISE EN DEMEURE DE PAYER",
            "450,00",
            "1231-6",
            notice.with_context(lang="fr_FR").text_deadline,
        )
        for words in ("40,00", "L441-10", "indemnité forfaitaire", "assureur-crédit"):
            self.assertNotIn(squeeze(words), text)
        self._assert_no_court_words(text)
