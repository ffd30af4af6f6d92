"""An update brings to a used database what the records it leaves alone need."""

import importlib.util
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL, file_path, html2plaintext

from .common import DunningCommon
from .common_channels import ChannelCommon


def load(version, stage="post", name="migration"):
    path = file_path(f"relance_graduee/migrations/{version}/{stage}-{name}.py")
    spec = importlib.util.spec_from_file_location(f"{stage}_{name}", path)
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


@tagged("post_install", "-at_install")
class TestTextsWithCode(DunningCommon):
    def test_texts_that_are_no_longer_filled_are_told(self):
        self._store_text(self.steps[0], "letter_subject", "Pay {{ object.partner_id.name }}")
        self._store_text(self.template, "subject", "{{ object.text_sum }}")
        module = load("19.0.1.3.0")
        with patch.object(module._logger, "info") as info:
            module.migrate(self.env.cr, "19.0.1.2.0")
        self.assertEqual(info.call_count, 2)
        note = self.policy.message_ids[:1].body
        for words in ("object.partner_id.name", "text_sum"):
            self.assertIn(words, note)
            self.assertIn(words, self.policy.ladder_warning)


@tagged("post_install", "-at_install")
class TestRenames(DunningCommon):
    """A model of another name, with all that bears it: ``dunning.before``, then ``.after``.

    The table of closing days is of the new name already: a table of the same kind stands for it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.module = load("19.0.1.3.0", "pre")
        cls.classPatch(cls.module, "MODELS", {"dunning.before": "dunning.before.after"})
        cls.classPatch(cls.module, "FIELDS", {"x_dunning_before_ids": "x_dunning_after_ids"})
        cls._create_table()
        cls._create_model()

    @classmethod
    def _create_table(cls):
        cls.env.cr.execute(
            """CREATE TABLE dunning_before (
                   id serial PRIMARY KEY,
                   name varchar NOT NULL,
                   company_id integer REFERENCES res_company,
                   CONSTRAINT dunning_before_named CHECK (name <> ''));
               CREATE INDEX dunning_before__company_id_index ON dunning_before (company_id);
               INSERT INTO dunning_before (name) VALUES ('Summer'), ('Winter')"""
        )

    @classmethod
    def _create_model(cls):
        """Rows as Odoo writes them for a model: no class of that name is loaded."""
        cls.env.cr.execute(
            """INSERT INTO ir_model (model, name, state, "order")
               VALUES ('dunning.before', '{"en_US": "Before"}', 'base', 'id') RETURNING id"""
        )
        (cls.model_id,) = cls.env.cr.fetchone()
        company_model = cls.env["ir.model"]._get_id("res.company")
        cls.env.cr.execute(
            SQL(
                """INSERT INTO ir_model_fields
                          (model_id, model, name, field_description, ttype, state, relation)
                   VALUES (%s, 'res.company', 'x_dunning_before_ids',
                           '{"en_US": "Before"}', 'one2many', 'base', 'dunning.before')""",
                company_model,
            )
        )
        names = ("model_dunning_before", "menu_dunning_before", "field_dunning_before__name")
        ids = [("relance_graduee", "ir.model", name, cls.model_id) for name in names]
        ids.append(("__import__", "dunning.before", "dunning_before_1", 1))
        for module, model, name, res_id in ids:
            cls.env.cr.execute(
                SQL(
                    "INSERT INTO ir_model_data (module, model, name, res_id) VALUES %s",
                    (module, model, name, res_id),
                )
            )

    def setUp(self):
        super().setUp()
        self.module.migrate(self.env.cr, "19.0.1.2.0")

    def _select(self, query, *args):
        self.env.cr.execute(SQL(query, *args))
        return [row[0] for row in self.env.cr.fetchall()]

    def test_rows_and_next_number_are_kept(self):
        self.env.cr.execute(
            "INSERT INTO dunning_before_after (name) VALUES ('Spring') RETURNING id"
        )
        self.assertEqual(self.env.cr.fetchone(), (3,))
        names = self._select("SELECT name FROM dunning_before_after ORDER BY id")
        self.assertEqual(names, ["Summer", "Winter", "Spring"])

    def test_constraints_and_indexes_bear_the_new_name(self):
        table = "dunning_before_after"
        names = self._select(
            """SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass
               UNION SELECT indexname FROM pg_indexes WHERE tablename = %s""",
            table,
            table,
        )
        self.assertEqual([name for name in names if not name.startswith(f"{table}_")], [])
        self.assertIn("dunning_before_after__company_id_index", names)
        self.assertIn("dunning_before_after_named", names)

    def test_model_and_fields_are_the_same_records(self):
        models = self._select("SELECT model FROM ir_model WHERE id = %s", self.model_id)
        self.assertEqual(models, ["dunning.before.after"])
        relations = self._select(
            "SELECT relation FROM ir_model_fields WHERE name = 'x_dunning_after_ids'"
        )
        self.assertEqual(relations, ["dunning.before.after"])

    def test_ids_of_the_add_on_change_those_of_users_stay(self):
        names = self._select(
            "SELECT name FROM ir_model_data WHERE strpos(name, 'dunning_before') > 0 ORDER BY name"
        )
        new = ["field_dunning_before_after__name", "menu_dunning_before_after"]
        self.assertEqual(names, ["dunning_before_1", *new, "model_dunning_before_after"])
        models = self._select(
            "SELECT model FROM ir_model_data WHERE module = '__import__' AND name = %s",
            "dunning_before_1",
        )
        self.assertEqual(models, ["dunning.before.after"])

    def test_views_of_others_name_the_new_field(self):
        view = self.env["ir.ui.view"].create(
            {"type": "form", "model": "res.partner", "arch": "<form><field name='name'/></form>"}
        )
        arch = "<form><field name='x_dunning_before_ids'/><p>x_dunning_before_ids_2</p></form>"
        self.env.cr.execute(
            SQL(
                """UPDATE ir_ui_view SET arch_db = jsonb_build_object('en_US', %s::text)
                    WHERE id = %s""",
                arch,
                view.id,
            )
        )
        view.invalidate_recordset()
        self.module.migrate(self.env.cr, "19.0.1.2.0")
        self.assertEqual(view.arch_db, arch.replace("before_ids'", "after_ids'"))

    def test_once_more_changes_nothing(self):
        before = self._select("SELECT name FROM ir_model_data ORDER BY id")
        self.module.migrate(self.env.cr, "19.0.1.2.0")
        self.assertEqual(self._select("SELECT name FROM ir_model_data ORDER BY id"), before)

    def test_names_that_are_declared_are_those_in_use(self):
        module = load("19.0.1.3.0", "pre")
        for name in module.MODELS.values():
            self.assertIn(name, self.env)
        for name in module.FIELDS.values():
            self.assertTrue(self.env["ir.model.fields"].search([("name", "=", name)]), name)
        for name in module.XML_IDS.values():
            self.assertTrue(self.env.ref(f"relance_graduee.{name}"), name)


@tagged("post_install", "-at_install")
class TestReasonsLeaveTheChatter(DunningCommon):
    """19.0.1.3.0: why a customer was paused or held is of the company alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.module = load("19.0.1.3.0")
        for body in (
            "Reminders paused until 12/31/2026: bad payer: since 2019",
            "Relances en pause jusqu'au 31/12/2026 : mauvais payeur",
            "Reprise des relances : payé",
            "Deliveries held until 12/31/2026: cheque came back",
            "Reminders paused until 12/31/2026.",
            "Somebody else: wrote this",
        ):
            cls.customer._message_log(body=body)

    def _notes(self):
        return self.env["dunning.customer.note"].search([("partner_id", "=", self.customer.id)])

    def test_reasons_are_kept_by_the_company_and_no_longer_shared(self):
        self.module._move_reasons(self.env)
        self.env.invalidate_all()
        self.assertEqual(
            [(note.kind, note.reason) for note in self._notes().sorted("id")],
            [
                ("pause", "bad payer: since 2019"),
                ("pause", "mauvais payeur"),
                ("resume", "payé"),
                ("hold", "cheque came back"),
            ],
        )
        self.assertEqual(self._notes().company_id, self.env.user.company_id.root_id)
        said = [html2plaintext(message.body) for message in self.customer.message_ids]
        self.assertIn("Relances en pause jusqu'au 31/12/2026.", said)
        self.assertIn("Reminders paused until 12/31/2026.", said)
        self.assertIn("Somebody else: wrote this", said)
        self.assertNotIn("payeur", " ".join(said))

    def test_once_more_changes_nothing(self):
        for _time in range(2):
            self.module._move_reasons(self.env)
        self.assertEqual(len(self._notes()), 4)


