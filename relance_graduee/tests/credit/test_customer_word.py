"""The customer's word stops letters; only what one of ours accepted frees goods.

Each answer in the registry is noted by each kind of user, in each form: the hold stays as it was.
"""

from contextlib import contextmanager
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.call.dunning_delivery_answer import CALL_OUTCOMES
from ..common_credit import MODULE, CreditCommon

SALE = "base.group_partner_manager"


class WordCommon(CreditCommon):
    """One invoice that holds deliveries, and a second one that would by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            "salesperson": cls._user("word_seller", SALE),
            "invoicing": cls._user("word_invoicing", "account.group_account_invoice"),
            "collector": cls._user("word_collector", f"{MODULE}.group_dunning_user"),
            "manager": cls._user("word_manager", f"{MODULE}.group_dunning_manager"),
            "director": cls._user("word_director", f"{MODULE}.group_dunning_director"),
        }
        cls.company.dunning_manager_id = cls.users["manager"]
        cls.invoice = cls._invoice(40, 900)
        cls.line = cls._term_lines(cls.invoice)

    @contextmanager
    def _undone(self):
        """What is done within is undone."""
        self.env.flush_all()
        savepoint = self.cr.savepoint(flush=False)
        try:
            yield
        finally:
            savepoint.close(rollback=True)
            self.env.transaction.clear()

    def _exposure(self):
        account = self._account()
        return account.exposure, account.amount_overdue

    def _given(self, outcome):
        """A date that makes sense with the answer, as far away as one may say."""
        return self.day if outcome == "already_sent" else self._at(60)

    def _create_contact(self, channel, user):
        return self.env["dunning.delivery"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "channel": channel,
                "user_id": user.id,
                "date_planned": self.day,
                "contested_line_ids": self.line.ids,
            }
        )

    def _note(self, user, outcome, channel, **vals):
        """Fill the form of a call or visit that is the user's."""
        delivery = self._create_contact(channel, user).with_user(user)
        vals = {"date": self.day, "outcome_date": self._given(outcome), **vals}
        form = delivery.env["dunning.call"].create(
            {"delivery_id": delivery.id, "outcome": outcome, **vals}
        )
        form.action_close()
        return delivery.sudo()

    def _record(self, user, outcome):
        """Note an exchange outside the ladder."""
        vals = {"partner_id": self.customer.id, "company_id": self.company.id, "note": "Said so"}
        vals |= {"channel": "email", "date": self.day, "outcome": outcome}
        form = self.env["dunning.contact"].with_user(user)
        form.create({**vals, "outcome_date": self._given(outcome)}).action_record()

    def _close_by_rpc(self, user, outcome):
        delivery = self._create_contact("phone", user).with_user(user)
        if user != self.users["salesperson"]:  # who writes nothing on it
            delivery.write({"outcome_date": self._given(outcome)})
        delivery.action_done(outcome, "Said so", self.day.isoformat())


@tagged("post_install", "-at_install")
class TestWord(WordCommon):
    def _get_outcomes(self):
        """All answers that a delivery knows, whoever added them."""
        return self.env["dunning.delivery"]._fields["outcome"].get_values(self.env)

    def _get_ways(self):
        return {
            "visit": lambda user, outcome: self._note(user, outcome, "visit"),
            "contact": self._record,
            "rpc": self._close_by_rpc,
        }

    def test_no_answer_of_the_customer_frees_goods(self):
        before = self._hold(), self._exposure()
        self.assertEqual(before, (("blocked", {"overdue"}), (900, 900)))
        noted = set()
        for way, note in self._get_ways().items():
            for outcome in self._get_outcomes():
                for kind, user in self._get_hearing_users():
                    with self.subTest(way=way, outcome=outcome, kind=kind), self._undone():
                        try:
                            note(user, outcome)
                        except (UserError, ValueError):
                            continue  # not theirs to note in that form
                        noted.add((outcome, kind))
                        self.assertEqual((self._hold(), self._exposure()), before)
        missing = {code for code, _label in CALL_OUTCOMES} - {outcome for outcome, _k in noted}
        self.assertFalse(missing, "each was noted by somebody")
        self.assertEqual({kind for _o, kind in noted}, {k for k, _u in self._get_hearing_users()})

    def _get_hearing_users(self):
        return [(kind, user) for kind, user in self.users.items() if kind != "director"]

    def test_it_stops_letters_of_what_is_named_for_a_time(self):
        other = self._invoice(5, 700)
        for kind, last in (("salesperson", 15), ("collector", 15), ("manager", 30)):
            with self.subTest(kind=kind), self._undone():
                self._note(self.users[kind], "will_pay", "visit")
                later = self._invoice(-2, 300)
                until = self.line.dunning_stay_until
                grace = self.company._add_dunning_working_days(self._at(last), 3)
                self.assertEqual(until, grace, "60 days were said")
                self.assertEqual(self._item(self.invoice).hold_reason, "promised")
                self.assertEqual(
                    self._item(other).hold_reason, "promised", "it was overdue as well"
                )
                self.assertFalse(self._term_lines(later).dunning_stay_until)
                self.assertFalse(self.customer.dunning_paused_until)
                days = (until - self.day).days
                self.assertEqual(self._item(self.invoice, days).hold_reason, "promised")
                self.assertNotEqual(self._item(self.invoice, days + 1).hold_reason, "promised")

    def test_what_a_salesperson_hears_is_looked_into(self):
        self._close_by_rpc(self.users["salesperson"], "contests")
        self.assertTrue(self.line.dunning_disputed)
        self.assertEqual(self._hold()[0], "blocked")
        self.assertFalse(self.customer.activity_ids, "which other companies read")
        task = self.customer.dunning_note_ids.activity_ids
        self.assertIn("contests", task.summary)
        self.assertEqual(task.user_id, self.customer.dunning_user_id)

    def test_money_that_we_hold_still_counts(self):
        self._credit(900)
        self.assertEqual(self._hold()[0], "none")
        self._record(self.users["collector"], "will_pay")
        self.assertEqual(self._hold()[0], "none", "nothing is left of it")
        self._invoice(40, 400)
        self.assertEqual(self._hold()[0], "warning")

    def test_money_serves_what_is_reminded_before_what_waits(self):
        self._record(self.users["collector"], "will_pay")
        young = self._invoice(20, 500)
        self._credit(500)
        self.assertEqual(self._item(young).hold_reason, "covered")
        self.assertEqual(self._hold()[0], "blocked", "900 of the other are owed")


