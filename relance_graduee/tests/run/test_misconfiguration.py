"""Our own settings are our own fault: found before the run, one sentence, on no customer."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_channels import ChannelCommon


@tagged("post_install", "-at_install")
class TestMisconfiguration(ChannelCommon):
    """Nobody of ours has an address to send from."""

    def _lose_addresses(self):
        self.env["res.users"].search([]).partner_id.email = False
        self.company.email = False

    def test_run_stops_with_one_sentence(self):
        others = [self._create_customer(f"Other {number}") for number in range(3)]
        for customer in (self.customer, *others):
            self._due(0, customer)
        self._lose_addresses()
        run = self._launch()
        self.assertEqual(run.state, "failed")
        self.assertIn("has no e-mail address to send from", run.warning)
        self.assertFalse(run.failure_ids)
        self.assertFalse(run.notice_ids.filtered(lambda n: n.state == "sent"))
        tasks = self._activities(self.company.partner_id)
        self.assertEqual(tasks.mapped("user_id"), self.manager)
        for customer in (self.customer, *others):
            self.assertFalse(self._activities(customer))
        self._launch()
        self.assertEqual(len(self._activities(self.company.partner_id)), 1, "told once")

    def test_run_goes_on_once_it_is_mended(self):
        self._due(0)
        self._lose_addresses()
        self._launch()
        self.company.email = "us@company.example"
        run = self._launch()
        self.assertEqual((run.state, run.warning), ("done", False))
        self.assertEqual(run.notice_ids.state, "sent")

    def test_notice_sent_by_hand_is_refused_and_stays_clean(self):
        self.steps[0].approval = "confirm"
        notice = self._propose(0)
        self._lose_addresses()
        notice.action_approve()
        with self.assertRaisesRegex(UserError, "no e-mail address to send from"):
            notice.action_send()
        self.assertFalse(notice.failure_reason)

    def test_address_that_is_none_is_none(self):
        self._lose_addresses()
        self.company.email = "not an address"
        self.assertTrue(self.company._get_dunning_misconfigurations())

    def test_collector_sends_where_the_company_has_no_address(self):
        self.company.email = False
        mail = self._delivery(self._propose(0), "email").mail_id
        self.assertIn("colette@company.example", mail.email_from)

    def test_go_live_says_it(self):
        self.company.dunning_mode = "discovery"
        self._lose_addresses()
        wizard = self.env["dunning.go.live"].create({"company_id": self.company.id})
        self.assertIn("no e-mail address", wizard.misconfiguration)
        with self.assertRaises(UserError):
            wizard.action_go_live()
        settings = self.env["res.config.settings"].create({"company_id": self.company.id})
        self.assertIn("no e-mail address", settings.dunning_misconfiguration)

    def test_a_day_without_an_email_goes_on(self):
        """Nothing is stopped that needs no address of ours."""
        self._due(1)
        self._lose_addresses()
        run = self._launch()
        self.assertEqual((run.state, run.warning, len(run.notice_ids)), ("done", False, 1))

    def test_address_of_odoos_own_settings_serves(self):
        self._due(0)
        self._lose_addresses()
        servers = type(self.env["ir.mail_server"])
        named = patch.object(servers, "_get_default_from_address", lambda _self: "us@odoo.example")
        with named:
            self.assertEqual(self._launch().state, "done")

    def test_ladders_without_email_go_on(self):
        self.env["dunning.step"].search([("send_email", "=", True)]).policy_id.active = False
        self._lose_addresses()
        self.assertFalse(self.company._get_dunning_misconfigurations())
