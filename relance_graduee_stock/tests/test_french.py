"""The French of this add-on, checked like that of the main one."""

from pathlib import Path

import polib

from odoo.tests import tagged
from odoo.tools.translate import TranslationModuleReader

from odoo.addons.relance_graduee.tests import test_french as main

FILE = Path(__file__).parent.parent / "i18n" / "fr.po"


@tagged("post_install", "-at_install")
class TestFrenchOfDeliveries(main.TestFrenchFile):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.french = polib.pofile(FILE)

    def test_holds_every_term_of_the_module(self):
        reader = TranslationModuleReader(self.env.cr, modules=["relance_graduee_stock"])
        missing = {row[4] for row in reader} - {entry.msgid for entry in self.french}
        self.assertFalse(missing, main.HINT)

    def test_installing_activates_french(self):
        """The main add-on's, which it depends on."""
        self.assertTrue(self.env["res.lang"]._get_data(code="fr_FR"))
