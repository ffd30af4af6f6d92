"""Late interest and the 40 €, from real invoices and payments to the figures of a notice."""

from datetime import date, timedelta

from odoo import Command, fields
from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from ..common import DunningCommon


class PenaltyCommon(DunningCommon):
    """Claims that a formal notice makes on 31 August 2026; the ladder is one formal step."""

    stop = date(2026, 8, 31)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_bank_days = 0
        cls.env.ref("base.EUR").active = True
        cls.company.write({"dunning_penalty_since": "2020-01-01", "currency_id": cls._euro().id})
        cls.formal_policy = cls._create_policy(
            "Claims",
            {
                "name": "Formal",
                "delay_days": 30,
                "registered_letter": True,
                "is_formal_notice": True,
                "answer_days": 8,
                "approval": "confirm",
                "charge_interest": True,
                "charge_indemnity": True,
            },
        )
        cls.customer.write({"customer_kind": "business", "dunning_policy_id": cls.formal_policy.id})

    @classmethod
    def _euro(cls):
        return cls.env.ref("base.EUR")

    @classmethod
    def _bill(cls, amount, due, partner=None, **vals):
        """A posted invoice of ``amount``, due on a day, invoiced 30 days before."""
        due = fields.Date.to_date(due)
        vals = {"invoice_date": due - timedelta(days=30), "invoice_date_due": due, **vals}
        return cls._create_move(
            "out_invoice", partner, amount, invoice_payment_term_id=False, **vals
        )

    @classmethod
    def _pay_on(cls, move, day, amount=None):
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        vals = {"payment_date": day, **({"amount": amount} if amount else {})}
        return wizard.create(vals)._create_payments()

    def _accrue(self, partner=None, day=None):
        partner = partner or self.customer
        self.env["dunning.penalty"]._accrue(self.company, partner.ids, day or self.stop)
        return self._penalties(partner)

    def _penalties(self, partner=None):
        return self.env["dunning.penalty"].search(
            [("partner_id", "=", (partner or self.customer).id)], order="date_maturity, kind desc"
        )

    def _amounts(self, move, field="amount_accrued"):
        """{kind: amount} of an invoice in the ledger."""
        rows = self.env["dunning.penalty"].search([("move_id", "=", move.id)])
        return {row.kind: row[field] for row in rows}

    def _claim(self, day=None):
        """The formal notice of the customer, proposed on a day."""
        with self._clock(day or self.stop) as today:
            run = self.env["dunning.run"].launch(date=today, companies=self.company)
            notice = self._notices(run)
            if notice.formal_question:
                notice._decide_formal("The customer is moving out")  # nothing was sent before
        return notice


@tagged("post_install", "-at_install")
class TestWorkedChecks(PenaltyCommon):
    """The calculations of the law sheet, by hand, to the cent."""

    def test_18_business_over_two_semesters(self):
        invoice = self._bill(12000, "2025-11-30")
        rows = self._accrue()
        self.assertEqual(self._amounts(invoice), {"interest": 1099.60, "indemnity": 40})
        segments = rows.filtered(lambda r: r.kind == "interest").sheet["segments"]
        self.assertEqual(
            [(s["days"], s["rate"], s["interest"]) for s in segments],
            [(31, "12.15", "123.83"), (181, "12.15", "723.01"), (62, "12.4", "252.76")],
        )

    def test_19_part_payment_principal_first(self):
        invoice = self._bill(12000, "2025-11-30")
        self._pay_on(invoice, "2026-06-30", 5000)
        rows = self._accrue()
        self.assertEqual(self._amounts(invoice), {"interest": 994.28, "indemnity": 40})
        sheet = rows.filtered(lambda r: r.kind == "interest").sheet
        self.assertEqual((sheet["principal_due"], sheet["interest_due"]), ("7000.00", "994.28"))

    def test_19_part_payment_interest_first(self):
        self.company.dunning_imputation = "interest_first"
        invoice = self._bill(12000, "2025-11-30")
        self._pay_on(invoice, "2026-06-30", 5000)
        rows = self._accrue()
        sheet = rows.filtered(lambda r: r.kind == "interest").sheet
        self.assertEqual((sheet["principal_due"], sheet["interest_due"]), ("7846.84", "165.28"))
        self.assertEqual(sheet["events"][0]["interest"], "846.84")
        # What the books still show, and this, make the 8 012.12 of the law sheet.
        self.assertAlmostEqual(
            self._amounts(invoice)["interest"] + invoice.amount_residual, 8012.12
        )

    def test_115_public_buyer_keeps_the_rate_of_the_first_day(self):
        self.customer.customer_kind = "public"
        invoice = self._bill(12000, "2025-12-14")
        self._accrue()
        self.assertEqual(self._amounts(invoice), {"interest": 867.62, "indemnity": 40})

    def test_notice_says_what_the_ledger_says(self):
        invoice = self._bill(12000, "2025-11-30")
        self._pay_on(invoice, "2026-06-30", 5000)
        notice = self._claim()
        self.assertEqual(
            (notice.amount_residual, notice.amount_interest, notice.amount_indemnity),
            (7000, 994.28, 40),
        )
        self.assertEqual(notice.amount_total, 8034.28)
        self.assertEqual(
            self._amounts(invoice, "amount_due"), {"interest": 994.28, "indemnity": 40}
        )


