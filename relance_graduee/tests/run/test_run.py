"""The run of a day: what it makes, what stops it, who is told, and the switch to live."""

from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_sending import SendingCommon


@tagged("post_install", "-at_install")
class TestRun(SendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steps[0].approval = "auto"

    def test_discovery_proposes_and_never_sends(self):
        self.company.dunning_mode = "discovery"
        notice = self._propose(0)
        self.assertEqual((notice.state, notice.run_id.mode), ("proposed", "discovery"))
        self._launch()
        self._launch(1)
        self.assertEqual(notice.state, "proposed")
        self.assertFalse(self._mails())

    def test_what_was_proposed_in_discovery_leaves_with_the_first_live_run(self):
        self.company.dunning_mode = "discovery"
        notice = self._propose(0)
        self.company.dunning_mode = "live"
        self.assertFalse(self._mails(), "switching sends nothing by itself")
        self._launch(1)
        self.assertEqual((notice.state, len(self._mails())), ("sent", 1))

    def test_what_was_cancelled_in_discovery_does_not(self):
        self.company.dunning_mode = "discovery"
        self._propose(0).action_cancel()
        self.company.dunning_mode = "live"
        self._launch(1)
        self.assertFalse(self._mails())

    def _bank_line(self, date, kind="bank"):
        journal = self.env["account.journal"].search(
            [("type", "=", kind), ("company_id", "=", self.company.id)], limit=1
        ) or self.env["account.journal"].create({"name": "Till", "type": kind, "code": "TILL"})
        return self.env["account.bank.statement.line"].create(
            {"journal_id": journal.id, "date": date, "payment_ref": "Bank", "amount": 1}
        )

    def test_stale_bank_proposes_only_and_says_why_first(self):
        self._bank_line(self._at(-10))
        notice = self._propose(0)
        run = notice.run_id
        self.assertEqual((notice.state, run.state), ("proposed", "done"))
        first = run.log.splitlines()[0]
        self.assertIn("newest bank movement", first)
        self.assertIn("Import the bank statements", first)
        self.assertFalse(self._mails())

    def test_a_person_may_send_in_spite_of_it(self):
        self._bank_line(self._at(-10))
        notice = self._propose(0)
        self._send(notice.with_user(self.collector))
        self.assertEqual(notice.state, "sent")

    def test_recent_bank_sends(self):
        self._bank_line(self._at(-10))
        self._bank_line(fields.Date.today())
        self.assertEqual(self._propose(0).state, "sent")

    def test_a_full_till_does_not_hide_an_old_bank_statement(self):
        self._bank_line(self._at(-10))
        self._bank_line(fields.Date.today(), "cash")
        self.assertEqual(self._propose(0).state, "proposed")

    def test_bank_check_is_off_at_zero(self):
        self.company.dunning_bank_days = 0
        self._bank_line(self._at(-10))
        self.assertEqual(self._propose(0).state, "sent")

    def test_no_bank_lines_no_check(self):
        self.assertEqual(self._propose(0).state, "sent")

    def test_a_failing_customer_is_named_and_the_rest_goes_on(self):
        bad, good = self._create_customer("Bad"), self._create_customer("Good")
        for partner in (bad, good):
            self._due(0, partner)
        salesperson = type(self.env["dunning.notice"])._get_collector

        def fail(notice):
            if notice.partner_id == bad:
                raise ZeroDivisionError("this customer breaks it")
            return salesperson(notice)

        with (
            patch.object(type(self.env["dunning.notice"]), "_get_collector", fail),
            mute_logger("odoo.addons.relance_graduee.models.run.dunning_run"),
        ):
            run = self._launch()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.failure_count, 1)
        failure = run.failure_ids
        self.assertEqual(failure.partner_id, bad)
        self.assertIn("this customer breaks it", failure.message)
        self.assertIn("ZeroDivisionError", failure.traceback)
        self.assertEqual(self._notices(run, good).state, "sent")
        self.assertFalse(self._mails(bad))

    def test_a_run_of_a_past_day_leaves_later_proposals_alone(self):
        self.steps[0].approval = "confirm"
        notice = self._propose(0)
        notice.with_user(self.collector).subject = "In our own words"
        self._launch(-5)
        self.assertEqual((notice.state, notice.date), ("proposed", self.day))
        self.assertEqual(notice.subject, "In our own words")

    def test_a_run_of_a_past_day_proposes_and_sends_nothing(self):
        """What is sent is sent today; who launches it has no day but today's."""
        self._due(0)
        with self._clock(14):
            run = self.env["dunning.run"].launch(date=self.day, companies=self.company)
            notice = self._notices(run)
            self.assertEqual((run.state, notice.state, notice.date), ("done", "proposed", self.day))
            self.assertIn("This day has passed", run.warning)
            self.assertFalse(notice.delivery_ids or self._mails())
            notice.with_context(dunning_date=self.day).action_approve_and_send()
        self.assertEqual((notice.state, notice.date), ("sent", self._at(14)))
        self.assertEqual(notice.date_sent, self._at(14))

    def test_unknown_date(self):
        for date in ("next week", "2026-13-45", 20261130, "30/11/2026"):
            with self.subTest(date=date), self.assertRaisesRegex(UserError, "is not a date"):
                self.env["dunning.run"].launch(date=date, companies=self.company)

    def test_date_as_text(self):
        self._due(0)
        with self._clock():
            run = self.env["dunning.run"].launch(date="2026-10-07", companies=self.company.ids)
        self.assertEqual((run.date, self._notices(run).state), (self.day, "sent"))

    def test_a_day_to_come_is_refused_when_live(self):
        with self.assertRaisesRegex(UserError, "day to come"):
            self.env["dunning.run"].launch(date="2999-01-04", companies=self.company)
        self.company.dunning_mode = "discovery"
        run = self.env["dunning.run"].launch(date="2999-01-04", companies=self.company)
        self.assertEqual(run.state, "done")

    def test_launched_twice_a_day_it_is_one_run_and_says_nothing_twice(self):
        first = self._propose(0).run_id
        other = self._create_customer("Other")
        self._due(0, other)
        second = self._launch()
        self.assertEqual(first, second)
        self.assertEqual((second.state, second.sent_count), ("done", 2))
        self.assertEqual((len(self._mails()), len(self._mails(other))), (1, 1))

    def test_page_of_the_run(self):
        self._due(0)
        self._due(0, self._create_customer("Poor"), amount=5)
        run = self._launch()
        self.assertEqual((run.notice_count, run.sent_count, run.failure_count), (1, 1, 0))
        self.assertGreaterEqual(run.item_count, 2)
        self.assertEqual(run.held_counts.get("below_minimum"), 1)
        self.assertIn("Below the minimum: 1", run.held_summary)

    def test_sunday_makes_nothing(self):
        self._due(0)
        run = self._launch(4)
        self.assertEqual((run.state, run.notice_count), ("done", 0))
        self.assertIn("Nobody works on that day", run.log)

    def test_customers_without_policy_are_counted(self):
        self.env["dunning.policy"].search([("is_manual", "=", False)]).active = False
        self._due(0, self._create_customer("Nobody's", dunning_policy_id=False))
        run = self._launch()
        self.assertEqual(run.held_counts.get("no_policy"), 1)
        self.assertIn("No policy: 1", run.held_summary)

    def test_a_call_that_cannot_be_closed_stops_no_other(self):
        bad, good = self._create_customer("Bad"), self._create_customer("Good")
        for partner in (bad, good):
            self._due(1, partner)
        calls = self._launch().notice_ids.delivery_ids
        self.assertEqual(calls.mapped("state"), ["todo", "todo"])
        close = type(calls)._close_overdue

        def fail(deliveries):
            if deliveries.partner_id & bad:
                raise ZeroDivisionError("this call breaks it")
            return close(deliveries)

        with (
            patch.object(type(calls), "_close_overdue", fail),
            mute_logger("odoo.addons.relance_graduee.models.run.dunning_run"),
        ):
            run = self._launch(7)
        states = {call.partner_id: call.state for call in calls}
        self.assertEqual((states[bad], states[good]), ("todo", "done"))
        self.assertEqual((run.state, run.failure_ids.partner_id), ("done", bad))

    def test_a_branch_that_the_manager_was_not_given_stops_no_late_call(self):
        """Whether the manager may read the notice is asked in the manager's own companies."""
        self._create_branches("North")
        self._due(1)
        call = self._launch().notice_ids.delivery_ids
        run = self._launch(7)
        self.assertEqual((call.state, run.failure_count), ("done", 0))
        self.assertIn(self.manager, call.notice_id.activity_ids.user_id)

    def test_a_collector_with_two_companies_ticked_closes_a_call(self):
        other = self.env["res.company"].create({"name": "Unknown to the manager"})
        self.collector.company_ids |= other
        self._due(1)
        call = self._launch().notice_ids.delivery_ids
        ticked = call.with_user(self.collector).with_context(
            allowed_company_ids=[self.company.id, other.id]
        )
        ticked.action_done("refuses", note="Not a cent")
        self.assertEqual(call.state, "done")
        self.assertIn(self.manager, call.notice_id.activity_ids.user_id)

    def test_the_salesperson_is_told_where_the_step_says_so(self):
        """On the customer, since salespeople read no notices; without amounts."""
        seller = new_test_user(self.env, "dunning_seller", "base.group_user")
        self.customer.user_id = seller
        self.steps[0].notify_salesperson = True
        notice = self._propose(0)
        activity = self.customer.activity_ids.filtered(lambda a: a.user_id == seller)
        self.assertEqual(activity.summary, "Customer: E-mail")
        self.assertFalse(notice.activity_ids)
        self.customer.user_id = self.manager
        self.steps[1].notify_salesperson = True
        self._due(1)
        told = self._notices(self._launch(30)).activity_ids
        self.assertIn(self.manager, told.user_id, "who may read notices gets it there")

    def test_the_daily_hour_stays_nine_in_summer(self):
        self.assertEqual(self._get_next_call("2026-03-28 08:00:00"), "2026-03-29 07:00:00")

    def test_around_midnight_no_day_comes_twice_and_none_is_left_out(self):
        """The clock goes back or forward between two calls: the day is the next one in Paris."""
        self.assertEqual(self._get_next_call("2026-10-24 22:30:00"), "2026-10-25 23:30:00")
        self.assertEqual(self._get_next_call("2026-03-28 22:30:00"), "2026-03-29 21:30:00")

    def _get_next_call(self, before):
        """When the daily run is planned after a call at ``before`` (both UTC)."""
        cron = self.env.ref("relance_graduee.ir_cron_dunning_run")
        before = fields.Datetime.to_datetime(before)
        job = {"id": cron.id, "nextcall": before, "interval_type": "days", "interval_number": 1}
        with patch.object(self.env.cr, "now", lambda: before):
            self.env["ir.cron"].with_user(SUPERUSER_ID)._reschedule_later(job)
        cron.invalidate_recordset()
        return str(cron.nextcall)


