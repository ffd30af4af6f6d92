"""What holds deliveries, what only warns, and in which words."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common_credit import MODULE, CreditCommon


@tagged("post_install", "-at_install")
class TestOverdue(CreditCommon):
    def test_overdue_above_amount_and_days_blocks(self):
        self._invoice(16, 500.01)
        self.assertEqual(self._hold(), ("blocked", {"overdue"}))

    def test_neither_the_amount_nor_the_days_alone(self):
        self._invoice(16, 500)
        self._invoice(15, 5000)
        self.assertEqual(self._hold(), ("warning", {"late"}))

    def test_an_amount_of_zero_never_blocks(self):
        self.policy.block_overdue_amount = 0
        self._invoice(90, 9000)
        self.assertEqual(self._hold(), ("warning", {"late"}))

    def test_warning_after_five_days_above_the_minimum(self):
        self.policy.min_amount = 100
        self._invoice(6, 100)
        self.assertEqual(self._hold()[0], "none")
        self._invoice(5, 500)
        self.assertEqual(self._hold()[0], "none")
        self._invoice(6, 1)
        self.assertEqual(self._hold(), ("warning", {"late"}))

    def test_unallocated_money_counts(self):
        self._invoice(20, 900)
        self._credit(400)
        self.assertEqual(self._hold(), ("warning", {"late"}))

    def test_disputed_and_paused_hold_until_one_of_ours_accepts(self):
        invoice = self._invoice(20, 900)
        self._term_lines(invoice)._set_dunning_disputed(True, "Wrong goods")
        self.assertEqual(self._hold()[0], "blocked")
        self.customer._set_dunning_pause(self._at(5), "Talks")
        self.assertEqual(self._hold()[0], "blocked")
        self._term_lines(invoice)._accept_dunning(self._at(5), "They are right")
        self.assertEqual(self._hold()[0], "none")

    def test_paying_unblocks_at_once(self):
        invoice = self._invoice(20, 900)
        self.assertEqual(self._hold()[0], "blocked")
        self._pay(invoice)
        self.assertEqual(self._hold()[0], "none")
        self.assertEqual(self.customer.delivery_hold, "none")

    def test_a_date_in_the_context_opens_nothing(self):
        self._invoice(20, 900)
        customer = self.customer.with_context(
            dunning_date=self._at(-300), dunning_partner_ids=[], allowed_company_ids=[]
        )
        self.assertEqual(self._hold(customer)[0], "blocked")

    def test_insolvency_never_blocks(self):
        self._invoice(60, 9000)
        self.customer.credit_limit = 1000
        self.assertEqual(self._hold(), ("blocked", {"overdue", "limit"}))
        self.customer.insolvency_date = self._at(-5)
        self.assertEqual(self._hold()[0], "none")
        task = self.customer.activity_ids
        self.assertEqual(task.user_id, self.company._get_dunning_manager())


@tagged("post_install", "-at_install")
class TestSuspension(CreditCommon):
    def _announce(self):
        self.steps[0].write({"block_deliveries": True, "answer_days": 8})
        self._invoice(9, 300)
        self.sent = self.day
        while not self.company._is_dunning_working_day(self.sent):
            self.sent -= timedelta(days=1)
        with self._clock(self.sent):
            run = self.env["dunning.run"].launch(date=self.sent, companies=self.company)
        return self._notices(run)

    def test_announced_warns_then_blocks_on_the_day(self):
        notice = self._announce()
        self.assertEqual(notice.state, "sent")
        self.assertGreaterEqual(notice.suspension_date, self.sent + timedelta(days=8))
        self.assertEqual(self._hold(), ("warning", {"late", "announced"}))
        notice.flush_recordset()
        self.env.cr.execute(
            "UPDATE dunning_notice SET suspension_date = %s WHERE id = %s", (self.day, notice.id)
        )
        self.assertEqual(self._hold(), ("blocked", {"late", "suspended"}))

    def test_payment_before_prevents_it(self):
        notice = self._announce()
        self._pay(notice.line_ids.move_id)
        self.assertEqual(self._hold()[0], "none")

    def test_salesperson_is_told_the_same_day(self):
        seller = self._user("seller", "base.group_partner_manager")
        self.customer.user_id = seller
        notice = self._announce()
        tasks = self.customer.activity_ids.filtered(lambda task: task.user_id == seller)
        self.assertEqual(len(tasks), 1)
        self.assertIn(notice._format_date(notice.suspension_date), tasks.summary)
        self.assertNotIn("300", tasks.summary)


@tagged("post_install", "-at_install")
class TestLimit(CreditCommon):
    def test_above_the_limit_blocks_and_eighty_percent_warns(self):
        self.customer.credit_limit = 1000
        self._invoice(-10, 799)
        self.assertEqual(self._hold()[0], "none")
        self._invoice(-10, 1)
        self.assertEqual(self._hold(), ("warning", {"near_limit"}))
        self._invoice(-10, 200)
        self.assertEqual(self._hold(), ("warning", {"near_limit"}))
        self._invoice(-10, 0.01)
        self.assertEqual(self._hold(), ("blocked", {"limit"}))

    def test_the_share_that_warns_is_a_setting(self):
        self.customer.credit_limit = 1000
        self._invoice(-10, 600)
        self.company.dunning_limit_warning = 60
        self.assertEqual(self._hold(), ("warning", {"near_limit"}))

    def test_default_limit_counts_with_odoos_switch_alone(self):
        self.env["ir.default"].set("res.partner", "credit_limit", 500, company_id=self.company.id)
        self._invoice(-10, 600)
        self.company.account_use_credit_limit = False
        self.assertEqual(self._hold()[0], "none")
        self.company.account_use_credit_limit = True
        self.assertEqual(self._hold(), ("blocked", {"limit"}))
        self.customer.credit_limit = 5000
        self.assertEqual(self._hold()[0], "none")

    def test_group_shares_one_limit(self):
        head = self._create_customer("Head", credit_limit=1000)
        sister = self._create_customer("Sister", dunning_limit_partner_id=head.id)
        self.customer.dunning_limit_partner_id = head
        self._invoice(-10, 600)
        self._invoice(-10, 600, partner=sister)
        for partner in (head, sister, self.customer):
            with self.subTest(partner=partner.name):
                self.assertEqual(self._hold(partner), ("blocked", {"limit"}))
        self.assertIn("group", self._reason(sister))
        account = self._account(sister)
        self.assertEqual((account.credit_limit, account.exposure), (1000, 600))
        self.assertEqual((account.exposure_limited, account.amount_available), (1200, -200))
        self.assertEqual(account.limit_partner_id, head)

    def test_a_group_is_flat(self):
        head, other = self._create_customer("Head"), self._create_customer("Other")
        self.customer.dunning_limit_partner_id = head
        with self.assertRaises(ValidationError):
            head.dunning_limit_partner_id = other
        with self.assertRaises(ValidationError):
            other.dunning_limit_partner_id = self.customer
        with self.assertRaises(ValidationError):
            other.dunning_limit_partner_id = other


@tagged("post_install", "-at_install")
class TestCover(CreditCommon):
    def _cover(self, **vals):
        return self.env["dunning.cover"].create(
            {"partner_id": self.customer.id, "company_id": self.company.id, **vals}
        )

    def test_covered_and_own_risk_beside_the_limit(self):
        self.customer.credit_limit = 1000
        self._cover(amount=1000, percentage=90)
        self._cover(kind="surety", amount=200)
        self._cover(kind="deposit", amount=5000, date_to=self._at(-1))
        self._invoice(-10, 1500)
        account = self._account()
        self.assertEqual((account.amount_secured, account.amount_own_risk), (1100, 400))
        self.assertEqual(self._hold(), ("blocked", {"limit"}), "cover is not added to the limit")

    def test_what_was_delivered_while_it_was_valid(self):
        """Invoices of 1 500 delivered before, 400 under it, 300 after its end, 200 by its date."""
        cover = self._cover(amount=1000, date_from=self._at(-40), date_to=self._at(-20))
        self._invoice(-10, 1500, invoice_date=self._at(-30), delivery_date=self._at(-41))
        self._invoice(-10, 400, invoice_date=self._at(-10), delivery_date=self._at(-40))
        self._invoice(-10, 300, invoice_date=self._at(-30), delivery_date=self._at(-19))
        self._invoice(-10, 200, invoice_date=self._at(-20))
        account = self._account()
        self.assertEqual((account.amount_secured, account.amount_own_risk), (600, 1800))
        cover.percentage = 50
        self.assertEqual(self._account().amount_secured, 500)

    def test_two_covers_of_one_delivery_secure_it_once(self):
        for _twice in range(2):
            self._cover(amount=1000, date_to=self._at(-20))
        self._invoice(-10, 300, invoice_date=self._at(-30))
        self._invoice(-10, 500, invoice_date=self._at(-10))
        self.assertEqual(self._account().amount_secured, 300)

    def test_cover_that_ended_is_declared_to_for_what_it_covers(self):
        old = self._cover(amount=5000, declare_days=60, date_to=self._at(-70))
        new = self._cover(amount=5000, declare_days=60, date_from=self._at(-69))
        self._invoice(46, 300)  # invoiced 76 days ago
        self.assertEqual(self._account().declaration_deadline, self._at(14))
        self.env["dunning.account"]._cron_credit_alerts()
        self.assertEqual(old.activity_ids.mapped("date_deadline"), [self._at(14)])
        self.assertFalse(new.activity_ids)

    def test_more_cover_than_debt_covers_the_debt(self):
        self._cover(amount=1000)
        self._invoice(-10, 300)
        account = self._account()
        self.assertEqual((account.amount_secured, account.amount_own_risk), (300, 0))

    def test_ending_within_thirty_days_warns(self):
        cover = self._cover(amount=100, date_to=self._at(31))
        self.assertEqual(self._hold()[0], "none")
        cover.date_to = self._at(30)
        self.assertEqual(self._hold(), ("warning", {"cover_ending"}))

    def test_declaration_deadline_and_its_alert(self):
        cover = self._cover(amount=5000, declare_days=60)
        self._invoice(44, 300)
        self.assertEqual(self._account().declaration_deadline, self._at(16))
        self.env["dunning.account"]._cron_credit_alerts()
        self.assertFalse(cover.activity_ids)
        self._invoice(45, 300)
        self.assertEqual(self._account().declaration_deadline, self._at(15))
        for _twice in range(2):
            self.env["dunning.account"]._cron_credit_alerts()
        self.assertEqual(cover.activity_ids.mapped("date_deadline"), [self._at(15)])
        cover.declared_date = self.day
        self.assertFalse(self._account().declaration_deadline)


@tagged("post_install", "-at_install")
class TestByHand(CreditCommon):
    def test_reason_and_end_are_both_needed(self):
        with self.assertRaises(UserError):
            self.customer._set_delivery_hold(self._at(5), " ")
        with self.assertRaises(ValidationError):
            self.customer.dunning_hold_until = self._at(5)

    def test_held_to_the_day_included(self):
        self.customer._set_delivery_hold(self.day, "Cheque came back")
        self.assertEqual(self._hold(), ("blocked", {"manual"}))
        self.assertIn("Held by hand until", self._reason())
        self.assertNotIn("Cheque", self._reason())  # on orders, transfers, for every employee
        self.assertIn("Cheque came back", self._account().delivery_hold_reason)
        self.customer.dunning_hold_until = self._at(-1)
        self.assertEqual(self._hold()[0], "none")

    def test_salespeople_do_not_hold_nor_free(self):
        seller = self._user("seller", "base.group_partner_manager")
        for vals in (
            {"dunning_hold_until": self._at(5)},
            {"dunning_hold_reason": "x"},
            {"dunning_limit_partner_id": False},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                self.customer.with_user(seller).write(vals)

    def test_every_reason_is_said(self):
        self._invoice(20, 900)
        self.customer.credit_limit = 500
        self.customer._set_delivery_hold(self._at(5), "Cheque came back")
        self.assertEqual(self._hold()[1], {"manual", "overdue", "limit"})
        for words in ("Held by hand", "overdue beyond", "credit limit is exceeded"):
            self.assertIn(words, self._reason())
        for amount in ("900", "500"):
            self.assertNotIn(amount, self._reason())


@tagged("post_install", "-at_install")
class TestSearch(CreditCommon):
    def test_search_and_group(self):
        late = self._create_customer("Late")
        held = self._create_customer("Held")
        self._invoice(20, 900)
        self._invoice(7, 100, partner=late)
        held._set_delivery_hold(self._at(5), "Talks")
        partners = self.env["res.partner"]
        mine = [("id", "in", (self.customer | late | held).ids)]
        search = partners.search
        self.assertEqual(search([("delivery_hold", "=", "blocked"), *mine]), self.customer | held)
        self.assertEqual(search([("delivery_hold", "=", "warning"), *mine]), late)
        self.assertFalse(search([("delivery_hold", "=", "none"), *mine]))
        self.assertEqual(search([("delivery_hold", "!=", "blocked"), *mine]), late)
        groups = dict(
            self.env["dunning.account"]._read_group(
                [("partner_id", "in", (self.customer | late | held).ids)],
                ["delivery_hold"],
                ["__count"],
            )
        )
        self.assertEqual(groups, {"blocked": 2, "warning": 1})

    def test_contacts_of_a_customer_are_held_with_it(self):
        self._invoice(20, 900)
        contacts = self.env["res.partner"].create(
            [{"name": f"Contact {n}", "parent_id": self.customer.id} for n in range(40)]
        )
        holds = contacts._get_delivery_holds(self.company)
        self.assertEqual(holds.keys(), {self.customer.id})
        self.assertEqual(contacts[7].delivery_hold, "blocked")

    def test_another_company_holds_for_itself(self):
        other = self._prepare_company(self.env["res.company"].create({"name": "Other"}))
        self.customer.credit_limit = 1000
        self._invoice(-10, 1500)
        self.assertEqual(self._hold()[0], "blocked")
        self.assertEqual(self._hold(company=other)[0], "none")
        self.customer.with_company(other)._set_delivery_hold(self._at(5), "Theirs")
        self.assertEqual(self._hold(company=other), ("blocked", {"manual"}))
        self.assertEqual(self._hold(), ("blocked", {"limit"}))

    def test_exposure_in_another_currency_worked_by_hand(self):
        franc = self.env.ref("base.CHF")
        franc.active = True
        self.env["res.currency.rate"].create(
            {
                "name": self._at(-100),
                "currency_id": franc.id,
                "rate": 1.25 * self.company.currency_id.rate,
                "company_id": self.company.id,
            }
        )
        self._invoice(-10, 1000, currency_id=franc.id)
        self._invoice(5, 100)
        account = self._account()
        self.assertEqual(account.amount_not_due, 800)
        self.assertEqual((account.amount_invoiced, account.exposure), (900, 900))


@tagged("post_install", "-at_install")
class TestTold(CreditCommon):
    def test_dates_are_said_in_the_readers_language(self):
        self.customer._set_delivery_hold(self._at(3), "Talks")
        french = self.customer.with_context(lang="fr_FR")
        self.assertIn("Livraisons", french._get_delivery_holds(self.company)[french.id]["reason"])


@tagged("post_install", "-at_install")
class TestIdentity(CreditCommon):
    """A salesperson who edits contacts does not free a held customer by making it another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user("identity", "base.group_partner_manager")
        cls.collector = cls._user("judge", f"{MODULE}.group_dunning_user")
        cls.customer.vat = "FR40303265045"
        cls.parent = cls._create_customer("Parent")
        cls.child = cls.env["res.partner"].create({"name": "Contact", "parent_id": cls.customer.id})

    def _attempts(self):
        return [
            (self.customer, {"customer_kind": "public"}),
            (self.customer, {"vat": False}),
            (self.customer, {"company_registry": "303265045"}),
            (self.customer, {"parent_id": self.parent.id}),
            (self.customer, {"company_type": "person"}),
            (self.customer, {"commercial_partner_id": self.parent.id}),
            (self.child, {"parent_id": False}),
            (self.child, {"is_company": True}),
        ]

    def test_held_customer_stays_who_it_is(self):
        self._invoice(20, 900)
        for partner, vals in self._attempts():
            with self.subTest(vals=vals), self.assertRaises(AccessError), self.cr.savepoint():
                partner.with_user(self.seller).with_context(tracking_disable=True).write(vals)
        self.assertEqual(self._hold()[0], "blocked")

    def test_everything_else_is_edited_as_ever(self):
        self._invoice(20, 900)
        customer = self.customer.with_user(self.seller)
        customer.write({"name": "Renamed", "email": "new@customer.example", "vat": customer.vat})
        contact = customer.create({"name": "New", "parent_id": customer.id})
        self.assertEqual((contact.vat, contact.commercial_partner_id), (customer.vat, customer))
        contact.write({"phone": "+33 1 02 03 04 05", "type": "invoice"})

    def test_customer_in_order_and_collectors(self):
        self.parent.with_user(self.seller).write({"customer_kind": "public", "vat": False})
        self._invoice(20, 900)
        self.customer.with_user(self.collector).customer_kind = "business"


@tagged("post_install", "-at_install")
class TestDeclaration(CreditCommon):
    def test_shown_on_the_customer_and_said_15_days_before(self):
        self.env["dunning.cover"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "amount": 5000,
                "declare_days": 30,
            }
        )
        self.assertFalse(self.customer.dunning_declaration_deadline)
        self._invoice(14, 100)
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.dunning_declaration_deadline, self._at(16))
        self.assertFalse(self.customer.dunning_is_declaration_near)
        self._invoice(15, 100)
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.dunning_declaration_deadline, self._at(15))
        self.assertTrue(self.customer.dunning_is_declaration_near)

    def test_what_is_owed_stands_on_the_customer(self):
        self._invoice(20, 900)
        self._invoice(-10, 300)
        self._credit(100)
        customer = self.customer
        owed = (customer.dunning_amount_overdue, customer.dunning_amount_not_due)
        self.assertEqual(owed, (900, 300))
        self.assertEqual((customer.dunning_amount_credit, customer.dunning_exposure), (-100, 1100))
