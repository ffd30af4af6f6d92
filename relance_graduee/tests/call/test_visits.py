"""Visits: whoever makes them finds them, and reports on these alone."""

from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ..common_calls import CallCommon


@tagged("post_install", "-at_install")
class TestVisit(CallCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steps[1].write({"phone_call": False, "visit": True, "owner": "salesperson"})
        cls.seller = new_test_user(
            cls.env, "dunning_seller", groups="base.group_user", company_id=cls.company.id
        )
        cls.customer.user_id = cls.seller

    def test_salesperson_is_told_and_reports(self):
        notice = self._propose(1)
        delivery = self._delivery(notice, "visit")
        self.assertEqual((notice.state, notice.failure_reason), ("approved", False))
        self.assertEqual(delivery.user_id, self.seller)
        self.assertFalse(self._activities(notice), "which a salesperson may not read")
        task = self._activities(self.customer)
        self.assertEqual((task.summary, task.user_id), ("Visit Customer", self.seller))
        self.assertFalse(task.note, "no amounts on the shared customer")
        self._close(delivery, "cannot_pay", user=self.seller, risk="high", note="Empty shelves")
        self.assertEqual((delivery.state, delivery.risk), ("done", "high"))
        self.assertEqual(notice.state, "sent")
        self.assertEqual(delivery.date_contact, self.day)

    def test_the_task_ends_with_the_report(self):
        notice = self._propose(1)
        self.assertTrue(self._activities(self.customer))
        self._close(self._delivery(notice, "visit"), "forgotten", user=self.seller)
        self.assertFalse(self._activities(self.customer))

    def test_the_task_ends_when_the_visit_is_called_off_or_too_late(self):
        self._propose(1)
        self._launch(7)
        visit = self.env["dunning.delivery"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(visit.outcome, "not_done")
        self.assertNotIn(self.seller, self._activities(self.customer).user_id)
        other = self._create_customer("Other", user_id=self.seller.id)
        notice = self._propose(1, other)
        self.assertTrue(self._activities(other))
        notice.action_cancel()
        self.assertFalse(self._activities(other))

    def test_a_further_visit_is_a_further_task(self):
        visit = self._delivery(self._propose(1), "visit")
        self._close(visit, "call_back", user=self.seller, outcome_date=self._at(5))
        further = self.env["dunning.delivery"].search(
            [("source_notice_id", "=", visit.notice_id.id)]
        )
        self.assertEqual((further.channel, further.user_id), ("visit", self.seller))
        self.assertEqual(self._activities(self.customer).user_id, self.seller)

    def test_whoever_reads_notices_is_told_on_the_notice(self):
        self.customer.user_id = self.collector
        self.steps[1].call_script = "Ask for a plan"
        task = self._activities(self._propose(1))
        self.assertEqual((task.summary, task.user_id), ("Visit Customer", self.collector))
        self.assertIn("Ask for a plan", task.note)

    def test_reported_on_monday_it_was_on_friday(self):
        delivery = self._delivery(self._propose(1), "visit")
        self._close(delivery, "forgotten", user=self.seller, days=5, date=self._at(2))
        self.assertEqual(delivery.date_contact, self._at(2))
        self.assertEqual(delivery.done_by_id, self.seller)

    def test_report_says_the_reason_and_what_is_contested(self):
        self._due(1)
        self._due(1, amount=500)
        delivery = self._delivery(self._notices(self._launch()), "visit")
        action = delivery.with_user(self.seller).action_close_call()
        report = self.env["dunning.call"].with_user(self.seller).browse(action["res_id"])
        report.write({"outcome": "contests", "risk": "medium", "date": self.day})
        report.line_ids.filtered(lambda line: line.amount == 500).is_contested = True
        report.action_close()
        self.assertEqual((delivery.outcome, delivery.risk), ("contests", "medium"))
        self.assertEqual(delivery.contested_line_ids.balance, 500)

    def _has_menu(self, user):
        menu = self.env.ref("relance_graduee.menu_dunning_visit")
        return menu.id in self.env["ir.ui.menu"].with_user(user).load_menus(False)

    def test_a_menu_for_who_has_visits_and_no_other_list(self):
        self.assertFalse(self._has_menu(self.seller))
        delivery = self._delivery(self._propose(1), "visit")
        self.assertTrue(self._has_menu(self.seller))
        delivery.user_id = self.collector
        self.assertFalse(self._has_menu(self.collector), "who has the call list")

    def test_the_menu_shows_the_own_visits(self):
        mine = self._delivery(self._propose(1), "visit")
        self._propose(1, self._create_customer("Other", user_id=self.collector.id))
        action = self.env.ref("relance_graduee.dunning_delivery_visit_action").with_user(
            self.seller
        )
        domain = safe_eval(action.sudo().domain, {"uid": self.seller.id})
        seen = self.env["dunning.delivery"].with_user(self.seller).search(domain)
        self.assertEqual(seen, mine)
        for view_id, kind in action.sudo().views:
            names = seen.get_view(view_id, kind)["models"]["dunning.delivery"]
            seen.web_read({name: {} for name in names})
