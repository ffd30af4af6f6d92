"""Until when a claim may be brought to court, what interrupts that time, and who is told."""

from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..common import DunningCommon


class LimitationCommon(DunningCommon):
    def _old(self, due, partner=None, invoiced=None, **vals):
        """A posted invoice due on ``due``, issued on ``invoiced`` (default: 30 days before)."""
        due = fields.Date.to_date(due)
        issued = fields.Date.to_date(invoiced) or due - timedelta(days=30)
        return self._create_move(
            "out_invoice",
            partner,
            1000.0,
            invoice_date=issued,
            invoice_date_due=due,
            invoice_payment_term_id=False,
            **vals,
        )

    def _barred_on(self, move):
        return self._item(move).limitation_date

    def _interrupt(self, move, day, kind="acknowledgement", **vals):
        return self.env["dunning.interruption"].create(
            {
                "partner_id": move.commercial_partner_id.id,
                "company_id": self.company.id,
                "move_line_ids": self._term_lines(move).ids,
                "kind": kind,
                "date": day,
                "evidence": "E-mail of the customer",
                **vals,
            }
        )

    def _customer_of(self, kind, **vals):
        return self._create_customer(f"The {kind}", customer_kind=kind, **vals)


@tagged("post_install", "-at_install")
class TestPeriods(LimitationCommon):
    """LAW.md 31 to 33."""

    def test_business_five_years(self):
        self.assertEqual(self._barred_on(self._old("2025-03-31")), date(2030, 3, 1))

    def test_association_five_years(self):
        club = self._customer_of("nonprofessional")
        self.assertEqual(self._barred_on(self._old("2025-03-31", club)), date(2030, 3, 1))

    def test_consumer_two_years(self):
        person = self._customer_of("consumer", is_company=False)
        self.assertEqual(self._barred_on(self._old("2025-03-31", person)), date(2027, 3, 1))

    def test_public_body_four_years_from_the_next_january(self):
        town = self._customer_of("public")
        self.assertEqual(self._barred_on(self._old("2025-03-31", town)), date(2030, 1, 1))
        december = self._old("2026-01-05", town, invoiced="2025-12-06")
        self.assertEqual(self._barred_on(december), date(2030, 1, 1))

    def test_carriage_one_year_flagged_on_the_invoice(self):
        invoice = self._old("2026-03-31", dunning_is_carriage=True)
        self.assertEqual(self._barred_on(invoice), date(2027, 3, 1))

    def test_carriage_one_year_flagged_on_the_product(self):
        product = self.env["product.product"].create(
            {"name": "Haulage", "dunning_is_carriage": True}
        )
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-03-01",
                "invoice_date_due": "2026-03-31",
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    fields.Command.create({"product_id": product.id, "price_unit": 10})
                ],
            }
        )
        move.action_post()
        self.assertTrue(move.dunning_is_carriage)
        self.assertEqual(self._barred_on(move), date(2027, 3, 1))

    def test_product_flagged_later_shortens_its_open_invoices(self):
        product = self.env["product.product"].create({"name": "Haulage"})
        move = self._old("2026-03-31")
        other = self._old("2026-03-31")
        move.invoice_line_ids.with_context(check_move_validity=False).product_id = product
        product.dunning_is_carriage = True
        self.assertTrue(move.dunning_is_carriage)
        self.assertFalse(other.dunning_is_carriage)

    def test_counted_from_the_earliest_day(self):
        """LAW.md 32: delivery, invoice or due date, whichever comes first."""
        late_invoice = self._old("2025-03-31", invoiced="2025-03-15", delivery_date="2025-02-01")
        self.assertEqual(self._barred_on(late_invoice), date(2030, 2, 1))
        due_first = self._old("2025-03-31", invoiced="2025-04-30")
        self.assertEqual(self._barred_on(due_first), date(2030, 3, 31))
        delivered_after = self._old("2025-03-31", invoiced="2025-03-15", delivery_date="2025-03-20")
        self.assertEqual(self._barred_on(delivered_after), date(2030, 3, 15))

    def test_29_february(self):
        invoice = self._old("2024-03-31", invoiced="2024-02-29")
        self.assertEqual(self._barred_on(invoice), date(2029, 2, 28))

    def test_credits_have_no_period(self):
        refund = self._credit(100)
        self.assertFalse(self._item(refund).limitation_date)

    def test_shown_on_the_invoice(self):
        self.assertEqual(self._old("2025-03-31").dunning_limitation_date, date(2030, 3, 1))


