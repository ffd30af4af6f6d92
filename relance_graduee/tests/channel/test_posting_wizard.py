"""A day's letters confirmed as posted, with the numbers of the registered ones."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..test_views import ScreenCommon


@tagged("post_install", "-at_install")
class TestPostingWizard(ScreenCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls.users["collector"]
        cls.steps[3].print_letter = True
        cls.partners = [cls._create_customer(f"Customer {number}") for number in range(3)]
        for partner in cls.partners:
            line = cls._term_lines(cls._invoice(50, partner=partner))
            line._set_dunning_step(cls.steps[2], cls.day, "Test")
            line.dunning_step_date = cls.day.replace(month=9)
        run = cls._launch()
        cls.notices = run.notice_ids.filtered(lambda n: n.partner_id in cls._all_partners())
        cls._send(cls.notices)
        cls.letters = cls.notices.delivery_ids
        cls.registered = cls.letters.filtered(lambda d: d.channel == "registered").sorted(
            lambda d: d.notice_id.name
        )

    @classmethod
    def _all_partners(cls):
        return cls.env["res.partner"].union(*cls.partners)

    def _form(self, letters=None, model="dunning.posting", **context):
        letters = self.letters if letters is None else letters
        return Form(
            self.env[model]
            .with_user(self.collector)
            .with_context(active_model="dunning.delivery", active_ids=letters.ids, **context)
        )

    def _posting(self, numbers=None, letters=None, date=None):
        with self._form(letters) as form:
            form.date = date or self.day
            if numbers:
                form.numbers = "\n".join(numbers)
        return form.record

    # ------------------------------------------------------------
    # POSTED
    # ------------------------------------------------------------

    def test_numbers_pasted_in_posting_order(self):
        self.assertEqual(len(self.letters), 6)
        wizard = self._posting(["2C 001", " 2C 002 ", "", "2C 003"])
        self.assertEqual(wizard.letter_count, 6)
        self.assertEqual(wizard.line_ids.delivery_id, self.registered)
        self.assertEqual(wizard.line_ids.mapped("tracking_number"), ["2C 001", "2C 002", "2C 003"])
        wizard.action_confirm()
        self.assertEqual(set(self.letters.mapped("state")), {"done"})
        self.assertEqual(set(self.letters.mapped("date_done")), {self.day})
        self.assertEqual(self.registered.mapped("tracking_number"), ["2C 001", "2C 002", "2C 003"])
        self.assertEqual(set(self.notices.mapped("state")), {"sent"})

    def test_numbers_typed_line_by_line(self):
        with self._form(self.registered[0]) as form:
            form.date = self.day
            with form.line_ids.edit(0) as line:
                line.tracking_number = "2C 9"
        form.record.action_confirm()
        self.assertEqual(self.registered[0].tracking_number, "2C 9")
        self.assertEqual(self.registered[0].outcome, "pending")

    def test_numbers_entered_in_the_list_are_there(self):
        self.registered[1].with_user(self.collector).tracking_number = "2C 77"
        wizard = self._posting()
        self.assertEqual(wizard.line_ids[1].tracking_number, "2C 77")

    def test_ordinary_letters_need_no_number(self):
        self._posting(["1", "2", "3"], letters=self.registered).action_confirm()
        ordinary = self.letters - self.registered
        wizard = self._posting(letters=ordinary)
        self.assertFalse(wizard.line_ids)
        wizard.action_confirm()
        self.assertEqual(set(ordinary.mapped("state")), {"done"})

    def test_missing_number_names_the_customer(self):
        wizard = self._posting(["2C 001", "2C 002"])
        with self.assertRaisesRegex(UserError, self.registered[2].partner_id.name):
            wizard.action_confirm()
        self.assertEqual(set(self.letters.mapped("state")), {"todo"})

    def test_number_given_twice(self):
        wizard = self._posting(["2C 001", "2c001", "2C 003"])
        with self.assertRaisesRegex(UserError, "2C001"):
            wizard.action_confirm()

    def test_number_already_used(self):
        self._posting(["2C 001"], letters=self.registered[0]).action_confirm()
        wizard = self._posting(["2C 001"], letters=self.registered[1])
        with self.assertRaisesRegex(UserError, "already used"):
            wizard.action_confirm()

    def test_too_many_numbers(self):
        with self.assertLogs("odoo.tests.form.onchange", level="WARNING"):
            wizard = self._posting(["1", "2", "3", "4"])
        with self.assertRaisesRegex(UserError, "4 numbers were pasted for 3"):
            wizard.action_confirm()

    def test_nothing_to_post(self):
        with self.assertRaisesRegex(UserError, "still to be posted"):
            self._form(self.letters.browse())

    def test_what_was_already_posted_is_left_out(self):
        self.registered[0].tracking_number = "2C 001"
        self.registered[0].action_done(date=self.day)
        self.assertEqual(self._posting().letter_count, 5)

    # ------------------------------------------------------------
    # WHAT BECAME OF THEM
    # ------------------------------------------------------------

    def _posted(self):
        self._posting(["1", "2", "3"]).action_confirm()
        return self.registered

    def test_received(self):
        letters = self._posted()
        day = self._at(3)
        with self._form(letters, "dunning.posting.outcome") as form:
            form.outcome = "received"
            form.date = day
        form.record.action_record()
        self.assertEqual(set(letters.mapped("outcome")), {"received"})
        self.assertEqual(set(letters.mapped("date_received")), {day})

    def test_unknown_stops_the_deadline(self):
        letter = self._posted()[0]
        self.assertTrue(letter.notice_id.answer_deadline)
        with self._form(letter, "dunning.posting.outcome") as form:
            form.outcome = "unknown"
            form.date = self._at(3)
        form.record.action_record()
        self.assertFalse(letter.notice_id.answer_deadline)

    def test_only_posted_registered_letters(self):
        with self.assertRaisesRegex(UserError, "that was posted"):
            self._form(self.registered, "dunning.posting.outcome")

    def test_not_before_it_was_posted_nor_in_the_future(self):
        letters = self._posted()
        for day, message in ((self._at(-1), "not yet posted"), (self._tomorrow(), "future")):
            with self._form(letters, "dunning.posting.outcome") as form:
                form.date = day
            with self.assertRaisesRegex(UserError, message):
                form.record.action_record()

    def _tomorrow(self):
        today = self.company._get_dunning_today()
        return today.replace(year=today.year + 1)
