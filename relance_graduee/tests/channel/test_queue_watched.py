"""Handed over is not said: what waits in a queue is looked at again when it leaves, and has a
last day; then it failed, and a person is told."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_channels import ChannelCommon, get_free_port

TROUBLE = "Reminders do not leave: look at the mail server and the queues"


class QueueCommon(ChannelCommon):
    queue_is_watched = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steps[0].approval = "auto"

    def _queued(self, number=0):
        delivery = self._delivery(self._propose(number), "email")
        self.assertEqual((delivery.state, delivery.mail_id.state), ("todo", "outgoing"))
        return delivery

    def _get_trouble(self):
        tasks = self._activities(self.company.partner_id)
        return tasks.filtered(lambda task: task.summary == TROUBLE)


@tagged("post_install", "-at_install")
class TestLookedAtWhenItLeaves(QueueCommon):
    """Each reason of the decision for which an item is left alone calls the e-mail off."""

    def _assert_stays(self, delivery, word):
        with self._mail_server() as server:
            self._process_queue(delivery)
        self.assertFalse(server.taken, "it left")
        self.assertEqual((delivery.state, delivery.mail_id.state), ("cancelled", "cancel"))
        self.assertIn(word, delivery.failure_reason)
        self.assertFalse(delivery.date_contact, "nobody was written to")

    def test_paused(self):
        delivery = self._queued()
        self.customer._set_dunning_pause(fields.Date.today() + timedelta(days=9), "Flood")
        self._assert_stays(delivery, "Paused")
        self.assertTrue(self._activities(delivery.notice_id), "it is still owed: somebody decides")

    def test_disputed(self):
        delivery = self._queued()
        lines = delivery.notice_id.line_ids.move_line_id
        lines._set_dunning_disputed(True, "Wrong price")
        self._assert_stays(delivery, "Disputed")

    def test_insolvent(self):
        delivery = self._queued()
        self.customer.insolvency_date = fields.Date.today()
        self._assert_stays(delivery, "Insolvency")

    def test_excluded(self):
        delivery = self._queued()
        delivery.notice_id.line_ids.move_id.no_followup = True
        self._assert_stays(delivery, "Excluded")

    def test_covered_by_a_credit(self):
        delivery = self._queued()
        self._credit(1000)
        self._assert_stays(delivery, "Covered")

    def test_one_of_two_invoices_disputed(self):
        """The letter claims it: its figures are fixed, so it does not leave."""
        self._due(0, amount=500)
        delivery = self._queued()
        line = delivery.notice_id.line_ids.filtered(lambda line: line.amount_residual == 500)
        line.move_line_id._set_dunning_disputed(True, "Wrong price")
        self._assert_stays(delivery, "Disputed")

    def test_every_reason_that_leaves_an_item_alone(self):
        """Walks the kind: a new reason of any room is in it."""
        decision = self.env["dunning.decision"]
        alone = decision._get_hold_codes(on_notices=False)
        self.assertTrue({"disputed", "paused", "insolvency", "excluded"} <= set(alone))
        notice = self._queued().notice_id
        rows = decision._get_rows(self.customer.ids, self.company.ids)
        for code in decision._get_reason_by_code():
            held = [{**row, "hold_reason": code} for row in rows]
            with patch.object(type(decision), "_get_rows", lambda *_a, _h=held, **_k: _h):
                stops = bool(notice._get_stop_sentence())
            self.assertEqual(stops, code in alone, code)

    def test_nothing_changed_it_leaves(self):
        delivery = self._queued()
        with self._mail_server() as server:
            self._process_queue(delivery)
        self.assertEqual((delivery.state, len(server.taken)), ("done", 1))

    def test_address_changed_while_it_waited(self):
        """Odoo reads the address when it sends: the proof would name another one."""
        delivery = self._queued()
        noted = delivery.recipient
        self.customer.email = "elsewhere@customer.example"
        with self._mail_server() as server:
            self._process_queue(delivery)
        self.assertFalse(server.taken)
        self.assertEqual((delivery.state, delivery.recipient), ("failed", noted))
        self.assertIn("address was changed", self._activities(delivery.notice_id).summary)
        notice = delivery.notice_id
        delivery.action_retry()
        with self._mail_server() as server:
            self._process_queue(notice.delivery_ids - delivery)
        self.assertEqual(server.addresses, ["elsewhere@customer.example"])

    def test_a_pause_takes_the_lock(self):
        locked = []

        def acquire(_self, company, partner_ids):
            locked.append((company.id, list(partner_ids)))

        with patch.object(type(self.env["dunning.lock"]), "_acquire", acquire):
            self.customer.write(
                {"dunning_paused_until": fields.Date.today(), "dunning_pause_reason": "Flood"}
            )
        self.assertEqual(locked, [(self.company.id, self.customer.ids)])

    def test_somebody_at_work_on_the_customer_it_waits(self):
        delivery = self._queued()
        with (
            patch.object(type(delivery), "_lock_customers", lambda _self: False),
            self._mail_server() as server,
        ):
            self._process_queue(delivery)
        self.assertFalse(server.taken)
        self.assertEqual((delivery.state, delivery.mail_id.state), ("todo", "outgoing"))


@tagged("post_install", "-at_install")
class TestLastDay(QueueCommon):
    def test_cancelled_in_odoos_list(self):
        delivery = self._queued()
        delivery.mail_id.cancel()
        self.assertEqual((delivery.state, delivery.date_contact), ("failed", False))
        self.assertTrue(self._activities(delivery.notice_id))

    def test_a_queue_that_does_not_work(self):
        """Three days, then it failed; told once, not on each customer."""
        other = self._create_customer("Other")
        self._due(0, other)
        delivery = self._queued()
        both = self._delivery(delivery.notice_id.run_id.notice_ids, "email")
        self.assertEqual(len(both), 2)
        self._launch(2)
        self.assertEqual(set(both.mapped("state")), {"todo"}, "its last day is not over")
        self._launch(5)
        self.assertEqual(set(both.mapped("state")), {"failed"})
        self.assertEqual(set(both.mail_id.mapped("state")), {"cancel"}, "it leaves no more")
        self.assertEqual(len(self._get_trouble()), 1)
        self.assertEqual(self._get_trouble().user_id, self.manager)
        self.assertFalse(self._activities(both.notice_id))

    def test_a_formal_notice_never_follows_an_email_that_did_not_leave(self):
        """The queue was off: the page shows it, and nobody may approve the next step as it is."""
        self.customer.dunning_policy_id = self._create_policy(
            "Short",
            {"name": "E-mail", "delay_days": 5, "send_email": True, "approval": "auto"},
            {
                "name": "Formal",
                "delay_days": 12,
                "registered_letter": True,
                "is_formal_notice": True,
                "answer_days": 8,
                "approval": "confirm",
            },
        )
        delivery = self._queued()
        formal = self._notices(self._launch(9)).filtered("is_formal_notice")
        self.assertEqual((delivery.state, formal.state), ("failed", "proposed"))
        with self._clock(9), self.assertRaisesRegex(UserError, "did not reach anybody"):
            formal.with_user(self.manager).action_approve()
        today = self.env["dunning.today"].with_context(dunning_date=self._at(9))
        self.assertIn(delivery, delivery.search(today._get_undelivered_domain()))

    def test_a_server_that_is_down_is_told_once_and_no_address_is_asked_for(self):
        other = self._create_customer("Other")
        self._due(0, other)
        delivery = self._queued()
        both = self._delivery(delivery.notice_id.run_id.notice_ids, "email")
        both.date_retry_until = self.company._get_dunning_today()
        with self._sending_to(get_free_port()):
            self._process_queue(both)
        self.assertEqual(set(both.mapped("state")), {"failed"})
        self.assertEqual(len(self._get_trouble()), 1)
        self.assertFalse(self._activities(both.notice_id), "no customer's address is at fault")

    def test_our_own_address_refused_is_no_fault_of_the_customers(self):
        """Told once, and tried again: not "find the right address" on each of them."""
        delivery = self._queued()
        reasons = (
            ("unknown", "SMTPSenderRefused: (550, b'5.7.1 Sender rejected', 'us@company.example')"),
            ("unknown", "SMTPAuthenticationError: (535, b'5.7.8 Bad credentials')"),
            ("mail_from_missing", "You must either provide a sender address"),
            ("mail_smtp", "[Errno 111] Connection refused"),
        )
        for failure_type, reason in reasons:
            with self._clock(1):
                delivery.mail_id._tell_dunning_deliveries([], reason, failure_type)
            self.assertEqual((delivery.state, delivery.mail_id.state), ("todo", "outgoing"), reason)
        self.assertEqual(len(self._get_trouble()), 1)
        self.assertFalse(self._activities(delivery.notice_id) + self._activities(self.customer))
        self.assertFalse(self.customer.dunning_refused_email)

    def test_no_formal_notice_follows_words_that_wait(self):
        delivery = self._queued()
        notice, number = delivery.notice_id, delivery.notice_id.line_ids.move_id.name

        def look():
            rows = notice._get_formal_rows()[notice.id]
            waits = f"The reminder before it has not left yet: {number}."
            refused = waits in notice._get_formal_refusals(rows)
            doubted = bool(notice._get_formal_doubts(rows)["unsaid"])
            return rows[0]["words"], refused, doubted

        self.assertEqual(look(), ("left", False, False), "a queue has a day")
        self.env.cr.execute(
            "UPDATE dunning_delivery SET create_date = create_date - interval '2 days'"
            " WHERE id = %s",
            [delivery.id],
        )
        self.assertEqual(look(), ("waiting", True, False))
        delivery._set_failed("Gone")
        self.assertEqual(look(), ("unsaid", False, True))
        delivery.state = "done"
        self.assertEqual(look(), ("left", False, False))


@tagged("post_install", "-at_install")
class TestSmsQueue(ChannelCommon):
    queue_is_watched = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = cls.env["sms.template"].create(
            {
                "name": "Test",
                "model_id": cls.env["ir.model"]._get_id("dunning.notice"),
                "body": "You owe {{ object.text_amount }}",
            }
        )
        cls.steps[0].write(
            {
                "approval": "auto",
                "send_email": False,
                "send_sms": True,
                "sms_template_id": template.id,
            }
        )

    def test_deleted_it_would_be_no_contact(self):
        """It is kept; gone in another way, it was not said."""
        delivery = self._delivery(self._propose(0), "sms")
        with self.assertRaises(UserError):
            delivery.sms_id.unlink()
        delivery.flush_recordset()
        self.env.cr.execute("DELETE FROM sms_sms WHERE id = %s", [delivery.sms_id.id])
        self.env.invalidate_all()
        self._launch(1)
        self.assertEqual((delivery.state, delivery.date_contact), ("failed", False))
        self.assertTrue(self._activities(self.company.partner_id), "a person is told")

    def test_paused_while_it_waited_it_does_not_leave(self):
        delivery = self._delivery(self._propose(0), "sms")
        self.customer._set_dunning_pause(fields.Date.today() + timedelta(days=9), "Flood")
        message = delivery.sms_id
        with patch(
            "odoo.addons.sms.tools.sms_api.SmsApi._send_sms_batch", side_effect=UserError("sent")
        ):
            message.send(raise_exception=True)
        self.assertEqual((delivery.state, message.state), ("cancelled", "canceled"))
        self.assertIn("Paused", delivery.failure_reason)

    def test_has_a_last_day(self):
        delivery = self._delivery(self._propose(0), "sms")
        self.assertEqual(delivery.date_retry_until, self._at(3))
        delivery.date_retry_until -= timedelta(days=4)
        self._launch(1)
        self.assertEqual((delivery.state, delivery.sms_id.state), ("failed", "canceled"))