@tagged("post_install", "-at_install")
class TestInterruptions(LimitationCommon):
    """LAW.md 33 to 38."""

    def test_acknowledgement_court_and_enforcement_begin_anew(self):
        for kind in ("acknowledgement", "court", "enforcement"):
            with self.subTest(kind=kind):
                invoice = self._old("2025-03-31")
                self._interrupt(invoice, "2026-05-10", kind)
                self.assertEqual(self._barred_on(invoice), date(2031, 5, 10))

    def test_part_payment_is_possible_and_never_overwrites(self):
        invoice = self._old("2025-03-31")
        self._interrupt(invoice, "2026-05-10", "payment")
        item = self._item(invoice)
        self.assertEqual(item.limitation_date, date(2030, 3, 1))
        self.assertEqual(item.limitation_possible_date, date(2031, 5, 10))

    def test_part_payment_in_the_books_is_possible_too(self):
        invoice = self._old("2025-03-31")
        self._pay(invoice, 400)
        item = self._item(invoice)
        self.assertEqual(item.limitation_date, date(2030, 3, 1))
        self.assertEqual(item.limitation_possible_date, self.day.replace(year=2031))

    def test_payment_after_the_end_revives_nothing(self):
        invoice = self._old("2021-03-31")
        self._pay(invoice, 400)
        self.assertFalse(self._item(invoice).limitation_possible_date)

    def test_nothing_revives_a_time_barred_claim(self):
        invoice = self._old("2020-03-31")
        with self.assertRaisesRegex(ValidationError, "time-barred since"):
            self._interrupt(invoice, "2026-01-10")

    def test_formal_notice_interrupts_nothing(self):
        """Cass. com. 18/05/2022, 20-23.204: not even registered."""
        invoice = self._invoice(60)
        self._term_lines(invoice)._set_dunning_step(self.steps[2], self._at(-20), "Migrated")
        before = self._barred_on(invoice)
        notice = self._notices(self._launch())
        self._send(notice)
        self._finish(notice)
        self.assertTrue(notice.is_formal_notice and notice.state == "sent")
        self.assertEqual(self._barred_on(invoice), before)
        with self.assertRaisesRegex(ValidationError, "interrupts nothing"):
            self._interrupt(invoice, self.day, "written_claim")

    def test_formal_notice_to_a_public_body_interrupts(self):
        """Loi 68-1250, article 2: four more years from the next 1 January."""
        town = self._customer_of("public")
        invoice = self._invoice(300, partner=town)
        self._term_lines(invoice)._set_dunning_step(self.steps[2], self._at(-20), "Migrated")
        self.assertEqual(self._barred_on(invoice), date(2030, 1, 1))
        notice = self._notices(self._launch(), town)
        self._send(notice)
        self._finish(notice)
        claim = self.env["dunning.interruption"].search([("notice_id", "=", notice.id)])
        self.assertEqual((claim.kind, claim.date), ("written_claim", self.day))
        self.assertEqual(claim.attachment_ids, notice.attachment_id)
        self.assertEqual(self._barred_on(invoice), date(2031, 1, 1))

    def test_request_for_an_order_to_pay_is_no_interruption_of_its_own(self):
        """LAW.md 36: its service is, as a claim before a court; filing it is none of the kinds."""
        kinds = dict(self.env["dunning.interruption"]._fields["kind"].selection)
        self.assertEqual(
            set(kinds),
            {
                "acknowledgement",
                "payment",
                "court",
                "enforcement",
                "title",
                "written_claim",
                "mediation",
            },
        )

    def test_claim_that_failed_interrupted_nothing(self):
        """C. civ. 2243."""
        invoice = self._old("2025-03-31")
        claim = self._interrupt(invoice, "2026-05-10", "court")
        with self.assertRaisesRegex(UserError, "Say why"):
            claim._erase(" ")
        claim._erase("Dismissed")
        self.assertEqual(self._barred_on(invoice), date(2030, 3, 1))

    def test_interrupted_twice_but_too_late_the_second_time(self):
        """What came after the period began anew and ended again does not count."""
        person = self._customer_of("consumer", is_company=False)
        invoice = self._old("2021-03-31", person)
        self._interrupt(invoice, "2022-05-10")
        with self.assertRaisesRegex(ValidationError, "time-barred"):
            self._interrupt(invoice, "2025-01-10")

    def test_chain_of_acknowledgements_ends_after_twenty_years(self):
        invoice = self._old("2007-03-31")
        for day in ("2011-01-10", "2015-01-10", "2019-01-10", "2023-06-10"):
            self._interrupt(invoice, day)
        self.assertEqual(self._barred_on(invoice), date(2027, 3, 1), "C. civ. 2232")

    def test_court_claim_is_not_ended_by_twenty_years(self):
        """C. civ. 2232: neither is enforcement."""
        invoice = self._old("2007-03-31")
        for day in ("2011-01-10", "2015-01-10", "2019-01-10"):
            self._interrupt(invoice, day)
        self._interrupt(invoice, "2023-06-10", "court")
        self.assertEqual(self._barred_on(invoice), date(2028, 6, 10))

    def test_court_claim_interrupts_until_the_proceedings_end(self):
        """C. civ. 2242."""
        person = self._customer_of("consumer", is_company=False)
        invoice = self._old("2023-03-31", person)
        claim = self._interrupt(invoice, "2024-05-10", "court")
        self.assertEqual(self._barred_on(invoice), date(2026, 5, 10), "as long as nobody says")
        for day in ("2024-05-09", "2999-01-01"):
            with (
                self.subTest(day=day),
                self.assertRaisesRegex(ValidationError, "Proceedings end"),
                self.env.cr.savepoint(),
            ):
                claim.date_end = day
        claim.date_end = "2026-02-10"
        self.assertEqual(self._barred_on(invoice), date(2028, 2, 10))
        with self.assertRaisesRegex(ValidationError, "Only a claim before a court"):
            self._interrupt(self._old("2025-03-31"), "2026-05-10", date_end="2026-05-11")

    def test_judgment_is_enforced_for_ten_years(self):
        """Code des procédures civiles d'exécution, L111-4; for consumers too."""
        person = self._customer_of("consumer", is_company=False)
        invoice = self._old("2025-03-31", person)
        self._interrupt(invoice, "2026-05-10", "title")
        self.assertEqual(self._barred_on(invoice), date(2036, 5, 10))
        self._interrupt(invoice, "2026-06-10")
        self.assertEqual(self._barred_on(invoice), date(2036, 5, 10), "never shorter")

    def test_written_claims_to_a_public_body_more_than_four_years_apart(self):
        """The period counts from 1 January after each: the second one came in time."""
        town = self._customer_of("public")
        invoice = self._old("2019-03-31", town)
        for day in ("2020-01-15", "2024-11-20"):
            self._interrupt(invoice, day, "written_claim")
        self.assertEqual(self._barred_on(invoice), date(2029, 1, 1))

    def test_what_came_too_late_leaves_the_end_of_what_came_in_time(self):
        """As where the customer turned out to be a consumer."""
        invoice = self._old("2020-03-31")
        for day in ("2021-02-10", "2024-05-10"):
            self._interrupt(invoice, day)
        self.assertEqual(self._barred_on(invoice), date(2029, 5, 10))
        self.customer.write({"customer_kind": "consumer", "is_company": False})
        self.assertEqual(self._barred_on(invoice), date(2023, 2, 10))

    def test_items_of_the_customer_only(self):
        stranger = self._create_customer("Stranger")
        invoice = self._old("2025-03-31")
        with self.assertRaisesRegex(ValidationError, "not all receivables"):
            self._interrupt(invoice, "2026-05-10", partner_id=stranger.id)
        with self.assertRaisesRegex(ValidationError, "in the past"):
            self._interrupt(invoice, "2999-01-01")

    def test_recorded_by_collectors_erased_by_managers(self):
        collector = new_test_user(
            self.env, "limit_collector", groups="relance_graduee.group_dunning_user"
        )
        invoice = self._old("2025-03-31")
        model = self.env["dunning.interruption"].with_user(collector)
        claim = self._interrupt(invoice, "2026-05-10").with_user(collector)
        with self.assertRaises(AccessError):
            claim._erase("Mistake")
        with self.assertRaises(UserError):
            claim.sudo(False).write({"active": False})
        with self.assertRaises(UserError):
            model.create({"partner_id": self.customer.id, "active": False})
        with self.assertRaises(UserError):
            claim.sudo().unlink()

    def test_recorded_anew_it_names_what_was_erased(self):
        invoice = self._old("2025-03-31")
        wrong = self._interrupt(invoice, "2026-05-10")
        with self.assertRaisesRegex(ValidationError, "Only what was erased"):
            self._interrupt(invoice, "2026-05-11", corrects_id=wrong.id)
        wrong._erase("Dated wrongly")
        context = wrong.action_correct()["context"]
        model = self.env["dunning.interruption"].with_context(**context)
        with Form(model, "relance_graduee.dunning_interruption_view_form") as form:
            form.date = "2026-05-11"
        right = form.record
        self.assertEqual(right.corrects_id, wrong)
        self.assertEqual((right.kind, right.move_line_ids), (wrong.kind, wrong.move_line_ids))
        self.assertEqual(self._barred_on(invoice), date(2031, 5, 11))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            right.corrects_id = False

    def test_what_was_recorded_stays_for_superuser_too(self):
        """It is erased with a reason and recorded anew; its documents are added, none taken."""
        invoice, other = self._old("2025-03-31"), self._old("2025-04-30")
        paper = self.env["ir.attachment"].create({"name": "letter.txt", "raw": b"I owe it"})
        claim = self._interrupt(invoice, "2026-05-10", attachment_ids=paper.ids)
        self.assertTrue(self.env.su)
        for vals in (
            {"kind": "title"},
            {"date": "2026-05-11"},
            {"evidence": "Nothing"},
            {"user_id": self.env.ref("base.user_admin").id},
            {"move_line_ids": self._term_lines(other).ids},
            {"attachment_ids": [(5,)]},
        ):
            with self.subTest(vals), self.assertRaises(UserError), self.env.cr.savepoint():
                claim.write(vals)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            paper.raw = b"I owe nothing"
        note = claim._message_log(body="Received today")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            note.unlink()
        claim._erase("Of another invoice")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            claim.write({"active": True})
        self.assertTrue(self._interrupt(other, "2026-05-10"))


