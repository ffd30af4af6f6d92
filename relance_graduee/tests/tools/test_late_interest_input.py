"""Late interest: what is refused, what is extreme, and what is missing."""

from dataclasses import replace
from datetime import date
from decimal import Context, localcontext

from odoo.tests import BaseCase

from ...tools.late_interest import (
    CreditNote,
    DatedValue,
    Debt,
    InvalidDebt,
    InvalidRate,
    InvalidRegime,
    LegalValues,
    MissingRate,
    MissingValue,
    Options,
    Payment,
    Regime,
    SemesterRate,
    compute_interest,
    floor_warnings,
    next_semester,
    round_amount,
    semester_first_day,
    semester_last_day,
    semester_of,
)
from .late_interest_samples import (
    BUSINESS,
    CENT,
    DAY,
    LAW,
    PUBLIC,
    STOP,
    ZERO,
    D,
    interest,
    lines,
    owing,
    paid,
)


class TestSemesters(BaseCase):
    def test_semesters(self):
        self.assertEqual(semester_of(date(2026, 6, 30)), "2026-1")
        self.assertEqual(semester_of(date(2026, 7, 1)), "2026-2")
        self.assertEqual(next_semester("2026-2"), "2027-1")
        self.assertEqual(semester_first_day("2026-2"), date(2026, 7, 1))
        self.assertEqual(semester_last_day("2026-1"), date(2026, 6, 30))
        for wrong in ("2026-3", "2026", "26-1", "2026-1 ", None, 20261):
            with self.assertRaises(InvalidRate):
                semester_first_day(wrong)