@tagged("post_install", "-at_install")
class TestPutBackLongAgo(DunningCommon):
    def test_item_put_back_without_a_new_round_may_be_reminded(self):
        """As 19.0.1.0.0 left it: on an earlier step, in the round in which the later was said."""
        self.steps[0].approval = "auto"
        with self._no_render():
            invoice = self._invoice(self.steps[0].delay_days)
            self._launch()
            line = self._term_lines(invoice)
            self.assertEqual((line.dunning_step_id, line.dunning_round), (self.steps[0], 0))
            line.flush_recordset()
            self.env.cr.execute(
                SQL(
                    """UPDATE account_move_line SET dunning_step_id = NULL,
                                                    dunning_step_date = NULL WHERE id = %s""",
                    line.id,
                )
            )
            self.env.invalidate_all()
            load("19.0.1.3.0")._begin_rounds(self.env)
            self.assertEqual(line.dunning_round, 1)
            load("19.0.1.3.0")._begin_rounds(self.env)
            self.assertEqual(line.dunning_round, 1, "once")
            run = self._launch(30)
        self.assertFalse(run.failure_ids)
        self.assertEqual(run.notice_ids.line_ids.move_line_id, line)


@tagged("post_install", "-at_install")
class TestProofsAreToldOf(ChannelCommon):
    """What was said before the update: more of it is kept, and what is wrong with it is told."""

    def _migrate(self):
        self.env.flush_all()
        module = load("19.0.1.3.0", name="proofs")
        with patch.object(module._logger, "info") as info:
            module.migrate(self.env.cr, "19.0.1.2.0")
        self.env.invalidate_all()
        return "\n".join(str(call.args) for call in info.call_args_list)

    def _execute(self, query, *values):
        self.env.flush_all()
        self.env.cr.execute(query, values)
        self.env.invalidate_all()

    def test_what_is_known_is_kept(self):
        notice = self._propose(0)
        delivery = notice.delivery_ids
        with self._mail_server():
            self._process_queue(delivery)
        self._execute("UPDATE dunning_delivery SET sent_message = NULL")
        formal = self._propose(3, self._create_customer("Formal"))
        self._send(formal)
        self._finish(formal)
        letter = formal.delivery_ids.filtered("is_proof")
        letter.action_done(outcome="received", date=self._at(2))
        self._execute("DELETE FROM dunning_receipt")
        for _time in range(2):
            self._migrate()
            self.assertEqual(delivery.sent_message["body"], delivery.mail_id.body_html)
            receipt = letter.receipt_ids
            self.assertEqual((receipt.outcome, receipt.date), ("received", self._at(2)))

    def test_what_is_wrong_is_told_once(self):
        notice = self._propose(0)
        self._execute(
            "UPDATE dunning_notice SET date_sent = create_date::date - 14 WHERE id = %s", notice.id
        )
        self._execute(
            "UPDATE ir_attachment SET res_model = 'res.partner' WHERE id = %s",
            notice.attachment_id.id,
        )
        with patch("os.path.getsize", lambda _path: 0):
            logs = self._migrate()
            told = len(notice.message_ids)
            for words in ("a day before", "was moved", "missing"):
                self.assertIn(words, "".join(notice.message_ids.mapped("body")))
            self._migrate()
        self.assertEqual(len(notice.message_ids), told)
        for words in ("dated before", "moved", "missing"):
            self.assertIn(words, logs)

    def test_recorded_in_the_name_of_somebody_else(self):
        claim = self.env["dunning.interruption"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": self._term_lines(self._invoice(30)).ids,
                "kind": "acknowledgement",
                "date": self.day,
                "evidence": "E-mail",
            }
        )
        self._execute(
            "UPDATE dunning_interruption SET user_id = %s, create_uid = %s WHERE id = %s",
            self.manager.id, self.collector.id, claim.id,
        )  # fmt: skip
        self.assertIn("in the name of somebody else", self._migrate())
        self.assertIn("is not who recorded it", claim.message_ids[:1].body)