@tagged("post_install", "-at_install")
class TestGoLive(SendingCommon):
    """What the page promises is what the next run does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steps[0].approval = "auto"
        cls.startClassPatcher(freeze_time(f"{cls.day} 10:00:00"))

    def test_as_many_messages_leave_as_it_says(self):
        self.company.dunning_mode = "discovery"
        for number, name in enumerate(("Ann", "Bob", "Eve", "Old")):
            partner = self._create_customer(name)
            late = {"Old": 80}.get(name)
            self._invoice(late, partner=partner) if late else self._due(number % 2, partner)
        wizard = self.env["dunning.go.live"].with_user(self.manager).create({})
        ages = {age.age: age for age in wizard.age_ids}
        self.assertEqual((ages["1_30"].item_count, ages["1_30"].amount), (3, 3000))
        self.assertEqual((ages["61_90"].item_count, ages["61_90"].step_id), (1, self.steps[0]))
        self.assertEqual(wizard.old_count, 1)
        self.assertEqual(set(wizard.channel_summary.splitlines()), {"E-mail: 2", "Call: 1"})
        wizard.action_go_live()
        self.assertEqual(self.company.dunning_mode, "live")
        with freeze_time(f"{self._at(1)} 10:00:00"):
            sent = self._launch(1).notice_ids.delivery_ids
        self.assertEqual(sorted(sent.mapped("channel")), ["email", "email", "phone"])

    def test_nothing_to_say_is_said(self):
        wizard = self.env["dunning.go.live"].with_user(self.manager).create({})
        self.assertEqual(wizard.channel_summary, "Nothing would leave tomorrow.")
        self._due(0)
        wizard = self.env["dunning.go.live"].with_user(self.manager).create({})
        self.assertEqual(wizard.channel_summary, "E-mail: 1")

    def test_only_a_manager_switches(self):
        self.company.dunning_mode = "discovery"
        with self.assertRaises(AccessError):
            self.env["dunning.go.live"].with_user(self.collector).create({}).action_go_live()
        self.assertEqual(self.company.dunning_mode, "discovery")
