"""Late interest on debts that nobody thought of: properties, and a second way to compute it."""

import random
from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ...tools.late_interest import (
    CreditNote,
    Debt,
    Options,
    Payment,
    Regime,
    compute_interest,
    interest_period,
)
from .interest_by_day import Diary
from .late_interest_samples import (
    BUSINESS,
    CENT,
    DAY,
    LAW,
    PUBLIC,
    PUBLISHED,
    ZERO,
    D,
    paid,
)

unhurried = settings(deadline=None)

# ------------------------------------------------------------ properties

cents = st.integers(1, 10**12).map(lambda n: D(n).scaleb(-2))
due_days = st.dates(date(2014, 1, 1), date(2024, 1, 31))  # 1000 days later rates still exist
after = st.integers(0, 500)
options_drawn = st.builds(
    Options,
    st.sampled_from(["act_365", "act_act"]),
    st.sampled_from(["principal_first", "interest_first"]),
)


@st.composite
def regimes(draw, due):
    kind = draw(st.sampled_from(["business", "contract", "public", "consumer"]))
    if kind == "contract":
        return Regime("business", D(draw(st.integers(0, 3000))).scaleb(-2))
    notice = due + draw(after) * DAY if kind == "consumer" else None
    return Regime(kind, None, notice)


@st.composite
def stories(draw):
    """(debt, regime, until, options): anything that can happen to a debt."""
    due, gross = draw(due_days), draw(cents)
    invoiced = due - draw(st.integers(0, 90)) * DAY
    amounts = st.one_of(cents, st.sampled_from([gross, CENT]))
    events = st.lists(st.tuples(after, amounts), max_size=4)
    payments, notes = (
        [make(invoiced + days * DAY, amount) for days, amount in draw(events)]
        for make in (Payment, CreditNote)
    )
    judgment = draw(st.none() | after.map(lambda days: invoiced + days * DAY))
    debt = Debt(gross, invoiced, due, payments, notes, judgment)
    return debt, draw(regimes(due)), due + draw(after) * DAY, draw(options_drawn)


def answer_of(story):
    debt, regime, until, options = story
    return compute_interest(debt, regime, LAW, until, options)


class TestProperties(BaseCase):
    @unhurried
    @given(stories())
    def test_everything_adds_up(self, story):
        debt, answer = story[0], answer_of(story)
        happened = [p for p in debt.payments if p.day <= answer.until]
        self.assertEqual(debt.gross, answer.credited + answer.principal_paid + answer.principal_due)
        self.assertEqual(answer.interest, sum(s.interest for s in answer.segments))
        self.assertEqual(answer.interest, answer.interest_paid + answer.interest_due)
        self.assertEqual([s.payment for s in answer.shares], sorted(happened, key=lambda p: p.day))
        for share in answer.shares:
            parts = (share.principal, share.interest, share.excess)
            self.assertEqual(sum(parts), share.payment.amount)
            self.assertGreaterEqual(min(parts), 0)
        self.assertGreaterEqual(min(answer.principal_due, answer.interest_due, answer.excess), 0)

    @unhurried
    @given(stories())
    def test_segments_follow_one_another_in_the_period(self, story):
        debt, regime, until, _options = story
        segments = answer_of(story).segments
        first, last = interest_period(debt, regime, until) or (until, until)
        for segment in segments:
            self.assertEqual(segment.days, (segment.last_day - segment.first_day).days + 1)
            self.assertTrue(first <= segment.first_day <= segment.last_day <= last)
            self.assertTrue(segment.base > 0 and segment.interest >= 0)
            self.assertGreater(segment.first_day, debt.due_date, "never before the due date")
        for before, later in zip(segments, segments[1:]):
            self.assertEqual(later.first_day, before.last_day + DAY)
            self.assertLessEqual(later.base, before.base, "no interest on interest")

    @unhurried
    @given(stories())
    def test_never_on_a_paid_debt(self, story):
        answer = answer_of(story)
        self.assertEqual(answer.settled_on is None, answer.principal_due > 0)
        for segment in answer.segments if answer.settled_on else ():
            self.assertLessEqual(segment.last_day, answer.settled_on)

    @unhurried
    @given(stories(), after)
    def test_interest_never_falls_as_time_goes_on(self, story, days):
        debt, regime, until, options = story
        later = answer_of((debt, regime, until + days * DAY, options))
        self.assertLessEqual(answer_of(story).interest, later.interest)

    @unhurried
    @given(stories(), st.randoms(use_true_random=False))
    def test_the_order_in_which_events_are_given_changes_no_sum(self, story, dice):
        debt, *rest = story
        shuffled = replace(
            debt,
            payments=dice.sample(debt.payments, len(debt.payments)),
            credit_notes=dice.sample(debt.credit_notes, len(debt.credit_notes)),
        )
        answers = [replace(answer_of((d, *rest)), shares=()) for d in (debt, shuffled)]
        self.assertEqual(*answers)

    @unhurried
    @given(stories(), st.integers(1, 499))
    def test_splitting_the_period_changes_nothing_beyond_rounding(self, story, days):
        """Stop on a day, and let what is then owed go on as a debt of its own."""
        debt, regime, until, options = story
        split = min(debt.due_date + days * DAY, until)
        options = replace(options, imputation="principal_first")
        regime = BUSINESS if regime == PUBLIC else regime  # whose rate depends on the first day
        whole = answer_of((debt, regime, until, options))
        begun = answer_of((debt, regime, split, options))
        rest = ZERO
        if begun.principal_due:
            rest = answer_of((self.rest_of(debt, split, begun), regime, until, options)).interest
        count = len(whole.segments) + 2
        self.assertLessEqual(abs(whole.interest - begun.interest - rest), count * CENT / 2)

    def rest_of(self, debt, split, begun):
        payments, notes = (
            [event for event in events if event.day > split]
            for events in (debt.payments, debt.credit_notes)
        )
        judgment = debt.insolvency_date if debt.is_stopped else None
        return Debt(begun.principal_due, split, split, payments, notes, judgment, debt.invoice_date)

    @unhurried
    @given(stories())
    def test_splitting_a_payment_changes_no_sum(self, story):
        debt, *rest = story
        halves = [paid(p.day, CENT) for p in debt.payments if p.amount > CENT]
        halves += [replace(p, amount=max(p.amount - CENT, CENT)) for p in debt.payments]
        answers = [
            replace(answer_of((replace(debt, payments=payments), *rest)), shares=())
            for payments in (debt.payments, halves)
        ]
        self.assertEqual(*answers)


