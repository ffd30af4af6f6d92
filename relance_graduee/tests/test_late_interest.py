"""Late interest and the fixed indemnity, against the law sheet, bad input and a second way.

``fact_N`` in a name is the number of the fact in the project's law sheet. Rates in the tests are
those that were published for these semesters.
"""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Context, Decimal, localcontext

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.late_interest import (
    CreditNote,
    DatedValue,
    Debt,
    IndemnityCase,
    Instalment,
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
    contract_floor,
    floor_warnings,
    indemnity_amount,
    indemnity_count,
    indemnity_refusal,
    interest_period,
    next_semester,
    round_amount,
    semester_first_day,
    semester_last_day,
    semester_of,
)
from .interest_by_day import Diary, half_of

D = Decimal
CENT = D("0.01")
ZERO = D(0)
DAY = timedelta(1)
YEARS = range(2013, 2027)
REFI = """
    0.75 0.50 0.25 0.15 0.05 0.05 0.05 0.00 0.00 0.00 0.00 0.00 0.00 0.00
    0.00 0.00 0.00 0.00 0.00 0.00 2.50 4.00 4.50 4.25 3.15 2.15 2.15 2.40
""".split()
LEGAL = """
    0.04 0.04 0.04 0.04 0.93 0.99 1.01 0.93 0.90 0.90 0.89 0.88 0.86 0.87
    0.87 0.84 0.79 0.76 0.76 0.77 2.06 4.22 5.07 4.92 3.71 2.76 2.62 2.75
""".split()
SEMESTERS = [f"{year}-{half}" for year in YEARS for half in (1, 2)]
VALUES = [
    DatedValue("business_margin", D(10), date(2009, 1, 1)),
    DatedValue("public_margin", D(8), date(2013, 1, 1)),
    DatedValue("floor_multiple", D(3), date(2009, 1, 1)),
    DatedValue("indemnity", D(40), date(2013, 1, 1)),
]


def rate_records(kind, texts):
    return [SemesterRate(kind, semester, D(text)) for semester, text in zip(SEMESTERS, texts)]


LAW = LegalValues(
    rate_records("ecb_refi", REFI) + rate_records("legal_professional", LEGAL), VALUES
)
BUSINESS, PUBLIC = Regime("business"), Regime("public")
INTEREST_FIRST = Options(imputation="interest_first")
ACT_ACT = Options(day_count="act_act")
STOP = date(2026, 8, 31)


def owing(gross="12000.00", due=date(2025, 11, 30), **more):
    """A debt that was invoiced a month before it fell due."""
    return Debt(D(gross), more.pop("invoiced", due - 30 * DAY), due, **more)


def paid(day, amount, ref=None):
    return Payment(day, D(amount), ref)


def interest(debt, until=STOP, regime=BUSINESS, options=None):
    return compute_interest(debt, regime, LAW, until, options).interest


def lines(debt, until=STOP, regime=BUSINESS, options=None):
    """(days, base, rate, interest) a segment, as text."""
    answer = compute_interest(debt, regime, LAW, until, options)
    return [f"{s.days} {s.base} {s.rate} {s.interest}" for s in answer.segments]


class TestWorkedChecks(BaseCase):
    """The sums that the law sheet has worked out, to the cent."""

    part_paid = owing(payments=[paid(date(2026, 6, 30), "5000.00")])

    def test_fact_18_worked_check_a(self):
        self.assertEqual(
            lines(owing()),
            ["31 12000.00 12.15 123.83", "181 12000.00 12.15 723.01", "62 12000.00 12.40 252.76"],
        )
        self.assertEqual(interest(owing()), D("1099.60"), "the sum of what is printed")

    def test_fact_19_worked_check_b_interest_first(self):
        answer = compute_interest(self.part_paid, BUSINESS, LAW, STOP, INTEREST_FIRST)
        self.assertEqual(answer.interest_paid, D("846.84"))
        self.assertEqual(answer.principal_due, D("7846.84"))
        self.assertEqual(answer.segments[-1].interest, D("165.28"))
        self.assertEqual(answer.total_due, D("8012.12"))

    def test_fact_19_worked_check_b_principal_first(self):
        answer = compute_interest(self.part_paid, BUSINESS, LAW, STOP)
        self.assertEqual(answer.principal_due, D("7000.00"))
        self.assertEqual((answer.interest, answer.interest_paid), (D("994.28"), ZERO))
        self.assertEqual(answer.total_due, D("7994.28"))

    def test_fact_115_worked_check_of_a_public_buyer(self):
        debt = owing(due=date(2025, 12, 14))
        self.assertEqual(lines(debt, regime=PUBLIC), ["260 12000.00 10.15 867.62"])


