"""Each shipped ladder, walked day by day: unpaid, with a newer invoice, a payment, a contact."""

from odoo import fields
from odoo.tests import tagged

from .common import DunningCommon

# Due on a Tuesday before Easter 2026: weekends, Easter Monday, 1 and 8 May, Ascension and
# Whit Monday all lie on the way.
DUE = fields.Date.to_date("2026-03-31")
FIRST_DAY, LAST_DAY = -40, 120
KINDS = {"public": {"customer_kind": "public"}, "consumer": {"customer_kind": "consumer"}}
AMOUNTS = {"key_accounts": 12000.0, "small_amounts": 100.0}
LADDERS = (
    "progressive", "key_accounts", "small_amounts", "five_steps", "three_steps", "public",
    "consumer",
)  # fmt: skip
# A second invoice of a customer, by how much less, and how many days later it is due.
NEWER_SHARE, NEWER_DAYS = 0.4, 10
PAYMENT_DAY, PAID_SHARE, SETTLING_DAY = 10, 0.6, 25
CONTACT_DAY = 13


@tagged("post_install", "-at_install")
class TestTimeTravel(DunningCommon):
    """One journey for everybody: a customer for each ladder and each thing that may happen."""

    day = DUE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alone = cls._unpaid_on_each("Alone")
        cls.with_newer = cls._unpaid_on_each("Newer")
        cls.paying = cls._unpaid_on_each("Paying")
        cls.talking = cls._unpaid_on_each("Talking")
        cls.settling = cls._unpaid(cls._customer_on("progressive", "Settling"), 1000.0)
        cls.splitting = cls._customer_on("key_accounts", "Splitting")
        for _number in range(3):
            cls._unpaid(cls.splitting, 4000.0)
        cls.newer = {
            ladder: cls._invoice(
                -NEWER_DAYS, NEWER_SHARE * invoice.amount_total, partner=invoice.partner_id
            )
            for ladder, invoice in cls.with_newer.items()
        }
        cls._travel()

    @classmethod
    def _unpaid_on_each(cls, name):
        """Ladder -> an invoice that is due on DUE, of a customer of its own."""
        return {
            ladder: cls._unpaid(
                cls._customer_on(ladder, f"{name} {ladder}"), AMOUNTS.get(ladder, 1000.0)
            )
            for ladder in LADDERS
        }

    @classmethod
    def _customer_on(cls, ladder, name):
        policy = cls.env.ref(f"relance_graduee.policy_{ladder}")
        return cls._create_customer(
            name,
            dunning_policy_id=policy.id if policy.is_manual else False,
            **{"is_company": ladder != "consumer", **KINDS.get(ladder, {})},
        )

    @classmethod
    def _unpaid(cls, partner, amount):
        return cls._invoice(0, amount, partner=partner)

    @classmethod
    def _travel(cls):
        """Launch every day; close calls, approve and post what appears on the same day."""
        for number in range(FIRST_DAY, LAST_DAY + 1):
            if number == PAYMENT_DAY:
                for invoice in cls.paying.values():
                    cls._pay(invoice, PAID_SHARE * invoice.amount_total)
            if number == SETTLING_DAY:
                cls._pay(cls.settling, 990)
            if number == CONTACT_DAY:
                cls._talk(number)
            notices = cls._launch(number).notice_ids
            cls._send(notices.filtered(lambda n: n.state == "proposed"), number)
            cls._finish(notices, number)

    @classmethod
    def _talk(cls, number):
        """They call us, each about something else."""
        contacts = cls.env["dunning.delivery"].create(
            [
                {
                    "partner_id": invoice.partner_id.id,
                    "company_id": cls.company.id,
                    "channel": "phone",
                    "date_planned": cls._at(number),
                }
                for invoice in cls.talking.values()
            ]
        )
        for contact in contacts:
            contact.action_done(outcome="other", date=cls._at(number))

    def _get_sent(self, partner):
        return self.env["dunning.notice"].search(
            [("partner_id", "=", partner.id), ("state", "=", "sent")], order="date_sent, id"
        )

    def _story(self, partner):
        """List of (days after DUE, step name, channels) of what was sent to ``partner``."""
        return [
            (
                (notice.date_sent - DUE).days,
                notice.step_id.name,
                "+".join(notice.step_id._get_channels()),
            )
            for notice in self._get_sent(partner)
        ]

    def _days(self, partner):
        return [day for day, *_rest in self._story(partner)]

    def _steps_of(self, invoice):
        """List of (days after DUE, step name): the steps that the invoice itself took."""
        lines = self.env["dunning.notice.line"].search(
            [("move_id", "=", invoice.id), ("advances", "=", True), ("live", "=", True)], order="id"
        )
        return [((line.notice_id.date_sent - DUE).days, line.step_id.name) for line in lines]

    # ------------------------------------------------------------
    # UNPAID
    # ------------------------------------------------------------

    def test_progressive(self):
        self.assertEqual(
            self._story(self.alone["progressive"].partner_id),
            [
                (7, "Courteous e-mail", "email"),  # a Sunday, then Easter Monday
                (13, "Call: a dated promise", "phone"),  # a Sunday
                (20, "Last reminder", "email+letter"),
                (30, "Visit: a payment plan", "visit"),
                (45, "Formal notice", "email+letter+registered"),
                (62, "Handover of the file", "handover"),  # a Saturday
            ],
        )

    def test_key_accounts(self):
        self.assertEqual(
            self._story(self.alone["key_accounts"].partner_id),
            [
                (-20, "Call after invoicing", "phone"),  # 10 days after the invoice
                (3, "Call after the due date", "phone"),
                (8, "Letter and e-mail", "email+letter"),
                (23, "Registered last reminder", "registered"),
                (30, "Visit", "visit"),
                (45, "Formal notice", "email+letter+registered"),
            ],
        )

    def test_key_accounts_smaller_invoice_gets_no_call_before_due(self):
        self.assertEqual(self._story(self.splitting)[0], (3, "Call after the due date", "phone"))

    def test_small_amounts(self):
        self.assertEqual(
            self._story(self.alone["small_amounts"].partner_id),
            [
                (10, "Courteous e-mail", "email"),
                (30, "E-mail and SMS", "email+sms"),
                (62, "Last letter", "letter"),
            ],
        )

    def test_five_steps(self):
        self.assertEqual(
            self._story(self.alone["five_steps"].partner_id),
            [
                (30, "Call", "phone"),
                (41, "Sober letter", "letter"),  # 8 May, a holiday before a weekend
                (56, "Last reminder", "letter"),
                (64, "Payment plan", "phone"),
                (72, "Formal notice", "email+letter+registered"),
            ],
        )

    def test_three_steps(self):
        self.assertEqual(
            self._story(self.alone["three_steps"].partner_id),
            [
                (1, "Courteous e-mail", "email"),
                (7, "Call", "phone"),
                (15, "Formal notice", "email+letter+registered"),
            ],
        )

    def test_public(self):
        self.assertEqual(
            self._story(self.alone["public"].partner_id),
            [
                (7, "Status of the invoices", "email"),
                (15, "Call", "phone"),
                (30, "Letter to the authorising officer", "letter"),
                (62, "Registered claim", "email+letter+registered"),
            ],
        )

    def test_consumers(self):
        self.assertEqual(
            self._story(self.alone["consumer"].partner_id),
            [
                (7, "Courteous e-mail", "email"),
                (22, "Last reminder", "letter"),
                (45, "Formal notice", "email+letter+registered"),
            ],
        )

    # ------------------------------------------------------------
    # A NEWER INVOICE, TEN DAYS LATER
    # ------------------------------------------------------------

    def _assert_newer(self, ladder, days, steps):
        newer = self.newer[ladder]
        self.assertEqual((self._days(newer.partner_id), self._steps_of(newer)), (days, steps))

    def test_progressive_with_a_newer_invoice(self):
        self._assert_newer(
            "progressive",
            [7, 13, 20, 30, 45, 62, 70],
            [
                (20, "Courteous e-mail"),  # due at 15, softer than the call of 13: it joins
                (30, "Call: a dated promise"),
                (45, "Formal notice"),  # reminded twice: demanded with the older one
                (70, "Handover of the file"),
            ],
        )

    def test_key_accounts_with_a_newer_invoice(self):
        self._assert_newer(
            "key_accounts",
            [-20, 3, 8, 23, 30, 45],
            [
                (23, "Call after the due date"),  # due at 13, softer than the letter of 8
                (30, "Letter and e-mail"),
                (45, "Formal notice"),
            ],
        )

    def test_small_amounts_with_a_newer_invoice(self):
        self._assert_newer(
            "small_amounts",
            [10, 20, 30, 41, 62, 70],  # as hard as what was heard: it goes alone
            [(20, "Courteous e-mail"), (41, "E-mail and SMS"), (70, "Last letter")],
        )

    def test_five_steps_with_a_newer_invoice(self):
        self._assert_newer(
            "five_steps",
            [30, 41, 49, 56, 64, 72],
            [(41, "Call"), (49, "Sober letter"), (64, "Last reminder"), (72, "Formal notice")],
        )

    def test_three_steps_with_a_newer_invoice(self):
        self._assert_newer(
            "three_steps",
            [1, 7, 15, 51, 56, 64],  # nothing else until the formal notice's deadline
            [(51, "Courteous e-mail"), (56, "Call"), (64, "Formal notice")],
        )

    def test_public_with_a_newer_invoice(self):
        self._assert_newer(
            "public",
            [7, 15, 27, 34, 41, 62],  # 30 is too near to the call of 27; then 1 May, a Friday
            [
                (15, "Status of the invoices"),
                (27, "Call"),
                (41, "Letter to the authorising officer"),
                (62, "Registered claim"),
            ],
        )

    def test_consumers_with_a_newer_invoice(self):
        self._assert_newer(
            "consumer",
            [7, 17, 22, 34, 45],
            [(17, "Courteous e-mail"), (34, "Last reminder"), (45, "Formal notice")],
        )

    # ------------------------------------------------------------
    # A PAYMENT, A CONTACT
    # ------------------------------------------------------------

    def test_part_paid_the_ladder_goes_on_with_the_rest(self):
        for ladder, invoice in self.paying.items():
            with self.subTest(ladder=ladder):
                alone = self.alone[ladder]
                self.assertEqual(self._story(invoice.partner_id), self._story(alone.partner_id))
                last = self._get_sent(invoice.partner_id)[-1]
                rest = invoice.amount_total * (1 - PAID_SHARE)
                self.assertAlmostEqual(last.amount_residual, rest)

    def test_paid_but_for_ten_euros_nothing_more_is_said(self):
        self.assertEqual(self._days(self.settling.partner_id), [7, 13, 20], "less than 15 euros")

    def test_a_contact_by_hand_delays_what_is_near(self):
        """By four days, and what comes after by its own distance; what is farther stays."""
        delayed = {
            "progressive": [7, 17, 24, 34, 45, 62],
            "three_steps": [1, 7, 17],
            "public": [7, 17, 30, 62],
        }
        for ladder, invoice in self.talking.items():
            with self.subTest(ladder=ladder):
                undisturbed = self._days(self.alone[ladder].partner_id)
                self.assertEqual(self._days(invoice.partner_id), delayed.get(ladder, undisturbed))
