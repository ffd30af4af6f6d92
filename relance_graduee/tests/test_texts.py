"""Texts that persons write are no code, and are changed by those whose words they are."""

import re

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..models.notice.dunning_notice import TEXT_FIELDS
from .common_calls import CallCommon

OPEN = re.compile(r"\{\{|\bt-")
HARM = "object.env.user.sudo().write({'group_ids': [(4, %s)]})"
INLINE_CODE = (
    "{{ " + HARM + " }}",
    "{{ object.sudo().partner_id.name }}",
    "{{ object.partner_id.name }}",
    "{{ user.name }}",
    "{{ object.text_amount",
)
HTML_CODE = (
    *INLINE_CODE,
    f'<t t-out="{HARM}"/>',
    '<t t-out="object.sudo().env.user.name"/>',
    '<p t-if="object.env">x</p>',
    '<t t-set="x" t-value="object.env"/>',
    '<a t-att-href="object.partner_id.name">x</a>',
    '<t t-foreach="object.line_ids" t-as="line">x</t>',
)


class TextsCommon(CallCommon):
    """``self.sources`` has a record of each model whose texts are said of notices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.manager.group_ids += cls.env.ref("mail.group_mail_template_editor")
        cls.mail, cls.sms = cls.template.copy(), cls._create_sms()
        step = {"name": "Call", "delay_days": 5, "phone_call": True, "call_script": "Call"}
        templates = {"mail_template_id": cls.mail.id, "sms_template_id": cls.sms.id}
        vals = {"company_id": cls.company.id}
        cls.own_policy = cls._create_policy("Own", {**step, **templates}, **vals)
        cls.sources = {
            "dunning.step": cls.own_policy.step_ids,
            "mail.template": cls.mail,
            "sms.template": cls.sms,
        }

    @classmethod
    def _create_sms(cls):
        model = cls.env["ir.model"]._get_id("dunning.notice")
        return cls.env["sms.template"].create({"name": "SMS", "model_id": model, "body": "Pay"})

    def _for_each(self, act, may_write=False):
        """``act(record, field, code)`` for each text that is said of notices, with each code.

        :param may_write: only those that Odoo lets a dunning manager write
        """
        admin = self.env.ref("base.group_system").id
        for name in self._get_source_models():
            self.assertIn(name, self.sources, "a model with texts needs a record here")
            source = self.sources[name]
            if may_write and not source.with_user(self.manager).has_access("write"):
                continue
            for text in source._get_text_names():
                is_html = source._fields[text].type == "html"
                for code in HTML_CODE if is_html else INLINE_CODE:
                    code = code.replace("%s", str(admin))
                    with self.subTest(model=name, field=text, code=code):
                        act(source, text, code)

    def _get_source_models(self):
        names = self.env.registry.descendants(["dunning.checked.text"], "_inherit")
        return sorted(name for name in names if not self.env[name]._abstract)

    def _assert_harmless(self):
        self.manager.invalidate_recordset()
        self.assertFalse(self.manager.has_group("base.group_system"))


@tagged("post_install", "-at_install")
class TestTextsAreNoCode(TextsCommon):
    """Every text of every model that is checked (``dunning.checked.text``), in every way."""

    def test_every_model_has_texts(self):
        names = self._get_source_models()
        self.assertEqual(names, ["dunning.step", "mail.template", "sms.template"])
        self.assertEqual(
            {name: self.env[name]._get_text_names() for name in names},
            {
                "dunning.step": ["letter_subject", "letter_body", "letter_closing", "call_script"],
                "mail.template": ["subject", "body_html"],
                "sms.template": ["body"],
            },
        )

    def _assert_refused(self, source, name, act, made=()):
        """Refused; or Odoo's cleaning of HTML left nothing that is code.

        :param made: a list that gets the record that ``act`` makes instead
        """
        try:
            with self.env.cr.savepoint():
                act()
                changed = made[-1] if made else source
                self.assertFalse(changed.sudo()._get_text_problems())
                texts = changed.sudo()._get_stored_texts(name).values()
                self.assertFalse([text for text in texts if OPEN.search(text)])
                raise UserError(name)
        except (ValidationError, UserError):
            self.env.invalidate_all()
        self._assert_harmless()

    def test_refused_when_written_by_a_manager(self):
        def act(source, name, code):
            own = source.with_user(self.manager).sudo(False)
            self._assert_refused(source, name, lambda: own.write({name: f"Pay {code}"}))

        self._for_each(act, may_write=True)

    def test_refused_for_superuser_too(self):
        def act(source, name, code):
            self._assert_refused(source, name, lambda: source.write({name: f"Pay {code}"}))

        self._for_each(act)

    def test_refused_in_another_language(self):
        def act(source, name, code):
            own = source.with_user(self.manager).sudo(False)
            french = own.with_context(lang="fr_FR")
            self._assert_refused(source, name, lambda: french.write({name: f"Payez {code}"}))

        self._for_each(act, may_write=True)

    def test_refused_as_a_translation(self):
        def act(source, name, code):
            own = source.with_user(self.manager).sudo(False)
            own[name] = "<p>Pay</p>"
            words = code if source._fields[name].translate is True else {"Pay": code}
            translate = own.update_field_translations
            self._assert_refused(source, name, lambda: translate(name, {"fr_FR": words}))

        self._for_each(act, may_write=True)

    def test_refused_when_created(self):
        def act(source, name, code):
            made = []
            self._assert_refused(
                source, name, lambda: made.append(source.copy({name: f"Pay {code}"})), made
            )

        self._for_each(act)

    def test_refused_when_imported(self):
        rows = self.env["dunning.step"].load(
            [".id", "call_script"], [[str(self.own_policy.step_ids.id), INLINE_CODE[1]]]
        )
        self.assertIn("is code", rows["messages"][0]["message"])

    def test_stored_before_it_is_said_in_words_and_does_nothing(self):
        notice = self._propose(1).with_user(self.manager).sudo(False)

        def act(source, name, code):
            self._store_text(source, name, f"Pay {code}")
            with self.assertRaisesRegex(UserError, "correct it in the procedure"):
                notice._render_text(source.sudo(), name)
            self._assert_harmless()

        self._for_each(act)

    def test_script_made_a_manager_administrator(self):
        delivery = self._call()
        code = INLINE_CODE[0].replace("%s", str(self.env.ref("base.group_system").id))
        self._store_text(self.steps[1], "call_script", code)
        script = delivery.with_user(self.manager).call_script
        self.assertIn("is code", script)
        self._assert_harmless()

    def test_stored_before_it_stops_its_notice_in_words(self):
        for source, name in (
            (self.template, "subject"),
            (self.template, "body_html"),
            (self.steps[0], "letter_body"),
        ):
            with self.subTest(text=name):
                before = source[name]
                self._store_text(source, name, INLINE_CODE[1])
                notice = self._propose(0, self._create_customer(f"Stored {name}"))
                self.assertEqual(notice.state, "proposed")
                self.assertIn("cannot be written", notice.failure_reason)
                self._store_text(source, name, before)

    def test_what_odoo_evaluates_names_fields_alone(self):
        """Recipients and language of a template: in Odoo's composer, with its user's rights."""
        calls = [code for code in INLINE_CODE if "partner_id.name" not in code or "()" in code]
        for source in (self.mail, self.sms):
            for name in source._get_evaluated_names():
                source[name] = "{{ object.partner_id.lang }}"
                for code in (*calls, "{{ object.partner_id.lang.upper() }}", "{{ object }}"):
                    with (
                        self.subTest(source=source, field=name, code=code),
                        self.assertRaises(ValidationError),
                        self.env.cr.savepoint(),
                    ):
                        source[name] = code
        self.assertIn("partner_to", self.mail._get_evaluated_names())
        self.assertEqual(self.sms._get_evaluated_names(), ["lang"])

    def test_edited_text_stored_before_is_no_code(self):
        self.steps[0].approval = "confirm"
        notice = self._propose(0)
        notice.with_user(self.collector).action_edit_text()
        self._store_text(notice, "body", f"<p>Pay {INLINE_CODE[1]}</p>")
        self._send(notice)
        self.assertEqual(notice.state, "sent")
        self.assertIn(INLINE_CODE[1], self._delivery(notice, "email").mail_id.body_html)

    def test_edited_text_is_said_as_it_stands(self):
        self.steps[0].approval = "confirm"
        notice = self._propose(0).with_user(self.collector).sudo(False)
        notice.action_edit_text()
        for name in TEXT_FIELDS:
            for code in ("{{ object.text_amount }}", INLINE_CODE[1]):
                with self.assertRaises(ValidationError), self.env.cr.savepoint():
                    notice[name] = f"Pay {code}"
        notice.subject = "Pay [amount claimed]"

    def test_moved_to_notices_it_is_checked(self):
        model, partners = self.mail.model_id.id, self.env["ir.model"]._get_id("res.partner")
        body = '<p><t t-out="7 * 7"/></p>'
        mail = self.mail.copy({"model_id": partners, "subject": "Pay", "body_html": body})
        for vals in ({"model_id": model}, {"model": "dunning.notice"}):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                mail.write(vals)
        with self.assertRaises(AccessError):
            mail.with_user(self.collector).write({"body_html": "Pay", "model_id": model})

    def test_known_words_are_filled(self):
        names = [p.name for p in self.env["dunning.notice"]._get_placeholders()]
        self.assertIn("text_accountant_copy", names)
        text = "".join(f'<p><t t-out="object.{name}"/></p>' for name in names)
        self.mail.with_user(self.manager).body_html = text
        said = self._propose(1)._render_text(self.mail, "body_html")
        self.assertIn("1,000.00", said)
        self.assertIn("<table", said)
        for name in names:
            self.assertIn(name, self.steps[0].placeholder_list)


@tagged("post_install", "-at_install")
class TestWhoChangesTexts(TextsCommon):
    """The seven shipped ladders are of every company: no single manager changes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = cls.env.ref("relance_graduee.policy_small_amounts")
        cls.step = cls.shared.step_ids.filtered("sms_template_id")
        cls.env["res.company"].create({"name": "Another company"})
        cls.everywhere = new_test_user(
            cls.env,
            "texts_everywhere",
            "relance_graduee.group_dunning_manager,mail.group_mail_template_editor",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.env["res.company"].search([]).ids)],
        )
        cls.employee = new_test_user(
            cls.env, "texts_writer", "base.group_user,mail.group_mail_template_editor"
        )

    def test_who_may_not_change_a_ladder_reads_its_form(self):
        """Every field of the form that is typed is read-only then, in whatever room it is added."""
        self.assertFalse(self.shared.with_user(self.manager).may_change)
        self.assertTrue(self.shared.with_user(self.everywhere).may_change)
        view = self.shared.with_user(self.manager).get_view(view_type="form")
        for node in etree.fromstring(view["arch"]).xpath("//sheet//field[not(ancestor::list)]"):
            field = self.shared._fields[node.get("name")]
            if node.get("invisible") not in ("True", "1") and not field.readonly:
                with self.subTest(field=field.name):
                    self.assertIn(node.get("readonly"), ("not may_change", "id"))

    def _get_changes(self, user):
        """Name -> what changes a shared ladder, its steps or their texts."""
        policy, step = self.shared.with_user(user), self.step.with_user(user)
        mail = step.mail_template_id
        french, last = {"fr_FR": "Payez"}, {"delay_days": 900, "sequence": 900}
        return {
            "policy": lambda: policy.write({"min_amount": 1}),
            "create": lambda: policy.create({"name": "For all"}),
            "step": lambda: step.write({"delay_days": step.delay_days}),
            "line": lambda: policy.write(
                {"step_ids": [Command.update(step.id, {"call_script": "Pay"})]}
            ),
            "new step": lambda: step.create(
                {
                    "policy_id": policy.id,
                    "name": "More",
                    "delay_days": 900,
                    "sequence": 900,
                    "phone_call": True,
                }
            ),
            "copy": lambda: step.copy(last),
            "translation": lambda: step.update_field_translations("letter_subject", french),
            "mail": lambda: mail.write({"subject": "Pay"}),
            "mail translation": lambda: mail.update_field_translations("subject", french),
            "mail moved": lambda: mail.write({"model_id": False}),
            "mail deleted": lambda: mail.unlink(),
            "step deleted": lambda: step.unlink(),
            "deleted": lambda: policy.unlink(),
        }

    def test_shared_ladder_is_no_single_managers(self):
        for name, act in self._get_changes(self.manager).items():
            with self.subTest(name), self.assertRaises(AccessError), self.env.cr.savepoint():
                act()

    def test_manager_of_every_company_changes_it(self):
        done = ("policy", "create", "step", "line", "translation", "mail", "mail translation")
        acts = self._get_changes(self.everywhere)
        for name in done:
            with self.subTest(name):
                acts[name]()

    def test_texts_are_for_managers(self):
        for user in (self.employee, self.collector):
            mail = self.mail.with_user(user)
            for act in (
                lambda mail=mail: mail.write({"subject": "Pay"}),
                lambda mail=mail: mail.copy(),
                lambda mail=mail: mail.unlink(),
            ):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    act()
        self.mail.with_user(self.manager).subject = "Please pay"
        self.assertEqual(self.mail.subject, "Please pay")

    def test_texts_of_another_company_are_its_own(self):
        other = self.env["res.company"].create({"name": "Neighbour"})
        neighbour = new_test_user(
            self.env,
            "texts_neighbour",
            "relance_graduee.group_dunning_manager,mail.group_mail_template_editor",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaisesRegex(AccessError, "another company"):
            self.mail.with_user(neighbour).subject = "Pay"

    def test_own_copy_comes_first_and_is_changed(self):
        action = self.shared.with_user(self.manager).action_copy_to_company()
        copy = self.env["dunning.policy"].browse(action["res_id"])
        self.assertEqual((copy.company_id, copy.name), (self.company, self.shared.name))
        self.assertLess(copy.sequence, self.shared.sequence)
        self.assertEqual(copy.ladder_summary, self.shared.ladder_summary)
        step = copy.step_ids.filtered("sms_template_id")
        self.assertEqual(
            step.with_context(lang="fr_FR").letter_subject,
            self.step.with_context(lang="fr_FR").letter_subject,
        )
        self.assertFalse(copy.step_ids.mail_template_id & self.shared.step_ids.mail_template_id)
        self.assertNotEqual(step.sms_template_id, self.step.sms_template_id)
        step.with_user(self.manager).write({"letter_subject": "Ours"})
        step.mail_template_id.with_user(self.manager).write({"subject": "Ours"})
        with self.assertRaisesRegex(AccessError, "dunning manager"):
            self.shared.with_user(self.collector).action_copy_to_company()
