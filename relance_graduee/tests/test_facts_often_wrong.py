"""The thirty facts that dunning software gets wrong most often: each has a test of its own.

The numbers are those of the law sheet. A test that is renamed or dropped is missed here.
"""

from importlib import import_module

from odoo.tests import BaseCase, tagged

FACTS = {
    "1 the rate in force on 1 January and 1 July": (
        "late_interest.TestBusiness.test_fact_1_refi_rate_plus_margin"
    ),
    "2 interest is cut at each half-year": (
        "late_interest.TestBusiness.test_fact_2_cut_at_each_semester"
    ),
    "3 the floor does not raise the default rate": (
        "late_interest.TestBusiness.test_fact_3_the_floor_does_not_raise_the_default_rate"
    ),
    "4 a rate below the floor is told, not replaced": (
        "late_interest.TestBusiness.test_fact_4_a_rate_below_the_floor_is_told_and_used"
    ),
    "5 from the day after the due date, without reminder": (
        "late_interest.TestBusiness.test_fact_5_from_the_day_after_the_due_date_without_reminder"
    ),
    "6 thirty days where nothing was agreed": (
        "penalties.TestInterestRules.test_6_thirty_days_where_nothing_was_agreed"
    ),
    "7 on the open amount with VAT": (
        "penalties.TestInterestRules.test_7_base_is_the_gross_amount"
    ),
    "8 365 days, never 360": (
        "late_interest.TestBusiness.test_fact_8_act_365_counts_leap_days_and_never_360"
    ),
    "9 days are a subtraction of dates": (
        "late_interest.TestBusiness.test_fact_9_days_are_a_subtraction_of_dates"
    ),
    "10 a payment counts on the day the money arrived": (
        "late_interest.TestBusiness.test_fact_10_a_payment_counts_on_the_day_it_arrived"
    ),
    "11 no interest on interest": (
        "late_interest.TestBusiness.test_fact_11_no_interest_on_interest"
    ),
    "12 no legal interest on top": (
        "late_interest.TestBusiness.test_fact_12_no_legal_interest_on_top_of_late_interest"
    ),
    "13 out of scope of VAT: no tax, not 0 %": (
        "penalty_ledger.TestDebitNote.test_bears_no_tax_and_has_its_own_journal"
    ),
    "16 a waiver is somebody's decision": (
        "penalty_ledger.TestLifeCycle.test_waived_with_a_reason_and_back"
    ),
    "20 40 € from the first day, without reminder": (
        "penalties.TestIndemnity.test_20_due_from_the_first_day_without_reminder"
    ),
    "21 once an invoice": (
        "penalties.TestIndemnity.test_21_once_an_invoice_not_a_day_nor_a_reminder"
    ),
    "22 although it was paid in full one day late": (
        "penalties.TestIndemnity.test_22_due_though_paid_in_full_one_day_late"
    ),
    "25 not what falls due after an opening judgment": (
        "penalties.TestIndemnity.test_25_not_for_what_falls_due_after_an_opening_judgment"
    ),
    "26 never from consumers": (
        "penalties.TestIndemnity.test_26_never_from_consumers_nor_nonprofessionals"
    ),
    "27 a credit note is no payment": (
        "late_interest.TestBusiness"
        ".test_fact_27_a_credit_note_reduces_from_its_own_date_and_pays_nothing"
    ),
    "28 consumers: from the receipt of a formal notice": (
        "penalties.TestInterestRules.test_28_consumers_from_the_receipt_of_a_formal_notice"
    ),
    "29 the legal rate by who the creditor is": (
        "late_interest.TestOthers.test_fact_29_the_column_of_the_creditor"
    ),
    "30, 51 no costs charged without a title": (
        "formal_notice.TestWords"
        ".test_51_costs_are_the_courts_to_charge_and_never_named_to_consumers"
    ),
    "31 two years for consumers": "limitation.TestPeriods.test_consumer_two_years",
    "33 public bodies: four years from 1 January, a written claim interrupts": (
        "limitation.TestInterruptions.test_formal_notice_to_a_public_body_interrupts"
    ),
    "34 a formal notice interrupts nothing": (
        "limitation.TestInterruptions.test_formal_notice_interrupts_nothing"
    ),
    "35 a part payment overwrites nothing": (
        "limitation.TestInterruptions.test_part_payment_is_possible_and_never_overwrites"
    ),
    "36 a request for an order to pay is no interruption": (
        "limitation.TestInterruptions"
        ".test_request_for_an_order_to_pay_is_no_interruption_of_its_own"
    ),
    "38 a time-barred consumer is not asked": (
        "limitation.TestTimeBarred.test_time_barred_claim_on_a_consumer_is_held_and_says_so"
    ),
    "40 two computations of end of month; 60 days end of month never": (
        "payment_terms.TestTermWarnings.test_sixty_days_end_of_month_is_never_lawful"
    ),
    "41 special sectors": "payment_terms.TestCaps.test_special_sectors",
    "48 the deadline is a calendar date": (
        "formal_notice.TestWords.test_48_deadline_is_a_calendar_date_after_the_post"
    ),
    "49 registered e-mail: fifteen days, consent": (
        "formal_notice.TestRegisteredEmail.test_void_without_consent_of_who_is_no_professional"
    ),
    "54, 104 no words of a court": "vocabulary.TestVocabulary.test_what_looks_like_a_courts_act",
    "75 to 77 what a payment pays": (
        "late_interest.TestOthers.test_facts_75_to_77_what_a_payment_pays"
    ),
    "92 interest stops the day before the judgment": (
        "penalties.TestIndemnity.test_92_interest_stops_the_day_before_the_judgment"
    ),
    "96 later debts go on, by their delivery": (
        "formal_notice.TestRefusals.test_debt_that_arose_after_the_opening_judgment_is_demanded"
    ),
    "98 debt proceedings of a consumer": (
        "penalties.TestInterestRules.test_98_consumers_in_debt_proceedings_are_left_alone"
    ),
    "100 marks fall after payment, and after three years": (
        "personal_data.TestMarks.test_mark_falls_after_three_years_though_the_debt_is_open"
    ),
    "113 public buyers: one rate for the whole delay": (
        "late_interest.TestOthers.test_fact_113_one_rate_for_the_whole_delay_of_a_public_buyer"
    ),
}


@tagged("post_install", "-at_install")
class TestFactsOftenWrong(BaseCase):
    def test_each_has_its_test(self):
        tests = import_module(__package__)
        for fact, place in FACTS.items():
            file, case, name = place.split(".")
            with self.subTest(fact=fact):
                module = getattr(tests, f"test_{file}")
                self.assertTrue(callable(getattr(getattr(module, case), name)))
