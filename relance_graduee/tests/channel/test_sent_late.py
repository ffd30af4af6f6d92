"""What leaves late or once more: nothing is said twice, nor asked for after it was paid."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_channels import ChannelCommon


@tagged("post_install", "-at_install")
class TestSentLate(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stop_clock()

    def _failed(self, number=0):
        """An e-mail that the server refused for good."""
        delivery = self._delivery(self._propose(number), "email")
        self._refuse(delivery)
        return delivery

    def _refuse(self, delivery):
        self.env["dunning.channel.email"]._record_failure(delivery, "550 No such user")
        self.assertEqual(delivery.state, "failed")

    def _pay_all(self, notice):
        for invoice in notice.line_ids.move_id:
            self._pay(invoice)

    def _get_ways(self, notice):
        return sorted((d.channel, d.state) for d in notice.delivery_ids)

    # ------------------------------------------------------------
    # SENT AGAIN
    # ------------------------------------------------------------

    def test_sent_again_once_the_address_is_mended(self):
        delivery = self._failed()
        self.customer.email = "right@customer.example"
        delivery.with_user(self.collector).action_retry()
        again = delivery.notice_id.delivery_ids - delivery
        self.assertEqual((again.state, again.contact_id), ("todo", self.customer))
        self.assertIn("right@customer.example", again.recipient)

    def test_sent_again_twice_leaves_once(self):
        delivery = self._failed()
        delivery.action_retry()
        with self.assertRaisesRegex(UserError, "Nothing is left to send"):
            delivery.action_retry()
        self.assertEqual(
            self._get_ways(delivery.notice_id), [("email", "failed"), ("email", "todo")]
        )

    def test_two_failures_of_one_notice_are_sent_again_once(self):
        delivery = self._failed()
        delivery.action_retry()
        both = delivery.notice_id.delivery_ids
        self._refuse(both - delivery)
        both.action_retry()
        self.assertEqual(len(both.notice_id.delivery_ids), 3)

    def test_paid_since_is_not_sent_again(self):
        delivery = self._failed()
        self._pay_all(delivery.notice_id)
        with self.assertRaisesRegex(UserError, "Nothing is left to send"):
            delivery.action_retry()
        self.assertEqual(delivery.notice_id.delivery_ids, delivery)

    def test_letter_leaves_once_there_is_a_postal_address(self):
        self.steps[2].write({"print_letter": False, "tone": "last"})
        delivery = self._delivery(self._propose(2), "email")
        address = {"street": self.customer.street, "city": self.customer.city}
        self.customer.write({"street": False, "city": False})
        self._refuse(delivery)
        letter = self._delivery(delivery.notice_id, "letter")
        self.assertEqual(letter.state, "failed")
        self.customer.write(address)
        letter.action_retry()
        again = self._delivery(delivery.notice_id, "letter") - letter
        self.assertEqual(again.state, "todo")
        self.assertIn("LYON", again.recipient)

    # ------------------------------------------------------------
    # PAID WHILE IT WAITED
    # ------------------------------------------------------------

    def test_paid_while_the_server_said_later_it_does_not_leave(self):
        delivery = self._delivery(self._propose(0), "email")
        with self._mail_server(data_reply="451 4.3.0 Later"):
            self._process_queue(delivery)
        self.assertEqual((delivery.state, delivery.mail_id.state), ("todo", "outgoing"))
        self._pay_all(delivery.notice_id)
        with self._mail_server() as server:
            self._process_queue(delivery)
        self.assertFalse(server.taken)
        self.assertEqual((delivery.state, delivery.mail_id.state), ("cancelled", "cancel"))
        self.assertFalse(delivery.date_contact, "nobody was written to")
        self.assertIn("paid", delivery.failure_reason)

    def test_other_messages_of_the_queue_leave(self):
        other = self._create_customer("Other")
        self._due(0, other)
        delivery = self._delivery(self._propose(0), "email")
        theirs = self.env["dunning.delivery"].search([("partner_id", "=", other.id)])
        self._pay_all(delivery.notice_id)
        with self._mail_server() as server:
            self._process_queue(delivery | theirs)
        self.assertEqual(server.addresses, ["other@customer.example"])
        self.assertEqual((delivery.state, theirs.state), ("cancelled", "done"))

    def test_came_back_after_the_payment_no_letter_is_made(self):
        self.steps[2].write({"print_letter": False, "tone": "last"})
        delivery = self._delivery(self._propose(2), "email")
        self._pay_all(delivery.notice_id)
        self._refuse(delivery)
        self.assertEqual(delivery.notice_id.delivery_ids, delivery)

    # ------------------------------------------------------------
    # WHAT A LATER LETTER SAYS OF IT
    # ------------------------------------------------------------

    def _get_next(self, invoice):
        self._term_lines(invoice)._set_dunning_step(self.steps[1], self._at(15), "Migrated")
        return self._notices(self._launch(20))

    def test_a_later_letter_names_what_was_sent(self):
        invoice = self._due(0)
        first = self._notices(self._launch())
        following = self._get_next(invoice)
        self.assertEqual(following.previous_notice_id, first)
        self.assertIn("Our e-mail of October 7", following.text_previous_sentence)

    def test_a_later_letter_does_not_name_what_came_back(self):
        invoice = self._due(0)
        self._refuse(self._delivery(self._notices(self._launch()), "email"))
        following = self._get_next(invoice)
        self.assertFalse(following.previous_notice_id)
        self.assertFalse(following.text_previous_sentence)

    def test_what_left_by_email_alone_is_no_letter(self):
        self.steps[0].print_letter = True
        self.customer.write({"street": False, "city": False})
        invoice = self._due(0)
        first = self._notices(self._launch())
        self.assertEqual(self._get_ways(first), [("email", "todo"), ("letter", "failed")])
        self.assertIn("Our e-mail", self._get_next(invoice).text_previous_sentence)