@tagged("post_install", "-at_install")
class TestSuspensions(LimitationCommon):
    """LAW.md 37: a mediation suspends, and six months at least are left (C. civ. 2238)."""

    def test_its_days_do_not_count(self):
        """92 days from 10 May to 10 August 2026: 1 March 2030 becomes 1 June."""
        invoice = self._old("2025-03-31")
        mediation = self._interrupt(invoice, "2026-05-10", "mediation")
        self.assertEqual(self._barred_on(invoice), date(2030, 3, 1), "as long as nobody says")
        mediation.date_end = "2026-08-10"
        self.assertEqual(self._barred_on(invoice), date(2030, 6, 1))
        mediation._erase("Never took place")
        self.assertEqual(self._barred_on(invoice), date(2030, 3, 1))

    def test_six_months_at_least_are_left(self):
        """A consumer's claim that ended on 1 October 2026, in mediation for 71 days before."""
        person = self._customer_of("consumer", is_company=False)
        invoice = self._old("2024-10-31", person)
        self.assertEqual(self._barred_on(invoice), date(2026, 10, 1))
        self.assertEqual(self._reason(invoice), "time_barred")
        self._interrupt(invoice, "2026-07-10", "mediation", date_end="2026-09-19")
        self.assertEqual(self._barred_on(invoice), date(2027, 3, 19))
        self.assertNotEqual(self._reason(invoice), "time_barred")

    def test_too_late_it_suspends_nothing(self):
        person = self._customer_of("consumer", is_company=False)
        invoice = self._old("2024-07-31", person)
        with self.assertRaisesRegex(ValidationError, "time-barred since"):
            self._interrupt(invoice, "2026-07-10", "mediation", date_end="2026-09-19")

    def test_acknowledged_in_the_time_that_a_mediation_left(self):
        """Plain end 2 July 2025; six months after 20 June 2025: acknowledged on 1 December."""
        person = self._customer_of("consumer", is_company=False)
        invoice = self._old("2023-08-01", person)
        self._interrupt(invoice, "2025-06-01", "mediation", date_end="2025-06-20")
        self.assertEqual(self._barred_on(invoice), date(2025, 12, 20))
        self._interrupt(invoice, "2025-12-01")
        self.assertEqual(self._barred_on(invoice), date(2027, 12, 1))

    def test_after_an_acknowledgement(self):
        """Begun anew on 10 May 2026 for five years; then 31 days of mediation."""
        invoice = self._old("2025-03-31")
        self._interrupt(invoice, "2026-05-10")
        self._interrupt(invoice, "2026-06-01", "mediation", date_end="2026-07-02")
        self.assertEqual(self._barred_on(invoice), date(2031, 6, 10))

    def test_twenty_years_are_the_most(self):
        invoice = self._old("2007-03-31")
        for day in ("2011-01-10", "2015-01-10", "2019-01-10", "2023-06-10"):
            self._interrupt(invoice, day)
        self._interrupt(invoice, "2024-01-10", "mediation", date_end="2026-01-10")
        self.assertEqual(self._barred_on(invoice), date(2027, 3, 1), "C. civ. 2232")

    def test_instalments_each_by_itself(self):
        first, second = self._old("2025-03-31"), self._old("2025-03-31")
        self._interrupt(first, "2026-05-10", "mediation", date_end="2026-08-10")
        self.assertEqual(self._barred_on(first), date(2030, 6, 1))
        self.assertEqual(self._barred_on(second), date(2030, 3, 1))

    def test_dates_of_a_mediation(self):
        invoice = self._old("2025-03-31")
        for end in ("2026-05-09", "2999-01-01"):
            with self.subTest(end=end), self.assertRaisesRegex(ValidationError, "Proceedings end"):
                self._interrupt(invoice, "2026-05-10", "mediation", date_end=end)


