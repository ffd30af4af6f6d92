"""What is written is of the server's day: the day that a caller asks for moves nothing of it."""

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..attacks.common import get_our_models
from ..common_channels import ChannelCommon

FORGED_DAYS = -21  # a Wednesday; nothing else happens on it
POSTAL = {"street": "1 rue", "zip": "69001", "city": "Lyon"}


@tagged("post_install", "-at_install")
class TestServerDay(ChannelCommon):
    """Everything here is asked for a past day, by the context; the server's day is ``cls.day``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stop_clock()
        cls.forged = cls._at(FORGED_DAYS)

    def _as_of(self, records, user=None):
        return records.with_user(user or self.manager).with_context(dunning_date=self.forged)

    def _get_forged(self):
        """Generated from the registry: ``model.field`` -> ids that hold the forged day."""
        self.env.flush_all()
        found = {}
        for name in get_our_models(self.env):
            model = self.env[name]
            if not model._auto or model._table_query:
                continue
            for field in model._fields.values():
                if not field.store or field.type not in ("date", "datetime"):
                    continue
                query = SQL(
                    "SELECT id FROM %s WHERE %s::date = %s",
                    SQL.identifier(model._table),
                    SQL.identifier(field.name),
                    self.forged,
                )
                if ids := [id_ for (id_,) in self.env.execute_query(query)]:
                    found[str(field)] = ids
        return found

    def _assert_nothing_forged(self):
        self.assertEqual(self._get_forged(), {})

    def test_the_search_finds_a_forged_day(self):
        notice = self._propose(0)
        notice.flush_recordset()
        self.env.cr.execute(
            "UPDATE dunning_notice SET date_sent = %s WHERE id = %s", (self.forged, notice.id)
        )
        self.assertEqual(self._get_forged(), {"dunning.notice.date_sent": notice.ids})

    def test_notice_approved_and_sent(self):
        self.steps[0].write({"approval": "confirm", "answer_days": 8})
        notice = self._propose(0)
        self._as_of(notice).action_open_document()
        self._as_of(notice, self.collector).action_approve()
        self._as_of(notice, self.collector).action_send()
        delivery = notice.delivery_ids
        self.assertEqual((notice.state, notice.date, notice.date_sent), ("sent", *[self.day] * 2))
        self.assertEqual(delivery.date_contact, self.day)
        self.assertEqual(notice.line_ids.move_line_id.dunning_step_date, self.day)
        self.assertIn(notice._format_date(self.day), self.letters[-1]["place_date"])
        with self._mail_server():
            self._process_queue(self._as_of(delivery).sudo())
        self.assertEqual(delivery.date_done, self.day)
        self._assert_nothing_forged()

    def test_formal_notice_posted_and_received(self):
        self.customer.write(POSTAL)
        notice = self._propose(3)
        self._as_of(notice)._decide_formal("Known to us")
        self._as_of(notice).action_approve_and_send()
        letter = self._delivery(notice, "registered")
        letter.tracking_number = "2C 1"
        self._as_of(letter).action_print()
        self._as_of(letter).action_posting_list()
        self._as_of(letter).action_done()
        self._as_of(letter).action_done(outcome="received")
        self.assertEqual((notice.state, notice.date_sent), ("sent", self.day))
        self.assertEqual((letter.date_done, letter.date_received), (self.day, self.day))
        self.assertEqual(notice.formal_decided_on, self.day)
        self.assertGreater(notice.answer_deadline, self.day)
        self._assert_nothing_forged()

    def test_letter_is_not_posted_before_it_was_made(self):
        """Not by the day that is entered either."""
        self.customer.write(POSTAL)
        self.steps[2].send_email = False
        notice = self._propose(2)
        letter = self._delivery(notice, "letter")
        with self.assertRaisesRegex(UserError, "not done before"):
            letter.with_user(self.collector).action_done(date=self.forged)
        self.assertEqual((notice.state, letter.state), ("approved", "todo"))

    def test_call_closed_and_called_off(self):
        notice = self._propose(1)
        call = self._delivery(notice, "phone")
        form = self._as_of(self.env["dunning.call"], self.collector)
        form.create({"delivery_id": call.id, "outcome": "forgotten"}).action_close()
        self.assertEqual((call.date_done, notice.date_sent), (self.day, self.day))
        other = self._propose(1, self._create_customer("Other"))
        self._as_of(other.delivery_ids, self.collector).action_cancel()
        self.assertEqual(other.state, "cancelled")
        self.assertGreater(other.hold_until, self.day)
        self._assert_nothing_forged()

    def test_calls_that_nobody_made(self):
        call = self._delivery(self._propose(1), "phone")
        with self._clock(14):
            self._as_of(call).sudo()._close_overdue()
        self.assertEqual((call.date_done, call.outcome), (self._at(14), "not_done"))
        self._assert_nothing_forged()

    def test_contact_and_duplicates(self):
        contact = self._as_of(self.env["dunning.contact"], self.collector)
        contact.create({"partner_id": self.customer.id, "note": "Called us"}).action_record()
        done = self.env["dunning.delivery"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((done.date_done, done.date_contact), (self.day, self.day))
        notice = self._propose(1, self._create_customer("Other"))
        self._as_of(notice)._send_bank_details()
        self._assert_nothing_forged()

    def test_retry_and_cancel(self):
        self.customer.email = False
        self.steps[0].write({"approval": "confirm", "print_letter": True})
        notice = self._propose(0)
        self._as_of(notice).action_approve_and_send()
        failed = self._delivery(notice, "email")
        self.assertEqual(failed.state, "failed")
        self.customer.email = "customer@example.com"
        self._as_of(failed).action_retry()
        self.assertEqual(len(self._delivery(notice, "email")), 2)
        other = self._propose(0, self._create_customer("Other"))
        self._as_of(other).action_cancel()
        self.assertGreater(other.hold_until, self.day)
        self._assert_nothing_forged()

    def test_interruption(self):
        invoice = self._invoice(30)
        self._as_of(self.env["dunning.interruption"], self.collector).create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": self._term_lines(invoice).ids,
                "kind": "acknowledgement",
                "date": self.day,
                "evidence": "E-mail",
            }
        )
        self._assert_nothing_forged()

    def test_run_of_today(self):
        self._due(0)
        self._as_of(self.env["dunning.run"]).launch(companies=self.company)
        notice = self._notices(self.env["dunning.run"].search([("date", "=", self.day)]))
        self.assertEqual((notice.state, notice.date_sent), ("sent", self.day))
        self._assert_nothing_forged()
