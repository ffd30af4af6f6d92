"""What goes wrong with a run as a whole is said once, on no customer, and tried again later."""

import errno
import time
from datetime import timedelta
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.common.machine_fault import MachineFault
from ...models.common.words import in_words
from ...report import dunning_letter as engine
from ..common import DunningCommon
from .test_sending import SendingCommon

RUN = "odoo.addons.relance_graduee.models.run.dunning_run"
LETTER = "odoo.addons.relance_graduee.report.dunning_letter"


class TroubleCommon(SendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steps[0].approval = "auto"

    def _get_tasks(self):
        return self._activities(self.company.partner_id)

    def _count(self, section):
        today = self.env["dunning.today"].with_user(self.manager)
        today.invalidate_model()
        row = today.with_context(dunning_date=self.day).search([("section", "=", section)])
        action = row.action_open()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(found), row.count, "the list holds what the card says")
        return row.count


@tagged("post_install", "-at_install")
class TestMachineFault(TroubleCommon):
    def _launch_with_fault(self, days=0, fault=None):
        letter = type(self.env["dunning.letter"])
        fault = fault or MachineFault("The printer hangs.")
        with patch.object(letter, "_render_letters_safely", side_effect=fault) as render:
            return self._launch(days), render

    def test_stops_the_run_once_and_is_put_on_no_customer(self):
        for name in ("Ann", "Bob", "Eve"):
            self._due(0, self._create_customer(name))
        run, render = self._launch_with_fault()
        self.assertEqual((run.state, run.log), ("failed", "The printer hangs."))
        self.assertEqual(render.call_count, 1, "not once a customer")
        self.assertFalse(run.failure_ids)
        self.assertFalse(run.notice_ids.filtered("failure_reason"))
        self.assertEqual(self._get_tasks().user_id, self.manager)
        self.assertIn("The printer hangs.", self._get_tasks().note)
        self._launch_with_fault()
        self.assertEqual(len(self._get_tasks()), 1, "told once")

    def test_no_room_left_on_the_server_is_no_customers_fault(self):
        for name in ("Ann", "Bob"):
            self._due(0, self._create_customer(name))
        for fault in (OSError(errno.ENOSPC, "No space left on device"), MemoryError()):
            run, render = self._launch_with_fault(fault=fault)
            self.assertEqual((run.state, render.call_count), ("failed", 1))
            self.assertIn("no room left", run.log)
            self.assertFalse(run.failure_ids)
        self.assertEqual(len(self._get_tasks()), 1, "told once")

    def test_is_tried_again_later(self):
        self._due(0)
        cron = self.env.ref("relance_graduee.ir_cron_dunning_run")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        run, _render = self._launch_with_fault()
        new = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]) - triggers
        self.assertGreater(new.call_at, fields.Datetime.now() + timedelta(minutes=55))
        self.assertEqual(self._launch(), run)
        self.assertEqual((run.state, run.sent_count), ("done", 1))

    def test_who_sends_by_hand_reads_the_sentence_and_nothing_left(self):
        self.steps[0].approval = "confirm"
        notice = self._propose(0)
        notice.action_approve()
        fault = MachineFault("The printer hangs.")
        letter = type(self.env["dunning.letter"])
        with (
            patch.object(letter, "_render_letters_safely", side_effect=fault),
            self.assertRaisesRegex(UserError, "The printer hangs"),
        ):
            notice.action_send()
        self.assertEqual((notice.state, notice.failure_reason), ("approved", False))


@tagged("post_install", "-at_install")
class TestProgramThatHangs(DunningCommon):
    real_letters = True

    def test_six_letters_wait_for_one_time_out_and_a_probe(self):
        for number in range(6):
            self._invoice(6, partner=self._create_customer(f"Customer {number}"))
        self.env["dunning.letter"]._get_build()  # measured before it hangs
        waited = []

        def hang(_binary, _patched, _html, timeout):
            waited.append(timeout)
            raise engine.HangError(f"no answer in {timeout} s")

        with patch.object(engine, "run_wkhtmltopdf", side_effect=hang), mute_logger(LETTER):
            run = self._launch()
        self.assertEqual((run.state, len(run.failure_ids)), ("failed", 0))
        self.assertEqual(len(waited), 2, "the letters together, then a probe; not one by one")
        self.assertLess(sum(waited), 60, "seconds; it was 506")

    def test_invoices_are_not_begun(self):
        """Odoo prints them, and waits for ever."""
        invoice = self._invoice(6)
        hang = engine.HangError("no answer")
        with (
            patch.object(engine, "run_wkhtmltopdf", side_effect=hang),
            patch.object(type(invoice), "_make_dunning_pdf") as make,
            self.assertRaises(MachineFault),
        ):
            self.env["dunning.letter"]._check_program()
        make.assert_not_called()


