"""Signs that nobody sees, lines that break, years that are slips: all harmless."""

import ast
from datetime import date
from pathlib import Path

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..models.common.words import file_name, has_words, one_line, plain_to_html
from ..tools import business_days
from .common_channels import ChannelCommon

ADD_ONS = Path(__file__).parents[2]
INVISIBLE = ("", " ", "\n\t", "\u200b", "\u200b\u2060 \ufeff", "\u3164", "\u2800", "\u00ad", "\x00")


@tagged("post_install", "-at_install")
class TestWords(ChannelCommon):
    def test_nothing_to_see_is_no_word(self):
        for text in (*INVISIBLE, None, False):
            self.assertFalse(has_words(text), repr(text))
        for text in ("a", "é", "?", "7", "\u200bx", "東"):
            self.assertTrue(has_words(text), repr(text))

    def test_reason_that_nobody_sees_is_none(self):
        line = self._term_lines(self._invoice(6))
        for reason in INVISIBLE:
            with self.assertRaises(UserError):
                self.customer._set_dunning_pause(self._at(5), reason)
            with self.assertRaises(UserError):
                line._set_dunning_disputed(True, reason)

    def test_every_reason_is_asked_the_same_way(self):
        """Walks the code: no reason is looked at by ``strip``."""
        wrong = []
        for add_on in ("relance_graduee", "relance_graduee_sale", "relance_graduee_stock"):
            for folder in ("models", "wizards"):
                for path in (ADD_ONS / add_on / folder).rglob("*.py"):
                    for node in ast.walk(ast.parse(path.read_text())):
                        is_strip = isinstance(node, ast.Attribute) and node.attr == "strip"
                        if is_strip and "reason" in ast.unparse(node.value):
                            wrong.append(f"{path.name}: {ast.unparse(node)}")
        self.assertEqual(wrong, [])

    def test_one_line(self):
        self.assertEqual(one_line("A\r\nBcc: x@y.z\u202eB\u200b"), "A Bcc: x@y.zB")
        self.assertEqual(one_line("1\u00a0000\u00a0€"), "1\u00a0000\u00a0€", "spaces are kept")
        self.assertEqual(file_name("../../etc\n/a:b?.pdf"), "-..-etc -a-b-.pdf")

    def test_plain_to_html(self):
        self.assertEqual(plain_to_html("<FA12>\nhttp://a.b"), "&lt;FA12&gt;<br/>http://a.b")
        self.assertEqual(plain_to_html(None), "")

    def test_names_with_line_breaks_in_headers_and_files(self):
        self.customer.name = "Cust\r\nBcc: evil@evil.example\u202e/x"
        self.company.name = "Us\r\nX-Evil: 1"
        notice = self._propose(0)
        self.assertEqual(notice.state, "sent", notice.failure_reason)
        mail = self._delivery(notice, "email").mail_id
        headers = [mail.subject, mail.email_from, mail.reply_to]
        headers += [to for each in mail._prepare_outgoing_list() for to in each["email_to"]]
        for text in (*headers, notice._get_document_name()):
            self.assertEqual(text, one_line(text))
        self.assertNotIn("/", notice._get_document_name())

    def test_attached_file_with_a_line_break_in_its_name(self):
        mail = self.env["mail.mail"].create(
            {
                "model": "dunning.notice",
                "email_to": "customer@customer.example",
                "attachment_ids": [
                    Command.create({"name": "A\r\nX-Evil: 1/b.pdf", "raw": b"b", "res_id": 0})
                ],
            }
        )
        [message] = mail._prepare_outgoing_list()
        self.assertEqual([name for name, *_rest in message["attachments"]], ["A X-Evil- 1-b.pdf"])

    def test_dates_of_other_times_give_words(self):
        for text in ("0001-01-01", "9999-12-31", "nonsense", date.min, date.max):
            with self.assertRaisesRegex(UserError, "is not a date"):
                self.env["dunning.run"].launch(date=text, companies=self.company)
            with self.assertRaisesRegex(UserError, "is not a date"):
                self.company.with_context(dunning_date=text)._get_dunning_day()

    def test_calendar_ends_without_a_traceback(self):
        for day in (date.max, date.min):
            self.assertTrue(business_days.add_working_days(day, 3))
            self.assertTrue(business_days.subtract_working_days(day, 3))

    def test_closing_for_ever(self):
        with self.assertRaises(ValidationError):
            self.env["dunning.closing.day"].create(
                {
                    "name": "For ever",
                    "company_id": self.company.id,
                    "date_from": "2026-01-01",
                    "date_to": "9999-12-31",
                }
            )
