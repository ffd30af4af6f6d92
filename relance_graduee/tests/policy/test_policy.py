"""Ladders that cannot be climbed are refused, unwise ones warned about."""

from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.policy.effect import Effect
from ..common import DunningCommon


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

    def test_formal_notice_counted_from_the_invoice(self):
        """Sixty days after the invoice is before the due date of 60-day terms, end of month."""
        self._refused(
            "Long terms",
            {
                "name": "Long terms",
                "delay_from": "invoice",
                "delay_days": 60,
                "registered_letter": True,
                "is_formal_notice": True,
                "answer_days": 8,
            },
        )

    def test_order_is_that_of_the_steps_of_one_base(self):
        self._refused(
            "Back",
            {"name": "First", "delay_days": 20, "send_email": True},
            {"name": "Other", "delay_from": "invoice", "delay_days": 30, "send_email": True},
            {"name": "Back", "delay_days": 5, "phone_call": True},
        )

    def test_a_cleared_editor_is_no_text(self):
        template = self.template.copy({"body_html": "<p><br></p>"})
        untitled = self.template.copy({"subject": False})
        message = self.env["sms.template"].create(
            {"name": "Empty", "model_id": self.template.model_id.id, "body": " "}
        )
        cases = (
            {"print_letter": True, "letter_body": "<p><br></p>"},
            {"registered_letter": True, "letter_body": "<p>&nbsp;</p><p><br></p>"},
            {"send_email": True, "mail_template_id": template.id},
            {"send_email": True, "mail_template_id": untitled.id},
            {"send_sms": True, "sms_template_id": message.id},
        )
        for vals in cases:
            with self.subTest(**vals):
                self._refused("Wordless", {"name": "Wordless", "delay_days": 5, **vals})

    def test_a_text_in_use_cannot_be_deleted(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.template.unlink()
        message = self.env["sms.template"].create(
            {"name": "SMS", "model_id": self.template.model_id.id, "body": "Hello"}
        )
        self.steps[0].write({"send_sms": True, "sms_template_id": message.id})
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            message.unlink()

    def test_policy_without_steps_says_so(self):
        policy = self.env["dunning.policy"].create({"name": "Empty ladder"})
        self.assertIn("no step", policy.ladder_warning)
        self.customer.dunning_policy_id = policy
        item = self._item(self._invoice(30))
        self.assertEqual(item.hold_reason, "last_step_done")
        self.assertEqual(
            item.hold_detail,
            "To decide: the policy “Empty ladder” has no step, add some or give another policy",
        )

    def test_policy_of_which_no_step_applies_says_so(self):
        before = {"name": "Before", "delay_days": -5, "phone_call": True}
        self.customer.dunning_policy_id = self._create_policy("Only before", before)
        item = self._item(self._invoice(30))
        self.assertEqual(item.hold_reason, "last_step_done")
        self.assertEqual(
            item.hold_detail,
            "To decide: no step of the policy “Only before” applies to this item",
        )

    def test_the_ladder_says_what_else_a_day_depends_on(self):
        steps = self.env.ref("relance_graduee.policy_key_accounts").step_ids
        self.assertEqual(steps[0].day_label, "Invoice +10 d.")
        self.assertEqual(steps[0].day_note, "at the latest 5 d. before the due date")
        self.assertEqual(steps[1].day_note, "at least 4 d. after the previous step")

    def test_shipped_thresholds(self):
        """Those that the accounting department was promised."""
        limits = {  # policy: open amount from, below, minimum, contacts, hold amount, hold days
            "progressive": (0, 0, 15, 4, 500, 15),
            "key_accounts": (10000, 0, 15, 4, 5000, 20),
            "small_amounts": (0, 150, 15, 4, 500, 15),
            "five_steps": (0, 0, 15, 4, 500, 15),
            "three_steps": (0, 0, 15, 4, 500, 15),
            "public": (0, 0, 15, 4, 0, 0),
            "consumer": (0, 0, 15, 4, 500, 15),
        }
        names = (
            "open_amount_min", "open_amount_max", "min_amount", "min_contact_days",
            "block_overdue_amount", "block_overdue_days",
        )  # fmt: skip
        for name, expected in limits.items():
            with self.subTest(policy=name):
                policy = self.env.ref(f"relance_graduee.policy_{name}")
                self.assertEqual(tuple(policy[field] for field in names), expected)
        key_accounts = self.env.ref("relance_graduee.policy_key_accounts")
        self.assertEqual(key_accounts.step_ids[0].min_amount, 5000)


class ForeignStep(models.Model):
    """A flag of an add-on that nobody here knows."""

    _inherit = "dunning.step"
    _module = None

    x_offers_plan = fields.Boolean()

    @api.model
    def _get_effects(self):
        return [*super()._get_effects(), Effect("x_offers_plan", "Offers a plan", 25)]


@tagged("post_install", "-at_install")
class TestFlagFromOutside(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._extend_models(ForeignStep)

    def test_flag_is_named_among_the_effects(self):
        step = self.steps[3]
        self.assertEqual(step.effect_label, "Formal notice")
        step.write({"x_offers_plan": True, "charge_interest": True, "block_deliveries": True})
        self.assertEqual(step.effect_label, "Formal notice + Suspension + Offers a plan + Interest")


@tagged("post_install", "-at_install")
class TestUsedStep(DunningCommon):
    """A step that was taken or said stays: what was sent refers to it."""

    def _used(self):
        return [step.name for step in self.steps if step._is_used()]

    def test_step_that_an_item_took(self):
        invoice = self._invoice(6)
        self.assertEqual(self._used(), [])
        self._term_lines(invoice)._set_dunning_step(self.steps[1], self.day, "By telephone")
        self.assertEqual(self._used(), ["Call"])
        with self.assertRaisesRegex(UserError, "already used"):
            self.steps[1].unlink()

    def test_step_that_a_notice_names(self):
        self._invoice(6)
        self._launch()
        self.assertIn("E-mail", self._used())
        with self.assertRaisesRegex(UserError, "already used"):
            self.steps[0].unlink()


class UsedStep(models.Model):
    """An add-on that uses steps in its own way."""

    _inherit = "dunning.step"
    _module = None

    def _is_used(self):
        return super()._is_used() or "Last" in self.mapped("name")


@tagged("post_install", "-at_install")
class TestStepUsedOutside(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._extend_models(UsedStep)

    def test_step_that_an_add_on_uses(self):
        with self.assertRaisesRegex(UserError, "already used"):
            self.steps[2].unlink()
        self.steps[3].unlink()