@tagged("post_install", "-at_install")
class TestSoftFacts(WordCommon):
    """Whatever else stops reminders frees nothing."""

    def _assert_held(self, what):
        self.env.flush_all()
        self.assertEqual(self._hold()[0], "blocked", what)

    def test_flags_and_pauses(self):
        lines = self.line
        for what, stop in (
            ("dispute", lambda: lines._set_dunning_disputed(True, "Broken")),
            ("exclusion", lambda: lines._set_dunning_excluded(True, "Talks")),
            ("Odoo's flag", lambda: lines.sudo().write({"no_followup": True})),
            ("blocked", lambda: self.invoice.sudo().write({"payment_state": "blocked"})),
            ("pause", lambda: self.customer._set_dunning_pause(self._at(90), "Talks")),
            ("another step", lambda: lines._set_dunning_step(self.steps[0], self.day, "Begin")),
            ("discovery", lambda: self.company.write({"dunning_mode": "discovery"})),
        ):
            with self.subTest(what=what), self._undone():
                stop()
                self._assert_held(what)

    def _opening_line(self, amount, day):
        """The receivable line of an opening balance, as Odoo makes it."""
        account = self.line.account_id
        owed = {"account_id": account.id, "partner_id": self.customer.id, "debit": amount}
        given = {"account_id": self.company.get_unaffected_earnings_account().id, "credit": amount}
        entry = self.env["account.move"].create(
            {"move_type": "entry", "date": day, "line_ids": [(0, 0, owed), (0, 0, given)]}
        )
        entry.action_post()
        return entry.line_ids.filtered(lambda line: line.account_id == account)

    def test_what_our_own_books_say_holds_nothing(self):
        """A registered payment that the bank has yet to confirm is no word of the customer."""
        self.invoice.sudo().write({"payment_state": "in_payment"})
        self.env.flush_all()
        self.assertEqual(self._hold()[0], "none")

    def test_an_opening_balance_that_nobody_included_holds_nothing(self):
        """Odoo leaves entries of general journals out: that is no decision about this customer."""
        (self.line | self._term_lines(self.invoice))._accept_dunning(self._at(5), "Apart")
        opening = self._opening_line(900, self._at(-40))
        self.assertTrue(opening.no_followup)
        self.assertEqual(self._hold()[0], "none")
        opening._set_dunning_excluded(False, "Ours")
        self.assertEqual(self._hold()[0], "blocked")

    def test_a_pair_that_was_excluded_together_holds_nothing(self):
        """A credit covers what is excluded with it, and nothing else."""
        credit = self._term_lines(self._credit(900))
        (self.line | credit)._set_dunning_excluded(True, "One for the other")
        self.assertEqual(self._hold()[0], "none")
        self.line._set_dunning_excluded(False, "Not quite")
        self.assertEqual(self._hold()[0], "blocked")

    def test_a_pause_ends_within_a_year(self):
        with self.assertRaisesRegex(UserError, "a year at most"):
            self.customer._set_dunning_pause(self._at(400), "Talks")
        with self.assertRaisesRegex(UserError, "a year at most"):
            self.customer.dunning_pause_reason = "Talks"
            self.customer.dunning_paused_until = "9999-12-31"


