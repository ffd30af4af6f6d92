"""Every proof, tried by every neighbour in every way, as superuser: nothing of it changes.

The list is made of ``dunning.proof`` and of the registry: a model, field or neighbour that is added
later is in it.
"""

from contextlib import suppress

import psycopg2

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from ...models.channel.dunning_proof import QUEUE_FIELDS
from ...models.notice.dunning_proof import READERS_MARKS
from ..common_channels import ChannelCommon, make_pdf
from .figures import Figures

POSTAL = {"street": "1 rue", "zip": "69001", "city": "Lyon"}
ORM_FIELDS = {"id", "write_uid", "write_date"}
# What goes on after something was said, and says nothing of it: model -> fields, and why.
LIVING = {
    "dunning.notice": {
        "answer_deadline",  # the post came later than was printed
        "failure_reason",  # why what was approved did not leave yet
        "message_main_attachment_id",  # which file the reader sees first
    },
    "dunning.delivery": {
        "state", "date_contact", "failure_reason",  # it came back
        "user_id",  # who sees to it
        "date_planned", "date_retry_until", "mail_id", "sms_id",  # it waits, or is tried again
        "unknown_count",  # how often nobody knows whether it arrived
        "attachment_ids",  # receipts are added
        "cost",  # what it cost is known later
    },
    # who may fetch it by a link, and what a search finds in it
    "ir.attachment": {"access_token", "index_content", "public"},
    "dunning.interruption": {
        "active", "erased_reason",  # erased, with a reason
        "date_end",  # the proceedings ended
        "attachment_ids",  # documents are added
        "message_main_attachment_id",
    },
    "mail.message": READERS_MARKS,
    "mail.mail": READERS_MARKS | QUEUE_FIELDS | {"message_id"},
    "sms.sms": QUEUE_FIELDS,
}  # fmt: skip
# Of what was approved and did not leave: its paper is dated and numbered by the machine, and it
# leaves, comes back as a proposal or is cancelled.
SENDING = {
    "name", "date", "printed_deadline", "suspension_date", "policy_snapshot", "state",
    "hold_until", "cancel_reason",
}  # fmt: skip
# Of what was handed over and waits: what becomes of it is noted.
ANSWER = {
    "date_done", "done_by_id", "note", "outcome", "outcome_date", "outcome_amount", "risk",
    "outcome_means", "is_incoming", "contested_line_ids", "tracking_number", "date_printed",
    "date_presented", "date_received",
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestProofs(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stop_clock()
        cls.figures = Figures()
        cls.addClassCleanup(lambda: cls.figures.publish("proofs"))
        cls.customer.write(POSTAL)
        cls.other = cls._create_customer("Other")
        cls._live()
        cls.env.flush_all()

    @classmethod
    def _live(cls):
        """An e-mail and an SMS, a call, a formal notice received, one to post, an interruption."""
        text = cls.env["sms.template"].create(
            {
                "name": "SMS",
                "model_id": cls.env["ir.model"]._get_id("dunning.notice"),
                "body": "Please pay",
            }
        )
        cls.steps[0].write({"send_sms": True, "sms_template_id": text.id})
        cls.said = cls._say(0, cls.customer)
        cls.called = cls._say(1, cls._create_customer("Called"))
        cls.called.delivery_ids.action_done(outcome="other", note="Says nothing")
        cls.formal = cls._say(3, cls._create_customer("Formal", **POSTAL))
        cls._finish(cls.formal)
        letter = cls.formal.delivery_ids.filtered("is_proof")
        letter.action_done(outcome="received")
        letter.attachment_ids = cls._create_file("receipt.pdf")
        cls.approved = cls._say(2, cls._create_customer("To post", **POSTAL, email=False))
        for notice in cls.said | cls.called | cls.formal | cls.approved:
            cls.env["mail.tracking.value"].create(
                {
                    "field_id": cls.env["ir.model.fields"]._get("dunning.notice", "state").id,
                    "old_value_char": "Proposed",
                    "new_value_char": "Approved",
                    "mail_message_id": notice._message_log(body="Approved").id,
                }
            )
        line = cls._term_lines(cls.said.line_ids.move_id)
        cls.interruption = cls.env["dunning.interruption"].create(
            {
                "partner_id": cls.customer.id,
                "move_line_ids": line.ids,
                "kind": "acknowledgement",
                "date": cls.day,
                "evidence": "E-mail",
                "attachment_ids": cls._create_file("letter.pdf").ids,
            }
        )

    @classmethod
    def _say(cls, number, partner):
        step = cls.steps[number]
        invoice = cls._invoice(step.delay_days, partner=partner)
        if number:
            before = cls.steps[number - 1]
            cls._term_lines(invoice)._set_dunning_step(before, cls._at(-20), "Migrated")
        notice = cls._notices(cls._launch(), partner)
        if notice.state == "proposed":
            cls._send(notice)
        assert notice.state in ("approved", "sent"), notice.failure_reason
        return notice

    @classmethod
    def _create_file(cls, name):
        return cls.env["ir.attachment"].create({"name": name, "raw": make_pdf(name)})

    # ------------------------------------------------------------
    # PROOFS AND THEIR NEIGHBOURS
    # ------------------------------------------------------------

    def _get_proofs(self):
        """One kept record of each kind: what ``dunning.proof`` says is kept."""
        kept = []
        for name, domain in self.env["dunning.proof"]._get_domains().items():
            found = self.env[name].with_context(active_test=False).search(domain)
            own = found.filtered(lambda r: r.company_id == self.company)
            self.assertTrue(own, f"the life of this test has no {name}")
            by = {"dunning.notice": "state", "dunning.delivery": "channel"}.get(name)
            kept += [group[0] for group in own.grouped(by).values()] if by else [own[0]]
        return kept

    def _get_neighbours(self, proof):
        """Lines, messages with what they track, e-mails, SMS and files of a kept record."""
        lines = [proof[name][:1] for name in ("line_ids", "receipt_ids") if name in proof._fields]
        hung = [("model", "=", proof._name), ("res_id", "=", proof.id)]
        messages = self.env["mail.message"].search(hung)
        queued = [proof[name] for name in ("mail_id", "sms_id") if name in proof._fields]
        names = self.env["dunning.proof"]._get_document_fields().get(proof._name, ())
        files = self.env["ir.attachment"].search([("res_model", "=", hung[0][2]), hung[1]])
        for name in names:
            files |= proof.mapped(name)
        for queue in queued:
            messages |= queue.mail_message_id
        values = self.env["mail.tracking.value"].search([("mail_message_id", "in", messages.ids)])
        found = [*lines, messages[:1], values[:1], *queued, *files]
        return [record for record in found if record]

    # ------------------------------------------------------------
    # WAYS
    # ------------------------------------------------------------

    def _get_written(self, record):
        """(name, another value) of all that is stored of it, and of what it inherits from."""
        living = LIVING.get(record._name, set()) | ORM_FIELDS
        if record == self.approved:
            living = living | SENDING
        if record._name == "dunning.delivery" and not record.date_done:
            living = living | ANSWER
        for name, field in sorted(record._fields.items()):
            stored = field.store or (field.inherited and field.related_field.base_field.store)
            if not stored or field.type == "one2many" or name in living:
                continue
            if name.startswith(("activity_", "message_follower", "message_partner")):
                continue
            value = self._get_other_value(record, name)
            if value or record[name]:
                yield name, value

    def _get_other_value(self, record, name):
        field = record._fields[name]
        if field.type == "selection":
            return next(v for v in field.get_values(self.env) if v != record[name])
        if field.relational:
            if record[name]:
                return [Command.clear()] if field.type == "many2many" else False
            other = self.env[field.comodel_name].sudo().search([], limit=1)
            return other and ([Command.link(other.id)] if field.type == "many2many" else other.id)
        if field.type in ("many2one_reference", "integer", "float", "monetary"):
            return (record[name] or 0) + 1
        if field.type == "boolean":
            return not record[name]
        dates = {"datetime": fields.Datetime.now(), "date": self._at(-21)}
        return dates.get(field.type, {"forged": 1} if field.type == "json" else "Zm9yZ2Vk")

    def _try(self, record, way, act):
        """Count what came of it; it fails where something of ``record`` is another afterwards."""
        before = self._read_raw(record)
        savepoint = self.env.cr.savepoint()
        try:
            with mute_logger("odoo.sql_db"):
                act()
                self.env.flush_all()
            outcome = "harmless" if self._read_raw(record) == before else "through"
        except UserError:
            outcome = "refused"
        except (psycopg2.Error, ValueError, TypeError):
            outcome = "crashed"
        finally:
            savepoint.close(rollback=True)  # undone, whatever came of it
            self.env.invalidate_all(flush=False)
        self.figures.note(outcome)
        if outcome == "through":
            with self.subTest(record=str(record), way=way):
                self.fail(f"{record} changed by {way}")

    def _read_raw(self, record):
        """The row, and what stands in its relation tables, as the database has it."""
        record.flush_recordset()
        query = f'SELECT * FROM "{record._table}" WHERE id = %s'
        self.env.cr.execute(query, [record.id])
        row = self.env.cr.dictfetchone() or {}
        row = {name: value for name, value in row.items() if name not in ORM_FIELDS}
        for name, field in record._fields.items():
            if field.type == "many2many" and field.store:
                query = SQL(
                    "SELECT %s FROM %s WHERE %s = %s",
                    SQL.identifier(field.column2),
                    SQL.identifier(field.relation),
                    SQL.identifier(field.column1),
                    record.id,
                )
                row[name] = sorted(self.env.execute_query(query))
        return row

    def _attack(self, record):
        for name, value in list(self._get_written(record)):
            vals = {name: value}
            self._try(record, f"write {name}", lambda vals=vals: record.write(vals))
        self._try(record, "unlink", record.unlink)
        # a key of the context that every caller may name: Odoo skips guards of ``ondelete`` by it
        forced = record.with_context(**{MODULE_UNINSTALL_FLAG: True})
        self._try(record, "unlink as if uninstalled", forced.unlink)

    # ------------------------------------------------------------
    # TESTS
    # ------------------------------------------------------------

    def test_every_field_of_every_proof_and_neighbour_stays(self):
        tried = set()
        for proof in self._get_proofs():
            for record in (proof, *self._get_neighbours(proof)):
                if record not in tried:
                    tried.add(record)
                    self._attack(record)
        kinds = {record._name for record in tried}
        self.assertLessEqual(
            {
                "dunning.notice.line", "dunning.receipt", "ir.attachment", "mail.mail",
                "mail.message", "mail.tracking.value", "sms.sms",
            },
            kinds,
        )  # fmt: skip
        self.assertGreater(self.figures["refused"], 300)

    def test_no_child_is_changed_through_its_proof(self):
        """Nor by commands on the parent's list."""
        for proof in self._get_proofs():
            for name, field in proof._fields.items():
                if field.type != "one2many" or not field.store or not proof[name]:
                    continue
                child = proof[name][0]
                kept = self.env["dunning.proof"]
                waits = child._name in kept._get_domains() and not kept._filter_kept(child)
                if waits or name.startswith(("message_", "activity_")):
                    continue
                for command in (Command.delete, Command.unlink):
                    vals = {name: [command(child.id)]}
                    self._try(child, f"{name} {vals}", lambda v=vals, p=proof: p.write(v))

    def test_copy_is_no_proof(self):
        """Whatever the caller says it is: nobody approved, sent, said or recorded it."""
        kept = self.env["dunning.proof"]
        for proof in self._get_proofs():
            if proof._name in ("dunning.interruption", "dunning.receipt"):
                continue  # kept from the first day, as what its own user recorded
            with suppress(UserError), self.env.cr.savepoint():
                copied = proof.copy()
                self.assertFalse(kept._filter_kept(copied), f"copy of {proof}")

    def test_copy_of_an_interruption_is_of_who_copies_it(self):
        copied = self.interruption.with_user(self.collector).copy()
        self.assertEqual(copied.user_id, self.collector)

    def test_merging_customers_changes_nothing_but_whose_it_is(self):
        proofs = [
            proof
            for proof in self._get_proofs()
            if "partner_id" in proof._fields and proof.partner_id == self.customer
        ]
        before = {proof: self._read_raw(proof) for proof in proofs}
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.customer | self.other).ids, self.other
        )
        self.env.invalidate_all()
        for proof in proofs:
            after = self._read_raw(proof)
            changed = {name for name in after if after[name] != before[proof][name]}
            self.assertLessEqual(changed, {"partner_id", "contact_id"}, proof)
