"""Who may do what, in which company; that no other path leads there."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_channels import ChannelCommon

MODULE = "relance_graduee"
GROUPS = {
    "nobody": "base.group_user",
    "reader": "base.group_user,account.group_account_readonly",
    "invoicing": "base.group_user,account.group_account_invoice",
    "collector": f"base.group_user,{MODULE}.group_dunning_user",
    "manager": f"base.group_user,{MODULE}.group_dunning_manager",
}
# Model -> rights (r, w, c, d) of nobody, reader, invoicing, collector, manager.
RIGHTS = {
    "dunning.policy": ("", "r", "r", "r", "rwcd"),
    "dunning.step": ("", "r", "r", "r", "rwcd"),
    "dunning.closing.day": ("", "r", "r", "r", "rwcd"),
    "dunning.rate": ("", "r", "r", "r", "rwcd"),
    "dunning.legal.value": ("", "r", "r", "r", "rwcd"),
    "dunning.penalty": ("", "r", "r", "r", "r"),
    "dunning.item": ("", "r", "r", "r", "r"),
    "dunning.account": ("", "r", "r", "r", "r"),
    "dunning.customer.note": ("", "r", "r", "r", "r"),
    "dunning.receipt": ("", "r", "r", "r", "r"),
    "dunning.run": ("", "r", "r", "r", "r"),
    "dunning.run.failure": ("", "r", "r", "r", "r"),
    "dunning.notice": ("", "r", "r", "rw", "rw"),
    "dunning.notice.line": ("", "r", "r", "r", "r"),
    "dunning.delivery": ("r", "r", "r", "rwc", "rwcd"),  # nobody: his own, by a rule
    "dunning.interruption": ("", "r", "r", "rc", "rwc"),
    "dunning.limitation.warning": ("", "", "", "", ""),
    "dunning.extract": ("", "", "", "", "rwcd"),
    "dunning.formal.decision": ("", "", "", "", "rwcd"),
    "dunning.interruption.erase": ("", "", "", "", "rwcd"),
    "dunning.cover": ("", "r", "r", "rwc", "rwcd"),
    "dunning.limit.change": ("", "r", "r", "rc", "rc"),
    "dunning.release": ("rc", "rc", "rc", "rc", "rwcd"),  # nobody: own requests and customers
    "dunning.release.use": ("r", "r", "r", "r", "r"),
    "dunning.release.invoice": ("r", "r", "r", "r", "r"),
    "dunning.today": ("", "", "", "r", "r"),
    "dunning.lock": ("", "", "", "", ""),
    # Forms that act by methods which check for themselves.
    "dunning.call": ("rwc", "rwc", "rwc", "rwcd", "rwcd"),
    "dunning.call.line": ("rwc", "rwc", "rwc", "rwcd", "rwcd"),
    "dunning.contact": ("", "", "", "rwcd", "rwcd"),
    "dunning.item.change": ("", "", "", "rwcd", "rwcd"),
    "dunning.take.out": ("", "", "", "rwcd", "rwcd"),
    "dunning.penalty.change": ("", "", "", "rwcd", "rwcd"),
    "dunning.posting": ("", "", "", "rwcd", "rwcd"),
    "dunning.posting.line": ("", "", "", "rwcd", "rwcd"),
    "dunning.posting.outcome": ("", "", "", "rwcd", "rwcd"),
    "dunning.preview": ("", "", "", "rwcd", "rwcd"),
    "dunning.collector.change": ("", "", "", "", "rwcd"),
    "dunning.go.live": ("", "", "", "", "rwcd"),
    "dunning.go.live.age": ("", "", "", "", "rwcd"),
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}


class RightsCommon(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            name: new_test_user(cls.env, f"rights_{name}", groups=groups, company_id=cls.company.id)
            for name, groups in GROUPS.items()
        }
        cls.steps[0].approval = "confirm"

    def _as(self, name, record):
        return record.with_user(self.users[name])


@tagged("post_install", "-at_install")
class TestMatrix(RightsCommon):
    def test_every_model_has_its_rights_decided(self):
        models = self.env["ir.model"].search([("model", "=like", "dunning.%")])
        ours = models.filtered(lambda m: MODULE in m.modules.split(", "))
        stored = {m.model for m in ours if not self.env[m.model]._abstract}
        self.assertEqual(stored, set(RIGHTS))

    def test_each_group_each_model_each_right(self):
        for model, rights in RIGHTS.items():
            for name, right in zip(GROUPS, rights, strict=True):
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, group=name, operation=operation):
                        found = self._as(name, self.env[model]).has_access(operation)
                        self.assertEqual(found, letter in right)

    def test_portal_and_public_see_nothing(self):
        portal = new_test_user(self.env, "rights_portal", groups="base.group_portal")
        for user in (portal, self.env.ref("base.public_user")):
            for model in RIGHTS:
                with self.subTest(user=user.login, model=model):
                    self.assertFalse(self.env[model].with_user(user).has_access("read"))

    def test_customers_do_not_read_in_the_portal_what_we_think_of_them(self):
        """Their own people may read the card of their company, by RPC every field of it."""
        self.customer._set_dunning_pause(self._at(90), "Our lawyer is sceptical")
        person = self._create_customer("Person", is_company=False, parent_id=self.customer.id)
        portal = new_test_user(
            self.env, "rights_customer", groups="base.group_portal", partner_id=person.id
        )
        card = self.customer.with_user(portal)
        self.assertEqual(card.read(["name"])[0]["name"], "Customer")
        names = [name for name in card._fields if name.startswith(("dunning_", "delivery_hold"))]
        shown = {"dunning_contact_ids", "dunning_accountant_id", "dunning_change_reason"}
        for name in {*names, "insolvency_date", "customer_kind_warning"} - shown:
            with self.subTest(field=name), self.assertRaises(AccessError):
                card.read([name])

    def test_root_and_admin_are_managers(self):
        for user in ("base.user_root", "base.user_admin"):
            self.assertTrue(self.env.ref(user).has_group(f"{MODULE}.group_dunning_manager"))

    def test_each_group_implies_the_lower_one(self):
        self.assertTrue(self.users["manager"].has_group(f"{MODULE}.group_dunning_user"))
        self.assertTrue(self.users["collector"].has_group("account.group_account_invoice"))
        self.assertFalse(self.users["collector"].has_group(f"{MODULE}.group_dunning_manager"))
        self.assertFalse(self.users["invoicing"].has_group(f"{MODULE}.group_dunning_user"))


@tagged("post_install", "-at_install")
class TestWrites(RightsCommon):
    """What JSON-RPC could try; the rules are in the models."""

    def setUp(self):
        super().setUp()
        self.notice = self._propose(0)
        self.line = self.notice.line_ids
        self.item = self.line.move_line_id

    def _refused(self, model, name, vals, record=None, **context):
        record = (record or self.env[model].browse()).with_context(**context)
        record = self._as(name, record)
        with self.assertRaises(UserError):  # of which AccessError is one
            record.write(vals) if record else record.create(vals)

    def test_notice_changes_by_its_actions_alone(self):
        for name in GROUPS:
            for vals in (
                {"state": "sent"},
                {"state": "approved", "approved_by": self.users["manager"].id},
                {"amount_total": 1},
                {"is_formal_notice": False},
                {"step_id": self.steps[1].id},
                {"attachment_id": False},
                {"answer_deadline": "2026-01-01"},
                {"is_text_edited": True},
                {"failure_reason": "None"},
                {"line_ids": [Command.clear()]},
                {"line_ids": [Command.update(self.line.id, {"amount_residual": 1})]},
                {"delivery_ids": [Command.create({"channel": "phone"})]},
            ):
                with self.subTest(group=name, vals=vals):
                    self._refused("dunning.notice", name, vals, self.notice)
        self.assertEqual((self.notice.state, self.notice.amount_total), ("proposed", 1000))

    def test_collectors_write_the_texts(self):
        notice = self._as("collector", self.notice)
        notice.write({"subject": "Hello", "body": "<p>Text</p>"})
        self.assertEqual(notice.subject, "Hello")
        self._refused("dunning.notice", "invoicing", {"subject": "Hello"}, self.notice)

    def test_nobody_makes_or_deletes_notices(self):
        vals = {
            "partner_id": self.customer.id,
            "company_id": self.company.id,
            "currency_id": self.company.currency_id.id,
            "policy_id": self.policy.id,
            "step_id": self.steps[0].id,
            "date": self.day,
        }
        for name in GROUPS:
            with self.subTest(group=name):
                self._refused("dunning.notice", name, vals)
                self._refused("dunning.notice.line", name, {"notice_id": self.notice.id})
                with self.assertRaises(AccessError):
                    self._as(name, self.notice).unlink()
                with self.assertRaises(AccessError):
                    self._as(name, self.line).unlink()

    def test_context_does_not_help(self):
        self._refused(
            "dunning.notice",
            "manager",
            {"partner_id": self.customer.id},
            default_state="sent",
            install_mode=True,
            tracking_disable=True,
            module="relance_graduee",
        )
        notice = self.notice.with_context(bin_size=True, dunning_run_id=1, su=True, uid=1)
        self._refused("dunning.notice", "manager", {"state": "sent"}, notice, no_check=True)
        with self.assertRaises(AccessError):
            self._as("invoicing", notice).action_approve()

    def test_a_day_to_come_by_the_context_sends_nothing(self):
        self.notice.action_approve()
        notice = self._as("collector", self.notice).with_context(dunning_date="2999-01-04")
        with self.assertRaisesRegex(UserError, "day to come"):
            notice.action_send()

    def test_a_day_to_come_by_the_context_changes_no_proposal(self):
        """Whoever may only read could date it, or let what it claims become time-barred."""
        before = (self.notice.date, self.notice.amount_total)
        for name in ("reader", "collector"):
            notice = self._as(name, self.notice).with_context(dunning_date="2999-01-04")
            notice.action_open_document()
            self.assertEqual(self.notice.state, "proposed")
        today = self.company._get_dunning_today()
        self.assertTrue(before[0] <= self.notice.date <= today)
        notice.action_cancel()
        self.assertLessEqual(self.notice.hold_until, today + timedelta(days=4))

    def test_a_foreign_run_in_the_context_is_not_written_to(self):
        self.customer.email = False
        self.notice.action_approve()
        foreign = self.env["dunning.run"].create(
            {
                "company_id": self.env["res.company"].create({"name": "Foreign"}).id,
                "date": self.day,
                "mode": "live",
            }
        )
        for forged in (foreign.id, 0, 2**30, "x"):
            notice = self._as("collector", self.notice).with_context(dunning_run_id=forged)
            with self._clock():
                notice.action_send()
            self.notice.action_approve()
        self.assertFalse(foreign.failure_ids)

    def test_actions_of_a_notice_are_for_collectors(self):
        for name in ("nobody", "reader", "invoicing"):
            notice = self._as(name, self.notice)
            for action in (
                "action_approve",
                "action_send",
                "action_cancel",
                "action_approve_and_send",
                "action_edit_text",
                "action_reset_text",
            ):
                with self.subTest(group=name, action=action), self.assertRaises(AccessError):
                    getattr(notice, action)()
        self.assertEqual(self.notice.state, "proposed")

    def test_place_on_the_ladder_is_not_written_by_hand(self):
        for name in ("invoicing", "collector", "manager"):
            for vals in (
                {"dunning_step_id": self.steps[3].id},
                {"dunning_step_id": False},
                {"dunning_step_date": False},
                {"dunning_round": 7},
                {"dunning_disputed": True},
                {"dunning_disputed": False},
            ):
                with self.subTest(group=name, vals=vals):
                    self._refused("account.move.line", name, vals, self.item)
                    move = self.item.move_id
                    self._refused(
                        "account.move",
                        name,
                        {"line_ids": [Command.update(self.item.id, vals)]},
                        move,
                    )

    def test_hold_of_deliveries_is_not_written(self):
        for name in ("collector", "manager"):
            for field in ("delivery_hold", "delivery_hold_reason"):
                with self.subTest(group=name, field=field):
                    vals = {field: "none"}
                    self._refused("res.partner", name, vals, self.customer)

    def test_deliveries_change_by_their_actions_alone(self):
        self._send(self.notice)
        delivery = self.notice.delivery_ids
        for name in GROUPS:
            for vals in (
                {"state": "done"},
                {"date_done": self.day},
                {"date_contact": False},
                {"notice_id": False},
                {"recipient": "elsewhere@example.com"},
                {"partner_id": self.users["manager"].partner_id.id},
                {"failure_reason": "None"},
                {"mail_id": False},
                {"date_retry_until": "2999-01-01"},
            ):
                with self.subTest(group=name, vals=vals):
                    self._refused("dunning.delivery", name, vals, delivery)
        self.assertEqual(delivery.state, "todo")

    def test_deliveries_are_not_made_up(self):
        vals = {"partner_id": self.customer.id, "company_id": self.company.id, "channel": "phone"}
        for name in ("collector", "manager"):
            for forged in (
                {"notice_id": self.notice.id},
                {"state": "done"},
                {"date_contact": self.day},
                {"date_done": self.day},
            ):
                with self.subTest(group=name, vals=forged):
                    self._refused("dunning.delivery", name, vals | forged)
        deliveries = self._as("collector", self.env["dunning.delivery"])
        forged = deliveries.with_context(default_state="done", default_date_contact=self.day)
        self.assertEqual((forged.create(vals).state, forged.date_contact), ("todo", False))

    def test_sending_takes_no_values_from_the_context(self):
        self.notice.action_approve()
        notice = self._as("collector", self.notice).with_context(
            dunning_date=self._at(-14),
            default_state="done",
            default_type="url",
            default_outcome="sent",
        )
        with self._clock():
            notice.action_send()
        delivery = self.notice.delivery_ids
        self.assertEqual((self.notice.state, delivery.state), ("sent", "todo"))
        self.assertEqual((self.notice.date, self.notice.date_sent), (self.day, self.day))
        self.assertEqual((delivery.mail_id.state, delivery.outcome), ("outgoing", False))
        self.assertEqual(self.notice.attachment_id.type, "binary")

    def test_actions_of_a_delivery_are_for_collectors(self):
        self.steps[0].write({"send_email": False, "print_letter": True})
        self._send(self.notice)
        delivery = self.notice.delivery_ids
        self.assertEqual(delivery.channel, "letter")
        for name in ("nobody", "reader", "invoicing"):
            for action in ("action_done", "action_cancel", "action_print", "action_posting_list"):
                with self.subTest(group=name, action=action), self.assertRaises(AccessError):
                    getattr(self._as(name, delivery), action)()
        self.assertEqual(delivery.state, "todo")

    def test_launching_is_for_managers(self):
        for name in ("nobody", "reader", "invoicing", "collector"):
            with self.subTest(group=name), self.assertRaises(AccessError):
                self._as(name, self.env["dunning.run"]).launch(date=self.day)
        run = self._as("manager", self.env["dunning.run"]).launch(date=self.day)
        self.assertEqual(run.company_id, self.company)

    def test_bulk_changes_are_for_collectors(self):
        wizard = self.env["dunning.item.change"]
        vals = {"move_line_ids": self.item.ids, "change": "exclude", "reason": "Because"}
        with self.assertRaises(AccessError):
            self._as("invoicing", wizard).create(vals)
        self._as("collector", wizard).create(vals).action_apply()
        self.assertTrue(self.item.no_followup)

    def test_going_live_is_for_managers(self):
        wizard = self.env["dunning.go.live"].create({"company_id": self.company.id})
        with self.assertRaises(AccessError):
            self._as("collector", wizard).action_go_discovery()
        self._as("manager", self.env["dunning.go.live"]).create(
            {"company_id": self.company.id}
        ).action_go_discovery()
        self.assertEqual(self.company.dunning_mode, "discovery")

    def test_steps_and_policies_are_set_up_by_managers(self):
        self._refused("dunning.step", "collector", {"delay_days": 1}, self.steps[1])
        self._refused("dunning.policy", "collector", {"min_amount": 0}, self.policy)
        self._as("manager", self.policy).min_amount = 20
        self.assertEqual(self.policy.min_amount, 20)

    def test_private_methods_are_not_called_from_outside(self):
        """Whatever writes without asking has a name that RPC refuses."""
        from odoo.service.model import get_public_method

        for model, method in (
            ("dunning.notice", "_approve"),
            ("dunning.notice", "_mark_sent"),
            ("dunning.delivery", "_set_done"),
            ("dunning.sender", "_send"),
            ("account.move.line", "_set_dunning_step"),
            ("res.partner", "_set_dunning_pause"),
        ):
            with self.subTest(model=model, method=method), self.assertRaises(AccessError):
                get_public_method(self.env[model], method)


@tagged("post_install", "-at_install")
class TestSalespeople(RightsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steps[1].write({"phone_call": False, "visit": True, "owner": "salesperson"})
        cls.seller = cls.users["nobody"]
        cls.other_seller = new_test_user(
            cls.env,
            "rights_other_seller",
            groups="base.group_user,base.group_partner_manager",
            email="other@seller.example",
            company_id=cls.company.id,
        )
        cls.customer.user_id = cls.seller
        cls.other = cls._create_customer("Other", user_id=cls.other_seller.id)

    def _visits(self):
        self._due(1)
        self._due(1, self.other)
        deliveries = self._launch().notice_ids.delivery_ids
        mine = deliveries.filtered(lambda d: d.user_id == self.seller)
        self.assertEqual(len(deliveries), 2)
        return mine, deliveries - mine

    def test_sees_and_reports_on_the_own_visit_alone(self):
        mine, theirs = self._visits()
        seen = self.env["dunning.delivery"].with_user(self.seller).search([])
        self.assertEqual(seen, mine)
        with self.assertRaises(AccessError):
            theirs.with_user(self.seller).read(["note"])
        with self.assertRaises(AccessError):
            theirs.with_user(self.seller).action_done(outcome="other", date=self.day)
        wizard = self.env["dunning.call"].with_user(self.seller)
        wizard.create({"delivery_id": mine.id, "outcome": "cannot_pay", "risk": "high"})
        mine.with_user(self.seller).action_done(outcome="cannot_pay", date=self.day)
        self.assertEqual((mine.state, mine.notice_id.state), ("done", "sent"))
        self.assertEqual(theirs.state, "todo")

    def test_own_visit_is_read_with_its_amount_and_its_notice_is_not(self):
        mine, _theirs = self._visits()
        values = mine.with_user(self.seller).read(["amount_total", "phone", "display_name"])[0]
        self.assertEqual(values["amount_total"], 1000)
        with self.assertRaises(AccessError):
            mine.notice_id.with_user(self.seller).read(["amount_total"])

    def test_form_of_anothers_visit_is_refused(self):
        _mine, theirs = self._visits()
        wizard = self.env["dunning.call"].with_user(self.seller)
        with self.assertRaises(AccessError):
            wizard.create({"delivery_id": theirs.id, "outcome": "other"}).action_close()
        self.assertEqual(theirs.state, "todo")

    def test_form_of_anothers_visit_tells_nothing_of_it(self):
        """Not even asked by RPC in ways that the screen does not know."""
        mine, theirs = self._visits()
        wizard = self.env["dunning.call"].with_user(self.seller).with_context(dunning_date=self.day)
        names = ("amount_owed", "last_contacts", "phone", "partner_id")
        spec = {"delivery_id": {}, **{name: {} for name in names}}
        with self.assertRaises(AccessError):
            wizard.create({"delivery_id": theirs.id, "line_ids": [Command.create({})]})
        values = wizard.onchange({"delivery_id": theirs.id}, ["delivery_id"], spec)["value"]
        self.assertFalse(any(values.get(name) for name in names))
        form = wizard.create({"delivery_id": mine.id})
        self.assertEqual(form.amount_owed, 1000, "the own one is read")
        self.assertTrue(form.phone and form.has_notice)
        form.delivery_id = theirs
        for name in (*names, "has_notice", "also_closed"):
            with self.subTest(field=name):
                self.assertFalse(form[name])

    def test_writes_nothing_on_the_own_visit(self):
        mine, _theirs = self._visits()
        for vals in ({"note": "x"}, {"user_id": self.other_seller.id}, {"state": "done"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                mine.with_user(self.seller).write(vals)

    def test_customer_card_opens_with_hold_and_without_amounts(self):
        self._invoice(30, 5000)
        customer = self.customer.with_user(self.seller).with_context(dunning_date=self.day)
        names = [name for name in customer.fields_get() if "dunning" in name or "hold" in name]
        values = customer.read(names)[0]
        self.assertEqual(values["delivery_hold"], "blocked")
        self.assertNotIn("5,000", values["delivery_hold_reason"])
        self.assertNotIn("5000", values["delivery_hold_reason"])
        self.assertNotIn("dunning_detail", values)
        self.assertNotIn("dunning_notice_count", values)

    def test_salesperson_neither_pauses_nor_softens(self):
        customer = self.customer.with_user(self.other_seller)
        for vals in (
            {"dunning_paused_until": "2999-01-01"},
            {"dunning_pause_reason": "Nice people"},
            {"insolvency_date": "2026-01-01"},
            {"dunning_policy_id": False},
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(AccessError, "collectors"):
                customer.write(vals)
        customer.write({"name": "Renamed"})
        with self.assertRaisesRegex(AccessError, "collectors"):
            customer.create({"name": "New", "dunning_paused_until": "2999-01-01"})
        copy = customer.copy()
        self.assertFalse(copy.dunning_paused_until)

    def test_whoever_may_merge_customers_still_may(self):
        """What was decided of who owes something goes where the debt goes."""
        self._invoice(30, 5000)
        self.customer._set_dunning_pause(self._at(60), "Inventory")
        self.other.email = self.customer.email
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.other_seller)
        wizard.sudo(False).create({})._merge([self.customer.id, self.other.id], self.other)
        self.assertEqual(self.other.dunning_paused_until, self._at(60), "the pause is carried over")


@tagged("post_install", "-at_install")
class TestCompanies(RightsCommon):
    """What belongs to a company stays in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls._prepare_company(
            cls.env["res.company"].create({"name": "Another company"})
        )
        cls.foreigner = new_test_user(
            cls.env,
            "rights_foreigner",
            groups=GROUPS["manager"],
            company_id=cls.other_company.id,
            company_ids=[Command.set(cls.other_company.ids)],
        )
        cls.steps[1].approval = "confirm"
        cls.own_policy = cls._create_policy(
            "Own", {"name": "Only", "delay_days": 5, "send_email": True}, company_id=cls.company.id
        )
        cls.closing = cls.env["dunning.closing.day"].create(
            {
                "name": "Inventory",
                "company_id": cls.company.id,
                "date_from": "2026-12-24",
                "date_to": "2026-12-26",
            }
        )

    def _fill(self):
        """A sent notice, a failure, a call and a pause in ``self.company``."""
        notice = self._propose(0)
        self._send(notice)
        broken = self._create_customer("Broken", email=False)
        self.steps[0].approval = "auto"
        self._due(0, broken)
        run = self._launch()
        self.customer._set_dunning_pause(self._at(30), "Secret reason")
        return notice, run

    def _see(self, model):
        return self.env[model].with_user(self.foreigner).with_context(dunning_date=self.day)

    def test_nothing_is_found_from_another_company(self):
        notice, run = self._fill()
        records = {
            "dunning.notice": notice,
            "dunning.notice.line": notice.line_ids,
            "dunning.delivery": notice.delivery_ids,
            "dunning.run": run,
            "dunning.run.failure": run.failure_ids,
            "dunning.policy": self.own_policy,
            "dunning.step": self.own_policy.step_ids,
            "dunning.closing.day": self.closing,
            "ir.attachment": notice.attachment_id,
            "mail.message": notice.message_ids,
        }
        for model, own in records.items():
            with self.subTest(model=model):
                self.assertTrue(own)
                self.assertFalse(self._see(model).search([("id", "in", own.ids)]))
                with self.assertRaises(AccessError):
                    own[:1].with_user(self.foreigner).read()

    def test_no_item_nor_account_of_another_company(self):
        self._fill()
        companies = {"dunning.item": "line_company_id", "dunning.account": "company_id"}
        for model, field in companies.items():
            with self.subTest(model=model):
                mine = self.env[model].with_context(dunning_date=self.day)
                self.assertTrue(mine.search_count([("partner_id", "=", self.customer.id)]))
                self.assertFalse(self._see(model).search([("partner_id", "=", self.customer.id)]))
                groups = self._see(model)._read_group([], [field])
                self.assertNotIn(self.company, [company for (company,) in groups])

    def test_pause_of_another_company_is_not_seen_nor_felt(self):
        self._fill()
        customer = self.customer.with_user(self.foreigner)
        self.assertFalse(customer.dunning_paused_until)
        self.assertFalse(customer.dunning_pause_reason)
        self.assertNotEqual(customer.delivery_hold, "blocked")
        with self.assertRaises(AccessError):
            customer.with_context(allowed_company_ids=self.company.ids).read(
                ["dunning_paused_until"]
            )

    def test_shared_customer_tells_no_amount_of_another_company(self):
        self._fill()
        for message in self.customer.message_ids:
            self.assertNotIn("1,000", message.body)
            self.assertNotIn("1000", message.body)

    def test_question_of_another_company_is_not_told(self):
        notice = self._propose(0)
        notice.is_formal_notice = True
        vals = {"notice_id": notice.id, "reason": "Because"}
        decision = self.env["dunning.formal.decision"].create(vals)
        own_form = self.env["dunning.formal.decision"].with_user(self.foreigner).create(vals)
        with patch.object(type(notice), "_get_formal_questions", lambda *_args: ["Secret"]):
            self.assertEqual(decision.question, "Secret")
            self.env.invalidate_all()
            self.assertFalse(own_form.question)
            with self.assertRaises(AccessError):
                decision.with_user(self.foreigner).read(["question"])

    def test_letters_of_another_company_are_not_told(self):
        """A related field of a form would read as superuser."""
        self.steps[0].write({"send_email": False, "print_letter": True})
        notice = self._propose(0)
        self._send(notice)
        letter = notice.delivery_ids
        posting = self.env["dunning.posting"].with_context(
            active_model=letter._name, active_ids=letter.ids
        )
        lines = posting.create({"line_ids": [Command.create({"delivery_id": letter.id})]}).line_ids
        self.env.flush_all()
        self.env.invalidate_all()
        for name in ("notice_id", "partner_id", "recipient"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                lines.with_user(self.foreigner).mapped(name)

    def test_neither_launches_nor_acts_elsewhere(self):
        notice = self._propose(0)
        run = self.env["dunning.run"].with_user(self.foreigner)
        with self.assertRaisesRegex(AccessError, "no access to this company"):
            run.launch(date=self.day, companies=self.company.ids)
        launched = run.launch(date=self.day)
        self.assertEqual(launched.company_id, self.other_company)
        for action in ("action_approve", "action_cancel", "action_send"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(notice.with_user(self.foreigner), action)()

    def test_records_nothing_elsewhere(self):
        vals = {"partner_id": self.customer.id, "company_id": self.company.id, "channel": "phone"}
        with self.assertRaises(AccessError):
            self.env["dunning.delivery"].with_user(self.foreigner).create(vals)

    def test_changes_no_item_elsewhere(self):
        invoice = self._due(0)
        with self.assertRaises(AccessError):
            self.env["dunning.item.change"].with_user(self.foreigner).create(
                {
                    "move_line_ids": self._term_lines(invoice).ids,
                    "change": "exclude",
                    "reason": "Because",
                }
            ).action_apply()
        self.assertFalse(invoice.no_followup)

    def test_mode_of_another_company_is_not_switched(self):
        with self.assertRaises(AccessError):
            self.env["dunning.go.live"].with_user(self.foreigner).create(
                {"company_id": self.company.id}
            ).action_go_discovery()
        self.assertEqual(self.company.dunning_mode, "live")

    def test_policy_of_another_company_is_not_used(self):
        self.customer.with_company(self.other_company).dunning_policy_id = False
        with self.assertRaises(UserError):
            self.customer.with_company(self.other_company).dunning_policy_id = self.own_policy


@tagged("post_install", "-at_install")
class TestBranchRights(RightsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branches = cls._create_branches("North", "South")
        cls.local = new_test_user(
            cls.env,
            "rights_local",
            groups=f"{GROUPS['collector']},base.group_partner_manager",
            company_id=cls.branches[0].id,
            company_ids=[Command.set(cls.branches[0].ids)],
        )

    def _invoice_of(self, company, amount):
        return self._invoice(6, amount, company_id=company.id)

    def test_sees_what_the_root_says_and_the_own_items(self):
        north = self._invoice_of(self.branches[0], 100)
        self._invoice_of(self.branches[1], 200)
        self._invoice_of(self.company, 300)
        notice = self._notices(self._launch())
        self.assertEqual((notice.company_id, notice.amount_total), (self.company, 600))
        local = notice.with_user(self.local)
        self.assertEqual(local.search([("id", "=", notice.id)]), local)
        items = self.env["dunning.item"].with_user(self.local)
        items = items.with_context(dunning_date=self.day).search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(items.move_id.sudo(), north)

    def test_collector_of_a_branch_approves_sends_and_records(self):
        self._invoice_of(self.branches[0], 100)
        self._invoice_of(self.branches[1], 200)
        notice = self._notices(self._launch())
        self._send(notice.with_user(self.local))
        self.assertEqual((notice.state, notice.amount_total), ("sent", 300))
        self.assertEqual(notice.approved_by, self.local)
        contact = (
            self.env["dunning.contact"]
            .with_user(self.local)
            .create({"partner_id": self.customer.id, "note": "They called"})
        )
        self.assertEqual(contact.company_id, self.company)

    def test_pause_written_in_a_branch_holds_for_the_root(self):
        invoice = self._invoice_of(self.branches[1], 200)
        self.customer.with_user(self.local).write(
            {"dunning_paused_until": self._at(10), "dunning_pause_reason": "Inventory"}
        )
        self.env.invalidate_all()
        self.assertEqual(self._reason(invoice), "paused")