class TestBusiness(BaseCase):
    def test_fact_1_refi_rate_plus_margin(self):
        self.assertEqual(LAW.business_rate("2026-2"), D("12.40"))
        self.assertEqual(LAW.business_rate("2013-1"), D("10.75"))

    def test_fact_2_cut_at_each_semester(self):
        cut = compute_interest(owing(), BUSINESS, LAW, STOP).segments
        days = [(segment.first_day, segment.last_day) for segment in cut]
        self.assertEqual(days[0], (date(2025, 12, 1), date(2025, 12, 31)))
        self.assertEqual(days[1], (date(2026, 1, 1), date(2026, 6, 30)))
        self.assertEqual(days[2], (date(2026, 7, 1), STOP))

    def test_fact_3_the_floor_does_not_raise_the_default_rate(self):
        self.assertEqual(contract_floor("2024-1", LAW), D("15.21"))
        self.assertEqual(contract_floor("2024-2", LAW), D("14.76"))
        segments = compute_interest(
            owing(due=date(2023, 12, 31)), BUSINESS, LAW, date(2024, 12, 31)
        ).segments
        self.assertEqual([segment.rate for segment in segments], [D("14.50"), D("14.25")])

    def test_fact_4_a_rate_below_the_floor_is_told_and_used(self):
        period = (date(2023, 12, 1), date(2025, 3, 1))
        found = floor_warnings(D(12), *period, LAW)
        self.assertEqual([w.semester for w in found], ["2023-2", "2024-1", "2024-2"])
        self.assertEqual(found[0].floor, D("12.66"))
        self.assertEqual(found[0].multiple * found[0].legal_rate, found[0].floor)
        self.assertFalse(floor_warnings(D("15.21"), *period, LAW), "the floor itself is lawful")
        regime = Regime("business", contract_rate=D(1))
        self.assertEqual(lines(owing(), regime=regime), ["274 12000.00 1 90.08"])

    def test_fact_5_from_the_day_after_the_due_date_without_reminder(self):
        debt = owing()
        self.assertEqual(interest_period(debt, BUSINESS, STOP)[0], date(2025, 12, 1))
        self.assertFalse(lines(debt, date(2025, 11, 30)))
        self.assertEqual(lines(debt, date(2025, 12, 1)), ["1 12000.00 12.15 3.99"])

    def test_fact_7_on_what_is_unpaid_and_nothing_else(self):
        debt = owing(payments=[paid(date(2025, 11, 30), "11000.00")])
        self.assertEqual(lines(debt, date(2025, 12, 31)), ["31 1000.00 12.15 10.32"])

    def test_fact_8_act_365_counts_leap_days_and_never_360(self):
        debt = owing("100000.00", due=date(2023, 12, 31))
        self.assertEqual(
            lines(debt, date(2024, 12, 31)),
            ["182 100000.00 14.50 7230.14", "184 100000.00 14.25 7183.56"],
        )

    def test_fact_8_act_act_over_29_february(self):
        debt = owing("100000.00", due=date(2023, 12, 31))
        self.assertEqual(
            lines(debt, date(2024, 12, 31), options=ACT_ACT),
            ["182 100000.00 14.50 7210.38", "184 100000.00 14.25 7163.93"],
        )
        regime = Regime("business", contract_rate=D(12))
        self.assertEqual(interest(debt, date(2024, 12, 31), regime, ACT_ACT), D("12000.00"))

    def test_fact_8_act_act_cuts_where_the_year_changes_its_length(self):
        debt, regime = owing("36500.00", due=date(2022, 6, 30)), Regime("public")
        cut = compute_interest(debt, regime, LAW, date(2025, 6, 30), ACT_ACT).segments
        self.assertEqual(
            [(s.days, s.year_days) for s in cut], [(549, 365), (366, 366), (181, 365)]
        )
        self.assertEqual(len(lines(debt, date(2025, 6, 30), regime)), 1)

    def test_fact_9_days_are_a_subtraction_of_dates(self):
        for start, end in (("2026-02-28", "2026-03-01"), ("2024-02-28", "2024-03-01")):
            due, stop = date.fromisoformat(start), date.fromisoformat(end)
            [segment] = compute_interest(owing(due=due), BUSINESS, LAW, stop).segments
            self.assertEqual(segment.days, (stop - due).days)

    def test_fact_9_due_on_29_february(self):
        debt = owing(due=date(2024, 2, 29))
        self.assertEqual(interest_period(debt, BUSINESS, STOP)[0], date(2024, 3, 1))

    def test_fact_10_a_payment_counts_on_the_day_it_arrived(self):
        debt = owing(payments=[paid(date(2025, 12, 10), "12000.00")])
        self.assertEqual(lines(debt), ["10 12000.00 12.15 39.95"])
        in_time = owing(payments=[paid(date(2025, 11, 30), "12000.00")])
        self.assertEqual(lines(in_time), [])

    def test_fact_11_no_interest_on_interest(self):
        """Twice the time at one rate is twice the interest; and interest alone bears none."""
        regime = Regime("business", contract_rate=D(10))
        debt = owing("3650.00", due=date(2013, 12, 31))
        self.assertEqual(interest(debt, date(2014, 12, 31), regime), D("365.00"))
        self.assertEqual(interest(debt, date(2023, 12, 29), regime), D("3650.00"))
        settled = replace(debt, payments=[paid(date(2014, 12, 31), "3650.00")])
        answer = compute_interest(settled, regime, LAW, date(2023, 12, 31))
        self.assertEqual((answer.interest, answer.interest_due), (D(365), D(365)))

    def test_fact_27_a_credit_note_reduces_from_its_own_date_and_pays_nothing(self):
        debt = owing(credit_notes=[CreditNote(date(2025, 12, 11), D("2000.00"))])
        self.assertEqual(
            lines(debt, date(2025, 12, 31)),
            ["10 12000.00 12.15 39.95", "21 10000.00 12.15 69.90"],
        )
        answer = compute_interest(debt, BUSINESS, LAW, date(2025, 12, 31), INTEREST_FIRST)
        self.assertEqual((answer.interest_paid, answer.principal_paid), (ZERO, ZERO))
        self.assertEqual((answer.credited, answer.principal_due), (D(2000), D(10000)))


