"""What a person looks at before sending tells of one day: the day on which it would leave."""

from odoo.tests import tagged

from ..common_channels import ChannelCommon


@tagged("post_install", "-at_install")
class TestPreviewDocument(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steps[0].write({"approval": "confirm", "answer_days": 8})

    def setUp(self):
        super().setUp()
        self.invoice = self._due(0)
        self.notice = self._notices(self._launch())
        self.letters.clear()

    def _look(self, days=0):
        with self._clock(days):
            return self.notice.with_user(self.collector).action_open_document()

    def _assert_one_day(self, days):
        letter = self.letters[-1]
        day = self.notice._format_date(self._at(days))
        self.assertEqual(self.notice.date, self._at(days))
        self.assertIn(day, letter["place_date"])
        self.assertEqual(letter["rows"][0]["late"], str(5 + days))

    def test_refreshed_by_the_next_run_it_has_its_date(self):
        self._launch(1)
        self._look(1)
        self._assert_one_day(1)

    def test_looked_at_before_the_next_run(self):
        self._look()
        self._assert_one_day(0)
        self._look(2)
        self._assert_one_day(2)

    def test_made_anew_when_something_changed(self):
        first = self._look()["url"]
        self._pay(self.invoice, 400)
        self._launch()
        self.assertNotEqual(self._look()["url"], first)
        self.assertIn("600", self.letters[-1]["rows"][0]["balance"])

    def test_an_edited_text_is_seen(self):
        self._look()
        notice = self.notice.with_user(self.collector)
        notice.action_edit_text()
        notice.letter_body = "<p>As agreed</p>"
        self._look()
        self.assertIn("As agreed", self.letters[-1]["body_html"])

    def test_paid_meanwhile_it_says_so_and_is_cancelled(self):
        self._pay(self.invoice)
        action = self._look(1)
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("Nothing is left", action["params"]["message"])
        self.assertEqual(self.notice.state, "cancelled")

    def test_what_was_sent_is_not_made_anew(self):
        self._send(self.notice)
        document = self.notice.attachment_id
        self.letters.clear()
        self._look(3)
        self.assertFalse(self.letters)
        self.assertEqual((self.notice.attachment_id, self.notice.date), (document, self.day))

    def test_what_is_on_a_list_keeps_its_date(self):
        self._due(2, self._create_customer("Letter"))
        self.steps[2].send_email = False
        notice = self._launch().notice_ids.filtered(lambda n: n.partner_id.name == "Letter")
        self.assertEqual((notice.state, notice.delivery_ids.state), ("approved", "todo"))
        self._launch(1)
        self.assertEqual(notice.date, self.day)


@tagged("post_install", "-at_install")
class TestRows(ChannelCommon):
    def test_a_payment_on_account_is_no_order_and_has_no_net_amount(self):
        invoice = self._invoice(10, 200, ref="PO-7")
        paid = self._pay_on_account(50)
        notice = self._notices(self._launch())
        lines = {line.move_line_id.move_id: line for line in notice.line_ids}
        rows = {move: notice._prepare_row(line) for move, line in lines.items()}
        self.assertEqual((rows[invoice]["order"], rows[invoice]["net"]), ("PO-7", "200.00"))
        self.assertEqual((rows[paid]["order"], rows[paid]["net"]), ("", ""))

    def _pay_on_account(self, amount):
        payment = self.env["account.payment"].create(
            {"partner_id": self.customer.id, "amount": amount, "date": self.day, "memo": "VIR 12"}
        )
        payment.action_post()
        return payment.move_id
