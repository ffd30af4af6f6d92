"""A hold reason means the same to everybody who asks: notices, deliveries, calls, screens."""

from unittest.mock import patch

from odoo import api, models
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.item.fact import Fact
from ..models.item.hold_reason import HoldReason
from .common_calls import CallCommon


class HoldReasonCommon(CallCommon):
    """An invoice late enough to hold deliveries, beside one that makes a notice leave."""

    def setUp(self):
        super().setUp()
        self.patch(type(self.company), "_get_dunning_day", lambda _self: self.day)
        self.policy.write({"block_overdue_amount": 500, "block_overdue_days": 15})
        self.steps.approval = "confirm"
        self.held = self._invoice(25, invoice_origin="Held")
        self._invoice(10)
        self.line = self._term_lines(self.held)
        self.decision = self.env["dunning.decision"].with_context(dunning_date=self.day)
        self.notice = self._notices(self._launch())
        self.call = self._extra_call(source_notice_id=self.notice.id)
        self.release = self.env["dunning.release"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "scope": "per_invoices_paid",
                "reason": "Agreed by telephone",
            }
        )

    def _forced(self, code):
        """``code`` is what holds the invoice, whatever else would."""
        condition = SQL("l.id = %s", self.line.id)
        return patch.object(
            type(self.decision), "_get_hold_conditions", lambda _self: [(code, condition)]
        )

    def _get_row(self):
        (row,) = self.decision._get_rows(self.customer.ids, where=SQL("id = %s", self.line.id))
        return row

    # ------------------------------------------------------------
    # WHO ASKS
    # ------------------------------------------------------------

    def _is_asked_on_the_telephone(self):
        items = self.call._get_open_items()[self.call]
        return self.line in [item["line"].move_line_id for item in items]

    def _is_part_of_a_release(self):
        agreed = self.env["dunning.release.invoice"]._agree(self.release)
        return self.held in agreed.move_id

    def _stands_on_the_notice(self):
        self.env["dunning.proposal"]._refresh_notices(self.notice)
        self.assertNotEqual(self.notice.state, "cancelled")
        return self.line in self.notice.line_ids.filtered("live").move_line_id

    def _holds_deliveries(self):
        self.env["dunning.account"].invalidate_model()
        accounts = self.env["dunning.account"].with_context(dunning_date=self.day)
        account = accounts._get_of(self.customer, self.company)[self.customer]
        return account.delivery_hold == "blocked"

    def _may_be_demanded(self):
        return bool(self.notice._get_demanded_rows([self._get_row()]))

    def _needs_attention(self):
        self.held.invalidate_recordset()
        return self.held.dunning_needs_attention


@tagged("post_install", "-at_install")
class TestHoldReasons(HoldReasonCommon):
    def test_each_reason_means_to_everybody_what_its_data_say(self):
        for code, reason in self.decision._get_reason_by_code().items():
            self._stands_on_the_notice()
            with self.subTest(reason=code), self._forced(code):
                self.assertEqual(self._get_row()["hold_reason"], code)
                # while it stands on the notice that the call is about
                self.assertEqual(self._is_asked_on_the_telephone(), reason.may_be_asked)
                self.assertEqual(self.notice._is_still_true(), reason.on_notices)
                self.assertEqual(self._stands_on_the_notice(), reason.on_notices)
                self.assertEqual(self._is_part_of_a_release(), reason.may_be_asked)
                self.assertEqual(self._holds_deliveries(), reason.holds_deliveries)
                self.assertEqual(self._may_be_demanded(), reason.may_be_demanded)
                self.assertEqual(self._needs_attention(), reason.warns)
                self.assertTrue(self._item(self.held).hold_detail)

    def test_what_goes_on_speaks_before_what_is_held(self):
        for code, reason in self.decision._get_reason_by_code().items():
            with self.subTest(reason=code), self._forced(code):
                speaking = self._items()._get_speaking("partner_id")[self.customer]
                # the other invoice is on the notice, from a later day on
                self.assertEqual(speaking.id == self.line.id, reason.goes_on)

    def test_every_choice_offers_the_reasons_in_the_order_in_which_they_are_looked_at(self):
        codes = list(self.decision._get_reason_by_code())
        fields = {"dunning.item": "hold_reason", "account.move": "dunning_hold_reason"}
        for model, name in fields.items():
            offered = self.env[model].fields_get([name])[name]["selection"]
            self.assertEqual([code for code, _label in offered], codes)
        self.assertEqual(
            codes,
            [
                "reclassified", "rejected", "excluded", "refund", "insolvency", "time_barred",
                "disputed", "promised", "said", "on_plan", "in_case", "paused", "bank_line",
                "covered",
                "other_currency", "below_minimum", "no_policy", "last_step_done", "proposed",
                "not_due", "waiting",
            ],
        )  # fmt: skip

    def test_labels_speak_the_language_of_the_reader(self):
        item = self.env["dunning.item"].with_context(lang="fr_FR")
        self.env["res.lang"]._activate_lang("fr_FR")
        offered = dict(item.fields_get(["hold_reason"])["hold_reason"]["selection"])
        self.assertEqual(offered["paused"], "En pause")
        self.assertEqual(offered["time_barred"], "Prescrit")
        self.assertEqual(offered["proposed"], "Proposée")