class TestBadInput(BaseCase):
    def refused(self, error, code, make, *args, **more):
        with self.assertRaises(error) as caught:
            make(*args, **more)
        self.assertEqual(caught.exception.code, code)
        return caught.exception

    def test_a_missing_semester_is_named(self):
        for regime in (BUSINESS, Regime("consumer", formal_notice_received=STOP)):
            error = self.refused(
                MissingRate, "missing_rate", interest, owing(), date(2027, 1, 1), regime
            )
            self.assertEqual(error.semester, "2027-1")
            self.assertIn("2027-1", str(error))
        self.assertEqual(error.kind, "legal_professional")
        late = date(2027, 3, 1)
        with self.assertRaises(MissingRate):
            floor_warnings(D(12), STOP, late, LAW)

    def test_a_missing_semester_is_no_matter_where_it_is_not_needed(self):
        late = date(2027, 3, 1)
        settled = owing(payments=[paid(STOP, "12000.00")])
        self.assertEqual(interest(settled, late), interest(settled))
        self.assertEqual(len(lines(owing(), late, PUBLIC)), 1)
        self.assertEqual(len(lines(owing(), late, Regime("business", D(12)))), 1)
        self.assertEqual(lines(owing(), late, Regime("consumer")), [])

    def test_a_missing_margin_is_named(self):
        law = LegalValues(LAW.rates, [DatedValue("business_margin", D(10), date(2026, 1, 2))])
        error = self.refused(MissingValue, "missing_value", law.business_rate, "2026-1")
        self.assertEqual((error.kind, error.day), ("business_margin", date(2026, 1, 1)))
        self.assertEqual(law.business_rate("2026-2"), D("12.40"))

    def test_rates(self):
        rate = SemesterRate("ecb_refi", "2026-1", D(2))
        for code, args in (
            ("negative", ("ecb_refi", "2026-1", D("-0.01"))),
            ("not_decimal", ("ecb_refi", "2026-1", 2.15)),
            ("not_decimal", ("ecb_refi", "2026-1", D("NaN"))),
            ("bad_semester", ("ecb_refi", "2026-0", D(2))),
            ("unknown_kind", ("ecb_deposit", "2026-1", D(2))),
        ):
            self.refused(InvalidRate, code, SemesterRate, *args)
        self.refused(InvalidRate, "twice", LegalValues, [rate, rate])
        LegalValues([rate, SemesterRate("legal_professional", "2026-1", D(2))])
        self.refused(InvalidRate, "negative", Regime, "business", D(-1))

    def test_dated_values(self):
        first, kind = date(2013, 1, 1), "indemnity"
        self.refused(InvalidRate, "negative", DatedValue, kind, D(-40), first)
        self.refused(InvalidRate, "unknown_kind", DatedValue, "fee", D(40), first)
        self.refused(InvalidRate, "bad_date", DatedValue, kind, D(40), None)
        self.refused(InvalidRate, "bad_date", DatedValue, kind, D(40), first, first - DAY)
        changed = date(2030, 1, 1)
        for last in (None, changed):
            twice = [DatedValue(kind, D(40), first, last), DatedValue(kind, D(50), changed)]
            self.refused(InvalidRate, "overlap", LegalValues, (), twice)
        law = LegalValues((), [replace(twice[0], valid_to=changed - DAY), twice[1]])
        self.assertEqual(law.value(kind, changed - DAY), D(40))
        self.assertEqual(law.value(kind, changed), D(50))

    def test_regimes_and_options(self):
        self.refused(InvalidRegime, "unknown_kind", Regime, False)
        self.refused(InvalidRegime, "contract_rate", Regime, "public", D(8))
        self.refused(InvalidRegime, "contract_rate", Regime, "consumer", D(8))
        self.refused(InvalidRegime, "formal_notice", Regime, "business", None, STOP)
        self.refused(InvalidRegime, "unknown_option", Options, "act_360")
        self.refused(InvalidRegime, "unknown_option", Options, "act_365", "costs_first")
        self.refused(InvalidDebt, "zero", Options, rounding=ZERO)

    def test_dates(self):
        due = date(2025, 11, 30)
        self.refused(InvalidDebt, "due_before_invoice", owing, invoiced=due + DAY)
        for more in (
            {"payments": [paid(due - 31 * DAY, "1.00")]},
            {"credit_notes": [CreditNote(due - 31 * DAY, CENT)]},
        ):
            self.refused(InvalidDebt, "event_before_invoice", owing, **more)
        self.refused(InvalidDebt, "bad_date", Debt, D(1), due, None)
        self.refused(InvalidDebt, "bad_date", paid, "2026-01-01", "1.00")
        self.refused(InvalidDebt, "bad_date", interest, owing(), None)

    def test_an_advance_is_passed_with_the_date_of_the_invoice(self):
        debt = owing(payments=[paid(date(2025, 10, 31), "12000.00")])
        self.assertEqual(lines(debt), [])
        self.assertEqual(compute_interest(debt, BUSINESS, LAW, STOP).settled_on, debt.invoice_date)

    def test_amounts(self):
        for code, amount in (("zero", ZERO), ("negative", D(-1)), ("not_decimal", 12.0)):
            self.refused(InvalidDebt, code, Debt, amount, STOP, STOP)
            self.refused(InvalidDebt, code, Payment, STOP, amount)
            self.refused(InvalidDebt, code, CreditNote, STOP, amount)
        self.refused(InvalidDebt, "not_rounded", interest, owing("0.015"))

    def test_one_cent_and_ten_billion(self):
        self.assertEqual(interest(owing("0.01")), ZERO)
        self.assertEqual(len(lines(owing("0.01"))), 3)
        self.assertEqual(
            [line.rsplit(" ", 1)[1] for line in lines(owing("10000000000.00"))],
            ["103191780.82", "602506849.32", "210630136.99"],
        )

    def test_the_context_of_the_caller_changes_nothing(self):
        with localcontext(Context(prec=6)):
            self.assertEqual(interest(owing("12000000.07")), D("1099594.53"))

    def test_currencies_without_cents(self):
        self.assertEqual(interest(owing("12000"), options=Options(rounding=D(1))), D(1100))
        self.assertEqual(round_amount(D("0.075"), D("0.05")), D("0.10"))
        self.assertEqual(round_amount(D("1.005"), CENT), D("1.01"))
