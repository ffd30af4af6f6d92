"""What is forgotten of natural persons and when, and what they may ask for (LAW.md 99 to 101)."""

import base64
import io
from datetime import timedelta
from unittest.mock import patch

import openpyxl
import psycopg2
from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_channels import ChannelCommon

RETENTION_LOGGER = "odoo.addons.relance_graduee.models.privacy.dunning_retention"


class PersonCommon(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._create_customer("Person", customer_kind="consumer", is_company=False)

    def _forget(self):
        self.env["dunning.retention"]._cron_forget()
        self.env.invalidate_all()

    def _call(self, partner, months_ago, note="Talks of the divorce"):
        """A call of so many months ago, closed with a note."""
        day = self.company._get_dunning_today() - timedelta(days=31 * months_ago)
        call = self.env["dunning.delivery"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "channel": "phone",
                "date_planned": day,
            }
        )
        call.action_done(outcome="other", note=note, date=day)
        return call


@tagged("post_install", "-at_install")
class TestMarks(PersonCommon):
    def test_mark_falls_after_full_payment(self):
        invoice = self._invoice(20, partner=self.person)
        self.person.trust = "bad"
        self.person._set_delivery_hold(self._at(900), "Does not pay")
        self._forget()
        self.assertEqual(self.person.trust, "bad", "something is still owed")
        self._pay(invoice)
        self._forget()
        self.assertEqual(self.person.trust, "normal")
        self.assertFalse(self.person.dunning_hold_until or self.person.dunning_hold_reason)

    def test_part_payment_is_not_full_payment(self):
        self._pay(self._invoice(20, partner=self.person), 400)
        self.person.trust = "bad"
        self._forget()
        self.assertEqual(self.person.trust, "bad")

    def test_mark_falls_after_three_years_though_the_debt_is_open(self):
        """LAW.md 100; the debt itself is still chased."""
        invoice = self._invoice(20, partner=self.person)
        self.person.trust = "bad"
        self._forget()
        today = self.company._get_dunning_today()
        self.assertEqual(self.person.dunning_marked_on, today)
        self.person.dunning_marked_on = today - relativedelta(months=36) + timedelta(days=1)
        self._forget()
        self.assertEqual(self.person.trust, "bad")
        self.person.dunning_marked_on = today - relativedelta(months=36)
        self._forget()
        self.assertEqual((self.person.trust, self.person.dunning_marked_on), ("normal", False))
        self.assertIn("36 months", self.person.message_ids[0].body)
        self.assertTrue(self._item(invoice))

    def test_mark_that_a_person_lifted_begins_anew(self):
        self._invoice(20, partner=self.person)
        self.person.write({"trust": "bad", "dunning_marked_on": "2020-01-01"})
        self.person.trust = "good"
        self._forget()
        self.assertFalse(self.person.dunning_marked_on)

    def test_the_company_may_be_shorter_never_longer(self):
        for months in (0, 37):
            with (
                self.subTest(months=months),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.company.dunning_mark_months = months
                self.env.flush_all()

    def test_companies_are_no_persons(self):
        self.customer.trust = "bad"
        self._forget()
        self.assertEqual(self.customer.trust, "bad")

    def test_goes_through_batches_of_those_of_whom_something_is_forgotten(self):
        paid, owing = self.person, self._create_customer("Owing", customer_kind="consumer")
        owing.is_company = False
        self._invoice(20, partner=owing)
        today = self.company._get_dunning_today()
        (paid | owing).write({"trust": "bad", "dunning_marked_on": today})
        with self._queue() as queue:
            self._forget()
        self.assertEqual(paid.trust, "bad")
        batches = self._work_off(queue)
        (own,) = (batch for batch in batches if batch["company_id"] == self.company.id)
        self.assertEqual(own["method"], "_forget")
        self.assertIn(paid.id, own["ids"])
        self.assertNotIn(owing.id, own["ids"])
        self.assertEqual((paid.trust, owing.trust), ("normal", "bad"))

    def test_a_person_who_cannot_be_forgotten_is_named_and_stops_no_other(self):
        bad = self._create_customer("Bad", customer_kind="consumer", is_company=False)
        (bad | self.person).trust = "bad"
        model = type(self.env["dunning.retention"])
        write = model._write_marks

        def fail(retention, marks, root):
            if bad in marks.paid:
                raise ZeroDivisionError("this person breaks it")
            return write(retention, marks, root)

        with patch.object(model, "_write_marks", fail), mute_logger(RETENTION_LOGGER):
            self._forget()
            self._forget()
        self.assertEqual((bad.trust, self.person.trust), ("bad", "normal"))
        task = bad.activity_ids
        self.assertEqual((len(task), task.user_id), (1, self.company._get_dunning_manager()))
        self.assertFalse(task.note, "the customer is shared by companies")

    def test_it_runs_every_day(self):
        cron = self.env.ref("relance_graduee.ir_cron_dunning_retention")
        self.assertEqual((cron.interval_number, cron.interval_type, cron.active), (1, "days", True))


@tagged("post_install", "-at_install")
class TestNotes(PersonCommon):
    def test_old_notes_of_persons_are_erased(self):
        old, recent = self._call(self.person, 61), self._call(self.person, 58)
        self._forget()
        self.assertFalse(old.note)
        self.assertTrue(recent.note)
        self.assertEqual((old.state, old.outcome), ("done", "other"), "that there was a call stays")

    def test_notes_on_companies_stay(self):
        call = self._call(self.customer, 61)
        self._forget()
        self.assertTrue(call.note)

    def test_notes_stay_while_the_debt_is_open(self):
        call = self._call(self.person, 61)
        self._invoice(2000, partner=self.person)
        self._forget()
        self.assertTrue(call.note)

    def test_the_company_sets_the_time(self):
        call = self._call(self.person, 13)
        self.company.dunning_note_months = 0
        self._forget()
        self.assertTrue(call.note)
        self.company.dunning_note_months = 12
        self._forget()
        self.assertFalse(call.note)

    def test_the_same_note_in_the_chatter_goes_too(self):
        notice = self._propose(1, self.person)
        call = self._delivery(notice, "phone")
        call.action_done(outcome="other", note="Talks of the divorce", date=self.day)
        self._pay(notice.line_ids.move_id)
        old = self.company._get_dunning_today() - timedelta(days=2000)
        call.sudo().date_planned = old
        messages = notice.message_ids
        messages.flush_recordset()
        self.env.cr.execute(
            "UPDATE mail_message SET date = %s WHERE id = ANY(%s)", (old, messages.ids)
        )
        messages.invalidate_recordset()
        self.assertIn("divorce", "".join(notice.message_ids.mapped("body")))
        self._forget()
        self.assertNotIn("divorce", "".join(notice.message_ids.mapped("body")))
        self.assertEqual(notice.state, "sent")

    def test_reasons_of_old_pauses_are_erased(self):
        today = self.company._get_dunning_today()
        self.person._set_dunning_pause(today - timedelta(days=2000), "Illness")
        self.customer._set_dunning_pause(today - timedelta(days=2000), "Inventory")
        self._forget()
        self.assertFalse(self.person.dunning_pause_reason)
        self.assertTrue(self.customer.dunning_pause_reason)


@tagged("post_install", "-at_install")
class TestExtract(PersonCommon):
    def _extract(self):
        self.person.with_user(self.manager).action_extract_dunning_data()
        extract = self.env["dunning.extract"].search([("partner_id", "=", self.person.id)])
        self.assertEqual(extract.create_uid, self.manager)
        return openpyxl.load_workbook(io.BytesIO(base64.b64decode(extract.content)))

    def test_all_that_is_held_is_there(self):
        invoice = self._invoice(20, partner=self.person)
        self._call(self.person, 1, note="Will pay in May")
        self.person._set_dunning_pause(self._at(300), "Moving house")
        book = self._extract()
        cells = {
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        }
        for text in (self.person.name, invoice.name, "Will pay in May", "Moving house"):
            self.assertIn(text, cells)
        self.assertEqual(len(book.worksheets), 7)

    def test_nothing_of_somebody_else(self):
        other = self._invoice(20)
        book = self._extract()
        cells = {
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        }
        self.assertNotIn(other.name, cells)

    def test_for_managers_alone_and_noted(self):
        with self.assertRaises(AccessError):
            self.person.with_user(self.collector).action_extract_dunning_data()
        self._extract()
        self.assertIn("extracted", self.person.message_ids[0].body)

    def test_text_that_looks_like_a_formula_is_text(self):
        self._call(self.person, 1, note="=1+1")
        book = self._extract()
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        self.assertIn("=1+1", {cell.value for cell in cells if cell.data_type == "s"})