@tagged("post_install", "-at_install")
class TestMissingRate(PenaltyCommon):
    def test_shipped_rates_end_with_what_was_published(self):
        rates = self.env["dunning.rate"].search([])
        self.assertEqual(len(rates), 2 * 28)
        self.assertEqual(
            (min(rates.mapped("semester")), max(rates.mapped("semester"))), ("2013-1", "2026-2")
        )
        self.assertTrue(all(rate.source and rate.read_on for rate in rates))

    def test_formal_notice_goes_with_principal_and_indemnity(self):
        self.company.dunning_mode = "discovery"  # the semester is to come
        self._bill(1000, "2026-11-30")
        notice = self._claim(date(2027, 1, 11))
        self.assertEqual(notice.interest_missing, "2027-1")
        self.assertEqual((notice.amount_interest, notice.amount_indemnity), (0, 40))
        labels = {t["label"]: t["amount"] for t in notice._get_totals()}
        self.assertEqual(
            labels["Late payment interest (the rate of 2027-1 is not yet known)"], "for the record"
        )

    def test_entering_the_rate_gives_the_figure(self):
        invoice = self._bill(1000, "2026-11-30")
        self._accrue(day=date(2027, 1, 11))
        self.assertEqual(self._amounts(invoice), {"interest": 0, "indemnity": 40})
        self.env["dunning.rate"].create({"kind": "ecb_refi", "semester": "2027-1", "value": 2.65})
        self._accrue(day=date(2027, 1, 11))
        # 31 days at 12.40 % and 11 at 12.65 %
        self.assertEqual(self._amounts(invoice)["interest"], 10.53 + 3.81)

    def test_error_names_the_semester_and_opens_the_form(self):
        from ...tools.late_interest import MissingRate

        warning = self.env["dunning.rate"]._get_missing_warning(MissingRate("ecb_refi", "2027-1"))
        self.assertIsInstance(warning, RedirectWarning)
        message, action, _button, context = warning.args
        self.assertIn("2027-1", message)
        self.assertEqual(context, {"default_kind": "ecb_refi", "default_semester": "2027-1"})
        self.assertEqual(self.env["ir.actions.act_window"].browse(action).res_model, "dunning.rate")


