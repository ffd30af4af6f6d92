"""After a message came back, nothing goes to the same address until somebody mended it."""

from odoo.tests import tagged

from ..common_channels import ChannelCommon


@tagged("post_install", "-at_install")
class TestDeadAddress(ChannelCommon):
    def setUp(self):
        super().setUp()
        notice = self._propose(0)
        self.delivery = self._delivery(notice, "email")
        self.env["dunning.channel.email"]._record_sent(self.delivery)
        self.dead = self.customer.email_normalized

    def _bounce(self):
        email = self.env["dunning.channel.email"]
        email._record_bounce(self.delivery, self.dead, "5.1.1 no such user")

    def _get_addressees(self):
        return self.customer._get_dunning_contacts(
            self.company, "email_normalized"
        )._filter_dunning_reachable("email_normalized")

    def test_nothing_more_is_sent_there(self):
        self._bounce()
        self.assertFalse(self._get_addressees())
        notice = self._propose(0)
        obstacle = self.env["dunning.channel.email"]._get_obstacle(notice)
        self.assertIn("came back", obstacle)
        self.assertIn("came back", self.customer.dunning_address_warning)

    def test_another_contact_is_written_to(self):
        person = self.env["res.partner"].create(
            {"name": "Paula", "parent_id": self.customer.id, "email": "paula@customer.example"}
        )
        self._bounce()
        self.assertEqual(self._get_addressees(), person)

    def test_new_address_is_used(self):
        self._bounce()
        self.customer.email = "new@customer.example"
        self.assertEqual(self._get_addressees(), self.customer)

    def test_collector_may_say_that_it_works(self):
        self._bounce()
        self.customer.with_user(self.collector).sudo().action_trust_dunning_email()
        self.assertEqual(self._get_addressees(), self.customer)

    def test_server_that_does_not_know_the_mailbox(self):
        reason = f"{{'{self.dead}': (550, b'5.1.1 No such user')}}"
        self.env["dunning.proof"]._open(self.delivery).state = "todo"
        self.delivery.mail_id._tell_dunning_deliveries([], reason, "unknown")
        self.assertEqual(self.customer.dunning_refused_email, self.dead)

    def test_server_that_refuses_us_says_nothing_of_the_address(self):
        reason = f"{{'{self.dead}': (550, b'5.7.1 Relaying denied')}}"
        self.env["dunning.proof"]._open(self.delivery).state = "todo"
        self.delivery.mail_id._tell_dunning_deliveries([], reason, "unknown")
        self.assertFalse(self.customer.dunning_refused_email)