class TestOthers(BaseCase):
    def test_fact_28_nothing_before_a_formal_notice_is_received(self):
        for kind in ("consumer", "nonprofessional"):
            self.assertEqual(lines(owing(), regime=Regime(kind)), [])
            regime = Regime(kind, formal_notice_received=date(2026, 6, 20))
            self.assertEqual(
                lines(owing(), regime=regime), ["10 12000.00 2.62 8.61", "62 12000.00 2.75 56.05"]
            )

    def test_fact_28_a_notice_before_the_due_date_starts_nothing_early(self):
        regime = Regime("consumer", formal_notice_received=date(2025, 11, 10))
        self.assertEqual(interest_period(owing(), regime, STOP)[0], date(2025, 12, 1))

    def test_fact_29_the_column_of_the_creditor(self):
        """2.75 %, what a company may claim, not the 6.84 % of private creditors."""
        self.assertEqual(LAW.legal_rate("2026-2"), D("2.75"))

    def test_facts_75_to_77_what_a_payment_pays(self):
        debt = owing(payments=[paid(date(2025, 12, 31), "100.00"), paid(STOP, "20000.00")])
        parts = {
            options.imputation: [
                (share.principal, share.interest, share.excess)
                for share in compute_interest(debt, BUSINESS, LAW, STOP, options).shares
            ]
            for options in (Options(), INTEREST_FIRST)
        }
        self.assertEqual(
            parts["principal_first"],
            [(D(100), ZERO, ZERO), (D(11900), D("1091.48"), D("7008.52"))],
        )
        self.assertEqual(
            parts["interest_first"],
            [(ZERO, D(100), ZERO), (D(12000), D("999.60"), D("7000.40"))],
        )

    def test_fact_92_insolvency_stops_interest_the_day_before(self):
        debt = owing(insolvency_date=date(2026, 1, 1))
        self.assertEqual(lines(debt), ["31 12000.00 12.15 123.83"])
        self.assertEqual(interest_period(debt, BUSINESS, STOP)[1], date(2025, 12, 31))
        self.assertEqual(lines(replace(debt, insolvency_date=debt.due_date + DAY)), [])

    def test_fact_92_debts_after_the_judgment_go_on(self):
        judgment = owing().invoice_date - DAY
        self.assertEqual(interest(owing(insolvency_date=judgment)), D("1099.60"))
        self.assertEqual(interest(owing(insolvency_date=judgment + DAY)), ZERO)

    def test_fact_96_the_delivery_decides_where_it_is_known(self):
        judgment = date(2025, 11, 15)
        before = owing(insolvency_date=judgment, invoiced=judgment + DAY, delivery_date=judgment)
        self.assertEqual(interest(before), ZERO)
        self.assertEqual(interest(replace(before, delivery_date=judgment + DAY)), D("1099.60"))

    def test_fact_113_one_rate_for_the_whole_delay_of_a_public_buyer(self):
        """Interest of a debt due on 30 June begins in July: the second semester's rate."""
        debt = owing(due=date(2025, 6, 30))
        self.assertEqual(lines(debt, regime=PUBLIC), ["427 12000.00 10.15 1424.89"])
        self.assertEqual(LAW.public_rate("2026-2"), D("10.40"))
        debt = owing(due=date(2025, 6, 29))
        self.assertEqual(lines(debt, regime=PUBLIC), ["428 12000.00 11.15 1568.94"])

    def test_semesters(self):
        self.assertEqual(semester_of(date(2026, 6, 30)), "2026-1")
        self.assertEqual(semester_of(date(2026, 7, 1)), "2026-2")
        self.assertEqual(next_semester("2026-2"), "2027-1")
        self.assertEqual(semester_first_day("2026-2"), date(2026, 7, 1))
        self.assertEqual(semester_last_day("2026-1"), date(2026, 6, 30))
        for wrong in ("2026-3", "2026", "26-1", "2026-1 ", None, 20261):
            with self.assertRaises(InvalidRate):
                semester_first_day(wrong)


