"""Late interest and the fixed indemnity, fact by fact.

``fact_N`` in a name is the number of the fact in the project's law sheet. Bad input is in
``test_late_interest_input``, random debts in ``test_late_interest_second_way``.
"""

from dataclasses import replace
from datetime import date

from odoo.tests import BaseCase

from ...tools.late_interest import (
    CreditNote,
    DatedValue,
    IndemnityCase,
    Instalment,
    InvalidDebt,
    InvalidRegime,
    LegalValues,
    MissingValue,
    Options,
    Regime,
    compute_interest,
    contract_floor,
    floor_warnings,
    indemnity_amount,
    indemnity_count,
    indemnity_refusal,
    interest_period,
)
from .late_interest_samples import (
    ACT_ACT,
    BUSINESS,
    DAY,
    INTEREST_FIRST,
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
        self.assertEqual([(s.days, s.year_days) for s in cut], [(549, 365), (366, 366), (181, 365)])
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

    def test_fact_12_no_legal_interest_on_top_of_late_interest(self):
        """A formal notice to a business starts no second interest: both repair one delay."""
        with self.assertRaises(InvalidRegime):
            Regime("business", formal_notice_received=DAY)

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
            [(D(100), ZERO, ZERO), (D(11900), D("1091.46"), D("7008.54"))],
        )
        self.assertEqual(
            parts["interest_first"],
            [(ZERO, D(100), ZERO), (D(12000), D("999.60"), D("7000.40"))],
        )

    def test_settled_on_is_the_first_day_without_principal(self):
        days = (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31))
        debt = owing(payments=[paid(day, "6000.00") for day in days])
        self.assertEqual(compute_interest(debt, BUSINESS, LAW, STOP).settled_on, days[1])
        answer = compute_interest(debt, BUSINESS, LAW, STOP, INTEREST_FIRST)
        self.assertEqual(answer.settled_on, days[2], "interest took a part of the first ones")
        self.assertIsNone(compute_interest(debt, BUSINESS, LAW, days[0]).settled_on)

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
        self.assertEqual((answer.interest_paid, answer.principal_due), (D("3.99"), D("3.99")))

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
        law = LegalValues((), changed)
        self.assertEqual(indemnity_amount(self.case(), STOP, law), D(50))
        both = self.case(instalments=[Instalment(self.late), Instalment(self.due - DAY)])
        self.assertEqual(indemnity_amount(both, STOP, law), D(40), "of the first late instalment")
        self.assertEqual(indemnity_amount(both, STOP, law, "instalment"), D(90))
        with self.assertRaises(MissingValue):
            indemnity_amount(self.case(), STOP, LegalValues((), changed[:1]))

    def test_bad_input(self):
        with self.assertRaises(InvalidRegime):
            self.count(self.case(), per="reminder")
        with self.assertRaises(InvalidRegime):
            self.case(kind="")
        with self.assertRaises(InvalidDebt):
            Instalment(None)