@tagged("post_install", "-at_install")
class TestIndemnity(PenaltyCommon):
    """The forty euros (L441-10 II, D441-5; D2192-35): law sheet, facts 20 to 27."""

    def _indemnities(self, partner=None, day=None):
        rows = self._accrue(partner, day).filtered(lambda row: row.kind == "indemnity")
        return sorted(rows.mapped("amount_accrued"))

    def test_20_due_from_the_first_day_without_reminder(self):
        self._bill(1000, "2026-08-30")
        self.assertEqual(self._indemnities(day=date(2026, 8, 30)), [])
        self.assertEqual(self._indemnities(day=date(2026, 8, 31)), [40])

    def test_21_once_an_invoice_not_a_day_nor_a_reminder(self):
        self._bill(1000, "2026-01-31")
        self._bill(10, "2026-01-31")
        for day in (date(2026, 2, 10), date(2026, 5, 10), self.stop):
            self.assertEqual(self._indemnities(day=day), [40, 40])

    def _in_two_instalments(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (30, 60)
                ],
            }
        )
        return self._create_move(
            "out_invoice",
            None,
            1000,
            invoice_date=date(2026, 1, 1),
            invoice_payment_term_id=term.id,
        )

    def test_21_one_for_two_late_instalments(self):
        self._in_two_instalments()
        self.assertEqual(self._indemnities(), [40])

    def test_21_one_though_the_first_instalment_was_paid_long_ago(self):
        invoice = self._in_two_instalments()
        self._pay_on(invoice, "2026-02-20", 500)
        self.assertEqual(self._indemnities(day=date(2026, 2, 25)), [40])
        self.assertEqual(self._indemnities(), [40])

    def test_21_by_instalment_where_the_company_wants_it(self):
        self.company.dunning_indemnity_per = "instalment"
        self._in_two_instalments()
        self.assertEqual(self._indemnities(), [40, 40])

    def test_22_due_though_paid_in_part_in_time(self):
        invoice = self._bill(1000, "2026-06-30")
        self._pay_on(invoice, "2026-06-15", 900)
        self.assertEqual(self._indemnities(), [40])

    def test_22_due_though_paid_in_full_one_day_late(self):
        late = self._bill(1000, "2026-06-30")
        in_time = self._bill(1000, "2026-06-30")
        self._pay_on(late, "2026-07-01")
        self._pay_on(in_time, "2026-06-30")
        self.assertEqual(self._indemnities(), [40])
        self.assertEqual(self._amounts(late), {"interest": 0.34, "indemnity": 40})
        self.assertEqual(self._amounts(in_time), {})

    def test_25_not_for_what_falls_due_after_an_opening_judgment(self):
        before, after = self._bill(1000, "2026-03-31"), self._bill(1000, "2026-04-30")
        self.customer.insolvency_date = "2026-04-15"
        self._accrue()
        self.assertEqual(self._amounts(before)["indemnity"], 40)
        self.assertEqual(self._amounts(after), {})

    def test_92_interest_stops_the_day_before_the_judgment(self):
        invoice = self._bill(1000, "2026-03-31")
        self.customer.insolvency_date = "2026-04-11"
        self._accrue()
        self.assertEqual(self._amounts(invoice)["interest"], 3.33)  # ten days at 12.15 %

    def test_26_never_from_consumers_nor_nonprofessionals(self):
        for kind in ("consumer", "nonprofessional"):
            partner = self._create_customer(kind, customer_kind=kind)
            self._bill(1000, "2026-01-31", partner)
            self.assertFalse(self._accrue(partner))

    def test_27_credit_note_reduces_the_base_and_the_whole_invoice_owes_nothing(self):
        invoice = self._bill(1000, "2026-06-30")
        part = self._credit(400, invoice_date=date(2026, 7, 11))
        lines = (invoice | part).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.reconcile()
        # ten days on 1 000, fifty-two on 600: the credit note counts from its own date
        self._accrue()
        self.assertEqual(self._amounts(invoice)["interest"], 3.40 + 10.60)
        undone = self._bill(500, "2026-06-30")
        undone._reverse_moves([{"invoice_date": self.stop, "date": self.stop}], cancel=True)
        self._accrue()
        self.assertFalse(self._amounts(undone))


