"""An update brings to a used database what the records it leaves alone need."""

import importlib.util

from odoo.tests import tagged
from odoo.tools import SQL, file_path

from .common import DunningCommon


def load(version):
    path = file_path(f"relance_graduee/migrations/{version}/post-migration.py")
    spec = importlib.util.spec_from_file_location("post_migration", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@tagged("post_install", "-at_install")
class TestMigration(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls.env.ref("relance_graduee.step_public_3")
        cls.sequence = cls.company._get_dunning_sequence()
        cls.sequence.prefix = "REL/%(year)s/"
        cls.module = load("19.0.1.1.0")
        cls.step.copy_to_accountant = False
        cls._write_closing(f"<p>{cls.module.SENTENCES[1]}</p>")

    @classmethod
    def _write_closing(cls, french):
        cls.step.flush_recordset()
        cls.env.cr.execute(
            SQL(
                """UPDATE dunning_step
                      SET letter_closing = jsonb_build_object('en_US', 'Own', 'fr_FR', %s::text)
                    WHERE id = %s""",
                french,
                cls.step.id,
            )
        )
        cls.step.invalidate_recordset()

    def _migrate(self):
        self.module.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def _closing(self, lang):
        return self.step.with_context(lang=lang).letter_closing

    def test_announced_copy_is_made_and_what_a_user_wrote_is_left(self):
        self._migrate()
        self.assertTrue(self.step.copy_to_accountant)
        self.assertIn('<t t-out="object.text_accountant_copy"/>', self._closing("fr_FR"))
        self.assertEqual(self._closing("en_US"), "Own")

    def test_numbers_of_a_prefix_that_nobody_changed(self):
        self._migrate()
        self.assertEqual(self.sequence.prefix, "CPT/%(year)s/")
        self.sequence.prefix = "OURS/"
        self._migrate()
        self.assertEqual(self.sequence.prefix, "OURS/")

    def test_nine_on_the_companys_clock(self):
        cron = self.env.ref("relance_graduee.ir_cron_dunning_run")
        cron.nextcall = "2026-07-15 08:00:00"
        self._migrate()
        self.assertEqual(str(cron.nextcall), "2026-07-15 07:00:00")
        cron.nextcall = "2026-07-15 04:30:00"
        self._migrate()
        self.assertEqual(str(cron.nextcall), "2026-07-15 04:30:00", "as somebody wished")


@tagged("post_install", "-at_install")
class TestEnclosuresCome(DunningCommon):
    def test_shipped_formal_notices_enclose_the_invoices(self):
        steps = self.env["dunning.step"].search([("is_formal_notice", "=", True)])
        consumer = self.env.ref("relance_graduee.step_consumer_3")
        steps.write({"attach_invoices": False, "charge_interest": False})
        load("19.0.1.2.0").migrate(self.env.cr, "19.0.1.1.0")
        shipped = steps - self.steps
        self.assertEqual(set(shipped.mapped("attach_invoices")), {True})
        self.assertFalse(any(self.steps.mapped("attach_invoices")), "a company's own is left")
        self.assertEqual(steps.filtered("charge_interest"), consumer)
