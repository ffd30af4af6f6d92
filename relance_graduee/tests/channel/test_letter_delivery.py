"""Letters: printed, posted, followed; what their dates promise."""

from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...tools.letter.pdf import read_pdf
from ..common_channels import ChannelCommon


class LetterCommon(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steps[2].write({"send_email": False, "answer_days": 8, "block_deliveries": True})

    def _letter(self, partner=None, **vals):
        """A letter that waits to be posted on ``self.day``."""
        notice = self._propose(2, partner, **vals)
        self.assertEqual((notice.state, notice.failure_reason), ("approved", False))
        return self._delivery(notice, "letter")

    def _registered(self, number="2C 123 456 7890 1", partner=None):
        notice = self._propose(3, partner)
        self._send(notice.with_user(self.manager))
        delivery = self._delivery(notice, "registered")
        delivery.tracking_number = number
        return delivery

    def _print(self, deliveries, days=0):
        with self._clock(days):
            return deliveries.action_print()

    def _open(self, action):
        """The PDF that an action opens."""
        number = int(action["url"].split("/")[3].split("?")[0])
        return read_pdf(self.env["ir.attachment"].browse(number).raw)


@tagged("post_install", "-at_install")
class TestPosting(LetterCommon):
    def test_posting_sends_the_notice(self):
        delivery = self._letter()
        notice, line = delivery.notice_id, delivery.notice_id.line_ids.move_line_id
        self.assertEqual(line.dunning_step_id, self.steps[1], "nothing was sent yet")
        self.assertFalse(delivery.date_contact)
        delivery.with_user(self.collector).action_done(date=self.day)
        self.assertEqual((delivery.state, delivery.date_done), ("done", self.day))
        self.assertEqual((notice.state, notice.date_sent), ("sent", self.day))
        self.assertEqual(line.dunning_step_id, self.steps[2])
        self.assertEqual(line.dunning_step_date, self.day)
        self.assertEqual(delivery.date_contact, self.day)

    def test_registered_letter_needs_its_number(self):
        delivery = self._registered(number=False)
        with self.assertRaisesRegex(UserError, "number of the registered letter"):
            delivery.action_done(date=self.day)
        self.assertEqual(delivery.notice_id.state, "approved")
        delivery.tracking_number = "2C1"
        delivery.action_done(date=self.day)
        self.assertEqual((delivery.state, delivery.outcome), ("done", "pending"))
        self.assertEqual(delivery.notice_id.state, "sent")

    def test_not_posted_twice_nor_tomorrow(self):
        delivery = self._letter()
        with self.assertRaisesRegex(UserError, "future"):
            delivery.action_done(date="2999-01-01")
        with self.assertRaisesRegex(UserError, "is not a date"):
            delivery.action_done(date="2026-02-30")
        delivery.action_done(date=self.day)
        with self.assertRaisesRegex(UserError, "already closed"):
            delivery.action_done(date=self.day)

    def test_later_than_planned_is_refused_until_printed_again(self):
        delivery = self._letter()
        notice = delivery.notice_id
        name, old = notice.name, (notice.answer_deadline, notice.suspension_date, notice.sha256)
        with self.assertRaisesRegex(UserError, "print it again"):
            delivery.action_done(date=self._at(1))
        self.letters.clear()
        self._print(delivery, days=1)
        self.assertEqual((notice.date, delivery.date_planned), (self._at(1), self._at(1)))
        self.assertEqual(notice.name, name, "the number stays")
        self.assertEqual(notice.answer_deadline.isoformat(), "2026-10-21")
        self.assertEqual(notice.suspension_date.isoformat(), "2026-10-16")
        self.assertNotIn(notice.answer_deadline, old)
        self.assertNotIn(notice.suspension_date, old)
        self.assertNotIn(notice.sha256, old)
        self.assertIn("October 8", self.letters[0]["place_date"])
        delivery.action_done(date=self._at(1))
        self.assertEqual(notice.date_sent, self._at(1))

    def test_printing_on_the_same_day_renders_nothing_again(self):
        delivery = self._letter()
        self.letters.clear()
        self._print(delivery)
        self._print(delivery)
        self.assertFalse(self.letters)
        self.assertEqual(delivery.date_printed, self.day)

    def test_new_address_is_on_the_paper_and_in_the_posting_list(self):
        delivery = self._letter()
        self.letters.clear()
        self.customer.street = "99 rue Neuve"
        self._print(delivery)
        self.assertIn("99 RUE NEUVE", self.letters[0]["recipient_lines"])
        self.assertIn("99 RUE NEUVE", delivery.recipient)
        self._print(delivery)
        self.assertEqual(len(self.letters), 1, "once is enough")

    def test_address_emptied_in_between_leaves_the_letter_as_it_is(self):
        delivery = self._letter()
        self.letters.clear()
        self.customer.write({"street": False, "city": False})
        self._print(delivery)
        self.assertFalse(self.letters)
        self.assertIn("LYON", delivery.recipient)

    def test_address_is_kept_as_it_stands_on_the_letter(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        delivery = self._registered()
        self.assertEqual(delivery.recipient, ", ".join(self.letters[-1]["recipient_lines"]))

    def test_paid_in_between_is_refused(self):
        delivery = self._letter()
        self._pay(delivery.notice_id.line_ids.move_id)
        with self.assertRaisesRegex(UserError, "Print it again"):
            delivery.action_done(date=self.day)
        self.assertEqual(delivery.state, "todo")

    def test_paid_in_between_is_cancelled_when_printed_again(self):
        delivery = self._letter()
        self._pay(delivery.notice_id.line_ids.move_id)
        action = self._print(delivery)
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(delivery.state, "cancelled")
        self.assertEqual(delivery.notice_id.state, "cancelled")
        self.assertTrue(delivery.notice_id.cancel_reason)

    def test_partly_paid_in_between_is_printed_with_the_new_figures(self):
        delivery = self._letter()
        self._pay(delivery.notice_id.line_ids.move_id, 400)
        with self.assertRaises(UserError):
            delivery.action_done(date=self.day)
        self._print(delivery)
        self.assertEqual(delivery.notice_id.amount_total, 600)
        self.assertEqual(self.letters[-1]["rows"][0]["balance"], "600.00")
        delivery.action_done(date=self.day)

    def test_disputed_in_between_is_refused(self):
        delivery = self._letter()
        delivery.notice_id.line_ids.move_line_id._set_dunning_disputed(True, "Wrong price")
        with self.assertRaisesRegex(UserError, "Print it again"):
            delivery.action_done(date=self.day)

    def test_letter_beside_an_email_leaves_while_something_is_owed(self):
        self.steps[2].send_email = True
        notice = self._propose(2)
        letter = self._delivery(notice, "letter")
        self.assertEqual((notice.state, letter.state), ("sent", "todo"))
        self._pay(notice.line_ids.move_id)
        with self.assertRaisesRegex(UserError, "paid since"):
            letter.action_done(date=self.day)
        self._print(letter)
        self.assertEqual(letter.state, "cancelled")
        self.assertEqual(notice.state, "sent", "the e-mail left")

    def test_letter_posted_after_the_email_leaves_as_many_days(self):
        self.steps[2].send_email = True
        notice = self._propose(2)
        self.assertEqual(notice.answer_deadline.isoformat(), "2026-10-20")
        self._delivery(notice, "letter").action_done(date=self._at(5))
        self.assertEqual(notice.answer_deadline.isoformat(), "2026-10-23")
        self.assertEqual(notice.printed_deadline.isoformat(), "2026-10-20", "what the paper says")


@tagged("post_install", "-at_install")
class TestPrinting(LetterCommon):
    def test_a_batch_is_one_pdf_in_posting_order(self):
        others = [self._create_customer(f"Other {number}") for number in range(3)]
        for partner in (self.customer, *others):
            self._due(2, partner)
        letters = self._launch().notice_ids.delivery_ids
        self.assertEqual(len(letters), 4)
        document = self._open(self._print(letters.sorted(reverse=True)))
        self.assertEqual(len(document.pages), 4)
        self.assertEqual(len(set(letters.notice_id.mapped("name"))), 4)

    def test_order_is_that_of_the_numbers(self):
        other = self._create_customer("Other")
        self._due(2)
        self._due(2, other)
        letters = self._launch().notice_ids.delivery_ids
        merged = []
        module = "odoo.addons.relance_graduee.models.channel.dunning_channel_letter.merge_pdfs"
        self.startPatcher(patch(module, lambda pdfs: merged.extend(pdfs) or b""))
        self._print(letters.sorted("id", reverse=True))
        expected = letters.notice_id.sorted("name").attachment_id.mapped("raw")
        self.assertEqual(merged, expected)

    def test_what_was_paid_is_left_out_of_the_batch(self):
        other = self._create_customer("Other")
        self._due(2, other)
        delivery = self._letter()
        both = delivery.notice_id.run_id.notice_ids.delivery_ids
        self._pay(delivery.notice_id.line_ids.move_id)
        document = self._open(self._print(both))
        self.assertEqual(len(document.pages), 1)
        self.assertEqual(delivery.state, "cancelled")

    def test_nothing_to_print_says_so(self):
        self._due(0)
        email = self._launch().notice_ids.delivery_ids
        with self.assertRaisesRegex(UserError, "no letter to print"):
            email.action_print()

    def _see_posting_lists(self):
        seen = []
        self.patch(
            type(self.env["dunning.posting.list"]),
            "_render_posting_list",
            lambda _self, data: seen.append(data) or b"%PDF-1.4",
        )
        return seen

    def test_posting_list_follows_the_printed_letters_and_their_day(self):
        first = self._registered()
        second = self._registered("2C2", self._create_customer("Other"))
        seen = self._see_posting_lists()
        with self._clock():
            (second | first).action_posting_list()
        (first | second).action_done(date=self.day)
        with self._clock(4):
            (first | second).action_posting_list()
        names = [first.notice_id.name, second.notice_id.name]
        for data in seen:
            self.assertEqual([row["number"] for row in data["rows"]], names)
            self.assertEqual(data["date"], self.day)

    def test_posting_list_names_numbers_and_recipients(self):
        delivery = self._registered()
        seen = self._see_posting_lists()
        delivery.action_posting_list()
        row = seen[0]["rows"][0]
        self.assertEqual(row["tracking_number"], "2C 123 456 7890 1")
        self.assertEqual(row["number"], delivery.notice_id.name)
        self.assertIn("69002 LYON", row["recipient"])
        with self.assertRaisesRegex(UserError, "no registered letter"):
            self._letter(self._create_customer("Other")).action_posting_list()

    def test_no_postal_address_says_what_to_enter(self):
        self.customer.city = False
        notice = self._propose(2)
        self.assertEqual(notice.state, "proposed")
        self.assertIn("street, postcode and city", notice.failure_reason)

    def test_formal_notice_waits_for_the_address_of_its_registered_letter(self):
        self.steps[3].send_email = True
        self.customer.street = False
        notice = self._propose(3)
        self._send(notice)
        self.assertEqual(notice.state, "proposed", "an e-mail alone would prove nothing")
        self.assertIn("postal address", notice.failure_reason)
        self.assertFalse(notice.delivery_ids)

    def test_reminder_leaves_by_email_and_its_letter_asks_for_an_address(self):
        self.steps[2].send_email = True
        self.customer.street = False
        notice = self._propose(2)
        letter = self._delivery(notice, "letter")
        self.assertEqual((notice.state, letter.state), ("sent", "failed"))
        summaries = "\n".join(self._activities(notice).mapped("summary"))
        self.assertIn("no complete postal address", summaries)

    def test_formal_notice_goes_to_the_registered_seat(self):
        self.env["res.partner"].create(
            {
                "parent_id": self.customer.id,
                "type": "invoice",
                "name": "Accounting office",
                "street": "9 rue Ailleurs",
                "zip": "33000",
                "city": "Bordeaux",
                "country_id": self.env.ref("base.fr").id,
            }
        )
        letter = self._letter(self.customer)
        self.assertIn("BORDEAUX", letter.recipient)
        letter._cancel()
        letter.notice_id._cancel("Test")
        self.assertIn("LYON", self._registered().recipient)


@tagged("post_install", "-at_install")
class TestDeadlines(LetterCommon):
    def _deadline(self, **address):
        self.customer.write(address)
        return self._letter().notice_id.answer_deadline.isoformat()

    def test_three_working_days_of_post_then_the_days_to_answer(self):
        """Wednesday 7 October: posted on, Monday 12 at the latest there, 8 days on: the 20th."""
        self.assertEqual(self._deadline(), "2026-10-20")

    def test_overseas_ten_working_days(self):
        self.assertEqual(self._deadline(zip="97400", city="Saint-Denis"), "2026-10-29")

    def test_abroad_ten_working_days(self):
        self.assertEqual(self._deadline(country_id=self.env.ref("base.be").id), "2026-10-29")

    def test_moved_to_a_working_day(self):
        self.steps[2].answer_days = 5
        self.assertEqual(self._deadline(), "2026-10-19", "the 17th is a Saturday")

    def test_email_alone_needs_no_post(self):
        self.steps[0].answer_days = 8
        notice = self._propose(0)
        self.assertEqual(notice.answer_deadline.isoformat(), "2026-10-15")

    def test_no_days_to_answer_no_deadline(self):
        self.assertFalse(self._propose(0).answer_deadline)

    def test_suspension_is_announced_for_a_working_day(self):
        notice = self._letter().notice_id
        self.assertEqual(notice.suspension_date.isoformat(), "2026-10-15")
        self.steps[2].answer_days = 3
        other = self._letter(self._create_customer("Other")).notice_id
        self.assertEqual(other.suspension_date.isoformat(), "2026-10-12", "the 10th: a Saturday")

    def test_suspension_five_working_days_on_when_nothing_is_said(self):
        self.steps[2].answer_days = 0
        self.assertEqual(self._letter().notice_id.suspension_date.isoformat(), "2026-10-14")

    def test_no_suspension_without_the_step_saying_so(self):
        self.assertFalse(self._propose(3).suspension_date)


@tagged("post_install", "-at_install")
class TestRegisteredOutcomes(LetterCommon):
    def _posted(self, partner=None):
        delivery = self._registered(partner=partner)
        delivery.action_done(date=self.day)
        self.assertEqual(delivery.notice_id.answer_deadline.isoformat(), "2026-10-20")
        return delivery

    def test_received_is_presented_and_received(self):
        delivery = self._posted()
        delivery.action_done(outcome="received", date=self._at(2))
        self.assertEqual(delivery.outcome, "received")
        self.assertEqual((delivery.date_presented, delivery.date_received), (self._at(2),) * 2)
        self.assertEqual(delivery.notice_id.answer_deadline.isoformat(), "2026-10-20")

    def test_presented_early_never_brings_the_deadline_forward(self):
        delivery = self._posted()
        delivery.action_done(outcome="received", date=self._at(1))
        self.assertEqual(delivery.notice_id.answer_deadline.isoformat(), "2026-10-20")

    def test_presented_late_moves_the_deadline(self):
        delivery = self._posted()
        delivery.action_done(outcome="unclaimed", date=self._at(15))
        self.assertEqual(delivery.notice_id.answer_deadline, self._at(23))

    def test_refused_and_unclaimed_count_as_presented(self):
        for outcome in ("refused", "unclaimed"):
            with self.subTest(outcome=outcome):
                delivery = self._posted(self._create_customer(outcome))
                delivery.action_done(outcome=outcome, date=self._at(2))
                self.assertEqual(delivery.date_presented, self._at(2))
                self.assertFalse(delivery.date_received)
                self.assertTrue(delivery.notice_id.answer_deadline)

    def test_day_of_first_presentation_is_kept_when_it_is_fetched_later(self):
        delivery = self._posted()
        delivery.action_done(outcome="unclaimed", date=self._at(6))
        delivery.action_done(outcome="received", date=self._at(14))
        self.assertEqual(delivery.date_presented, self._at(6))
        self.assertEqual(delivery.date_received, self._at(14))
        self.assertEqual(delivery.notice_id.answer_deadline.isoformat(), "2026-10-21")

    def test_unknown_stops_the_deadline_and_opens_a_task(self):
        for outcome in ("unknown", "lost"):
            with self.subTest(outcome=outcome):
                delivery = self._posted(self._create_customer(outcome))
                delivery.action_done(outcome=outcome, date=self._at(2))
                self.assertFalse(delivery.notice_id.answer_deadline)
                self.assertFalse(delivery.date_presented)
                self.assertIn("registered office", self._activities(delivery.notice_id).summary)

    def test_what_did_not_arrive_brings_nothing_forward(self):
        delivery = self._posted()
        vals = {"name": "Handover", "delay_days": 46, "hand_over": True, "sequence": 9}
        self.env["dunning.step"].create({**vals, "policy_id": self.policy.id})
        invoice = delivery.notice_id.line_ids.move_id
        self.assertEqual(self._reason(invoice, 13), "waiting")
        delivery.action_done(outcome="unknown", date=self._at(2))
        self.assertEqual(self._reason(invoice, 13), "waiting", "until the day that was printed")
        self.assertFalse(self._reason(invoice, 14))
        handover = self._launch(14).notice_ids
        self.assertIn("Did not arrive: Registered letter (", handover.undone_note)

    def test_found_again_after_all(self):
        delivery = self._posted()
        delivery.action_done(outcome="lost", date=self._at(2))
        delivery.action_done(outcome="received", date=self._at(5))
        self.assertEqual(delivery.notice_id.answer_deadline.isoformat(), "2026-10-20")

    def test_a_wrong_day_is_put_right(self):
        delivery = self._posted()
        delivery.action_done(outcome="received", date=self._at(30))
        delivery.action_done(outcome="received", date=self._at(3))
        self.assertEqual((delivery.date_presented, delivery.date_received), (self._at(3),) * 2)
        self.assertEqual(delivery.notice_id.answer_deadline.isoformat(), "2026-10-20")

    def test_a_wrong_outcome_leaves_no_dates_behind(self):
        delivery = self._posted()
        delivery.action_done(outcome="received", date=self._at(2))
        delivery.action_done(outcome="unclaimed", date=self._at(2))
        self.assertFalse(delivery.date_received)
        delivery.action_done(outcome="unknown", date=self._at(2))
        self.assertFalse(delivery.date_presented)

    def test_pending_again_puts_the_deadline_back(self):
        delivery = self._posted()
        before = delivery.notice_id.answer_deadline
        for mistake in ("unknown", "received"):
            delivery.action_done(outcome=mistake, date=self._at(30))
            self.assertNotEqual(delivery.notice_id.answer_deadline, before)
            delivery.action_done(outcome="pending", date=self._at(0))
            self.assertEqual(delivery.outcome, "pending")
            self.assertEqual(delivery.notice_id.answer_deadline, before)
            self.assertFalse(delivery.date_presented or delivery.date_received)

    def test_proof_is_not_written_by_hand(self):
        delivery = self._posted().with_user(self.collector)
        for name, value in [("tracking_number", "9X"), ("date_presented", self._at(0))]:
            with self.subTest(field=name), self.assertRaises(AccessError):
                delivery.write({name: value})

    def test_not_before_it_was_posted_nor_in_the_future(self):
        delivery = self._posted()
        with self.assertRaisesRegex(UserError, "not yet posted"):
            delivery.action_done(outcome="received", date=self._at(-1))
        with self.assertRaisesRegex(UserError, "future"):
            delivery.action_done(outcome="received", date=fields.Date.to_date("2999-01-01"))

    def test_receipt_is_kept(self):
        delivery = self._posted().with_user(self.collector)
        vals = {"name": "receipt.pdf", "raw": b"%PDF-1.4"}
        scan = delivery.env["ir.attachment"].create(vals)
        delivery.attachment_ids = scan
        self.assertEqual(delivery.attachment_ids, scan)

    def test_proof_of_a_posted_letter_cannot_be_deleted(self):
        delivery = self._posted()
        with self.assertRaisesRegex(UserError, "proof"):
            delivery.unlink()
