"""Each reason that holds an item, and each rule of the ladder: what is asked of the decision."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestHoldReasons(DunningCommon):
    def test_step_is_due_after_its_delay(self):
        invoice = self._invoice(4)
        item = self._item(invoice)
        self.assertEqual(item.hold_reason, "not_due")
        self.assertEqual(item.next_step_id, self.steps[0])
        self.assertEqual(item.next_date, self._at(1))
        self.assertEqual(item.days_late, 4)
        self.assertFalse(self._reason(invoice, days=1))

    def test_one_row_an_instalment(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two instalments",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 30, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 70, "nb_days": 30}),
                ],
            }
        )
        invoice = self._invoice(
            0,
            invoice_date=self._at(-20),
            invoice_date_due=False,
            invoice_payment_term_id=term.id,
        )
        items = self._items()
        self.assertEqual(items.move_id, invoice)
        self.assertEqual(items.mapped("amount_residual"), [300.0, 700.0])
        self.assertEqual(items.mapped("days_late"), [20, -10])
        self.assertEqual(items.mapped("hold_reason"), [False, "not_due"])

    def test_partial_payment_leaves_the_rest(self):
        invoice = self._invoice(6)
        self._pay(invoice, 400)
        item = self._item(invoice)
        self.assertEqual(item.amount_residual, 600)
        self.assertFalse(item.hold_reason)

    def test_paid_invoice_leaves_the_ladder(self):
        invoice = self._invoice(6)
        self._pay(invoice)
        self.assertFalse(self._items())

    def test_reset_to_draft_leaves_the_ladder(self):
        invoice = self._invoice(6)
        invoice.button_draft()
        self.assertFalse(self._items())

    def test_reversed_payment_puts_it_back_where_it_was(self):
        invoice = self._invoice(6)
        notice = self._launch().notice_ids
        self.assertEqual((notice.state, notice.failure_reason), ("sent", False))
        payment = self._pay(invoice)
        self.assertFalse(self._item(invoice))
        payment.move_id.line_ids.remove_move_reconcile()
        item = self._item(invoice)
        self.assertEqual(item.step_id, self.steps[0])
        self.assertEqual(item.next_step_id, self.steps[1])

    def test_excluded_by_no_followup(self):
        invoice = self._invoice(6)
        invoice.no_followup = True
        self.assertEqual(self._reason(invoice), "excluded")

    def test_excluded_when_blocked(self):
        invoice = self._invoice(6)
        invoice.action_toggle_block_payment()
        self.assertEqual(self._reason(invoice), "excluded")

    def test_opening_entry_is_excluded_until_included(self):
        other = self._create_customer("Other")
        account = self.customer.property_account_receivable_id
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": self._at(-90),
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "partner_id": partner.id, "debit": amount}
                    )
                    for partner, amount in ((self.customer, 100), (other, 200))
                ]
                + [
                    Command.create(
                        {
                            "account_id": self.company.get_unaffected_earnings_account().id,
                            "credit": 300,
                        }
                    )
                ],
            }
        )
        entry.action_post()
        lines = entry.line_ids.filtered(lambda line: line.account_id == account)
        self.assertEqual(self._items().hold_reason, "excluded")
        self.assertEqual(self._items(other).hold_reason, "excluded")
        lines._set_dunning_excluded(False, "Taken over from the old software")
        self.assertEqual(self._items().date_maturity, self._at(-90))
        self.assertFalse(self._items().hold_reason)
        self.assertFalse(self._items(other).hold_reason)

    def test_insolvency_holds_what_was_invoiced_before(self):
        before, after = self._invoice(30), self._invoice(6)
        self.customer.insolvency_date = self._at(-40)
        self.assertEqual(self._reason(before), "insolvency")
        self.assertFalse(self._reason(after))

    def test_disputed(self):
        invoice = self._invoice(6)
        self._term_lines(invoice)._set_dunning_disputed(True, "Wrong price")
        self.assertEqual(self._reason(invoice), "disputed")

    def test_paused_up_to_the_day_included(self):
        invoice = self._invoice(6)
        self.customer._set_dunning_pause(self._at(2), "Inventory")
        self.assertEqual(self._reason(invoice, days=2), "paused")
        self.assertFalse(self._reason(invoice, days=5))

    def test_below_minimum_compares_the_net_overdue(self):
        small = self._invoice(6, 10)
        self.assertEqual(self._reason(small), "below_minimum")
        self._invoice(6, 6)
        self.assertFalse(self._reason(small))

    def test_not_due_item_is_not_below_minimum(self):
        self.assertEqual(self._reason(self._invoice(-10)), "not_due")

    def test_no_policy(self):
        invoice = self._invoice(6)
        self.customer.dunning_policy_id = False
        self.env["dunning.policy"].search([("is_manual", "=", False)]).active = False
        self.assertEqual(self._reason(invoice), "no_policy")

    def test_policy_without_steps(self):
        invoice = self._invoice(6)
        self.customer.dunning_policy_id = self._create_policy("Empty")
        self.assertEqual(self._reason(invoice), "last_step_done")

    def test_last_step_done(self):
        invoice = self._invoice(100)
        self._term_lines(invoice)._set_dunning_step(self.steps[-1], self._at(-20), "Migrated")
        self.assertEqual(self._reason(invoice), "last_step_done")

    def test_proposed_holds_all_items_of_the_customer(self):
        first, second = self._invoice(20), self._invoice(-1)
        self.company.dunning_mode = "discovery"
        self._launch()
        self.assertEqual(self._reason(first), "proposed")
        self.assertEqual(self._reason(second), "proposed")

    def test_cancelled_proposal_waits_min_contact_days(self):
        invoice = self._invoice(6)
        self.company.dunning_mode = "discovery"
        notice = self._launch().notice_ids
        with self._clock():
            notice.action_cancel()
        item = self._item(invoice)
        self.assertEqual(item.hold_reason, "waiting")
        self.assertEqual(item.next_date, self._at(5), "4 days later is a Sunday")
        self.assertFalse(self._reason(invoice, days=5))

    def test_waiting_after_any_contact(self):
        invoice = self._invoice(6)
        self.env["dunning.delivery"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "channel": "phone",
                "date_planned": self._at(-2),
            }
        ).action_done(outcome="other", date=self._at(-2))
        item = self._item(invoice)
        self.assertEqual(item.hold_reason, "waiting")
        self.assertIn("2 days ago", item.hold_detail)
        self.assertFalse(self._reason(invoice, days=2))

    def test_failed_contact_does_not_count(self):
        invoice = self._invoice(6)
        delivery = self.env["dunning.delivery"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "channel": "email",
                "date_planned": self._at(-1),
            }
        )
        delivery._set_handed_over(self._at(-1))
        self.assertEqual(self._reason(invoice), "waiting")
        delivery._set_failed("550 no such user")
        self.assertFalse(self._reason(invoice))

    def test_nothing_is_ready_on_a_day_without_work(self):
        invoice = self._invoice(6)
        item = self._item(invoice, days=3)
        self.assertEqual(item.hold_reason, "waiting")
        self.assertEqual(item.next_date, self._at(5))
        self.assertFalse(self._reason(invoice, days=5))

    def test_step_on_a_holiday_moves_to_the_next_working_day(self):
        invoice = self._invoice(-30)
        self.assertEqual(self._item(invoice).next_date.isoformat(), "2026-11-12")

    def test_closing_days_of_the_company(self):
        invoice = self._invoice(4)
        self.env["dunning.closing.day"].create(
            {
                "name": "Inventory",
                "company_id": self.company.id,
                "date_from": self._at(1),
                "date_to": self._at(2),
            }
        )
        self.assertEqual(self._item(invoice).next_date, self._at(5))


@tagged("post_install", "-at_install")
class TestCredits(DunningCommon):
    def test_credits_cover_the_oldest_first(self):
        old, recent = self._invoice(20, 100), self._invoice(10, 200)
        self._credit(150)
        self.assertEqual(self._item(old).amount_covered, 100)
        self.assertEqual(self._reason(old), "covered")
        self.assertEqual(self._item(recent).amount_covered, 50)
        self.assertEqual(self._item(recent).amount_residual, 200, "the book residual stays")
        self.assertFalse(self._reason(recent))

    def test_credit_is_a_row(self):
        credit = self._credit(150)
        item = self._item(credit)
        self.assertEqual(item.amount_residual, -150)
        self.assertEqual(item.hold_reason, "covered")

    def test_credit_skips_what_is_held_for_another_reason(self):
        old, recent = self._invoice(20, 100), self._invoice(10, 200)
        self._term_lines(old)._set_dunning_disputed(True, "Wrong price")
        self._credit(150)
        self.assertEqual(self._reason(old), "disputed")
        self.assertFalse(self._item(old).amount_covered)
        self.assertEqual(self._item(recent).amount_covered, 150)

    def test_credit_of_another_currency_covers_nothing(self):
        invoice = self._invoice(10, 200)
        currency = self.env.ref("base.GBP")
        currency.active = True
        self._credit(500, currency_id=currency.id)
        self.assertFalse(self._item(invoice).amount_covered)

    def test_notice_lists_credits_and_claims_the_sum(self):
        self._invoice(10, 200)
        self._credit(50)
        notice = self._notices(self._launch())
        self.assertEqual(notice.amount_total, 150)
        self.assertEqual(sorted(notice.line_ids.mapped("amount_residual")), [-50, 200])


@tagged("post_install", "-at_install")
class TestLadder(DunningCommon):
    def test_steps_are_never_skipped(self):
        invoice = self._invoice(50)
        self.assertEqual(self._item(invoice).next_step_id, self.steps[0])

    def test_wait_days_since_the_previous_step(self):
        self.steps[1].wait_days = 10
        invoice = self._invoice(50)
        self._term_lines(invoice)._set_dunning_step(self.steps[0], self._at(-8), "Migrated")
        item = self._item(invoice)
        self.assertEqual(item.hold_reason, "waiting")
        self.assertEqual(item.next_date, self._at(2))

    def test_step_does_not_apply_below_its_amount(self):
        self.steps[0].min_amount = 5000
        self.assertEqual(self._item(self._invoice(6, 1000)).next_step_id, self.steps[1])
        self.assertEqual(self._item(self._invoice(6, 6000)).next_step_id, self.steps[0])

    def test_only_steps_for_larger_items_is_below_minimum(self):
        self.steps.min_amount = 5000
        self.assertEqual(self._reason(self._invoice(6, 1000)), "below_minimum")

    def test_step_before_the_due_date_lapses_at_it(self):
        policy = self._create_policy(
            "Early",
            {"name": "Before", "delay_days": -5, "phone_call": True},
            {"name": "After", "delay_days": 3, "send_email": True},
        )
        self.customer.dunning_policy_id = policy
        invoice = self._invoice(-3)
        self.assertEqual(self._item(invoice).next_step_id.name, "Before")
        self.assertFalse(self._reason(invoice))
        self.assertEqual(self._item(invoice, days=5).next_step_id.name, "After")

    def test_step_from_the_invoice_date_at_the_latest_before_due(self):
        policy = self._create_policy(
            "From invoice",
            {
                "name": "Call",
                "delay_from": "invoice",
                "delay_days": 10,
                "latest_before_due": 5,
                "phone_call": True,
            },
            {"name": "After", "delay_days": 3, "send_email": True},
        )
        self.customer.dunning_policy_id = policy
        long_term = self._invoice(-20)
        short_term = self._invoice(-8, invoice_date=self._at(-1))
        self.assertEqual(self._item(long_term).next_date, self._at(0))
        self.assertEqual(self._item(short_term).next_date, self._at(5), "3 days on: a Saturday")

    def test_archived_step_is_left_out(self):
        self.steps[0].active = False
        self.assertEqual(self._item(self._invoice(6)).next_step_id, self.steps[1])

    def test_archived_step_taken_still_counts(self):
        invoice = self._invoice(15)
        self._term_lines(invoice)._set_dunning_step(self.steps[0], self._at(-8), "Migrated")
        self.steps[0].active = False
        self.assertEqual(self._item(invoice).next_step_id, self.steps[1])

    def test_policy_is_kept_once_a_step_was_taken(self):
        invoice = self._invoice(15)
        self._term_lines(invoice)._set_dunning_step(self.steps[0], self._at(-8), "Migrated")
        self.customer.dunning_policy_id = self._create_policy(
            "Another", {"name": "Other", "delay_days": 1, "send_email": True}
        )
        self.assertEqual(self._item(invoice).policy_id, self.policy)

    def test_policy_by_kind_and_open_amount(self):
        expected = {
            ("business", 1000): "progressive",
            ("business", 10000): "key_accounts",
            ("business", 149): "small_amounts",
            ("nonprofessional", 1000): "progressive",
            ("consumer", 1000): "consumer",
            ("public", 1000): "public",
        }
        for (kind, amount), policy in expected.items():
            with self.subTest(kind=kind, amount=amount):
                partner = self._create_customer(
                    f"{kind} {amount}", customer_kind=kind, dunning_policy_id=False
                )
                item = self._item(self._invoice(6, amount, partner=partner))
                self.assertEqual(item.policy_id, self.env.ref(f"relance_graduee.policy_{policy}"))

    def _get_followed(self, partner):
        decision = self.env["dunning.decision"].with_context(dunning_date=self.day)
        return decision._get_followed_policies(self.company, partner)[partner]

    def test_new_item_follows_the_policy_that_its_customer_is_told_to_have(self):
        """By what is open, less credits; what was ordered and not invoiced is not open."""
        cases = {
            "nothing open": (),
            "small": (100,),
            "in between": (100, 60),
            "large": (6000, 4000),
            "reduced by a credit": (10000, -500),
        }
        for name, amounts in cases.items():
            for kind in ("business", "consumer", "public"):
                partner = self._create_customer(
                    f"{name} {kind}", customer_kind=kind, dunning_policy_id=False
                )
                for amount in amounts:
                    if amount > 0:
                        self._invoice(6, amount, partner)
                    else:
                        self._credit(-amount, partner)
                told = self._get_followed(partner)
                followed = self._items(partner).filtered(lambda i: i.amount_residual > 0).policy_id
                with self.subTest(case=name, kind=kind):
                    self.assertTrue(told)
                    self.assertEqual(told, followed or told)

    def test_customer_of_whom_nothing_is_open_is_told_the_policy_for_nothing(self):
        partner = self._create_customer("New", dunning_policy_id=False)
        small = self.env.ref("relance_graduee.policy_small_amounts")
        self.assertEqual(self._get_followed(partner), small)
        self.assertEqual(self._get_followed(self.customer), self.policy)
        self.env["dunning.policy"].search([]).active = False
        self.assertFalse(self._get_followed(partner))

    def test_kind_is_guessed_from_the_numbers(self):
        cases = {
            "business": {"is_company": True, "company_registry": "12345678900015"},
            "nonprofessional": {"is_company": True},
            "consumer": {"is_company": False},
        }
        for kind, vals in cases.items():
            partner = self._create_customer(f"Guess {kind}", customer_kind=False, **vals)
            self.assertEqual(partner._get_customer_kind(), kind)


@tagged("post_install", "-at_install")
class TestTone(DunningCommon):
    """The tone never falls: a customer who heard a hard word hears no softer one."""

    def _heard(self, step, days_late=30, days_ago=10):
        invoice = self._invoice(days_late)
        self._term_lines(invoice)._set_dunning_step(step, self._at(-days_ago), "Migrated")
        return invoice

    def test_softer_step_waits_for_the_next_notice(self):
        self._heard(self.steps[2])
        newer = self._invoice(6)
        item = self._item(newer)
        self.assertEqual(item.hold_reason, "waiting")
        self.assertEqual(item.next_date, self._at(15 - 1), "15 days after its step was due")

    def test_waiting_item_joins_and_advances(self):
        self._heard(self.steps[2], days_late=45)
        newer = self._invoice(6)
        self.steps[3].is_formal_notice = False
        notice = self._notices(self._launch())
        self.assertEqual(notice.step_id, self.steps[3])
        line = notice.line_ids.filtered(lambda line: line.move_id == newer)
        self.assertTrue(line.advances)
        self.assertEqual(line.step_id, self.steps[0])

    def test_after_fifteen_days_it_goes_alone_in_the_words_heard(self):
        self._heard(self.steps[2], days_late=30)
        newer = self._invoice(6)
        with self._no_render():
            self.assertFalse(self._launch(13).notice_ids)
            notice = self._notices(self._launch(14))
        self.assertEqual(notice.step_id, self.steps[2])
        line = notice.line_ids.filtered(lambda line: line.move_id == newer)
        self.assertEqual((line.advances, line.step_id), (True, self.steps[0]))

    def test_after_a_formal_notice_the_words_before_it(self):
        self._heard(self.steps[3], days_late=60, days_ago=30)
        self._invoice(30)
        notice = self._notices(self._launch())
        self.assertEqual(notice.step_id, self.steps[2])

    def test_disputed_item_does_not_set_the_tone(self):
        hard = self._heard(self.steps[2])
        self._term_lines(hard)._set_dunning_disputed(True, "Wrong price")
        self.assertFalse(self._reason(self._invoice(6)))

    def test_what_is_not_due_is_never_claimed_by_a_harder_notice(self):
        before = {"name": "Before", "sequence": 0, "delay_days": -5, "phone_call": True}
        self.env["dunning.step"].create({**before, "policy_id": self.policy.id})
        overdue = self._heard(self.steps[1], days_late=20)
        not_due = self._invoice(-3)
        self.assertEqual(self._reason(not_due), "waiting", "no call once a harder word was heard")
        notice = self._notices(self._launch())
        self.assertEqual(notice.line_ids.move_id, overdue)
        self.assertEqual(notice.amount_total, 1000)

    def test_what_is_not_due_waits_for_its_own_step(self):
        before = {"name": "Before", "sequence": 0, "delay_days": -5, "phone_call": True}
        self.env["dunning.step"].create({**before, "policy_id": self.policy.id})
        overdue, not_due = self._invoice(6), self._invoice(-3)
        self.assertFalse(self._reason(not_due))
        notice = self._notices(self._launch())
        self.assertEqual((notice.step_id, notice.line_ids.move_id), (self.steps[0], overdue))

    def test_other_currency_has_its_own_tone(self):
        self._heard(self.steps[2])
        currency = self.env.ref("base.GBP")
        currency.active = True
        self.assertFalse(self._reason(self._invoice(6, currency_id=currency.id)))


@tagged("post_install", "-at_install")
class TestFormalNotice(DunningCommon):
    def _make(self):
        """A customer whose oldest item is due for the formal notice."""
        self.due = self._invoice(45)
        self.reminded = self._invoice(30, 500)
        self.unreminded = self._invoice(10, 300)
        self._term_lines(self.due)._set_dunning_step(self.steps[2], self._at(-20), "Migrated")
        self._term_lines(self.reminded)._set_dunning_step(self.steps[0], self._at(-20), "Migrated")
        return self._notices(self._launch())

    def test_demands_what_was_reminded(self):
        notice = self._make()
        self.assertTrue(notice.is_formal_notice)
        self.assertEqual(notice.state, "proposed", "a formal notice is approved by a person")
        self.assertEqual(notice.amount_total, 1500)
        by_move = {line.move_id: line for line in notice.line_ids}
        self.assertTrue(by_move[self.due].advances)
        self.assertTrue(by_move[self.reminded].advances)
        self.assertEqual(by_move[self.reminded].step_id, self.steps[3])
        memo = by_move[self.unreminded]
        self.assertEqual((memo.claimed, memo.advances), (False, False))

    def test_a_ladder_may_have_a_second_one(self):
        """The first was archived, say, and its place taken by another, further up."""
        vals = {"policy_id": self.policy.id, "letter_body": "<p>Letter</p>"}
        step = self.env["dunning.step"]
        letter = step.create({**vals, "name": "Letter", "delay_days": 50, "print_letter": True})
        letter.sequence = 5
        second = step.create(
            {
                **vals,
                "name": "Second",
                "sequence": 6,
                "delay_days": 60,
                "registered_letter": True,
                "is_formal_notice": True,
                "answer_days": 8,
                "approval": "confirm",
            }
        )
        for invoice, archived in ((self._invoice(60), False), (self._invoice(61), True)):
            self.steps[3].active = not archived
            self._term_lines(invoice)._set_dunning_step(letter, self._at(-20), "Migrated")
            with self.subTest(archived=archived):
                notice = self._notices(self._launch())
                notice = notice.filtered(lambda n: n.state == "proposed")
                own = notice.line_ids.filtered(lambda line, move=invoice: line.move_id == move)
                self.assertEqual(notice.step_id, second)
                self.assertEqual((own.step_id, own.advances), (second, True))
                self.env["dunning.proposal"]._refresh_notices(notice)
                self.assertEqual(notice.state, "proposed", "it may leave")
            notice._cancel("Test")

    def test_disputed_part_is_left_out(self):
        self._make()._cancel("Test")
        self._term_lines(self.reminded)._set_dunning_disputed(True, "Wrong price")
        notice = self._notices(self._launch()).filtered(lambda n: n.state == "proposed")
        self.assertEqual(notice.amount_total, 1000)

    def test_nothing_leaves_until_the_deadline(self):
        notice = self._make()
        with self._no_render():
            self._send(notice)
            self._finish(notice)
        self.assertEqual(notice.state, "sent")
        deadline = notice.answer_deadline
        days = (deadline - self.day).days
        self.assertEqual(days, 13, "3 working days of post are Monday, 8 days on is a Tuesday")
        self.assertEqual(self._reason(self.unreminded, days), "waiting")
        self.assertIn("formal notice", self._item(self.unreminded, days).hold_detail)
        self.assertEqual(self._term_lines(self.reminded).dunning_step_id, self.steps[3])


@tagged("post_install", "-at_install")
class TestCustomers(DunningCommon):
    def test_contact_belongs_to_its_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Accounts payable", "parent_id": self.customer.id, "type": "invoice"}
        )
        self.assertEqual(self._item(self._invoice(6, partner=contact)).partner_id, self.customer)

    def test_reparented_partner_falls_to_todays_company(self):
        invoice = self._invoice(6)
        group = self._create_customer("Group")
        self.customer.write({"is_company": False, "parent_id": group.id})
        item = self._items(group)
        self.assertEqual(item.move_id, invoice)
        self.assertEqual(item.partner_id, group)

    def test_merged_partners_get_one_notice(self):
        twin = self._create_customer("Twin")
        self._invoice(6)
        self._invoice(6, partner=twin)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            [self.customer.id, twin.id], self.customer
        )
        notice = self._launch().notice_ids.filtered(lambda n: n.partner_id == self.customer)
        self.assertEqual(len(notice.line_ids), 2)

    def test_archived_partner_is_still_chased(self):
        invoice = self._invoice(6)
        self.customer.active = False
        self.assertFalse(self._reason(invoice))

    def test_min_amount_is_in_company_currency(self):
        currency = self.env.ref("base.JPY")
        currency.active = True
        self.env["res.currency.rate"].create(
            {
                "name": "2020-01-01",
                "currency_id": currency.id,
                "rate": 100,
                "company_id": self.company.id,
            }
        )
        invoice = self._invoice(6, 1000, currency_id=currency.id)
        self.assertEqual(self._item(invoice).amount_residual_company, 10)
        self.assertEqual(self._reason(invoice), "below_minimum")

    def test_sentence_on_invoice_and_customer(self):
        invoice = self._invoice(4).with_context(dunning_date=self.day)
        self.assertEqual(invoice.dunning_next_date, self._at(1))
        self.assertEqual(invoice.dunning_hold_reason, "not_due")
        self.assertIn("E-mail", invoice.dunning_detail)
        self.assertIn("E-mail", self.customer.with_context(dunning_date=self.day).dunning_detail)

    def test_search_invoices_by_reason(self):
        held, ready = self._invoice(4), self._invoice(6)
        moves = self.env["account.move"].with_context(dunning_date=self.day)
        domain = [("partner_id", "=", self.customer.id)]
        self.assertEqual(moves.search([("dunning_hold_reason", "=", "not_due"), *domain]), held)
        self.assertEqual(moves.search([("dunning_hold_reason", "=", False), *domain]), ready)
        self.assertEqual(moves.search([("dunning_next_date", ">", self.day), *domain]), held)

    def test_account_sums_up_the_customer(self):
        self._invoice(20, 600)
        self._invoice(-10, 300)
        self._credit(50)
        account = (
            self.env["dunning.account"]
            .with_context(dunning_date=self.day)
            .search([("partner_id", "=", self.customer.id)])
        )
        self.assertEqual(account.amount_overdue, 600)
        self.assertEqual(account.amount_not_due, 300)
        self.assertEqual(account.amount_credit, -50)
        self.assertEqual(account.exposure, 850)
        self.assertEqual(account.delivery_hold, "blocked", "550 late by more than 15 days")
        self.assertEqual(account.id % 2**31, self.customer.id)

    def test_paying_unblocks_at_once(self):
        invoice = self._invoice(20, 600)
        customer = self.customer.with_context(dunning_date=self.day)
        self.assertEqual(customer.delivery_hold, "blocked")
        self._pay(invoice)
        holds = customer._get_delivery_holds(self.company)
        self.assertNotIn(self.customer.id, holds)

    def test_the_day_is_not_remembered(self):
        invoice = self._invoice(4)
        item = self._item(invoice)
        later = item.with_context(dunning_date=self.day + timedelta(days=1))
        self.assertEqual((item.hold_reason, later.hold_reason), ("not_due", False))