class TestIndemnity(BaseCase):
    due, late = date(2026, 3, 31), date(2026, 4, 1)

    def case(self, settled_on=None, kind="business", due=None, **more):
        instalments = more.pop("instalments", [Instalment(due or self.due, settled_on)])
        return IndemnityCase(kind, date(2026, 2, 1), instalments, **more)

    def count(self, case, until=STOP, per="invoice"):
        return indemnity_count(case, until, per)

    def test_fact_20_due_from_the_first_day_without_reminder(self):
        self.assertEqual(self.count(self.case(), self.late), 1)
        self.assertEqual(indemnity_refusal(self.case(), self.due), "not_late")
        self.assertEqual(indemnity_amount(self.case(), STOP, LAW), D(40))

    def test_fact_21_once_an_invoice_or_once_a_late_instalment(self):
        instalments = [
            Instalment(date(2026, 4, 30)),
            Instalment(self.due, self.due),
            Instalment(date(2026, 5, 31), date(2026, 6, 1)),
            Instalment(date(2026, 12, 31)),
        ]
        case = self.case(instalments=instalments)
        self.assertEqual(self.count(case), 1)
        self.assertEqual(self.count(case, per="instalment"), 2)
        self.assertEqual(indemnity_amount(case, STOP, LAW, "instalment"), D(80))

    def test_fact_22_due_although_paid_in_full_one_day_late(self):
        self.assertEqual(self.count(self.case(settled_on=self.late)), 1)
        self.assertEqual(self.count(self.case(settled_on=self.due)), 0)

    def test_fact_25_not_when_due_on_or_after_an_opening_judgment(self):
        judgment = self.case(insolvency_date=self.due)
        self.assertEqual(indemnity_refusal(judgment, STOP), "insolvency")
        self.assertEqual(indemnity_amount(judgment, STOP, LAW), ZERO)
        self.assertEqual(self.count(self.case(insolvency_date=self.late)), 1, "late before it")

    def test_fact_25_due_on_debts_that_arose_after_the_judgment(self):
        self.assertEqual(self.count(self.case(insolvency_date=date(2026, 1, 31))), 1)
        prior = self.case(insolvency_date=date(2026, 1, 31), delivery_date=date(2026, 1, 15))
        self.assertEqual(self.count(prior), 0)

    def test_fact_26_neither_consumers_nor_nonprofessionals(self):
        for kind in ("consumer", "nonprofessional"):
            self.assertEqual(indemnity_refusal(self.case(kind=kind), STOP), "not_professional")
            self.assertEqual(self.count(self.case(kind=kind)), 0)

    def test_fact_27_not_when_the_invoice_was_wrong(self):
        case = self.case(debtor_at_fault=False)
        self.assertEqual(indemnity_refusal(case, STOP), "not_at_fault")

    def test_fact_114_public_buyers_owe_it(self):
        self.assertEqual(indemnity_refusal(self.case(kind="public"), STOP), "")

    def test_the_amount_of_the_day_on_which_the_delay_began(self):
        changed = [
            DatedValue("indemnity", D(40), date(2013, 1, 1), self.due),
            DatedValue("indemnity", D(50), self.late),
        ]
        self.assertEqual(indemnity_amount(self.case(), STOP, LegalValues((), changed)), D(50))
        with self.assertRaises(MissingValue):
            indemnity_amount(self.case(), STOP, LegalValues((), changed[:1]))

    def test_bad_input(self):
        with self.assertRaises(InvalidRegime):
            self.count(self.case(), per="reminder")
        with self.assertRaises(InvalidRegime):
            self.case(kind="")
        with self.assertRaises(InvalidDebt):
            Instalment(None)


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
        twice = [DatedValue(kind, D(40), first), DatedValue(kind, D(50), date(2030, 1, 1))]
        self.refused(InvalidRate, "overlap", LegalValues, (), twice)

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
            self.assertEqual(interest(owing("12000000.07")), D("1099595.62"))

    def test_currencies_without_cents(self):
        self.assertEqual(interest(owing("12000"), options=Options(rounding=D(1))), D(1100))
        self.assertEqual(round_amount(D("0.075"), D("0.05")), D("0.10"))
        self.assertEqual(round_amount(D("1.005"), CENT), D("1.01"))


