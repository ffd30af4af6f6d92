"""Words that letters must not use, in what is shipped and in what accountants write (54, 104)."""

from odoo.tests import tagged

from ..tools.vocabulary import find_forbidden
from .common import DunningCommon


@tagged("post_install", "-at_install")
class TestVocabulary(DunningCommon):
    def test_what_looks_like_a_courts_act(self):
        for text in (
            "Dernier avis avant saisie",
            "<p>un <b>HUISSIER</b> de justice</p>",
            "Commandement  de payer",
            "les agios dus",
        ):
            with self.subTest(text=text):
                self.assertTrue(find_forbidden(text, is_formal_notice=True))

    def test_a_reminder_is_no_formal_notice(self):
        text = "Valant mise en demeure"
        self.assertEqual(find_forbidden(text, is_formal_notice=False), ["mise en demeure"])
        self.assertFalse(find_forbidden(text, is_formal_notice=True))

    def test_ordinary_words_are_no_trouble(self):
        text = "Sauf erreur de saisie, un commissaire de justice, les pénalités de retard"
        self.assertFalse(find_forbidden(text, is_formal_notice=False))

    def test_shipped_procedures_are_clean(self):
        policies = self.env["dunning.policy"].search([("step_ids.letter_body", "!=", False)])
        shipped = policies.filtered(lambda policy: policy.get_external_id()[policy.id])
        self.assertGreaterEqual(len(shipped), 7)
        for policy in shipped:
            self.assertFalse(policy._get_word_warnings(), policy.name)
            self.assertFalse(policy._get_formal_warnings(), policy.name)

    def test_accountants_are_warned(self):
        self.steps[0].letter_body = "<p>Un huissier viendra</p>"
        self.assertIn("huissier", self.policy.ladder_warning)
        self.steps[0].letter_body = "<p>Un rappel</p>"
        self.assertNotIn("huissier", self.policy.ladder_warning or "")

    def test_formal_notice_in_one_copy_or_without_proof(self):
        self.assertIn("leaves registered only", self.policy.ladder_warning)
        self.steps[3].write({"registered_letter": False, "print_letter": True})
        self.assertIn("hard to prove", self.policy.ladder_warning)
        self.steps[3].write({"registered_letter": True})
        self.assertNotIn("Formal", self.policy.ladder_warning or "")
