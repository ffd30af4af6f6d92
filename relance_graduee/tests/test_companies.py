"""Companies, branches and time zones: who is netted with whom, and which day it is."""

from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common_channels import ChannelCommon


@tagged("post_install", "-at_install")
class TestBranches(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north, cls.south = cls._create_branches("North", "South")

    def test_a_ladder_belongs_to_the_root(self):
        """One of a branch would never be chosen: its customers follow those of the root."""
        with self.assertRaisesRegex(ValidationError, "North.* is a branch"):
            self.policy.copy({"company_id": self.north.id})
        self.policy.copy({"company_id": self.company.id})

    def test_branches_are_netted_and_told_under_the_root(self):
        self._invoice(6, 100, company_id=self.north.id)
        self._invoice(6, 200, company_id=self.south.id)
        self._invoice(6, 300)
        notice = self._launch().notice_ids.filtered(lambda n: n.partner_id == self.customer)
        self.assertEqual(len(notice), 1)
        self.assertEqual((notice.company_id, notice.amount_total), (self.company, 600))
        self.assertEqual(len(notice.delivery_ids), 1)

    def test_credit_of_a_branch_covers_what_another_is_owed(self):
        invoice = self._invoice(6, 200, company_id=self.south.id)
        self._credit(200, company_id=self.north.id)
        self.assertEqual(self._reason(invoice), "covered")

    def test_launched_for_a_branch_it_is_the_roots_run(self):
        self._invoice(6, 200, company_id=self.south.id)
        run = self._launch(companies=self.south)
        self.assertEqual(run.company_id, self.company)
        self.assertEqual(self._notices(run).state, "sent")

    def test_pause_policy_and_collector_given_in_a_branch_are_the_trees(self):
        policy = self._create_policy("Slow", {"name": "Late", "delay_days": 90, "send_email": True})
        invoice = self._invoice(6, 200, company_id=self.south.id)
        self.customer.with_company(self.north).write(
            {
                "dunning_policy_id": policy.id,
                "dunning_user_id": self.manager.id,
                "dunning_paused_until": self._at(10),
                "dunning_pause_reason": "Inventory",
            }
        )
        self.env.invalidate_all()
        for company in (self.company, self.north, self.south):
            customer = self.customer.with_company(company)
            self.assertEqual(customer.dunning_policy_id, policy)
            self.assertEqual(customer.dunning_user_id, self.manager)
            self.assertEqual(customer.dunning_paused_until, self._at(10))
        self.assertEqual(self._reason(invoice), "paused")
        self.customer._end_dunning_pause("Inventory is over")
        self.assertFalse(self.customer.with_company(self.north).dunning_paused_until)
        self.assertEqual(self._item(invoice).policy_id, policy)

    def test_customer_created_in_a_branch(self):
        customer = (
            self.env["res.partner"]
            .with_company(self.north)
            .create({"name": "New", "dunning_policy_id": self.policy.id, "is_company": True})
        )
        self.env.invalidate_all()
        self.assertEqual(customer.with_company(self.company).dunning_policy_id, self.policy)

    def test_contact_recorded_in_a_branch_counts_for_the_tree(self):
        invoice = self._invoice(6, 200)
        self.env["dunning.contact"].with_company(self.north).create(
            {
                "partner_id": self.customer.id,
                "company_id": self.north.id,
                "date": self._at(-1),
                "note": "They called",
            }
        ).action_record()
        self.assertEqual(self._reason(invoice), "waiting")

    def test_closing_days_are_the_roots(self):
        self.env["dunning.closing.day"].create(
            {
                "name": "Inventory",
                "company_id": self.company.id,
                "date_from": self.day,
                "date_to": self.day,
            }
        )
        self.assertFalse(self.north._is_dunning_working_day(self.day))


@tagged("post_install", "-at_install")
class TestSeveralCompanies(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._prepare_company(cls.env["res.company"].create({"name": "Other company"}))
        cls.env.user.company_ids |= cls.other
        cls.other.write({"email": "other@company.example", "dunning_manager_id": cls.manager.id})
        cls.customer.with_company(cls.other).dunning_policy_id = cls.policy

    def _other_invoice(self, days_late, amount=1000.0):
        return self._invoice(days_late, amount, company_id=self.other.id)

    def _launch_both(self, days=0):
        runs = self._launch(days, companies=self.company | self.other)
        notices = runs.notice_ids.filtered(lambda n: n.partner_id == self.customer)
        ours = notices.filtered(lambda n: n.company_id == self.company)
        return runs, ours, notices - ours

    def test_each_chases_the_shared_customer_for_itself(self):
        self._invoice(6, 100)
        self._other_invoice(6, 200)
        runs, ours, theirs = self._launch_both()
        self.assertEqual(runs.company_id, self.company | self.other)
        self.assertEqual((ours.amount_total, theirs.amount_total), (100, 200))
        self.assertEqual((ours.state, theirs.state), ("sent", "sent"))
        self.assertEqual(theirs.company_id, self.other)
        self.assertIn("other@company.example", theirs.delivery_ids.mail_id.email_from)
        self.assertEqual(theirs.delivery_ids.mail_id.record_company_id, self.other)

    def test_launching_one_leaves_the_other_alone(self):
        self._invoice(6)
        theirs = self._other_invoice(6)
        self._launch()
        self.assertFalse(self._reason(theirs))

    def test_a_contact_of_one_holds_the_other_not(self):
        self._invoice(6)
        self._launch()
        theirs = self._other_invoice(6)
        self.assertFalse(self._reason(theirs))

    def test_a_credit_of_one_covers_nothing_of_the_other(self):
        theirs = self._other_invoice(6, 200)
        self._credit(500)
        self.assertFalse(self._item(theirs).amount_covered)

    def test_the_tone_of_one_is_not_that_of_the_other(self):
        hard = self._invoice(30)
        self._term_lines(hard)._set_dunning_step(self.steps[2], self._at(-10), "Migrated")
        theirs = self._other_invoice(6)
        self.assertFalse(self._reason(theirs))

    def test_formal_notice_of_one_silences_the_other_not(self):
        formal = self._propose(3)
        self._send(formal)
        self._finish(formal)
        self.assertEqual(formal.state, "sent")
        theirs = self._other_invoice(6)
        self.assertFalse(self._reason(theirs))

    def test_pause_policy_and_collector_of_each(self):
        ours, theirs = self._invoice(6), self._other_invoice(6)
        slow = self._create_policy("Slow", {"name": "Late", "delay_days": 90, "send_email": True})
        customer = self.customer.with_company(self.other)
        customer.write({"dunning_policy_id": slow.id, "dunning_user_id": self.manager.id})
        self.assertEqual(self._item(ours).policy_id, self.policy)
        self.assertEqual(self._item(theirs).policy_id, slow)
        self.assertEqual(self.customer.dunning_user_id, self.collector)
        customer._set_dunning_pause(self._at(10), "Inventory")
        self.assertFalse(self._reason(ours))
        self.assertEqual(self._reason(theirs), "paused")

    def test_policy_of_a_company_is_for_its_customers_alone(self):
        self.customer.dunning_policy_id = False
        self.customer.with_company(self.other).dunning_policy_id = False
        own = self._create_policy(
            "Ours",
            {"name": "Only", "delay_days": 5, "send_email": True},
            company_id=self.company.id,
            is_manual=False,
            sequence=-1,
        )
        self.assertEqual(self._item(self._invoice(6)).policy_id, own)
        self.assertNotEqual(self._item(self._other_invoice(6)).policy_id, own)

    def test_limits_of_each(self):
        self.other.dunning_task_days = 1
        self.other.dunning_mode = "discovery"
        self._invoice(6)
        self._other_invoice(6)
        runs, ours, theirs = self._launch_both()
        self.assertEqual((ours.state, theirs.state), ("sent", "proposed"))
        self.assertEqual(runs.mapped("mode"), ["live", "discovery"])

    def test_stale_bank_of_one_stops_the_other_not(self):
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.other.id)], limit=1
        )
        self.env["account.bank.statement.line"].create(
            {"journal_id": journal.id, "date": "2026-09-01", "payment_ref": "Old", "amount": 1}
        )
        self._invoice(6)
        self._other_invoice(6)
        _runs, ours, theirs = self._launch_both()
        self.assertEqual((ours.state, theirs.state), ("sent", "proposed"))

    def test_language_of_each_for_a_customer_who_has_none(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.template.with_context(lang="fr_FR").subject = "Votre compte"
        self.customer.lang = False
        self.other.partner_id.lang = "fr_FR"
        self._invoice(6)
        self._other_invoice(6)
        _runs, ours, theirs = self._launch_both()
        self.assertIn("Account", ours.delivery_ids.mail_id.subject)
        self.assertEqual(theirs.delivery_ids.mail_id.subject, "Votre compte")

    def test_numbers_of_each(self):
        self._invoice(6)
        self._other_invoice(6)
        _runs, ours, theirs = self._launch_both()
        sequences = self.env["ir.sequence"].search([("code", "=", "dunning.notice")])
        by_company = {s.company_id: s for s in sequences}
        self.assertEqual(len(sequences), len(by_company), "one a company")
        self.assertTrue({self.company, self.other} <= by_company.keys())
        self.assertTrue(theirs.name.endswith("/00001"))
        self.assertTrue(ours.name)

    def _launch_daily(self):
        """As the scheduler does, for these two companies, ours first."""
        both = self.company | self.other
        with (
            freeze_time(f"{self.day} 07:00:00"),
            patch.object(type(both), "_get_dunning_roots", lambda _self: both),
        ):
            self.env["dunning.run"]._cron_launch()
        runs = self.env["dunning.run"].search([("date", "=", self.day)])
        return {run.company_id: run.state for run in runs}

    def test_out_of_time_the_scheduler_calls_again_for_the_first_company(self):
        for name in ("Ann", "Bob"):
            self._invoice(6, partner=self._create_customer(name))
        self._other_invoice(6)
        left = []

        def commit(_self, _processed=0, remaining=None):
            if remaining is not None:
                left.append(remaining)
            return 0  # seconds

        with (
            patch.object(type(self.env["dunning.batch"]), "_commit", commit),
            patch("odoo.addons.relance_graduee.models.run.dunning_run.BATCH_SIZE", 1),
        ):
            states = self._launch_daily()
        self.assertEqual(states[self.company], "running")
        self.assertTrue(left[-1], "what the scheduler heard last: somebody remains")
        self.assertEqual(self._launch_daily(), {self.company: "done", self.other: "done"})

    def test_a_company_that_fails_does_not_stop_the_next(self):
        self._other_invoice(6)
        run = type(self.env["dunning.run"])
        note = run._note_obstacles

        def fail(self, company):
            if company != other:
                raise ZeroDivisionError("this company breaks it")
            return note(self, company)

        other = self.other
        with (
            patch.object(run, "_note_obstacles", fail),
            mute_logger("odoo.addons.relance_graduee.models.run.dunning_run"),
        ):
            states = self._launch_daily()
        self.assertEqual(states, {self.company: "failed", self.other: "done"})

    def test_proposal_of_one_does_not_hold_the_other(self):
        self.steps[0].approval = "confirm"
        self._invoice(6)
        self._launch()
        self.assertFalse(self._reason(self._other_invoice(6)))


@tagged("post_install", "-at_install")
class TestTimeZones(ChannelCommon):
    """20:00 UTC on a Tuesday: already Wednesday in Nouméa, still Tuesday in Paris."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.far = cls.env["res.company"].create({"name": "Nouméa"})
        cls.far.partner_id.tz = "Pacific/Noumea"
        cls.env.user.company_ids |= cls.far
        cls.env.user.tz = "America/New_York"

    def test_each_company_has_its_own_day(self):
        with freeze_time("2026-10-06 20:00:00"):
            self.assertEqual(self.company._get_dunning_today().isoformat(), "2026-10-06")
            self.assertEqual(self.far._get_dunning_today().isoformat(), "2026-10-07")

    def test_just_after_midnight_in_paris(self):
        with freeze_time("2026-10-06 22:30:00"):
            self.assertEqual(self.company._get_dunning_today().isoformat(), "2026-10-07")

    def test_no_zone_is_that_of_paris(self):
        self.far.partner_id.tz = False
        with freeze_time("2026-10-06 22:30:00"):
            self.assertEqual(self.far._get_dunning_today().isoformat(), "2026-10-07")

    def test_runs_of_the_same_moment_are_of_two_days(self):
        with freeze_time("2026-10-06 20:00:00"):
            runs = self.env["dunning.run"].launch(companies=self.company | self.far)
        days = {run.company_id: run.date.isoformat() for run in runs}
        self.assertEqual(days, {self.company: "2026-10-06", self.far: "2026-10-07"})

    def test_day_that_is_to_come_in_paris_is_today_in_noumea(self):
        self.far.dunning_mode = "live"
        with freeze_time("2026-10-06 20:00:00"):
            run = self.env["dunning.run"].launch(date="2026-10-07", companies=self.far)
            self.assertEqual(run.state, "done")
            with self.assertRaisesRegex(UserError, "day to come"):
                self.env["dunning.run"].launch(date="2026-10-07", companies=self.company)

    def test_a_call_closed_late_in_the_evening_is_of_the_companys_day(self):
        delivery = self.env["dunning.delivery"].create(
            {"partner_id": self.customer.id, "company_id": self.far.id, "channel": "phone"}
        )
        with freeze_time("2026-10-06 20:00:00"):
            delivery.action_done(outcome="other")
        self.assertEqual(delivery.date_contact, fields.Date.to_date("2026-10-07"))


@tagged("post_install", "-at_install")
class TestCompanyForGood(ChannelCommon):
    """A record of ours stays with the company that it was created for, whoever writes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._prepare_company(cls.env["res.company"].create({"name": "Other company"}))

    def _get_owned(self):
        """Every stored model of our add-ons that has a company."""
        return [
            model
            for model in (self.env[name] for name in self.env.registry)
            if (model._original_module or "").startswith("relance_graduee")
            and model._auto
            and not (model._abstract or model._transient)
            and "company_id" in model._fields
        ]

    def test_every_model_with_a_company_is_guarded(self):
        guarded = self.env.registry["dunning.company.owned"]
        models = self._get_owned()
        self.assertGreater(len(models), 15)
        missing = [m._name for m in models if not issubclass(type(m), guarded)]
        self.assertFalse(missing, "inherit dunning.company.owned")

    def test_nothing_that_a_run_leaves_moves(self):
        self._invoice(6)
        self._launch()
        self._closing()
        tried = set()
        for model in self._get_owned():
            record = model.sudo().search([("company_id", "=", self.company.id)], limit=1)
            if record and model._log_access:
                with self.subTest(model=model._name):
                    # what is frozen altogether says so first
                    self._stays(lambda r=record: r.write({"company_id": self.other.id}), words="")
                tried.add(model._name)
        self.assertLessEqual({"dunning.run", "dunning.delivery", "dunning.closing.day"}, tried)

    def _closing(self):
        vals = {"name": "Inventory", "date_from": self.day, "date_to": self.day}
        return self.env["dunning.closing.day"].create({**vals, "company_id": self.company.id})

    def test_closing_days_by_a_command_of_the_other_company(self):
        closing = self._closing()
        for command in (Command.link(closing.id), Command.set(closing.ids)):
            self._stays(lambda c=command: self.other.write({"dunning_closing_day_ids": [c]}))
        closing.write({"company_id": self.company.id, "name": "Inventory 2026"})
        self.assertEqual(closing.company_id, self.company)

    def _stays(self, function, words="stays with the company"):
        with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
            function()

    def _ladder(self, company):
        step = {"name": "Late", "send_email": True}
        return self._create_policy("Ladder", step, company_id=company.id)

    def test_a_shared_ladder_becomes_nobodys_own(self):
        policy = self._ladder(self.env["res.company"])
        self._stays(lambda: policy.write({"company_id": self.other.id}))

    def test_a_step_does_not_move_to_the_ladder_of_another_company(self):
        ours, theirs = self._ladder(self.company), self._ladder(self.other)
        self._stays(lambda: ours.step_ids.write({"policy_id": theirs.id}))
        self._stays(lambda: theirs.write({"step_ids": [Command.link(ours.step_ids.id)]}))