@tagged("post_install", "-at_install")
class TestTimeBarred(LimitationCommon):
    def test_time_barred_claim_on_a_consumer_is_held_and_says_so(self):
        """LAW.md 38: to demand it would mislead."""
        person = self._customer_of("consumer", is_company=False)
        invoice = self._old("2024-10-31", person, invoiced="2024-10-07")
        self.assertFalse(self._reason(invoice, days=-1))
        self.assertEqual(self._reason(invoice), "time_barred")
        self.assertIn("may no longer be asked", self._item(invoice).hold_detail)

    def test_held_claim_stands_on_no_notice(self):
        person = self._customer_of("consumer", is_company=False)
        self._old("2024-10-31", person, invoiced="2024-10-07")
        fresh = self._invoice(6, partner=person)
        notice = self._notices(self._launch(), person)
        self.assertEqual(notice.line_ids.move_id, fresh)

    def test_time_barred_claim_on_a_business_goes_on(self):
        """Courts look at it only if the debtor says so: a formal notice asks a manager."""
        invoice = self._old("2020-03-31")
        self.assertFalse(self._reason(invoice))
        self.assertLess(self._item(invoice).limitation_days, 0)

    def test_found_by_the_days_that_are_left(self):
        near = self._old("2021-12-31", invoiced="2021-12-01")
        self._old("2026-03-31")
        items = (
            self.env["dunning.item"]
            .with_context(dunning_date=self.day, dunning_partner_ids=self.customer.ids)
            .search([("limitation_days", "<=", 90), ("partner_id", "=", self.customer.id)])
        )
        self.assertEqual(items.move_id, near)
        self.assertEqual(items.limitation_days, 55)


