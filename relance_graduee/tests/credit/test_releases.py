"""Releases: who asks, who grants up to how much, and what they cover."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...models.credit.dunning_guard import Demand
from ..common_credit import MODULE, CreditCommon


class ReleaseCommon(CreditCommon):
    """Any record stands for an order or a delivery: the guard only wants to know which."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user("seller", "base.group_partner_manager")
        cls.collector = cls._user("collector", f"{MODULE}.group_dunning_user")
        cls.manager = cls._user("manager", f"{MODULE}.group_dunning_manager")
        cls.director = cls._user("director", f"{MODULE}.group_dunning_director")
        cls.overdue = cls._invoice(40, 600), cls._invoice(30, 300), cls._invoice(20, 300)
        cls.documents = cls.env["res.partner.category"].create(
            [{"name": f"Document {n}"} for n in range(4)]
        )

    def _goes(self, document, amount=100.0, parents=(), customer=None, use=True):
        demand = Demand(document, customer or self.customer, amount, tuple(parents))
        return not self.env["dunning.guard"]._get_obstacles(self.company, [demand], use=use)


@tagged("post_install", "-at_install")
class TestGranting(ReleaseCommon):
    def _ask(self, user=None, **vals):
        asked = {"partner_id": self.customer.id, "amount": 500, "reason": "Big fair", **vals}
        return self.env["dunning.release"].with_user(user or self.seller).create(asked)

    def test_anybody_asks_with_a_reason(self):
        release = self._ask()
        self.assertEqual((release.state, release.user_id), ("requested", self.seller))
        self.assertEqual(release.company_id, self.company)
        with self.assertRaises(ValidationError):
            self._ask(reason=" ")
        with self.assertRaises(ValidationError):
            self._ask(amount=0)

    def test_a_request_covers_nothing(self):
        self._ask()
        self.assertFalse(self._goes(self.documents[0]))

    def test_only_managers_grant(self):
        for user in (self.seller, self.collector):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._ask(user).action_grant()
        release = self._ask().with_user(self.manager)
        release.action_grant()
        self.assertEqual((release.state, release.granted_by), ("granted", self.manager))
        self.assertTrue(self._goes(self.documents[0]))

    def test_two_levels(self):
        self.company.dunning_release_limit = 1000
        self.company.dunning_release_limit_director = 5000
        small, large, huge = (self._ask(amount=amount) for amount in (1000, 1000.01, 5000.01))
        small.with_user(self.manager).action_grant()
        with self.assertRaisesRegex(AccessError, "credit director"):
            large.with_user(self.manager).action_grant()
        large.with_user(self.director).action_grant()
        with self.assertRaises(AccessError):
            huge.with_user(self.director).action_grant()
        self.company.dunning_release_limit_director = 0
        huge.with_user(self.director).action_grant()

    def test_nothing_is_written_from_outside(self):
        release = self._ask()
        for user in (self.seller, self.collector, self.manager, self.director):
            for vals in (
                {"state": "granted"},
                {"granted_by": user.id},
                {"user_id": user.id},
                {"partner_id": self.customer.id, "amount": 9},
                {"use_ids": [(5,)]},
                {"invoice_ids": [(5,)]},
            ):
                with self.subTest(user=user.login, vals=vals), self.assertRaises(AccessError):
                    release.with_user(user).with_context(su=True, install_mode=True).write(vals)
        self.assertEqual(release.state, "requested")

    def test_a_request_is_never_born_granted(self):
        for user in (self.seller, self.manager):
            release = (
                self.env["dunning.release"]
                .with_user(user)
                .with_context(default_state="granted", default_granted_by=user.id)
                .create(
                    {
                        "partner_id": self.customer.id,
                        "amount": 500,
                        "reason": "x",
                        "state": "granted",
                        "user_id": self.director.id,
                        "granted_date": fields.Datetime.now(),
                    }
                )
            )
            self.assertEqual((release.state, release.user_id), ("requested", user))
            self.assertFalse(release.granted_by or release.granted_date)

    def test_granted_is_fixed(self):
        release = self._ask().with_user(self.manager)
        release.amount = 400
        release.action_grant()
        for user in (self.manager, self.director):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                release.with_user(user).amount = 9000
        with self.assertRaises(UserError):
            release.action_grant()
        with self.assertRaises(UserError):
            release.unlink()
        with self.assertRaises(AccessError):
            self.seller.env["dunning.release.use"].with_user(self.seller).create({})

    def test_refused_and_withdrawn_cover_nothing(self):
        refused, withdrawn = self._ask(), self._ask()
        refused.with_user(self.manager).action_refuse()
        withdrawn.with_user(self.manager).action_grant()
        with self.assertRaises(AccessError):
            withdrawn.with_user(self.seller).action_cancel()
        withdrawn.with_user(self.manager).action_cancel()
        self.assertFalse(self._goes(self.documents[0]))
        own = self._ask()
        own.action_cancel()
        self.assertEqual(own.state, "cancelled")

    def test_a_past_end_is_not_granted(self):
        release = self._ask(date_until=self._at(-1))
        with self.assertRaisesRegex(UserError, "later date"):
            release.with_user(self.manager).action_grant()

    def test_those_concerned_are_told_without_amounts(self):
        self.customer.user_id = self.seller
        release = self._ask(self.collector)
        self.assertTrue(release.activity_ids)
        release.with_user(self.manager).action_grant()
        self.assertFalse(release.activity_ids)
        told = self.env["mail.notification"].search(
            [
                ("mail_message_id.res_id", "=", release.id),
                ("mail_message_id.model", "=", "dunning.release"),
                ("mail_message_id.body", "ilike", "granted"),
            ]
        )
        self.assertEqual(told.res_partner_id, (self.seller | self.collector).partner_id)
        body = self.customer.message_ids[0].body
        self.assertIn("granted", body)
        self.assertNotIn("500", body)


