"""Ladders that cannot be climbed are refused, unwise ones warned about."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import DunningCommon


@tagged("post_install", "-at_install")
class TestPolicy(DunningCommon):
    def _refused(self, words, *steps):
        with self.assertRaises(ValidationError) as caught:
            self._create_policy("Refused", *steps)
        self.assertIn(words, str(caught.exception))

    def test_step_earlier_than_the_one_before(self):
        self._refused(
            "Too early",
            {"name": "First", "delay_days": 10, "send_email": True},
            {"name": "Too early", "delay_days": 5, "phone_call": True},
        )

    def test_formal_notice_before_the_due_date(self):
        self._refused(
            "Hasty",
            {
                "name": "Hasty",
                "delay_days": -1,
                "registered_letter": True,
                "is_formal_notice": True,
                "answer_days": 8,
            },
        )

    def test_formal_notice_without_answer_days(self):
        self._refused(
            "No delay",
            {
                "name": "No delay",
                "delay_days": 45,
                "registered_letter": True,
                "is_formal_notice": True,
            },
        )

    def test_step_without_channel(self):
        self._refused("Silent", {"name": "Silent", "delay_days": 5})

    def test_channel_without_text(self):
        cases = (
            {"send_email": True, "mail_template_id": False},
            {"print_letter": True, "letter_body": False},
            {"registered_letter": True, "letter_body": False},
            {"send_sms": True},
        )
        for vals in cases:
            with self.subTest(**vals):
                self._refused("Wordless", {"name": "Wordless", "delay_days": 5, **vals})

    def test_warning_for_too_many_reminders(self):
        steps = [
            {"name": f"E-mail {number}", "delay_days": number * 5, "send_email": True}
            for number in range(1, 6)
        ]
        formal = {
            "name": "Formal",
            "delay_days": 45,
            "registered_letter": True,
            "print_letter": True,
            "is_formal_notice": True,
            "answer_days": 8,
        }
        self.assertFalse(self._create_policy("Four", *steps[:4], formal).ladder_warning)
        self.assertIn("5 written", self._create_policy("Five", *steps, formal).ladder_warning)

    def test_warning_for_contacts_further_apart_than_steps(self):
        policy = self._create_policy(
            "Close",
            {"name": "One", "delay_days": 5, "send_email": True},
            {"name": "Two", "delay_days": 8, "phone_call": True},
        )
        self.assertIn("smallest gap", policy.ladder_warning)
        policy.min_contact_days = 3
        self.assertFalse(policy.ladder_warning)

    def test_shipped_ladders_have_no_warning(self):
        policies = self.env["dunning.policy"].search([]) - self.policy
        self.assertEqual(policies.mapped("ladder_warning"), [False] * len(policies))

    def test_used_step_is_archived_not_deleted(self):
        self._invoice(6)
        self._launch()
        with self.assertRaises(UserError):
            self.steps[0].unlink()
        self.steps[0].active = False
        self.steps[3].unlink()

    def test_shipped_steps_ask_a_person_where_it_matters(self):
        steps = self.env["dunning.policy"].search([("id", "!=", self.policy.id)]).step_ids
        for step in steps:
            if step.registered_letter or step.block_deliveries or step.hand_over:
                self.assertEqual(step.approval, "confirm", step.name)
        for policy in steps.policy_id:
            self.assertEqual(policy.step_ids[0].approval, "auto", policy.name)

    def test_public_ladder_never_holds_deliveries(self):
        policy = self.env.ref("relance_graduee.policy_public")
        self.assertFalse(policy.block_overdue_amount)
        self.assertFalse(any(policy.step_ids.mapped("block_deliveries")))