# -------------------------------------------------------- the second way


def random_history(dice):
    """A history of ``interest_by_day``: mostly some months, now and then three years."""
    due = date(2013, 1, 1) + dice.randrange(3900) * DAY
    invoiced = due - dice.choice((0, 1, 30, 45, 60)) * DAY
    gross = dice.choice((1, 100, 999999, 10**12, dice.randrange(1, 10**7)))

    def some_day():
        return invoiced + int(dice.triangular(0, 240, 50)) * DAY

    def events():
        some = (gross, gross // 2 or 1, dice.randrange(1, gross + 1), 1)
        return {some_day(): dice.choice(some) for _event in range(dice.choice((0, 0, 1, 1, 2, 4)))}

    kind = dice.choice(("business", "business", "public", "consumer"))
    span = (1100, 900) if dice.random() < 0.05 else (240, 90)
    return {
        "kind": kind,
        "gross": gross,
        "invoiced": invoiced,
        "due": due,
        "until": invoiced + int(dice.triangular(0, *span)) * DAY,
        "notice": some_day() if kind == "consumer" and dice.random() < 0.9 else None,
        "judgment": some_day() - 20 * DAY if dice.random() < 0.15 else None,
        "agreed": dice.randrange(1, 2000) if kind == "business" and dice.random() < 0.4 else None,
        "credits": events(),
        "payments": events(),
        "leap": dice.random() < 0.5,
        "interest_first": dice.random() < 0.5,
    }


def hundredth(number):
    return None if number is None else D(number).scaleb(-2)


def computed(history):
    """What the module says about such a history."""
    events = [
        [make(day, hundredth(amount)) for day, amount in history[name].items()]
        for name, make in (("payments", Payment), ("credits", CreditNote))
    ]
    debt = Debt(
        hundredth(history["gross"]), history["invoiced"], history["due"], *events,
        history["judgment"],
    )  # fmt: skip
    regime = Regime(history["kind"], hundredth(history["agreed"]), history["notice"])
    options = Options(
        "act_act" if history["leap"] else "act_365",
        "interest_first" if history["interest_first"] else "principal_first",
    )
    return compute_interest(debt, regime, LAW, history["until"], options)


def tables():
    """The published rates as ``interest_by_day`` wants them: hundredths of a percent."""
    refi, legal = {}, {}
    for semester, texts in PUBLISHED.items():
        half = tuple(int(part) for part in semester.split("-"))
        refi[half], legal[half] = (int(text.replace(".", "")) for text in texts)
    return {"refi": refi, "legal": legal, "business": 1000, "public": 800}


def told(diary):
    """Lines and sums of a diary, as :func:`said` has them."""
    rows = [(row[0], row[1], hundredth(row[2]), hundredth(row[4])) for row in diary.lines]
    sums = (diary.owed, diary.interest, diary.paid["owed"], diary.paid["interest"], diary.excess)
    return rows, [hundredth(amount) for amount in sums]


def said(answer):
    rows = [(s.first_day, s.days, s.base, s.interest) for s in answer.segments]
    paid_and_due = (answer.principal_paid, answer.interest_paid, answer.excess)
    return rows, [answer.principal_due, answer.interest_due, *paid_and_due]


class TestSecondWay(BaseCase):
    tables = tables()

    def histories(self, seed, count):
        """(history, what the diary says, what the module says)"""
        dice = random.Random(seed)
        for _number in range(count):
            history = random_history(dice)
            yield history, Diary(history, self.tables).live(), computed(history)

    def test_ten_thousand_random_histories_agree_to_the_cent(self):
        lines = 0
        for history, diary, answer in self.histories(20260831, 10_000):
            self.assertEqual(told(diary), said(answer), history)
            lines += len(diary.lines)
        self.assertGreater(lines, 10_000, "there was something to compare")

    def test_rounding_each_line_moves_the_sum_by_half_a_cent_a_line_at_most(self):
        for history, diary, answer in self.histories(7, 1_000):
            exact = sum((row[3] for row in diary.lines), Fraction(0))
            moved = abs(Fraction(answer.interest) * 100 - exact)
            self.assertLessEqual(moved, Fraction(len(diary.lines), 2), history)
