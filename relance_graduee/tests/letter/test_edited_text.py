"""A person's words leave as written; the figures among them are those of the books that day."""

from html import unescape

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...tools.text_figures import fill, get_own_words, stands_in, to_editable
from ..common_channels import ChannelCommon

MAIL_BODY = """<div><p>You owe <strong><t t-out="object.text_amount"/></strong> for
<t t-out="object.text_invoices"/>.</p><t t-out="object.items_html"/>
<t t-out="object.payment_html"/><p>Regards</p></div>"""
LETTER = """<p>Pay <t t-out="object.text_amount"/> by <t t-out="object.text_deadline"/>,
ref. <t t-out="object.text_reference"/>.</p>"""


@tagged("post_install", "-at_install")
class TestEditedText(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        subject = "{{ object.text_amount }}, ref. {{ object.text_reference }}"
        cls.template.write({"subject": subject, "body_html": MAIL_BODY})
        cls.steps[0].write({"approval": "confirm", "letter_body": LETTER, "answer_days": 8})
        cls.steps[3].letter_body = LETTER
        cls.steps[3].write({"send_email": True})

    def _edited(self, number=0):
        """A notice of two invoices, 1 000 and 500, whose text a collector edited."""
        self.first, self.second = self._due(number), self._due(number, amount=500)
        self.notice = self._notices(self._launch())
        self._edit()

    def _edit(self, words="As agreed with you."):
        notice = self.notice.with_user(self.collector).with_context(dunning_date=self.day)
        notice.action_edit_text()
        for name in ("body", "letter_body"):
            notice[name] = str(notice[name]).replace("<p>", f"<p>{words} ", 1)

    def _get_mail(self):
        return self._delivery(self.notice, "email").mail_id

    def _plain(self, text):
        return " ".join(unescape(str(text)).split())

    def _amount(self, amount):
        return self._plain(self.notice._format_amount(amount))

    def _assert_says(self, amount, *numbers):
        """E-mail, letter and the text that is kept name this amount and these invoices only."""
        self.assertEqual((self.notice.state, self.notice.amount_total), ("sent", amount))
        mail, letter = self._get_mail(), self.letters[-1]
        self.assertEqual(
            self._plain(mail.subject), f"{self._amount(amount)}, ref. {self.notice.name}"
        )
        for text in (mail.body_html, letter["body_html"], self.notice.body):
            text = self._plain(text)
            self.assertIn("As agreed with you.", text)
            self.assertIn(self._amount(amount), text)
            self.assertNotIn(self._amount(1500), text)
            self.assertNotIn("dunning_figure", text)
        for invoice in self.first | self.second:
            named = self.assertIn if invoice.name in numbers else self.assertNotIn
            named(invoice.name, mail.body_html)

    def test_shown_with_the_figures_of_the_day(self):
        self._edited()
        self.assertIn(self._amount(1500), self._plain(self.notice.body))
        self.assertIn(self.second.name, self.notice.body)
        self.assertIn("[amount claimed]", self.notice.subject)

    def test_a_payment_after_the_edit(self):
        self._edited()
        self._pay(self.first)
        self._send(self.notice)
        self._assert_says(500, self.second.name)

    def test_a_part_payment_after_the_edit(self):
        self._edited()
        self._pay(self.first, 400)
        self._send(self.notice)
        self._assert_says(1100, self.first.name, self.second.name)

    def test_a_dispute_after_the_edit(self):
        self._edited()
        self._term_lines(self.first)._set_dunning_disputed(True, "Wrong price")
        self._send(self.notice)
        self._assert_says(500, self.second.name)

    def test_a_credit_after_the_edit(self):
        self._edited()
        self._credit(300)
        self._send(self.notice)
        self._assert_says(1200, self.first.name, self.second.name)

    def test_taken_out_after_the_edit(self):
        self._edited()
        line = self.notice.line_ids.filtered(lambda line: line.move_id == self.first)
        wizard = self.env["dunning.take.out"].with_user(self.collector)
        wizard.create({"line_ids": line.ids, "reason": "Looked into"}).action_take_out()
        self._send(self.notice)
        self._assert_says(500, self.second.name)

    def test_printed_the_next_day_with_the_deadline_of_that_day(self):
        self._edited(3)
        self._send(self.notice)
        letter = self._delivery(self.notice, "registered")
        first = self.notice._format_date(self.notice.answer_deadline)
        self.assertIn(first, self.letters[-1]["body_html"])
        self._pay(self.first)
        with self._clock(1):
            letter.action_print()
        second = self.notice._format_date(self.notice.answer_deadline)
        self.assertNotEqual(first, second)
        printed = self._plain(self.letters[-1]["body_html"])
        self.assertIn(second, printed)
        self.assertNotIn(first, printed)
        self.assertIn(self._amount(self.notice.amount_total), printed)
        self.assertIn(second, self.notice.letter_body, "the screen shows what was printed")

    def test_typed_figures_that_changed_stop_the_notice(self):
        self._edited()
        self._edit(f"That is {self._amount(1500)}.")
        self._pay(self.first)
        self._send(self.notice)
        self.assertEqual(self.notice.state, "proposed")
        self.assertIn("have changed since the text was edited", self.notice.failure_reason)
        self.assertFalse(self.notice.delivery_ids)
        self.assertIn("have changed", self.notice.text_warning)
        with self.assertRaisesRegex(UserError, "have changed"), self._clock():
            self.notice.action_open_document()

    def test_typed_numbers_that_were_paid_stop_the_notice(self):
        self._edited()
        self._edit(f"Above all {self.first.name}.")
        self._pay(self.first)
        self._send(self.notice)
        self.assertIn(self.first.name, self.notice.failure_reason)

    def test_read_again_it_leaves(self):
        self._edited()
        self._edit(f"That is {self._amount(1500)}.")
        self._pay(self.first)
        self._send(self.notice)
        self._edit()
        self.notice.invalidate_recordset()
        self._send(self.notice)
        self._assert_says(500, self.second.name)

    def test_the_steps_text_again(self):
        self._edited()
        self.notice.with_user(self.collector).action_reset_text()
        self._send(self.notice)
        self.assertNotIn("As agreed", self._get_mail().body_html)
        self.assertFalse(self.notice.body)

    def test_edited_by_an_earlier_version_it_is_read_again(self):
        self._edited()
        self.notice.edited_figures = False
        self._send(self.notice)
        self.assertIn("edited before", self.notice.failure_reason)

    def test_an_emptied_text_does_not_leave(self):
        self._edited()
        self.notice.with_user(self.collector).body = "<p><br></p>"
        self._send(self.notice)
        self.assertEqual(self.notice.state, "proposed")
        self.assertIn("no subject or no text", self.notice.failure_reason)


@tagged("post_install", "-at_install")
class TestTextFigures(ChannelCommon):
    """The marks themselves: ``tools.text_figures``."""

    def test_a_mark_in_an_attribute_is_a_plain_value(self):
        marked = '<a href="x?\ue0f1a\ue0f21\ue0f3">\ue0f1a\ue0f2<b>1</b>\ue0f3</a>'
        editable = to_editable(marked)
        self.assertIn('href="x?1"', editable)
        self.assertEqual(fill(editable, {"a": "2 < 3"}), '<a href="x?1">2 &lt; 3</a>')

    def test_text_around_is_kept(self):
        text = to_editable("A \ue0f1a\ue0f21\ue0f3 B<br>C \ue0f1a\ue0f21\ue0f3 D")
        self.assertEqual(fill(text, {"a": "2"}), "A 2 B<br>C 2 D")
        self.assertEqual(fill(fill(text, {"a": "2"}, keep=True), {"a": "3"}), "A 3 B<br>C 3 D")
        self.assertEqual(get_own_words(text), "A BC D")

    def test_a_figure_is_found_however_it_is_spaced(self):
        self.assertTrue(stands_in("1\u202f500,00\xa0€", "Soit 1 500,00 € au total"))
        self.assertTrue(stands_in("1\u202f500,00\xa0€", "Soit 1500 € au total"))
        self.assertFalse(stands_in("500,00\xa0€", "Soit 1 500,00 € au total"))
        self.assertFalse(stands_in("5 décembre 2026", "le 15 décembre 2026"))
