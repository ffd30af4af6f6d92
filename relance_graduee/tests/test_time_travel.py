"""Each shipped ladder, walked day by day on one unpaid invoice."""

from odoo import fields
from odoo.tests import tagged

from .common import DunningCommon

# Due on a Tuesday before Easter 2026: weekends, Easter Monday, 1 and 8 May, Ascension and
# Whit Monday all lie on the way.
DUE = fields.Date.to_date("2026-03-31")


@tagged("post_install", "-at_install")
class TestTimeTravel(DunningCommon):
    day = DUE

    def _customer_on(self, policy, **vals):
        policy = self.env.ref(f"relance_graduee.policy_{policy}")
        return self._create_customer(
            f"On {policy.name}",
            dunning_policy_id=policy.id if policy.is_manual else False,
            **vals,
        )

    def _travel(self, partner, days=120, first=-40, each_day=None):
        """Launch every day; close calls, approve and post what appears on the same day.

        :return: list of (days after DUE, step name, channels) of what was sent
        """
        for number in range(first, days + 1):
            if each_day:
                each_day(number)
            run = self._launch(number)
            notices = self._notices(run, partner)
            self._send(notices.filtered(lambda n: n.state == "proposed"), number)
            self._finish(notices, number)
        return self._get_story(partner)

    def _get_story(self, partner):
        sent = self.env["dunning.notice"].search(
            [("partner_id", "=", partner.id), ("state", "=", "sent")], order="date_sent, id"
        )
        return [
            (
                (notice.date_sent - DUE).days,
                notice.step_id.name,
                "+".join(notice.step_id._get_channels()),
            )
            for notice in sent
        ]

    def _unpaid(self, partner, amount=1000.0):
        return self._invoice(0, amount, partner=partner)

    def test_progressive(self):
        partner = self._customer_on("progressive")
        self._unpaid(partner)
        self.assertEqual(
            self._travel(partner),
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
        partner = self._customer_on("key_accounts")
        self._unpaid(partner, 12000.0)
        self.assertEqual(
            self._travel(partner),
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
        partner = self._customer_on("key_accounts")
        for _number in range(3):
            self._unpaid(partner, 4000.0)
        self.assertEqual(self._travel(partner, days=5)[0], (3, "Call after the due date", "phone"))

    def test_small_amounts(self):
        partner = self._customer_on("small_amounts")
        self._unpaid(partner, 100.0)
        self.assertEqual(
            self._travel(partner, first=0),
            [
                (10, "Courteous e-mail", "email"),
                (30, "E-mail and SMS", "email+sms"),
                (62, "Last letter", "letter"),
            ],
        )

    def test_five_steps(self):
        partner = self._customer_on("five_steps")
        self._unpaid(partner)
        self.assertEqual(
            self._travel(partner, first=0),
            [
                (30, "Call", "phone"),
                (41, "Sober letter", "letter"),  # 8 May, a holiday before a weekend
                (56, "Last reminder", "letter"),
                (64, "Payment plan", "phone"),
                (72, "Formal notice", "email+letter+registered"),
            ],
        )

    def test_three_steps(self):
        partner = self._customer_on("three_steps")
        self._unpaid(partner)
        self.assertEqual(
            self._travel(partner, first=0),
            [
                (1, "Courteous e-mail", "email"),
                (7, "Call", "phone"),
                (15, "Formal notice", "email+letter+registered"),
            ],
        )

    def test_public(self):
        partner = self._customer_on("public", customer_kind="public")
        self._unpaid(partner)
        self.assertEqual(
            self._travel(partner, first=0),
            [
                (7, "Status of the invoices", "email"),
                (15, "Call", "phone"),
                (30, "Letter to the authorising officer", "letter"),
                (62, "Registered claim", "email+letter+registered"),
            ],
        )

    def test_consumers(self):
        partner = self._customer_on("consumer", customer_kind="consumer", is_company=False)
        self._unpaid(partner)
        self.assertEqual(
            self._travel(partner, first=0),
            [
                (7, "Courteous e-mail", "email"),
                (22, "Last reminder", "letter"),
                (45, "Formal notice", "email+letter+registered"),
            ],
        )

    def test_two_invoices_ten_days_apart(self):
        partner = self._customer_on("progressive")
        self._unpaid(partner)
        newer = self._invoice(-10, 500, partner=partner)
        self.assertEqual(
            [day for day, *_rest in self._travel(partner, first=0)], [7, 13, 20, 30, 45, 62, 70]
        )
        lines = self.env["dunning.notice.line"].search(
            [("move_id", "=", newer.id), ("advances", "=", True), ("live", "=", True)], order="id"
        )
        self.assertEqual(
            [((line.notice_id.date_sent - DUE).days, line.step_id.name) for line in lines],
            [
                (20, "Courteous e-mail"),  # due at 15, softer than the call of 13: it joins
                (30, "Call: a dated promise"),
                (45, "Formal notice"),  # reminded twice: demanded with the older one
                (70, "Handover of the file"),
            ],
        )

    def test_payment_in_the_middle(self):
        partner = self._customer_on("progressive")
        invoice = self._unpaid(partner)
        part = lambda number: number == 25 and self._pay(invoice, 990)  # noqa: E731
        story = self._travel(partner, first=0, each_day=part)
        self.assertEqual([day for day, *_rest in story], [7, 13, 20], "10 euros are below 15")

    def test_contact_by_hand_delays_the_next_step(self):
        partner = self._customer_on("progressive")
        self._unpaid(partner)

        def call_us(number):
            if number == 18:
                self.env["dunning.delivery"].create(
                    {
                        "partner_id": partner.id,
                        "company_id": self.company.id,
                        "channel": "phone",
                        "date_planned": self._at(number),
                    }
                ).action_done(outcome="other", date=self._at(number))

        story = self._travel(partner, days=30, first=0, each_day=call_us)
        self.assertEqual([day for day, *_rest in story], [7, 13, 22, 30])
