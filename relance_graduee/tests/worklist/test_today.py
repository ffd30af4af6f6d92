"""The morning page counts what its lists show."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from ...models.worklist.section import Section
from ..test_views import ScreenCommon


class TodayCommon(ScreenCommon):
    def setUp(self):
        super().setUp()
        # What the database already holds is not what these tests count.
        self.before = self._figures()

    def _rows(self, user="manager", **context):
        Today = self.env["dunning.today"].with_user(self.users[user])
        Today.invalidate_model()
        return Today.with_context(dunning_date=self.day, **context).search([])

    def _figures(self, user="manager", **context):
        rows = self._rows(user, **context)
        return {row.section: (row.count, row.amount) for row in rows}

    def _assert_more(self, section, count, amount, **context):
        """``section`` counts that much more than before, and its list shows as many."""
        figures = self._figures(**context)
        before = self.before[section]
        self.assertEqual(figures[section][0] - before[0], count, section)
        self.assertAlmostEqual(figures[section][1] - before[1], amount, 2, section)
        self._assert_list(section, figures[section][0], **context)

    def _list(self, section, **context):
        row = self._rows(**context).filtered(lambda row: row.section == section)
        action = row.action_open()
        model = self.env[action["res_model"]].with_context(dunning_date=self.day)
        return model.search(action["domain"])

    def _assert_list(self, section, count, **context):
        found = self._list(section, **context)
        if section == "no_policy":
            found = found.grouped("partner_id")
        self.assertEqual(len(found), count, section)

    def _place(self, moves, number):
        """Put the items on that step of the ladder, twenty days ago."""
        lines = moves.line_ids.filtered(lambda line: line.display_type == "payment_term")
        lines._set_dunning_step(self.steps[number], self._at(-20), "Test")


@tagged("post_install", "-at_install")
class TestToday(TodayCommon):
    # ------------------------------------------------------------
    # SECTIONS
    # ------------------------------------------------------------

    def test_order_and_ids_never_change(self):
        rows = self._rows()
        self.assertEqual(rows.ids, sorted(rows.ids))
        self.assertEqual(rows[0].section, "undelivered")
        self.assertEqual(rows.ids, self._rows().ids)
        places = [section.place for section in self.env["dunning.today"]._get_sections()]
        self.assertEqual(len(places), len(set(places)))

    def test_calls(self):
        self._place(self._invoice(13), 0)
        self._launch()
        self._assert_more("calls", 1, 1000)

    def test_reminders_to_approve(self):
        self.steps[0].approval = "confirm"
        invoice = self._invoice(6)
        self._pay(invoice, 400)
        self._launch()
        self._assert_more("to_approve", 1, 600)
        self._assert_more("formal_to_approve", 0, 0)

    def test_formal_notices_to_approve_then_past_their_deadline(self):
        invoice = self._invoice(50)
        self._place(invoice, 2)
        notice = self._notices(self._launch())
        self._assert_more("formal_to_approve", 1, 1000)
        self._send(notice)
        self._assert_more("letters", 1, 1000)
        self._finish(notice)
        self._assert_more("letters", 0, 0)
        self._assert_more("past_deadline", 0, 0)
        late = self._later(notice.answer_deadline + timedelta(days=1))
        self.assertEqual(late["past_deadline"][0] - self.before["past_deadline"][0], 1)
        self._pay(invoice)
        late = self._later(notice.answer_deadline + timedelta(days=1))
        self.assertEqual(late["past_deadline"][0], self.before["past_deadline"][0])

    def _later(self, day):
        Today = self.env["dunning.today"].with_context(dunning_date=day)
        Today.invalidate_model()
        return {row.section: (row.count, row.amount) for row in Today.search([])}

    def test_letters_not_posted(self):
        self._place(self._invoice(25), 1)
        notice = self._notices(self._launch())
        letter = notice.delivery_ids.filtered(lambda d: d.channel == "letter")
        self._assert_more("letters", 1, 1000)
        letter.date_planned = self._at(-1)
        self._assert_more("letters", 0, 0)
        self._assert_more("undelivered", 1, 1000)

    def test_email_that_came_back(self):
        self._invoice(6)
        notice = self._notices(self._launch())
        self.env["dunning.channel.email"]._record_failure(notice.delivery_ids, "No such person")
        self._assert_more("undelivered", 1, 1000)

    def test_pauses_that_end(self):
        self._invoice(20, amount=700)
        self.customer._set_dunning_pause(self._at(2), "Holidays")
        self._assert_more("pauses", 1, 700)
        self.customer._set_dunning_pause(self._at(4), "Longer holidays")
        self._assert_more("pauses", 0, 0)

    def test_to_decide(self):
        first, second = self._invoice(70), self._invoice(80, amount=500)
        self._place(first + second, 3)
        self._assert_more("to_decide", 2, 1500)

    def test_customers_without_policy(self):
        self.env["dunning.policy"].search([]).write({"is_manual": True})
        before = self._figures()["no_policy"]
        other = self._create_customer("Nobody's", dunning_policy_id=False)
        self._invoice(20, partner=other)
        self._invoice(30, partner=other)
        after = self._figures()["no_policy"]
        self.assertEqual(after[0] - before[0], 1)
        self.assertAlmostEqual(after[1] - before[1], 2000)
        self._assert_list("no_policy", after[0])

    def test_reminders_that_could_not_be_sent(self):
        self.steps[0].approval = "confirm"
        self._invoice(6)
        self._notices(self._launch()).sudo().failure_reason = "No address"
        self._assert_more("not_sent", 1, 1000)
        self._assert_more("to_approve", 0, 0)

    def test_an_item_on_two_letters_counts_once(self):
        self.steps[3].print_letter = True
        self._place(self._invoice(50), 2)
        self._send(self._notices(self._launch()))
        self._assert_more("letters", 2, 1000)

    # ------------------------------------------------------------
    # WHOSE
    # ------------------------------------------------------------

    def test_mine(self):
        self.customer.dunning_user_id = self.users["manager"]
        other = self._create_customer("Other")
        self._place(self._invoice(70), 3)
        self._place(self._invoice(70, partner=other), 3)
        self.assertEqual(self._figures(dunning_mine=True)["to_decide"], (1, 1000))
        self._assert_list("to_decide", 1, dunning_mine=True)
        self._assert_more("to_decide", 2, 2000)
        self._place(self._invoice(13, partner=other), 0)
        self._launch()
        self.assertEqual(self._figures("collector", dunning_mine=True)["calls"], (0, 0))

    def test_the_page_opens_with_own_customers(self):
        Today = self.env["dunning.today"].with_user(self.users["collector"])
        self.assertFalse(Today.action_open_today()["context"])
        self.customer.dunning_user_id = self.users["collector"]
        self.assertTrue(Today.action_open_today()["context"]["search_default_mine"])

    def test_only_collectors_read(self):
        with self.assertRaises(AccessError):
            self._rows("invoicing")

    def test_another_company_is_not_counted(self):
        self._place(self._invoice(70), 3)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.users["manager"].company_ids |= company
        Today = self.env["dunning.today"].with_user(self.users["manager"])
        row = Today.with_context(allowed_company_ids=company.ids).search(
            [("section", "=", "to_decide")]
        )
        self.assertEqual(row.count, 0)

    def test_several_currencies(self):
        """Amounts of a company in another currency are shown in that of the current one."""
        currency = self.env.ref("base.CHF")
        currency.active = True
        company = self.env["res.company"].create({"name": "Swiss", "currency_id": currency.id})
        self.users["manager"].company_ids |= company
        both = (self.env.company + company).ids
        rows = self._rows(allowed_company_ids=both)
        self.assertTrue(all(row.currency_id == self.env.company.currency_id for row in rows))

    # ------------------------------------------------------------
    # DISCOVERY
    # ------------------------------------------------------------

    def test_discovery_is_said_first(self):
        self.company.dunning_mode = "discovery"
        banner = self._rows()[0]
        self.assertEqual((banner.section, banner.count), ("discovery", 0))
        self.assertTrue(banner.can_open)
        self.assertEqual(banner.action_open()["res_model"], "dunning.go.live")
        banner = self._rows("collector")[0]
        self.assertFalse(banner.can_open)
        self.assertFalse(banner.action_open())

    # ------------------------------------------------------------
    # COST
    # ------------------------------------------------------------

    def _count_statements(self, **context):
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        Today = self.env["dunning.today"].with_user(self.users["manager"])
        Today.with_context(**context).web_search_read(
            [], {"section": {}, "count": {}, "amount": {}, "currency_id": {}, "can_open": {}}
        )
        return self.cr.sql_log_count - before

    def test_statements_do_not_grow(self):
        self._count_statements()
        few = self._count_statements()
        for number in range(8):
            partner = self._create_customer(f"Customer {number}")
            self._place(self._invoice(70, partner=partner), 3)
            self._invoice(13, partner=partner)
            partner._set_dunning_pause(fields.Date.today() + timedelta(days=1), "Holidays")
        self._count_statements()
        self.assertEqual(self._count_statements(), few)
        self.assertLessEqual(few, 8)

    def test_the_decision_is_made_once(self):
        made = []
        Decision = type(self.env["dunning.decision"])
        original = Decision._get_query

        def count(decision, *args, **kwargs):
            made.append(1)
            return original(decision, *args, **kwargs)

        self.patch(Decision, "_get_query", count)
        self._count_statements()
        self.assertEqual(len(made), 1)


class ForeignToday(models.Model):
    """Sections of an add-on that nobody here knows: of records, and of items."""

    _inherit = "dunning.today"
    _module = None

    @api.model
    def _get_sections(self):
        return [
            *super()._get_sections(),
            Section(
                code="invoices_of_customers",
                place=95,
                label="Invoices",
                model="account.move",
                domain="_get_invoices_of_customers_domain",
                action="account.action_move_out_invoice_type",
                is_alert=True,
            ),
            Section(
                code="not_yet_due",
                place=96,
                label="To come",
                hold_reason="not_due",
                action="relance_graduee.dunning_item_action",
            ),
        ]

    @api.model
    def _get_invoices_of_customers_domain(self):
        return Domain("move_type", "=", "out_invoice") & Domain("state", "=", "posted")


@tagged("post_install", "-at_install")
class TestSectionFromOutside(TodayCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._extend_models(ForeignToday)

    def test_empty_section_says_what_would_stand_in_it(self):
        """Not that there is no open item, or no run yet: that may be wrong."""
        actions = {row.section: row.action_open() for row in self._rows() if row.can_open}
        for section in self.env["dunning.today"]._get_sections():
            if section.nothing:
                self.assertIn(section.nothing, actions[section.code]["help"])
        self.assertIn("bank line", actions["bank_line"]["help"])
        self.assertNotIn("bank line", actions["to_decide"]["help"])

    def test_section_of_records(self):
        self._invoice(13)
        self._assert_more("invoices_of_customers", 1, 0)
        row = self._rows().filtered(lambda row: row.section == "invoices_of_customers")
        self.assertEqual((row.id, row.is_alert), (95, True))
        self.assertEqual(row.action_open()["name"], "Invoices")
        labels = row.fields_get(["section"])["section"]["selection"]
        self.assertIn(("invoices_of_customers", "Invoices"), labels)

    def test_section_of_items(self):
        self._invoice(2)
        self._assert_more("not_yet_due", 1, 1000)

    def test_sections_stand_at_their_places(self):
        codes = self._rows().mapped("section")
        at = codes.index("invoices_of_customers")
        self.assertEqual(codes[at - 1 : at + 3], ["pauses", *codes[at : at + 2], "to_decide"])
