"""Every screen opens for those who are to use it, and for nobody else."""

from datetime import timedelta

from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .common import DunningCommon

MODULE = "relance_graduee"
GROUPS = {
    "invoicing": "account.group_account_invoice",
    "collector": f"{MODULE}.group_dunning_user",
    "manager": f"{MODULE}.group_dunning_manager",
}
READER_MENUS = {"menu_dunning_account", "menu_dunning_notice", "menu_dunning_item"}


class ScreenCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            name: new_test_user(cls.env, name, f"base.group_user,{group}")
            for name, group in GROUPS.items()
        }

    def _records(self, model):
        """Our own records of ``model``, installed with the add-on."""
        data = self.env["ir.model.data"].search([("module", "=", MODULE), ("model", "=", model)])
        return {row.name: self.env[model].browse(row.res_id) for row in data}

    def _may_read(self, user, model):
        return self.env[model].with_user(user).has_access("read")


@tagged("post_install", "-at_install")
class TestViews(ScreenCommon):
    def test_every_action_opens(self):
        """The views of each action load, and their default context and domain make sense."""
        actions = self._records("ir.actions.act_window")
        self.assertIn("dunning_today_action", actions)
        for login, user in self.users.items():
            for name, action in actions.items():
                model = self.env[action.res_model].with_user(user)
                if not self._may_read(user, action.res_model):
                    continue
                with self.subTest(user=login, action=name):
                    views = [(view_id, kind) for view_id, kind in action.views if kind != "search"]
                    model.get_views([*views, (False, "search")], {"load_filters": True})

    def test_lists_read(self):
        """What each list and kanban asks for can be read, by web_search_read."""
        for login, user in self.users.items():
            for name, action in self._records("ir.actions.act_window").items():
                Model = self.env[action.res_model].with_user(user)
                if Model._transient or not self._may_read(user, action.res_model):
                    continue
                for view_id, kind in action.views:
                    if kind not in ("list", "kanban"):
                        continue
                    with self.subTest(user=login, action=name, kind=kind):
                        fields = Model.get_view(view_id, kind)["models"][Model._name]
                        domain = safe_eval(action.domain or "[]", {"active_id": 0, "uid": user.id})
                        Model.web_search_read(domain, {field: {} for field in fields}, limit=5)

    def test_every_empty_screen_says_what_to_do(self):
        for name, action in self._records("ir.actions.act_window").items():
            if action.target != "new":
                with self.subTest(action=name):
                    self.assertTrue(action.help)

    def test_every_own_model_has_views(self):
        """No list or form that Odoo had to invent."""
        for name, action in self._records("ir.actions.act_window").items():
            for view_id, kind in action.views:
                with self.subTest(action=name, kind=kind):
                    found = view_id or self.env["ir.ui.view"].default_view(action.res_model, kind)
                    self.assertTrue(found)

    def test_menus(self):
        menus = self._records("ir.ui.menu")
        ours = self.env["ir.ui.menu"].browse(menu.id for menu in menus.values())
        for login, user in self.users.items():
            with self.subTest(user=login):
                visible = ours.with_user(user)._filter_visible_menus()
                names = {name for name, menu in menus.items() if menu in visible and menu.action}
                runnable = {name for name in names if not name.startswith("menu_dunning_c")}
                if login == "invoicing":
                    self.assertEqual(names & {"menu_dunning_today", "menu_dunning_call"}, set())
                    self.assertLessEqual(READER_MENUS, names)
                else:
                    self.assertLessEqual(READER_MENUS | {"menu_dunning_today"}, runnable)

    def test_invoice_and_customer(self):
        invoice = self._invoice(20)
        self._launch()
        for login, user in self.users.items():
            with self.subTest(user=login):
                with Form(invoice.with_user(user)) as form:
                    self.assertTrue(form.dunning_detail)
                with Form(self.customer.with_user(user)) as form:
                    self.assertTrue(form.dunning_detail)

    def test_settings(self):
        action = self.env["res.config.settings"].create({}).action_open_dunning_mode()
        self.assertEqual(action["res_model"], "dunning.go.live")
        with Form(self.env["res.config.settings"]) as form:
            form.dunning_task_days = 4

    def test_go_live_page(self):
        self._invoice(20)
        with Form(self.env["dunning.go.live"].with_user(self.users["manager"])) as form:
            self.assertTrue(form.channel_summary)
            self.assertTrue(len(form.age_ids))

    def test_step_form(self):
        with Form(self.steps[0]) as form:
            form.name = "Courteous"
        self.assertEqual(self.steps[0].name, "Courteous")
        self.assertEqual(self.steps[3].effect_label, "Formal notice")

    def test_formal_notices_are_offered_to_managers_only(self):
        def offered(user):
            arch = self.env["dunning.notice"].with_user(self.users[user]).get_view(None, "form")
            return arch["arch"].count('name="action_approve_and_send"')

        self.assertEqual([offered(user) for user in GROUPS], [0, 1, 2])

    def test_rule_of_the_day_in_words(self):
        self._invoice(6)
        text = self._notices(self._launch()).policy_snapshot_text
        for words in ("Test ladder", "Channels: E-mail", "Counted from: Due date", "Days: 5"):
            self.assertIn(words, text)

    def test_history_of_an_invoice(self):
        """Its deliveries in order of time, of its own notices only."""
        invoice, other = self._invoice(6), self._invoice(6, partner=self._create_customer("Other"))
        run = self._launch()
        self.assertEqual(invoice.dunning_delivery_ids, self._notices(run).delivery_ids)
        self.assertTrue(invoice.dunning_delivery_ids)
        self.assertFalse(invoice.dunning_delivery_ids & other.dunning_delivery_ids)
        history = self.customer.action_open_dunning_history()
        found = self.env[history["res_model"]].search(history["domain"])
        self.assertLessEqual(invoice.dunning_delivery_ids, found)

    def test_preview_opens_the_items_of_that_day(self):
        invoice = self._invoice(0)
        wizard = self.env["dunning.preview"].create({"date": self._at(5)})
        action = wizard.with_user(self.users["collector"]).action_show()
        items = self.env["dunning.item"].with_context(**action["context"])
        found = items.search([("move_id", "=", invoice.id), ("hold_reason", "=", False)])
        self.assertEqual(found.next_step_id, self.steps[0])

    def test_preview_proposes_a_working_day(self):
        wizard = self.env["dunning.preview"].create({})
        self.assertTrue(self.company._is_dunning_working_day(wizard.date))
        self.assertGreater(wizard.date, self.company._get_dunning_today())

    def test_pause_from_the_customer(self):
        self._invoice(20)
        until = self.company._get_dunning_today() + timedelta(days=30)
        action = self.customer.action_pause_dunning()
        self.assertEqual(action["context"]["default_change"], "pause")
        with Form(self.env[action["res_model"]].with_context(**action["context"])) as form:
            form.pause_until = until
            form.reason = "Asked by telephone"
        form.record.action_apply()
        self.assertEqual(self.customer.dunning_paused_until, until)

    def test_board_of_reminders_has_a_column_for_each_step(self):
        """Empty ones too; cancelled reminders only where there are some."""
        self._invoice(6)
        notice = self._notices(self._launch())

        def columns():
            board = self.env["dunning.notice"].with_context(read_group_expand=True)
            groups = board.web_read_group([("id", "=", notice.id)], ["state"], ["__count"])[
                "groups"
            ]
            return [group["state"] for group in groups]

        self.assertEqual(columns(), ["proposed", "approved", "sent"])
        proposal = notice.copy({"state": "proposed"})
        proposal.action_cancel()
        notice = proposal
        self.assertEqual(columns(), ["proposed", "approved", "sent", "cancelled"])