class LawyerDecision(models.AbstractModel):
    """A reason of an add-on: all that it needs."""

    _inherit = "dunning.decision"
    _module = None

    @api.model
    def _get_flushed_fields(self):
        flushed = super()._get_flushed_fields()
        flushed["account.move.line"].append("name")
        return flushed

    @api.model
    def _get_hold_reasons(self):
        lawyer = HoldReason("lawyer", "With our lawyer", 72, holds_deliveries=True)
        return [*super()._get_hold_reasons(), lawyer]

    @api.model
    def _get_hold_conditions(self):
        lawyer = SQL("l.name LIKE %s", "%lawyer%")
        return [*super()._get_hold_conditions(), ("lawyer", lawyer)]


@tagged("post_install", "-at_install")
class TestReasonOfAnAddOn(HoldReasonCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._extend_models(LawyerDecision)

    def test_item_and_invoice_say_it(self):
        self.line.name = "At the lawyer"
        self.assertEqual(self._reason(self.held), "lawyer")
        self.assertEqual(self._item(self.held).hold_detail, "With our lawyer")
        self.held.invalidate_recordset()
        self.assertEqual(self.held.dunning_hold_reason, "lawyer")
        offered = dict(self.env["account.move"].fields_get()["dunning_hold_reason"]["selection"])
        self.assertEqual(list(offered).index("lawyer"), list(offered).index("in_case") + 1)
        found = self.env["account.move"].search([("dunning_hold_reason", "=", "lawyer")])
        self.assertEqual(found, self.held)

    def test_notices_deliveries_calls_and_the_run_follow_it(self):
        self.line.name = "At the lawyer"
        self.assertFalse(self._is_asked_on_the_telephone())
        self.assertFalse(self._stands_on_the_notice())
        self.assertTrue(self._holds_deliveries())
        self.assertFalse(self._may_be_demanded())
        run = self._launch(1)
        self.assertIn("With our lawyer", run.held_summary)

    def test_it_comes_before_the_reasons_of_a_later_place(self):
        self.line.name = "At the lawyer"
        self.customer._set_dunning_pause(self._at(5), "Agreed")
        self.assertEqual(self._reason(self.held), "lawyer")
        self.line._set_dunning_disputed(True, "Broken")
        self.assertEqual(self._reason(self.held), "disputed")


class HolidayDecision(models.AbstractModel):
    """What makes the next step wait is extended by a class too: here, customers on holiday."""

    _inherit = "dunning.decision"
    _module = None

    @api.model
    def _get_facts(self, family):
        holidays = Fact(
            name="holiday_until",
            type="date",
            keys=SQL("company.id, p.commercial_partner_id, NULL"),
            value=SQL("company.day + 6"),
            source=SQL("res_partner p CROSS JOIN company WHERE p.ref = 'on holiday'"),
        )
        return [*super()._get_facts(family), holidays]

    @api.model
    def _get_dated_columns(self):
        return super()._get_dated_columns() | {"holiday_until": SQL("standing.holiday_until")}

    @api.model
    def _get_go_dates(self):
        return [*super()._get_go_dates(), SQL("dated.holiday_until")]


@tagged("post_install", "-at_install")
class TestFactOfAnAddOn(HoldReasonCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._extend_models(HolidayDecision)

    def test_step_waits_for_a_date_of_another_add_on(self):
        other = self._create_customer("Other")
        invoice = self._invoice(6, partner=other)
        self.assertFalse(self._reason(invoice))
        other.ref = "on holiday"
        other.flush_recordset()
        self.assertEqual(self._reason(invoice), "waiting")
        self.assertEqual(self._item(invoice).next_date, self._at(6))