@tagged("post_install", "-at_install")
class TestRunWatched(TroubleCommon):
    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(f"{self.day} 12:00:00"))
        self.cron = self.env.ref("relance_graduee.ir_cron_dunning_run")
        self.cron.write({"active": True, "nextcall": f"{self._at(1)} 07:00:00"})
        self.before = self._count("failed_runs")

    def _watch(self):
        roots = patch.object(type(self.company), "_get_dunning_roots", lambda _self: self.company)
        with roots:
            self.env["dunning.run"]._cron_watch()

    def _get_run(self):
        domain = [("company_id", "=", self.company.id), ("date", "=", self.day)]
        return self.env["dunning.run"].search(domain)

    def test_hanging_run_is_told(self):
        run = self._launch()
        run.state = "running"
        self._watch()
        self.assertEqual((run.state, len(self._get_tasks())), ("running", 0), "at work till now")
        run.date_alive = fields.Datetime.now() - timedelta(minutes=61)
        self.assertEqual(self._count("failed_runs"), self.before + 1)
        self._watch()
        self._watch()
        self.assertEqual(run.state, "failed")
        self.assertIn("no sign of life", run.log)
        self.assertEqual(len(self._get_tasks()), 1)
        self.assertEqual(self._count("failed_runs"), self.before + 1)
        self._launch()
        self.assertEqual(self._count("failed_runs"), self.before, "it was made up for")

    def test_run_that_is_long_at_work_does_not_hang(self):
        """Each batch is a sign of life."""
        self._due(0)
        run = self.env["dunning.run"]._get_or_create(self.company, self.day)
        run.date_alive = fields.Datetime.now() - timedelta(minutes=61)
        self.assertTrue(run._is_hanging())
        run._serve_batch(self.customer.ids)
        self.assertFalse(run._is_hanging())

    def test_missing_run_is_told(self):
        self._watch()
        self.assertFalse(self._get_run(), "it is planned")
        self.cron.nextcall = f"{self.day} 09:00:00"
        self._watch()
        self.assertEqual(self._get_run().state, "failed")
        self.assertIn("did not begin", self._get_run().log)
        self.assertEqual(len(self._get_tasks()), 1)
        self.assertEqual(self._count("failed_runs"), self.before + 1)

    def test_missing_run_is_on_the_page_where_no_scheduled_action_works_at_all(self):
        """Nothing watches then: the page says it when somebody opens it."""
        self._launch(-1)
        self.assertEqual(self._count("failed_runs"), self.before, "it is planned")
        self.cron.nextcall = f"{self.day} 09:00:00"
        self.assertEqual(self._count("failed_runs"), self.before + 1)
        self._launch()
        self.assertEqual(self._count("failed_runs"), self.before)

    def test_run_that_is_switched_off_is_told(self):
        self.cron.active = False
        self._watch()
        self.assertEqual(self._get_run().state, "failed")

    def test_a_done_run_is_left_alone(self):
        run = self._launch()
        run.date_alive = fields.Datetime.now() - timedelta(hours=3)
        self._watch()
        self.assertEqual((run.state, len(self._get_tasks())), ("done", 0))


@tagged("post_install", "-at_install")
class TestNotServed(TroubleCommon):
    def _launch_failing(self, error):
        with (
            patch.object(type(self.env["dunning.proposal"]), "_create_notices", side_effect=error),
            mute_logger(RUN),
        ):
            return self._launch()

    def test_has_a_section_and_one_task_and_is_listed_once(self):
        before = self._count("not_served")
        self._due(0)
        run = self._launch_failing(ZeroDivisionError("this customer breaks it"))
        self._launch_failing(ZeroDivisionError("this customer breaks it"))
        self.assertEqual(run.failure_ids.partner_id, self.customer)
        self.assertEqual(len(run.failure_ids), 1, "listed once, however often it is tried")
        self.assertEqual(self._count("not_served"), before + 1)
        self.assertEqual(len(self._get_tasks()), 1)

    def test_nobody_reads_the_databases_own_text(self):
        self._due(0)
        text = 'duplicate key value violates "said_once" DETAIL: Key (id)=(42)'
        run = self._launch_failing(psycopg2.DataError(text))
        self.assertNotIn("said_once", run.failure_ids.message + run.log)
        self.assertIn("the database refused it", run.failure_ids.message)
        self.assertIn("said_once", run.failure_ids.traceback, "the administrator does")
        for error in (psycopg2.DataError, psycopg2.IntegrityError, psycopg2.OperationalError):
            self.assertNotIn("said_once", in_words(self.env, error(text)))

    def test_run_that_fails_as_a_whole_says_so_in_words(self):
        self._due(0)
        run = type(self.env["dunning.run"])
        with (
            patch.object(run, "_get_partner_ids_to_serve", side_effect=psycopg2.DataError("raw")),
            mute_logger(RUN),
            self.assertRaises(psycopg2.DataError),
        ):
            try:
                self._launch()
            finally:
                domain = [("date", "=", self.day), ("company_id", "=", self.company.id)]
                log = self.env["dunning.run"].search(domain).log
        self.assertNotIn("raw", log)
        self.assertNotIn("Traceback", log)

    def test_tasks_are_told_by_the_queue(self):
        """A mail server that is dead is not waited for, a minute each task."""
        sent = []

        def send(mails, *_args, **_options):
            sent.append(mails)

        began = time.monotonic()
        with patch.object(type(self.env["mail.mail"]), "send", send):
            self._due(1)
            notice = self._notices(self._launch())
            notice._schedule_task(self.manager, "Test")
            self.company._tell_dunning_trouble("Test")
        self.assertFalse(sent)
        self.assertLess(time.monotonic() - began, 60)
