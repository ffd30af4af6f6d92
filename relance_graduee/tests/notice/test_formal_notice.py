"""What a formal notice needs before it leaves, in which order it leaves, and what it says."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_channels import ChannelCommon

FORMAL = 3


class FormalCommon(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stop_clock()
        cls.steps[FORMAL].write({"send_email": True, "print_letter": True})

    def _formal(self, partner=None, **vals):
        """A proposal of a formal notice; it is ``cls.day``."""
        notice = self._propose(FORMAL, partner, **vals)
        self.assertTrue(notice.is_formal_notice)
        return notice

    def _refused(self, notice, words):
        """Neither approved nor, were it approved before, sent."""
        with self.assertRaisesRegex(UserError, words):
            notice.action_approve()
        self.assertEqual(notice.state, "proposed")
        notice.sudo().write({"state": "approved", "approved_by": self.manager.id})
        notice.action_send()
        self.assertEqual(notice.state, "proposed", "sending looks again")
        self.assertRegex(notice.failure_reason, words)


@tagged("post_install", "-at_install")
class TestRefusals(FormalCommon):
    """LAW.md 44 to 50, 92: what no reason opens."""

    def test_complete_one_leaves(self):
        notice = self._formal()
        self.assertFalse(notice.formal_refusal or notice.formal_question)
        self._send(notice)
        self.assertEqual(notice.state, "approved")
        self._finish(notice)
        self.assertEqual(notice.state, "sent")

    def test_customer_in_insolvency(self):
        notice = self._formal()
        self.customer.insolvency_date = self._at(-1)
        notice.invalidate_recordset(["formal_refusal"])
        self.assertIn("insolvency", notice.formal_refusal)
        with self.assertRaisesRegex(UserError, "insolvency proceedings"):
            notice.action_approve()
        notice.sudo().write({"state": "approved", "approved_by": self.manager.id})
        notice.action_send()
        self.assertEqual(notice.state, "cancelled", "sending looks again: nothing is left")

    def test_debt_that_arose_after_the_opening_judgment_is_demanded(self):
        """LAW.md 92, 96: it is paid when due; what was owed before is left out."""
        before = self._due(FORMAL, amount=300.0, invoice_date=self._at(-100))
        self.customer.insolvency_date = self._at(-90)
        notice = self._formal()
        self.assertFalse(notice.formal_refusal)
        self.assertNotIn(before, notice.line_ids.move_id)
        self._send(notice)
        self.assertEqual((notice.state, notice.amount_residual), ("approved", 1000))

    def test_what_was_delivered_before_the_judgment_is_a_prior_debt(self):
        """LAW.md 96: whenever it was invoiced."""
        invoice = self._due(FORMAL, delivery_date=self._at(-95))
        self.customer.insolvency_date = self._at(-90)
        self.assertEqual(self._reason(invoice), "insolvency")

    def test_legal_identity_incomplete(self):
        for name in (
            "company_registry",
            "dunning_legal_form",
            "dunning_share_capital",
            "dunning_rcs_city",
            "dunning_signatory_name",
            "dunning_signatory_capacity",
            "street",
            "city",
        ):
            with self.subTest(name=name):
                before = self.company[name]
                self.company[name] = False
                self.assertTrue(self.company._get_dunning_identity_gaps())
                self.company[name] = before
                self.assertFalse(self.company._get_dunning_identity_gaps())
        notice = self._formal()
        self.company.dunning_rcs_city = False
        self._refused(notice, "legal identity.*RCS city")

    def test_identity_by_legal_form(self):
        self.company.write(
            {
                "dunning_legal_form": "Association loi 1901",
                "dunning_rcs_city": False,
                "dunning_share_capital": False,
            }
        )
        self.assertFalse(self.company._get_dunning_identity_gaps())
        self.company.dunning_legal_form = "S.A.S."
        self.assertEqual(len(self.company._get_dunning_identity_gaps()), 2)
        self.company.company_registry = "732829321"
        self.assertIn("SIREN", self.company._get_dunning_identity_gaps())

    def test_company_of_unknown_kind_is_asked_for(self):
        unknown = self._create_customer("Unknown", customer_kind=False)
        self.assertTrue(unknown.customer_kind_warning)
        notice = self._formal(unknown)
        self._refused(notice, "business or an association")
        unknown.vat = "FR23334175221"
        self.assertFalse(unknown.customer_kind_warning)
        self.assertEqual(unknown._get_customer_kind(), "business")

    def test_person_without_kind_is_a_consumer(self):
        person = self._create_customer("Person", customer_kind=False, is_company=False)
        self.assertFalse(person.customer_kind_warning)
        self.assertEqual(person._get_customer_kind(), "consumer")

    def test_nothing_undisputed_left(self):
        notice = self._formal()
        notice.line_ids.move_line_id._set_dunning_disputed(True, "Wrong goods")
        with self.assertRaisesRegex(UserError, "Nothing undisputed is left"):
            notice.action_approve()

    def test_disputed_part_is_left_out_and_the_rest_demanded(self):
        notice = self._formal()
        disputed = self._due(FORMAL, amount=300.0)
        self._launch()
        self.assertEqual(notice.amount_residual, 1300)
        self._term_lines(disputed)._set_dunning_disputed(True, "Wrong goods")
        self._send(notice)
        self.assertEqual(notice.amount_residual, 1000)

    def test_time_barred_debt_of_a_consumer(self):
        person = self._create_customer("Person", customer_kind="consumer", is_company=False)
        self._due(FORMAL, person)
        notice = self._notices(self._launch(), person)
        self.assertFalse(notice.formal_refusal)
        self.assertIn("time-barred", notice.with_context(dunning_date=self._at(900)).formal_refusal)
        with self._clock(900):
            notice = notice.with_context(dunning_date=self.day)  # an earlier day helps nobody
            with self.assertRaisesRegex(UserError, "time-barred"):
                notice.action_approve()
            with self.assertRaisesRegex(UserError, "time-barred"):
                notice.with_user(self.manager)._decide_formal("Please")
                notice.action_approve()

    def test_nobody_entitled_approved_it(self):
        notice = self._formal()
        for approver in (self.collector, self.env["res.users"]):
            notice.sudo().write({"state": "approved", "approved_by": approver.id})
            notice.action_send()
            self.assertEqual(notice.state, "proposed")
            self.assertIn("dunning manager approved", notice.failure_reason)


@tagged("post_install", "-at_install")
class TestDecision(FormalCommon):
    """What a manager may decide, with a reason that is kept."""

    def _never_reminded(self):
        self.steps[:FORMAL].active = False
        self._invoice(50)
        return self._notices(self._launch())

    def test_no_earlier_reminder(self):
        notice = self._never_reminded()
        self.assertIn("No earlier reminder", notice.formal_question)
        self._refused(notice, "No earlier reminder")
        notice.with_user(self.manager)._decide_formal("The customer vanishes")
        self.assertEqual(notice.formal_reason, "The customer vanishes")
        self.assertEqual(notice.formal_decided_by, self.manager)
        self.assertEqual(notice.formal_decided_on, self.day)
        self.assertIn("The customer vanishes", notice.message_ids[0].body)
        self._send(notice)
        self.assertEqual(notice.state, "approved")

    def test_time_barred_debt_of_a_business(self):
        self._due(FORMAL)
        notice = self._notices(self._launch())
        asked = notice.with_context(dunning_date=self._at(6 * 366))
        self.assertIn("Time-barred", asked.formal_question)
        with self._clock(6 * 366):
            with self.assertRaisesRegex(UserError, "may refuse to pay"):
                notice.action_approve()
            notice.with_user(self.manager)._decide_formal("They always pay in the end")
            notice.action_approve()
        self.assertEqual(notice.state, "approved")

    def test_decision_covers_what_was_known(self):
        notice = self._never_reminded()
        notice.with_user(self.manager)._decide_formal("The customer vanishes")
        self.assertFalse(notice.formal_question)
        later = self._invoice(50, amount=10.0)
        self._launch()
        self.assertIn(later, notice.line_ids.move_id)
        self.assertIn(later.name, notice.formal_question)
        with self.assertRaisesRegex(UserError, later.name):
            notice.action_approve()

    def test_only_a_manager_and_only_with_a_reason(self):
        notice = self._never_reminded()
        with self.assertRaises(AccessError):
            notice.with_user(self.collector)._decide_formal("Because")
        with self.assertRaisesRegex(UserError, "Say why"):
            notice.with_user(self.manager)._decide_formal("  ")
        for name in ("formal_reason", "formal_decided_by"):
            with self.assertRaises(AccessError):
                notice.with_user(self.manager).write({name: False})

    def test_decision_of_a_sent_notice_stays(self):
        notice = self._never_reminded()
        notice.with_user(self.manager)._decide_formal("The customer vanishes")
        self._send(notice)
        self._finish(notice)
        with self.assertRaisesRegex(UserError, "was sent"):
            notice.sudo().formal_reason = "Other"
        with self.assertRaisesRegex(UserError, "was sent"):
            notice.with_user(self.manager)._decide_formal("Again")


@tagged("post_install", "-at_install")
class TestOrder(FormalCommon):
    """The copies leave when the registered letter is posted, and nothing is fixed before."""

    def setUp(self):
        super().setUp()
        self.notice = self._formal()
        self._send(self.notice)
        self.registered = self._delivery(self.notice, "registered")
        self.email = self._delivery(self.notice, "email")
        self.letter = self._delivery(self.notice, "letter")

    def _post(self, deliveries):
        self.registered.tracking_number = "2C 123"
        deliveries.action_done(date=self.day)

    def test_nothing_leaves_before_the_registered_letter(self):
        self.assertEqual(self.notice.state, "approved")
        self.assertFalse(self.email.mail_id)
        self.assertTrue(self.email.waits_for_proof and self.letter.waits_for_proof)
        self.assertFalse(any(self.notice.delivery_ids.mapped("date_contact")))
        self.notice.line_ids.invalidate_recordset()
        self.assertEqual(self.notice.line_ids.move_line_id.dunning_step_id, self.steps[2])

    def test_email_leaves_when_it_is_posted(self):
        self._post(self.registered)
        self.assertEqual(self.notice.state, "sent")
        self.assertTrue(self.email.mail_id)
        self.assertEqual(self.email.mail_id.attachment_ids, self.notice.attachment_id)
        self.assertEqual(self.email.date_contact, self.day)

    def test_ordinary_letter_leaves_with_it_not_before(self):
        with self.assertRaisesRegex(UserError, "post the letter that it copies first"):
            self.letter.action_done(date=self.day)
        self._post(self.letter | self.registered)
        self.assertEqual(set((self.letter | self.registered).mapped("state")), {"done"})

    def test_call_beside_it_does_not_fix_it(self):
        call = self.env["dunning.delivery"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "channel": "phone",
                "notice_id": self.notice.id,
            }
        )
        call.action_done(outcome="voicemail", date=self.day)
        self.assertEqual(self.notice.state, "approved")

    def test_paid_before_the_post_office_nothing_left_anywhere(self):
        self._pay(self.notice.line_ids.move_id)
        self.env["dunning.sender"]._refresh_letters(self.registered)
        self.assertEqual(self.notice.state, "cancelled")
        self.assertEqual(set(self.notice.delivery_ids.mapped("state")), {"cancelled"})

    def test_without_it_the_copies_do_not_leave(self):
        self.registered.action_cancel()
        self.assertEqual(set(self.notice.delivery_ids.mapped("state")), {"cancelled"})
        self.assertEqual(self.notice.state, "cancelled")

    def test_printed_another_day_the_email_carries_the_posted_document(self):
        first = self.notice.attachment_id
        self.registered.tracking_number = "2C 123"
        with self._clock(1):
            self.registered.action_print()
            second = self.notice.attachment_id
            self.assertNotEqual(first.id, second.id)
            self.registered.action_done()
        self.assertEqual(self.email.mail_id.attachment_ids, second)

    def test_email_address_that_went_away_is_a_failure_that_somebody_sees(self):
        self.customer.email = False
        self._post(self.registered)
        self.assertEqual((self.notice.state, self.email.state), ("sent", "failed"))


@tagged("post_install", "-at_install")
class TestRegisteredEmail(FormalCommon):
    """LAW.md 49."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steps[FORMAL].write(
            {"registered_letter": False, "print_letter": False, "registered_email": True}
        )

    def test_fifteen_days_of_acceptance_are_left(self):
        """Deposited on Wednesday 7 October, 15 days to accept, 8 to answer: Friday 30."""
        notice = self._formal()
        self._send(notice)
        self.assertEqual(notice.answer_deadline.isoformat(), "2026-10-30")

    def test_followed_by_its_number_and_dates(self):
        notice = self._formal()
        self._send(notice)
        lre = self._delivery(notice, "registered_email")
        email = self._delivery(notice, "email")
        self.assertIn("@customer.example", lre.recipient)
        with self.assertRaisesRegex(UserError, "number"):
            lre.action_done(date=self.day)
        lre.tracking_number = "LRE-1"
        lre.action_done(date=self.day)
        self.assertEqual((notice.state, lre.outcome), ("sent", "pending"))
        self.assertTrue(email.mail_id)
        self.assertEqual(lre.date_accept_until, self.day + timedelta(days=15))
        with self._clock(16):
            lre.action_done(outcome="unclaimed")
        self.assertEqual(lre.date_presented, self._at(16))

    def test_void_without_consent_of_who_is_no_professional(self):
        person = self._create_customer("Person", customer_kind="consumer", is_company=False)
        notice = self._formal(person)
        self._send(notice)
        self.assertEqual(notice.state, "proposed")
        self.assertIn("did not agree", notice.failure_reason)
        person.lre_consent_date = self._at(-100)
        self._send(notice)
        self.assertEqual(notice.state, "approved")