@tagged("post_install", "-at_install")
class TestInterestRules(PenaltyCommon):
    def _interest(self, invoice, day=None):
        self._accrue(invoice.commercial_partner_id, day)
        return self._amounts(invoice).get("interest", 0)

    def test_1_rate_of_the_first_day_of_each_semester(self):
        # one day at 12.15 %, sixty-two at 12.40 %
        self.assertEqual(self._interest(self._bill(1000, "2026-06-29")), 21.39)

    def test_3_contractual_rate_is_used_and_the_floor_only_warned_of(self):
        self.formal_policy.contract_rate = 5
        invoice = self._bill(1000, "2026-06-30")
        notice = self._claim()
        self.assertEqual(notice.amount_interest, 8.49)
        self.assertIn("8.25", notice.contract_warning)
        self.assertIn("8.25", self.formal_policy.ladder_warning)
        self.customer.dunning_contract_rate = 15
        self.assertEqual(self._interest(invoice), 25.48)

    def test_3_default_rate_below_the_floor_is_not_raised(self):
        """In 2024 three times the legal rate was above the refinancing rate plus ten."""
        invoice = self._bill(1000, "2024-01-31")
        self._pay_on(invoice, "2024-02-29")
        self.assertEqual(self._interest(invoice), 11.52)  # 29 days at 14.50 %

    def test_7_base_is_the_gross_amount(self):
        tax = self.env["account.tax"].create({"name": "20 %", "amount": 20})
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-06-01",
                "invoice_date_due": "2026-06-30",
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "Work", "price_unit": 1000, "tax_ids": tax.ids})
                ],
            }
        )
        invoice.action_post()
        self.assertEqual(self._interest(invoice), 25.28)  # 1 200 × 12.40 % × 62 / 365

    def test_8_act_act_where_the_company_wants_it(self):
        invoice = self._bill(36600, "2024-01-31")
        self._pay_on(invoice, "2024-02-29")
        self.company.dunning_day_count = "act_act"
        self.assertEqual(self._interest(invoice), 420.50)  # 29 days at 14.50 % of 366

    def test_10_money_held_counts_from_the_day_it_arrived(self):
        invoice = self._bill(1000, "2026-06-30")
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": 1000,
                "date": "2026-07-10",
                "payment_type": "inbound",
                "partner_type": "customer",
            }
        )
        payment.action_post()
        if not payment.move_id:
            self.skipTest("payments have no entry here")
        self.assertEqual(self._interest(invoice), 3.40)

    def test_28_consumers_from_the_receipt_of_a_formal_notice(self):
        self.customer.customer_kind = "consumer"
        invoice = self._bill(1000, "2026-06-30")
        with self._no_render():
            notice = self._claim(date(2026, 8, 3))
            with self._clock(date(2026, 8, 3)):
                notice.action_approve()
                notice.action_send()
            letter = notice.delivery_ids.filtered(lambda d: d.channel == "registered")
            letter.tracking_number = "2C1"
            letter.action_done(date=date(2026, 8, 3))
        self.assertEqual(self._interest(invoice), 0)
        letter.action_done(outcome="received", date=date(2026, 8, 6))
        self.assertEqual(letter.date_received, date(2026, 8, 6))
        # 29 (column of companies): 25 days at 2.75 %, not at 6.84 %
        self.assertEqual(self._interest(invoice), 1.88)

    def test_foreign_currency_counts_in_its_own(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollar.id,
                "name": "2026-01-01",
                "rate": 1.25,
                "company_id": self.company.id,
            }
        )
        invoice = self._bill(1000, "2026-06-30", currency_id=dollar.id)
        self.assertEqual(self._interest(invoice), 21.06)
        rows = self._penalties()
        self.assertEqual(rows.currency_id, dollar)
        self.assertEqual(self._amounts(invoice)["indemnity"], 50)  # 40 € at 1.25

    def test_6_thirty_days_where_nothing_was_agreed(self):
        """An opening entry without due date: nobody knows what was agreed."""
        receivable = self.customer.property_account_receivable_id
        suspense = self.env["account.account"].create(
            {"name": "Opening", "code": "471999", "account_type": "asset_current"}
        )
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-06-30",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.customer.id,
                            "debit": debit,
                            "credit": 1000 - debit,
                        }
                    )
                    for account, debit in ((receivable, 1000), (suspense, 0))
                ],
            }
        )
        entry.action_post()
        line = entry.line_ids.filtered("debit")
        line.write({"no_followup": False, "date_maturity": False})
        self.assertEqual(self._interest(entry), 10.87)  # 32 days from 31 July at 12.40 %
        self.assertEqual(self._penalties()[0].date_maturity, date(2026, 7, 30))

    def test_98_consumers_in_debt_proceedings_are_left_alone(self):
        """Surendettement is noted like any other proceedings: nothing is demanded, no interest."""
        self.customer.write({"customer_kind": "consumer", "insolvency_date": "2026-07-31"})
        invoice = self._bill(1000, "2026-06-30")
        self.assertEqual(self._reason(invoice), "insolvency")
        self.assertEqual(self._interest(invoice), 0)

    def test_due_before_the_invoice(self):
        early = self._bill(1000, "2026-06-30", invoice_date=date(2026, 7, 21))
        self.assertEqual(self._interest(early), 13.93)  # from the day after the invoice: 41 days
