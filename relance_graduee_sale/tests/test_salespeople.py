"""What a salesperson without accounting rights sees, is told, and may ask for."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common import SaleCommon


@tagged("post_install", "-at_install")
class TestBanner(SaleCommon):
    def test_says_what_is_owed_since_when_and_who_helps(self):
        order = self._order()
        self.assertEqual(order.dunning_hold, "blocked")
        banner = order.dunning_banner
        for words in ("900", "overdue since", "overdue beyond", "can release it"):
            self.assertIn(words, banner)

    def test_says_who_was_asked_and_who_released_it(self):
        order = self._order()
        release = self._release("order", grant=False, order_id=order.id, partner_id=False)
        self.assertTrue(order.dunning_is_release_asked)
        self.assertIn("was asked for", order.dunning_banner)
        release.with_user(self.manager).action_grant()
        self.assertIn(f"Released by {self.manager.name}", order.dunning_banner)
        self.assertFalse(order.dunning_is_release_asked)

    def test_says_what_the_order_would_add(self):
        self.good.credit_limit = 1000
        self.assertFalse(self._order(self.good, price=900).dunning_banner)
        banner = self._order(self.good, price=1500).dunning_banner
        for words in ("1,000.00", "1,500.00"):
            self.assertIn(words, banner)

    def test_nothing_to_say(self):
        order = self._order(self.good)
        self.assertEqual((order.dunning_hold, order.dunning_banner), ("none", False))

    def test_opens_on_a_new_quotation(self):
        with Form(self.env["sale.order"].with_user(self.seller)) as form:
            form.partner_id = self.customer
            self.assertEqual(form.dunning_hold, "blocked")

    def test_markup_in_a_name_is_escaped(self):
        self.customer.name = "<b>Bold</b>"
        self.assertIn("&lt;b&gt;", self._order().dunning_banner)

    def test_payment_terms_beyond_the_legal_cap(self):
        terms = self.env["account.payment.term"].create(
            [
                {"name": f"{days} days", "line_ids": [(0, 0, {"value": "percent",
                 "value_amount": 100, "nb_days": days})]}
                for days in (60, 90)
            ]
        )  # fmt: skip
        self.assertFalse(self._order(self.good, payment_term_id=terms[0].id).dunning_banner)
        banner = self._order(self.good, payment_term_id=terms[1].id).dunning_banner
        self.assertIn("90 days", banner)

    def test_payment_terms_that_were_not_agreed_on_or_matter(self):
        term, other = self.env["account.payment.term"].create([{"name": "Agreed"}, {"name": "New"}])
        self.good.property_payment_term_id = self.customer.property_payment_term_id = term
        self.assertFalse(self._order(self.good).dunning_banner)
        banner = self._order(self.good, payment_term_id=other.id).dunning_banner
        self.assertIn("Payment terms of this order: New; agreed with the customer: Agreed", banner)
        self.assertIn("Payment terms: Agreed.", self._order().dunning_banner)

    def test_search(self):
        held, good = self._order(), self._order(self.good)
        orders = self.env["sale.order"].with_user(self.seller)
        mine = [("id", "in", (held | good).ids)]
        self.assertEqual(orders.search([("dunning_hold", "=", "blocked"), *mine]), held)


@tagged("post_install", "-at_install")
class TestDeposit(SaleCommon):
    def test_on_warning_or_above(self):
        order = self._order(price=1000)
        self.assertEqual(order.dunning_deposit_percent, 30)
        self.assertIn("300.00", order.dunning_banner)
        order.action_apply_deposit()
        self.assertTrue(order.require_payment)
        self.assertEqual((order.prepayment_percent, order.dunning_deposit_percent), (0.3, 0))

    def test_new_customer_or_large_order(self):
        self.assertFalse(self._order(self.good).dunning_deposit_percent)
        self.policy.deposit_amount_min = 500
        self.assertFalse(self._order(self.good, price=499).dunning_deposit_percent)
        self.assertEqual(self._order(self.good, price=500).dunning_deposit_percent, 30)
        self.policy.write({"deposit_amount_min": 0, "deposit_for_new": True})
        self.assertEqual(self._order(self.good).dunning_deposit_percent, 30)
        self._pay(self._invoice(-10, 10, partner=self.good))
        self.assertFalse(self._order(self.good).dunning_deposit_percent)

    def test_by_the_policy_of_what_is_open_whatever_is_ordered(self):
        """Deposit and reminders follow one and the same ladder."""
        vals = {"deposit_for_new": True, "sequence": 0}
        small, _large = self.env["dunning.policy"].create(
            [
                {**vals, "name": "Small", "open_amount_max": 500, "deposit_percent": 10},
                {**vals, "name": "Large", "open_amount_min": 500, "deposit_percent": 40},
            ]
        )
        self.good.dunning_policy_id = False
        self._order(self.good, price=5000, confirm=True)
        self.assertEqual(self._order(self.good).dunning_deposit_percent, small.deposit_percent)

    def test_none_by_the_policy(self):
        self.policy.deposit_percent = 0
        self.assertFalse(self._order().dunning_deposit_percent)


@tagged("post_install", "-at_install")
class TestMyCustomers(SaleCommon):
    def _mine(self, user=None):
        customers = self.env["dunning.customer"].with_user(user or self.seller)
        customers.invalidate_model()
        return customers.search([("partner_id", "in", (self.customer | self.good).ids)])

    def test_own_customers_overdue_or_not(self):
        mine = self._mine().grouped("partner_id")
        self.assertEqual(mine.keys(), {self.customer, self.good})
        held = mine[self.customer]
        self.assertEqual((held.amount_overdue, held.delivery_hold), (900, "blocked"))
        self.assertIn("overdue beyond", held.delivery_hold_reason)
        self.assertTrue(held.next_detail)
        self.assertEqual(mine[self.good].delivery_hold, "none")

    def test_orders_that_wait(self):
        order = self._order(confirm=True)
        held = self._mine().filtered(lambda c: c.partner_id == self.customer)
        self.assertEqual(held.order_count, 1)
        action = held.action_open_orders()
        found = self.env["sale.order"].with_user(self.seller).search(action["domain"])
        self.assertEqual(found, order)

    def test_of_others_only_with_the_right(self):
        other = self._user("other", "sales_team.group_sale_salesman")
        leader = self._user("leader", "sales_team.group_sale_salesman_all_leads")
        self.assertFalse(self._mine(other))
        self.assertEqual(len(self._mine(leader)), 2)
        row = self._mine()[:1]
        self.env.invalidate_all()
        self.assertFalse(row.with_user(other).search([("id", "=", row.id)]))

    def test_nobody_else_reads_or_writes(self):
        nobody = new_test_user(self.env, "sale_nobody", groups="base.group_user")
        customers = self.env["dunning.customer"]
        for operation in ("read", "write", "create", "unlink"):
            self.assertFalse(customers.with_user(nobody).has_access(operation), operation)
            mine = customers.with_user(self.seller).has_access(operation)
            self.assertEqual(mine, operation == "read", operation)

    def test_asks_for_a_delay_and_grants_none(self):
        held = self._mine().filtered(lambda c: c.partner_id == self.customer)
        context = held.action_ask_delay()["context"]
        with Form(self.env["dunning.delay"].with_user(self.seller).with_context(**context)) as form:
            form.date_until = self._at(20)
            form.reason = "Their customer pays on the 15th"
        form.record.action_ask()
        self.assertFalse(self.customer.activity_ids)
        note = self.customer.dunning_note_ids
        task = note.activity_ids
        self.assertEqual(task.user_id, self.customer.dunning_user_id)
        self.assertIn("asks for a delay", task.summary)
        self.assertEqual(note.reason, "Their customer pays on the 15th")
        self.assertEqual((note.kind, note.user_id), ("delay", self.seller))
        self.assertFalse(self.customer.dunning_paused_until)
        with self.assertRaises(AccessError):
            self.customer.with_user(self.seller).dunning_paused_until = self._at(20)

    def test_asks_in_no_company_of_others(self):
        """Whoever names another company writes nothing there, and gives nobody there a task."""
        company = self.env["res.company"].create({"name": "Of others"})
        vals = {"partner_id": self.customer.id, "company_id": company.id, "reason": "Please"}
        asked = self.env["dunning.delay"].with_user(self.seller)
        asked = asked.create({**vals, "date_until": self._at(20)})
        with self.assertRaises(AccessError):
            asked.action_ask()
        self.assertFalse(self.customer.with_company(company).dunning_note_ids)

    def test_list_opens(self):
        view = self.env.ref("relance_graduee_sale.dunning_customer_view_list")
        customers = self.env["dunning.customer"].with_user(self.seller)
        fields = customers.get_view(view.id, "list")["models"]["dunning.customer"]
        rows = customers.web_search_read([], {name: {} for name in fields}, limit=5)
        self.assertTrue(rows["records"])


@tagged("post_install", "-at_install")
class TestToldInTime(SaleCommon):
    def _tell(self, day):
        self.env["dunning.account"]._announce_steps(self.company)
        return self.customer.activity_ids.filtered(lambda task: task.user_id == self.seller)

    def _next_working_day(self, count):
        today = self.company._get_dunning_today()
        return self.company._add_dunning_working_days(today, count)

    def _before_formal(self, working_days):
        """Put the debt on the last step before the formal notice, due in so many working days."""
        day = self._next_working_day(working_days)
        self.steps[3].write({"delay_days": 40, "wait_days": 0})
        late = 40 - (day - self.day).days
        invoice = self._invoice(late, 300)
        line = self._term_lines(invoice)
        line._set_dunning_step(self.steps[2], self._at(-15), "Placed")
        return day

    def test_two_working_days_before_a_formal_notice_once(self):
        self._before_formal(2)
        for _twice in range(2):
            tasks = self._tell(self.day)
        self.assertEqual(len(tasks), 1)
        self.assertIn("formal notice", tasks.summary)
        self.assertNotIn("300", tasks.summary)

    def test_in_the_language_of_the_salesperson(self):
        self.seller.lang = "fr_FR"
        self._before_formal(2)
        self.assertIn("mise en demeure", self._tell(self.day).summary)

    def test_not_earlier(self):
        self._before_formal(4)
        self.assertFalse(self._tell(self.day))

    def test_before_a_suspension(self):
        notice = self.env["dunning.notice"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "policy_id": self.policy.id,
                "step_id": self.steps[0].id,
                "date": self.day - timedelta(days=5),
                "suspension_date": self._next_working_day(2),
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "move_line_id": self._term_lines(self.debt).id,
                            "move_id": self.debt.id,
                            "company_id": self.company.id,
                            "step_id": self.steps[0].id,
                            "claimed": True,
                            "live": True,
                        },
                    )
                ],
            }
        )
        self.env["dunning.proof"]._open(notice).state = "sent"
        self.env.flush_all()
        tasks = self._tell(self.day)
        self.assertIn("suspended", tasks.mapped("summary")[0])