@tagged("post_install", "-at_install")
class TestWords(FormalCommon):
    def _words(self, notice):
        self._send(notice)
        return self.letters[-1]

    def test_registered_seat_legal_representative_and_copy_to_accounts(self):
        letter = self._words(self._formal())
        self.assertIn("2 RUE DU CLIENT", " ".join(letter["recipient_lines"]).upper())
        self.assertIn("TO THE LEGAL REPRESENTATIVE", letter["recipient_lines"])
        self.assertIn(("Copy", "Your accounts payable"), letter["references"])

    def test_who_signs_and_in_which_capacity(self):
        signature = self._words(self._formal())["signature"]
        self.assertEqual(
            (signature["name"], signature["capacity"]), ("Sophie Signataire", "Head of accounting")
        )

    def test_sender_in_full(self):
        """R123-237, R123-238."""
        self.company.dunning_legal_extra = "In liquidation"
        legal = self._words(self._formal())["sender"]["legal"]
        for words in ("SARL", "10 000 €", "SIREN", "RCS Lyon", "In liquidation"):
            self.assertIn(words, legal)

    def test_credit_insurer_and_incidents_only_where_the_company_has_them(self):
        notice = self._formal()
        self.assertNotIn("insurer", notice.text_legal_consequence)
        self.company.write(
            {"dunning_credit_insurer": "Prudence SA", "dunning_incident_service": "the Registry"}
        )
        notice.invalidate_recordset()
        self.assertIn("our credit insurer, Prudence SA", notice.text_legal_consequence)
        self.assertIn("reported to the Registry", notice.text_legal_consequence)
        self.customer.customer_kind = "consumer"
        notice.invalidate_recordset()
        self.assertNotIn("insurer", notice.text_legal_consequence)

    def test_51_costs_are_the_courts_to_charge_and_never_named_to_consumers(self):
        """CPCE L111-8: without a title they stay with the creditor; 30: never a consumer's."""
        notice = self._formal()
        self.assertIn("may be charged to you by the court", notice.text_legal_consequence)
        for kind in ("consumer", "nonprofessional", "public"):
            self.customer.customer_kind = kind
            notice.invalidate_recordset()
            self.assertNotIn("costs", notice.text_legal_consequence)
            if kind != "public":
                self.assertFalse(notice.text_penalties)

    def test_48_deadline_is_a_calendar_date_after_the_post(self):
        """Never "within eight days of this letter": posting day, margin of the post, then eight."""
        notice = self._formal()
        self._send(notice)
        self.assertGreater(notice.answer_deadline, self._at(8))
        self.assertIn(str(notice.answer_deadline.year), notice.text_deadline)

    def test_not_yet_reminded_items_stand_below_the_total(self):
        """Demanded: overdue, undisputed, reminded; the others "pour mémoire"."""
        self._invoice(2, amount=77.0)
        letter = self._words(self._formal())
        self.assertEqual(len(letter["rows"]), 1)
        self.assertEqual(len(letter["memo_rows"]), 1)
        self.assertIn("1,000", letter["totals"][-1]["amount"])