@tagged("post_install", "-at_install")
class TestWarnings(LimitationCommon):
    def _warn(self, day):
        model = self.env["dunning.limitation.warning"].with_context(dunning_date=day)
        before = self._tasks()
        model._cron_warn()
        return self._tasks() - before

    def _tasks(self):
        return self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.customer.id)]
        )

    def test_goes_through_batches_of_those_who_were_not_told_yet(self):
        self._old("2025-03-31", invoiced="2025-03-01")
        self._invoice(6, partner=self._create_customer("Recent"))
        day = date(2030, 3, 1) - timedelta(days=30)
        with self._queue() as queue:
            self.assertFalse(self._warn(day))
        batches = self._work_off(queue)
        (own,) = (batch for batch in batches if batch["company_id"] == self.company.id)
        self.assertEqual((own["method"], own["ids"]), ("_warn", self.customer.ids))
        self.assertEqual(len(self._tasks()), 1)
        with self._queue() as queue:
            self._warn(day)
        self.assertFalse(queue, "told once")

    def test_told_at_180_90_and_30_days_and_only_once(self):
        invoice = self._old("2025-03-31", invoiced="2025-03-01")
        end = date(2030, 3, 1)
        told = []
        for left in (200, 180, 179, 91, 90, 89, 31, 30, 29, 1):
            tasks = self._warn(end - timedelta(days=left))
            if tasks:
                told.append(left)
                self.assertIn(invoice.name, tasks.note)
        self.assertEqual(told, [180, 90, 30])

    def test_day_that_was_missed_is_made_up_for(self):
        self._old("2025-03-31", invoiced="2025-03-01")
        self.assertTrue(self._warn(date(2030, 3, 1) - timedelta(days=100)))

    def test_one_task_a_customer_without_amounts(self):
        numbers = [self._old("2025-03-31", invoiced="2025-03-01").name for _n in range(3)]
        tasks = self._warn(date(2029, 12, 1))
        self.assertEqual(len(tasks), 1)
        for number in numbers:
            self.assertIn(number, tasks.note)
        self.assertNotIn("1,000", tasks.note)

    def test_told_again_when_the_period_began_anew(self):
        invoice = self._old("2025-03-31", invoiced="2025-03-01")
        self.assertTrue(self._warn(date(2030, 1, 1)))
        self._interrupt(invoice, "2026-05-10")
        self.assertFalse(self._warn(date(2030, 6, 1)))
        self.assertTrue(self._warn(date(2031, 1, 1)))