class TestSameDay(BaseCase):
    """Credit notes, then the interest of the day, then payments as they are given."""

    day = date(2025, 12, 10)

    def test_a_credit_note_comes_before_the_interest_of_its_day(self):
        debt = owing(credit_notes=[CreditNote(date(2025, 12, 1), D("12000.00"))])
        self.assertEqual(lines(debt), [])

    def test_a_payment_comes_after_the_interest_of_its_day(self):
        debt = owing(payments=[paid(date(2025, 12, 1), "12000.00")])
        self.assertEqual(lines(debt), ["1 12000.00 12.15 3.99"])
        answer = compute_interest(debt, BUSINESS, LAW, STOP, INTEREST_FIRST)
        self.assertEqual((answer.interest_paid, answer.principal_due), (D("3.99"), D("4.02") - CENT * 3))

    def test_a_credit_note_comes_before_a_payment(self):
        debt = owing(
            payments=[paid(self.day, "12000.00")],
            credit_notes=[CreditNote(self.day, D("2000.00"))],
        )
        answer = compute_interest(debt, BUSINESS, LAW, STOP)
        self.assertEqual((answer.credited, answer.principal_paid), (D(2000), D(10000)))
        self.assertEqual([s.days for s in answer.segments], [9, 1])
        self.assertEqual(answer.interest_paid + answer.excess, D(2000))

    def test_payments_of_a_day_pay_in_the_order_in_which_they_are_given(self):
        first, second = paid(self.day, "11999.00", "a"), paid(self.day, "2.00", "b")
        for order in ([first, second], [second, first]):
            shares = compute_interest(owing(payments=order), BUSINESS, LAW, STOP).shares
            self.assertEqual([s.payment.ref for s in shares], [p.ref for p in order])
            self.assertEqual(shares[1].interest, D(1))