@tagged("post_install", "-at_install")
class TestAccepted(WordCommon):
    def _accept(self, kind, days, lines=None):
        items = (lines or self.line).with_user(self.users[kind])
        self.env["dunning.item.change"].with_user(self.users[kind]).create(
            {
                "change": "accept",
                "move_line_ids": items.ids,
                "accept_until": self._at(days),
                "reason": "Known for years",
            }
        ).action_apply()

    def test_who_may_and_for_how_long(self):
        cases = (("collector", 15), ("manager", 30), ("director", 30))
        for kind, last in cases:
            with self.subTest(kind=kind), self._undone():
                self._accept(kind, last)
                self.assertEqual(self._hold()[0], "none")
            for days in (last + 1, 9999):
                with self.subTest(kind=kind, days=days), self.assertRaises(AccessError):
                    self._accept(kind, days)
        for kind in ("salesperson", "invoicing"):
            with self.subTest(kind=kind), self.assertRaises(AccessError):
                self._accept(kind, 1)
        with self.assertRaisesRegex(UserError, "lies in the past"):
            self._accept("manager", -1)
        self.assertEqual(self._hold()[0], "blocked")

    def test_nobody_past_the_form(self):
        """The method asks itself, whatever form led to it, as superuser too."""
        for kind in ("salesperson", "invoicing"):
            lines = self.line.with_user(self.users[kind]).sudo()
            with self.subTest(kind=kind), self.assertRaises(AccessError):
                lines._accept_dunning(self._at(1), "Please")
            with self.subTest(kind=kind), self.assertRaises(AccessError):
                self.line.with_user(self.users[kind]).write({"dunning_accepted_until": self.day})
            with self.subTest(kind=kind), self.assertRaises(AccessError):
                self._note(self.users[kind], "will_pay", "visit", accepts_date=True)

    def test_not_by_a_default_either(self):
        """Of whoever makes an invoice, and where Odoo makes it as superuser for somebody."""
        forged = {
            "default_dunning_accepted_until": "2999-01-01",
            "default_dunning_stay_until": "2999-01-01",
            "default_dunning_disputed": True,
        }
        for is_sudo in (False, True):
            moves = self.env["account.move"].with_user(self.users["invoicing"]).sudo(is_sudo)
            move = moves.with_context(**forged).create(self._prepare_invoice(40, 900))
            lines = move.sudo().line_ids
            self.assertFalse(any(lines.mapped("dunning_accepted_until")))
            self.assertFalse(any(lines.mapped("dunning_stay_until")))
            self.assertFalse(any(lines.mapped("dunning_disputed")))

    def test_the_limits_are_settings(self):
        self.company.write({"dunning_promise_days": 3, "dunning_promise_days_manager": 4})
        self._accept("collector", 3)
        with self.assertRaises(AccessError):
            self._accept("manager", 5)
        self._accept("manager", 4)

    def test_only_what_is_named(self):
        other = self._term_lines(self._invoice(30, 800))
        self._accept("collector", 10)
        self.assertEqual(self._hold()[0], "blocked", "the other is owed")
        self._accept("collector", 10, other)
        self.assertEqual(self._hold()[0], "none")

    def test_until_that_day(self):
        self._accept("collector", 10)
        self.assertEqual(self._reason_of_account(10), "none")
        self.assertEqual(self._reason_of_account(11), "blocked")

    def _reason_of_account(self, days):
        self.env["dunning.account"].invalidate_model()
        accounts = self.env["dunning.account"].with_context(dunning_date=self._at(days))
        return accounts._get_of(self.customer, self.company)[self.customer].delivery_hold

    def test_accepted_letters_stop_as_well(self):
        self._accept("collector", 10)
        self.assertEqual(self._item(self.invoice).hold_reason, "promised")
        self.assertIn("accepted until", self._item(self.invoice).hold_detail)

    def test_a_collector_accepts_once(self):
        self._accept("collector", 5)
        with self.assertRaisesRegex(AccessError, "once more"):
            self._accept("collector", 10)
        self._accept("manager", 10)

    def test_of_what_is_disputed_the_goods_alone(self):
        self.line._set_dunning_disputed(True, "Broken")
        self._accept("collector", 10)
        self.assertEqual(self._item(self.invoice).hold_reason, "disputed")
        self.assertEqual(self._hold()[0], "none")

    def test_with_the_call(self):
        collector = self.users["collector"]
        with self.assertRaises(AccessError):
            self._note(collector, "will_pay", "phone", accepts_date=True)  # 60 days
        date = self.day + timedelta(days=12)
        self._note(collector, "will_pay", "phone", accepts_date=True, outcome_date=date)
        self.assertEqual(self.line.dunning_accepted_until, date)
        self.assertEqual(self._hold()[0], "none")

    def test_withdrawn_it_holds_again(self):
        self._accept("collector", 10)
        self.line._withdraw_dunning_acceptance("He did not keep his word before")
        self.assertEqual(self._hold()[0], "blocked")
        with self.assertRaisesRegex(AccessError, "once more"):
            self._accept("collector", 10)

    def test_a_hold_by_hand_stays(self):
        self.customer._set_delivery_hold(self._at(5), "Wait")
        self._accept("manager", 30)
        self.assertEqual(self._hold(), ("blocked", {"manual"}))