@tagged("post_install", "-at_install")
class TestLimits(ReleaseCommon):
    """What one person lets go for one customer, worked by hand: 1 000, a director 5 000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "dunning_release_limit": 1000,
                "dunning_release_limit_director": 5000,
                "dunning_release_days": 30,
                "dunning_release_most_days": 30,
            }
        )
        cls.second = cls._user("second", f"{MODULE}.group_dunning_manager")

    def _ask(self, amount=0, **vals):
        vals = {"partner_id": self.customer.id, "scope": "until", "reason": "Big fair", **vals}
        return self.env["dunning.release"].with_user(self.seller).create({**vals, "amount": amount})

    def _grant(self, release, user=None):
        release.with_user(user or self.manager).action_grant()
        return release

    def _not_granted(self, release, user=None, words="credit director"):
        with self.assertRaisesRegex(AccessError, words):
            self._grant(release, user)
        self.assertEqual(release.state, "requested")

    def test_every_scope_says_what_it_opens(self):
        """A new scope has to say it, too: with an amount no less, and never a silent 0."""
        releases = self.env["dunning.release"]
        for scope in dict(releases._fields["scope"]._description_selection(self.env)):
            vals = {"partner_id": self.customer.id, "company_id": self.company.id, "scope": scope}
            opened = releases.new({**vals, "amount": 500})._get_amount_opened()
            self.assertGreaterEqual(opened, 500, scope)
        self.assertIsNone(releases.new({**vals, "scope": "until"})._get_amount_opened())

    def test_without_an_amount_it_opens_everything(self):
        everything = self._ask()
        self._not_granted(everything, words="Without an amount")
        self._not_granted(everything, self.director, words="Without an amount")
        self.company.dunning_release_limit_director = 0
        self._grant(everything, self.director)

    def test_five_of_the_limit_are_five_times_the_limit(self):
        first, *others = (self._ask(1000) for _each in range(5))
        self._grant(first)
        for release in others:
            self._not_granted(release)
        with self.assertRaises(AccessError):
            (others[0] | others[1]).with_user(self.second).action_grant()
        self._grant(others[0], self.director)
        self._grant(others[1], self.second)

    def test_parts_of_the_limit(self):
        self._grant(self._ask(600))
        self._not_granted(self._ask(400.01))
        self._grant(self._ask(400))

    def test_another_customer_has_a_limit_of_its_own(self):
        self._grant(self._ask(1000))
        self._grant(self._ask(1000, partner_id=self._create_customer("Other").id))
        contact = self.customer.create({"name": "Shop", "parent_id": self.customer.id})
        self._not_granted(self._ask(1, partner_id=contact.id))

    def test_what_was_used_and_withdrawn_counts(self):
        used, unused = self._grant(self._ask(700)), self._grant(self._ask(300))
        self.assertTrue(self._goes(self.documents[0], 650))
        (used | unused).with_user(self.manager).action_cancel()
        self._not_granted(self._ask(350.01))
        self._grant(self._ask(350))

    def test_what_ended_lately_counts_for_what_was_used(self):
        used = self._grant(self._ask(1000, date_until=self.day))
        self.assertTrue(self._goes(self.documents[0], 1000))
        self.env.cr.execute(
            """UPDATE dunning_release SET date_until = %s, granted_date = %s WHERE id = %s""",
            (self._at(-1), self._at(-3), used.id),
        )
        used.invalidate_recordset()
        self.env["dunning.release"]._cron_expire()
        self.assertEqual(used.state, "expired")
        self._not_granted(self._ask(1))
        self.env.cr.execute(
            "UPDATE dunning_release SET granted_date = %s WHERE id = %s", (self._at(-31), used.id)
        )
        used.invalidate_recordset()
        self._grant(self._ask(1000))

    def test_by_invoices_paid_it_opens_what_is_overdue(self):
        agreed = self._ask(scope="per_invoices_paid")
        self._not_granted(agreed)  # 1 200 are overdue
        self.company.dunning_release_limit = 1200
        self._grant(agreed)
        self._not_granted(self._ask(1))

    def test_longest_duration(self):
        self._not_granted(self._ask(10, date_until=self._at(31)))
        self._grant(self._ask(10, date_until=self._at(30)))
        self._grant(self._ask(10, date_until=self._at(366)), self.director)
        for user in (self.manager, self.director, self.env.user):
            with self.assertRaisesRegex(UserError, "366 days at most"):
                self._grant(self._ask(10, date_until="2999-12-31"), user)
        with self.assertRaisesRegex(UserError, "366 days at most"):
            self._release("until", amount=10, date_until=self._at(367))

    def test_the_days_of_a_release_may_always_be_granted(self):
        self.company.dunning_release_days = 45
        self._grant(self._ask(10, date_until=self._at(45)))
        self._not_granted(self._ask(10, date_until=self._at(46)))

    def test_who_may_grant_it_is_told(self):
        self.company.dunning_manager_id = self.manager
        small = self._ask(1000)
        self.assertEqual(small.activity_ids.user_id, self.manager)
        self._grant(small)
        for release in (self._ask(), self._ask(1), self._ask(1, date_until=self._at(99))):
            told = release.activity_ids.user_id
            self.assertNotEqual(told, self.manager)
            self.assertTrue(told.has_group(f"{MODULE}.group_dunning_director"))

    def test_the_update_tells_what_was_granted_beyond(self):
        within, beyond, ended = (self._grant(self._ask(10)) for _each in range(3))
        self.env.cr.execute(
            """UPDATE dunning_release SET amount = 0, date_until = '9999-12-31' WHERE id = %s;
               UPDATE dunning_release SET amount = 5000, date_until = %s WHERE id = %s""",
            (beyond.id, self._at(-1), ended.id),
        )
        (within | beyond | ended).invalidate_recordset()
        releases = self.env["dunning.release"]
        self.assertEqual(releases._tell_beyond_limits(), beyond)
        self.assertEqual(beyond.state, "granted")
        beyond = beyond.with_user(self.env.user)
        self.assertIn("credit director", beyond.message_ids[0].body)
        self.assertIn("beyond the limits", beyond.activity_ids.summary)


@tagged("post_install", "-at_install")
class TestCovering(ReleaseCommon):
    def test_an_amount_is_used_up(self):
        release = self._release(amount=250)
        first, second, third, _last = self.documents
        self.assertTrue(self._goes(first, 150))
        self.assertTrue(self._goes(first, 160), "the same document again, worth more")
        self.assertFalse(self._goes(second, 91))
        self.assertTrue(self._goes(third, 90))
        self.assertEqual((release.amount_used, len(release.use_ids)), (250, 2))
        self.assertFalse(self._goes(first, 161), "raised afterwards")

    def test_looking_uses_nothing(self):
        release = self._release(amount=250)
        self.assertTrue(self._goes(self.documents[0], 150, use=False))
        self.assertFalse(release.use_ids)

    def test_parts_of_what_was_taken_take_nothing_more(self):
        self._release(amount=200)
        order, first, second, third = self.documents
        self.patch(type(self.env["dunning.release"]), "_get_target_value", lambda *_a: 200.0)
        self.assertTrue(self._goes(order, 200))
        self.assertTrue(self._goes(first, 120, [order]))
        self.assertTrue(self._goes(second, 80, [order]))
        self.assertFalse(self._goes(third, 10, [order]))

    def test_until_a_date_included(self):
        release = self._release("until", date_until=self.day)
        self.assertTrue(self._goes(self.documents[0], 10**6))
        release.date_until = self._at(-1)
        self.assertFalse(self._goes(self.documents[1], 1))
        self.env["dunning.release"]._cron_expire()
        self.assertEqual(release.state, "expired")

    def test_until_a_date_up_to_an_amount(self):
        self._release("until", amount=100)
        self.assertTrue(self._goes(self.documents[0], 100))
        self.assertFalse(self._goes(self.documents[1], 1))

    def test_of_another_customer_or_company_covers_nothing(self):
        other = self._create_customer("Other")
        company = self._prepare_company(self.env["res.company"].create({"name": "Other"}))
        self._release("until", partner_id=other.id)
        self._release("until", company_id=company.id)
        self.assertFalse(self._goes(self.documents[0]))

    def test_customer_free_of_holds_needs_none(self):
        for invoice in self.overdue:
            self._pay(invoice)
        release = self._release("until")
        self.assertTrue(self._goes(self.documents[0]))
        self.assertFalse(release.use_ids)

    def test_warn_only_stops_nothing(self):
        self.company.dunning_sale_hold = "warn"
        self.assertTrue(self._goes(self.documents[0]))

    def test_without_a_target_one_order_or_delivery_covers_nothing(self):
        """Add-ons ask for the order or the delivery; it may have been deleted since."""
        release = self._release("until")
        self.assertTrue(self._goes(self.documents[0], use=False))
        for scope in ("order", "delivery"):
            self.env.cr.execute(
                "UPDATE dunning_release SET scope = %s, amount = 1000 WHERE id = %s",
                (scope, release.id),
            )
            release.invalidate_recordset()
            self.assertFalse(self._goes(self.documents[0], use=False))


@tagged("post_install", "-at_install")
class TestInvoicesPaid(ReleaseCommon):
    """Three overdue invoices: 600 (oldest), 300, 300."""

    def setUp(self):
        super().setUp()
        self.patch(type(self.env["dunning.release"]), "_counts_as_delivery", lambda *_a: True)

    def _earned(self, release):
        release.invalidate_recordset()
        return release.paid_count, release.earned_count, release.amount_paid

    def test_each_n_invoices_paid_let_one_delivery_go(self):
        self.policy.block_overdue_amount = 1
        release = self._release("per_invoices_paid", invoice_count=1)
        first, second, third, _last = self.documents
        self.assertEqual(self._earned(release), (0, 0, 0))
        self.assertFalse(self._goes(first))
        self._pay(self.overdue[0])
        self.assertEqual(self._earned(release), (1, 1, 600))
        self.assertTrue(self._goes(first, 400))
        self.assertFalse(self._goes(second, 100), "one paid, one delivered")
        self._pay(self.overdue[1])
        self.assertFalse(self._goes(second, 501), "900 paid, 901 delivered")
        self.assertTrue(self._goes(second, 500))
        self.assertFalse(self._goes(third, 1))
        self.assertEqual(release.used_count, 2)

    def test_two_for_one(self):
        release = self._release("per_invoices_paid", invoice_count=2)
        self._pay(self.overdue[0])
        self.assertEqual(self._earned(release), (1, 0, 600))
        self._pay(self.overdue[1])
        self.assertEqual(self._earned(release), (2, 1, 900))

    def test_oldest_first(self):
        release = self._release("per_invoices_paid")
        self._pay(self.overdue[1])
        self.assertEqual(self._earned(release), (0, 0, 300))
        self._pay(self.overdue[0])
        self.assertEqual(self._earned(release), (2, 2, 900))

    def test_what_was_paid_before_earns_nothing(self):
        self._pay(self.overdue[0])
        release = self._release("per_invoices_paid")
        self.assertEqual(release.invoice_ids.move_id, self.overdue[1] | self.overdue[2])
        self.assertEqual(self._earned(release), (0, 0, 0))

    def test_part_payments_and_credit_notes_earn_nothing(self):
        release = self._release("per_invoices_paid")
        self._pay(self.overdue[0], 599)
        self.assertEqual(self._earned(release), (0, 0, 599))
        refund = self._credit(300)
        (self._term_lines(refund) | self._term_lines(self.overdue[1])).reconcile()
        self._pay(self.overdue[0])
        self.assertEqual(self._earned(release), (1, 1, 600))
        self._pay(self.overdue[2])
        self.assertEqual(self._earned(release), (2, 2, 900))

    def test_a_payment_that_is_undone_earns_nothing(self):
        release = self._release("per_invoices_paid")
        self._pay(self.overdue[0])
        self._term_lines(self.overdue[0]).remove_move_reconcile()
        self.assertEqual(self._earned(release), (0, 0, 0))


@tagged("post_install", "-at_install")
class TestLock(ReleaseCommon):
    def test_asking_to_go_locks_customer_and_head(self):
        head = self._create_customer("Head")
        self.customer.dunning_limit_partner_id = head
        self._goes(self.documents[0])
        locks = self.env["dunning.lock"].search([("company_id", "=", self.company.id)])
        self.assertLessEqual(self.customer | head, locks.partner_id)

    def test_date_is_todays(self):
        self._release("until", date_until=self.day + timedelta(days=1))
        self.assertTrue(self._goes(self.documents[0]))