# ------------------------------------------------------------ properties

cents = st.integers(1, 10**12).map(lambda n: D(n).scaleb(-2))
due_days = st.dates(date(2014, 1, 1), date(2025, 6, 30))
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

    @given(stories())
    def test_never_on_a_paid_debt(self, story):
        answer = answer_of(story)
        self.assertEqual(answer.settled_on is None, answer.principal_due > 0)
        for segment in answer.segments if answer.settled_on else ():
            self.assertLessEqual(segment.last_day, answer.settled_on)

    @given(stories(), after)
    def test_interest_never_falls_as_time_goes_on(self, story, days):
        debt, regime, until, options = story
        later = answer_of((debt, regime, until + days * DAY, options))
        self.assertLessEqual(answer_of(story).interest, later.interest)

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
        return Debt(
            begun.principal_due, split, split, payments, notes, judgment, debt.invoice_date
        )

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
    """A history of ``interest_by_day``, of at most a year and a half."""
    due = date(2013, 1, 1) + dice.randrange(4600) * DAY
    invoiced = due - dice.choice((0, 1, 30, 45, 60)) * DAY
    gross = dice.choice((1, 100, 999999, 10**12, dice.randrange(1, 10**7)))

    def some_day():
        return invoiced + int(dice.triangular(0, 300, 60)) * DAY

    def events():
        some = (gross, gross // 2 or 1, dice.randrange(1, gross + 1), 1)
        return {some_day(): dice.choice(some) for _event in range(dice.choice((0, 0, 1, 1, 2, 4)))}

    kind = dice.choice(("business", "business", "public", "consumer"))
    return {
        "kind": kind,
        "gross": gross,
        "invoiced": invoiced,
        "due": due,
        "until": invoiced + int(dice.triangular(0, 420, 180)) * DAY,
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


class TestSecondWay(BaseCase):
    tables = {"business": 1000, "public": 800}
    for name, texts in (("refi", REFI), ("legal", LEGAL)):
        days = map(semester_first_day, SEMESTERS)
        tables[name] = {half_of(day): int(D(text) * 100) for day, text in zip(days, texts)}

    def test_ten_thousand_random_histories_agree_to_the_cent(self):
        dice, seen = random.Random(20260831), 0
        for number in range(10_000):
            history = random_history(dice)
            diary, answer = Diary(history, self.tables).live(), computed(history)
            with self.subTest(number=number, history=history):
                self.assertEqual(self.figures(diary), self.said(answer))
            seen += len(diary.lines)
        self.assertGreater(seen, 10_000, "the histories hold something to compare")

    def figures(self, diary):
        lines = [(first, days, hundredth(base), hundredth(cents))
                 for first, days, base, _exact, cents in diary.lines]
        sums = (diary.owed, diary.interest, diary.paid["owed"], diary.paid["interest"], diary.excess)
        return lines, [hundredth(amount) for amount in sums]

    def said(self, answer):
        lines = [(s.first_day, s.days, s.base, s.interest) for s in answer.segments]
        return lines, [
            answer.principal_due, answer.interest_due, answer.principal_paid,
            answer.interest_paid, answer.excess,
        ]  # fmt: skip

    def test_rounding_each_line_loses_at_most_half_a_cent_a_line(self):
        dice = random.Random(7)
        for _number in range(500):
            history = random_history(dice)
            diary = Diary(history, self.tables).live()
            exact, answer = sum(line[3] for line in diary.lines), computed(history)
            self.assertLessEqual(abs(answer.interest * 100 - D(0) - D(exact.numerator) / D(exact.denominator)) if diary.lines else ZERO, D(len(answer.segments)) / 2 + CENT)
