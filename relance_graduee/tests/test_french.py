"""Everything is French: the translation is complete, and what is sent holds no English."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import TranslationModuleReader

from ..hooks import post_init_hook
from ..tools.letter.pdf import read_pdf
from .common import DunningCommon

MODULE = "relance_graduee"
FOLDER = Path(__file__).parents[1] / "i18n"
HINT = "Run 'make i18n', then translate in i18n/fr.po."
# What has to stand in a translation as it stands in its source. Titles of icons are words.
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|%\+?[sd]|\{\{.*?\}\}|</?[a-z][^>]*>")
ICON_WORDS = re.compile(r'(title|aria-label)="[^"]*"')
# Words that are wrong in French collection, or not ours to say (see tests of tone below).
FORBIDDEN = ("relance n", "agios", "huissier", "contentieux", "saisie", "sommation", "poursuites")
# No no-break space where one is wanted, the other apostrophe, "email".
UNTIDY = re.compile(r".{,20}(?:\S [:;?!»€]|« |’|\b[Ee]mail).{,20}")
KINDS = {"public": "public", "consumer": "consumer"}
AMOUNTS = {"small_amounts": 100.0, "key_accounts": 12000.0}
# What is the same in both languages, in a letter.
SAME_LABELS = {"BIC", "Date", "IBAN", "Principal"}
SAME_WORDS = {("commissaire", "de", "justice")}

# "Relance n° 1", whichever way it is shortened.
RANKED = re.compile(r"\brel\b|relance|rappel|n°\s*1\b|\bn1\b", re.IGNORECASE)


@tagged("post_install", "-at_install")
class TestFrenchFile(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.french = polib.pofile(FOLDER / "fr.po")

    def test_complete(self):
        for state in ("untranslated", "fuzzy", "obsolete"):
            entries = getattr(self.french, f"{state}_entries")()
            self.assertFalse([entry.msgid for entry in entries], f"{state}. {HINT}")

    def test_holds_every_term_of_the_module(self):
        terms = {row[4] for row in TranslationModuleReader(self.env.cr, modules=[MODULE])}
        missing = terms - {entry.msgid for entry in self.french}
        self.assertFalse(missing, HINT)

    def test_each_term_once(self):
        counts = Counter(entry.msgid for entry in self.french)
        self.assertFalse([msgid for msgid, count in counts.items() if count > 1])

    def test_placeholders_are_kept(self):
        lost = [
            entry.msgid
            for entry in self.french
            if self._get_placeholders(entry.msgstr) != self._get_placeholders(entry.msgid)
        ]
        self.assertFalse(lost)

    def _get_placeholders(self, text):
        return sorted(ICON_WORDS.sub("", found) for found in PLACEHOLDERS.findall(text))

    def test_typography(self):
        wrong = []
        for entry in self.french:
            # in an SMS, a no-break space would halve what a message can hold
            if not any("sms.template" in place for place, _line in entry.occurrences):
                wrong += UNTIDY.findall(PLACEHOLDERS.sub("", entry.msgstr))
        self.assertFalse(wrong)

    def test_installing_activates_french(self):
        self.env["res.users"].search([("lang", "=", "fr_FR")]).lang = "en_US"
        self.env["res.partner"].search([("lang", "=", "fr_FR")]).lang = "en_US"
        self.env["res.lang"]._get_data(code="fr_FR")
        self.env.ref("base.lang_fr").active = False
        self.assertFalse(self.env["res.lang"]._get_data(code="fr_FR"))
        post_init_hook(self.env)
        self.assertTrue(self.env["res.lang"]._get_data(code="fr_FR"))
        step = self.env.ref("relance_graduee.step_progressive_5").with_context(lang="fr_FR")
        self.assertEqual(step.name, "Mise en demeure")


@tagged("post_install", "-at_install")
class TestFrenchTexts(DunningCommon):
    """One customer on each shipped step, whose notice is proposed and never sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.company.write({"name": "Valdombre", "dunning_mode": "discovery"})
        cls.company.partner_id.bank_ids = cls.env["res.partner.bank"].create(
            {"acc_number": "FR7630006000011234567890189", "partner_id": cls.company.partner_id.id}
        )
        policies = cls.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "dunning.policy")]
        )
        cls.places = {
            cls._place_customer(policy, step): step
            for policy in policies
            for step in cls.env["dunning.policy"].browse(policy.res_id).step_ids
        }
        run = cls.env["dunning.run"].launch(date=cls.day, companies=cls.company)
        cls.notices = run.notice_ids.filtered(lambda n: n.partner_id in cls.places)

    @classmethod
    def _place_customer(cls, policy, step):
        """A customer with an invoice that is due for ``step``."""
        name = policy.name.removeprefix("policy_")
        partner = cls._create_customer(
            f"{name.replace('_', '').title()}{step.sequence}",
            lang="fr_FR",
            ref="C00042",
            customer_kind=KINDS.get(name, "business"),
            dunning_policy_id=step.policy_id.id,
        )
        late = step.delay_days - (30 if step.delay_from == "invoice" else 0)
        invoice = cls._invoice(late, AMOUNTS.get(name, 1000.0), partner=partner)
        earlier = step.policy_id.step_ids.filtered(lambda s: s.sequence < step.sequence)
        if earlier:
            day = cls.day.replace(year=cls.day.year - 1)
            cls._term_lines(invoice)._set_dunning_step(earlier[-1], day, "Placed")
        return partner

    def _on(self, notice):
        """A sub-test that names the step of ``notice``."""
        return self.subTest(policy=notice.policy_id.name, step=notice.step_id.name)

    def _write_texts(self, notice, lang):
        """Everything that the step says in ``lang``: by e-mail, letter, SMS and on the phone."""
        notice.partner_id.lang = lang
        notice.invalidate_recordset()
        step = notice.step_id.with_context(lang=lang)
        found = notice._prepare_texts()
        found["call_script"] = notice._render_text(step, "call_script")
        if step.send_sms:
            found["sms"] = notice._render_text(step.sms_template_id, "body")
        return {name: self._get_words(text) for name, text in found.items() if text}

    def _get_words(self, text):
        """``text`` without tags, without what holds a figure or is an address."""
        text = re.sub(r"<[^>]+>", " | ", str(text))
        return re.sub(r"\S*[@/\d]\S*", "|", text)

    def _get_runs(self, text):
        """Every three words that follow each other in ``text``."""
        words = re.findall(r"[^\W\d_]+|[|.,:;!?]", text)
        return {run for run in zip(words, words[1:], words[2:]) if all(w.isalpha() for w in run)}

    def test_every_shipped_step_has_its_notice(self):
        self.assertGreaterEqual(len(self.places), 25)
        for partner, step in self.places.items():
            notice = self.notices.filtered(lambda n, partner=partner: n.partner_id == partner)
            self.assertEqual(notice.step_id, step, f"{step.policy_id.name}: {step.name}")

    def test_no_english_is_left_in_the_texts(self):
        for notice in self.notices:
            with self._on(notice):
                english = self._write_texts(notice, "en_US")
                french = self._write_texts(notice, "fr_FR")
                self.assertEqual(french.keys(), english.keys())
                for name, text in french.items():
                    self.assertFalse(
                        self._get_runs(text) & self._get_runs(english[name]) - SAME_WORDS, name
                    )

    def test_no_english_is_left_in_the_letter(self):
        for notice in self.notices:
            with self._on(notice):
                english = self._get_labels(notice, "en_US")
                for label in self._get_labels(notice, "fr_FR") - SAME_LABELS:
                    self.assertNotIn(label, english)

    def _get_labels(self, notice, lang):
        """What the letter says around its texts, in ``lang``."""
        notice.partner_id.lang = lang
        notice.invalidate_recordset()
        letter = notice._prepare_letter()
        return {
            *(column["label"] for column in letter["columns"]),
            *(total["label"] for total in letter["totals"]),
            *(label for label, _value in letter["references"]),
            *(label for label, _value in letter["payment"]["lines"]),
            letter["payment"]["title"],
            letter["payment"]["note"],
            letter["memo_title"],
            letter["subject"],
            letter["place_date"],
            *filter(None, [letter["mode"]]),
            notice.with_context(lang=lang)._get_document_name(),
        }

    def test_the_printed_page_is_french(self):
        letter = self.notices[:1]._prepare_letter() | {"enclosures": ["Relevé"]}
        page = self.env["dunning.letter"]._prepare_document(letter)["html"]
        for words in ("Objet\xa0:", "P.\xa0J.\xa0:", "Total dû", "Reste dû", "Comment régler"):
            self.assertIn(words, page)
        for words in ("Subject", "Enclosed", "Balance"):
            self.assertNotIn(words, page)

    def test_forbidden_words_are_absent(self):
        for notice in self.notices:
            with self._on(notice):
                for name, text in self._write_texts(notice, "fr_FR").items():
                    forbidden = FORBIDDEN if name != "call_script" else FORBIDDEN[:3]
                    for words in forbidden:
                        self.assertNotIn(words, text.lower(), name)

    def test_nothing_sent_calls_itself_a_reminder(self):
        for notice in self.notices:
            with self._on(notice):
                texts = self._write_texts(notice, "fr_FR")
                texts["file"] = notice.with_context(lang="fr_FR")._get_document_name()
                texts.pop("call_script", None)
                for name, text in texts.items():
                    self.assertNotIn("relance", text.lower(), name)

    def test_nothing_sent_reads_as_the_first_of_several(self):
        """Figures and references included: subject, file name and title of the document."""
        self.company.dunning_mode = "live"
        policy = self.env.ref(f"{MODULE}.policy_three_steps")
        partner = self._create_customer("Neutre", lang="fr_FR", dunning_policy_id=policy.id)
        self._invoice(1, partner=partner)
        notice = self._notices(self._launch(), partner)
        Letter = self.env["dunning.letter"]
        pdf = Letter._print_document(Letter._prepare_document(notice._prepare_letter()))
        for text in (
            notice.name,
            notice.delivery_ids.mail_id.subject,
            notice.attachment_id.name,
            read_pdf(pdf).metadata.title,
        ):
            self.assertTrue(text)
            self.assertFalse(RANKED.search(text), text)
        self.assertIn(notice.name, notice.delivery_ids.mail_id.subject)

    def test_formal_notice_is_named_only_where_it_is_one(self):
        for notice in self.notices:
            with self._on(notice):
                texts = self._write_texts(notice, "fr_FR")
                if notice.is_formal_notice:
                    self.assertIn("mise en demeure", texts["letter_subject"].lower())
                    self.assertIn("en demeure", texts["letter_body"].lower())
                elif not notice.step_id.hand_over:
                    for name, text in texts.items():
                        self.assertNotIn("demeure de", text.lower(), name)
                        self.assertNotIn("mise en demeure", text.lower(), name)

    def test_first_words_thank_and_suppose_an_oversight(self):
        step = self.env.ref("relance_graduee.step_progressive_1")
        notice = self.notices.filtered(lambda n: n.step_id == step)
        body = self._write_texts(notice, "fr_FR")["body"]
        for words in ("Madame, Monsieur,", "Nous vous remercions", "simple oubli"):
            self.assertIn(words, body)

    def test_the_reminder_before_is_named_in_french(self):
        self.company.dunning_mode = "live"
        partner = self._create_customer(
            "Suivi", lang="fr_FR", dunning_policy_id=self.env.ref(f"{MODULE}.policy_three_steps").id
        )
        self._invoice(1, partner=partner)
        sent = self._notices(self._launch(), partner)
        self.assertEqual(sent.state, "sent")
        sent = sent.with_context(lang="fr_FR")
        self.assertEqual(sent._get_own_description(), "notre e-mail du 7 octobre 2026")
        self.assertEqual(
            sent._get_unanswered_sentence(),
            f"Notre e-mail du 7 octobre 2026 (réf. {sent.name}) est resté sans règlement de votre "
            "part.",
        )

    def test_first_day_of_a_month(self):
        """Le 1er décembre, never "1 décembre"."""
        notice = self.notices[:1].with_context(lang="fr_FR")
        self.assertEqual(notice._format_date(date(2026, 12, 1)), "1er décembre 2026")
        self.assertEqual(notice._format_date(date(2026, 12, 11)), "11 décembre 2026")
        self.assertEqual(
            notice.with_context(lang="en_US")._format_date(date(2026, 12, 1)), "December 1, 2026"
        )
