"""Plans that PostgreSQL keeps: few whatever is asked, and never for what a caller chose."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ...models.common import kept_plan
from ..common_credit import CreditCommon


@tagged("post_install", "-at_install")
class TestKeptPlan(CreditCommon):
    def setUp(self):
        super().setUp()
        self.invoice = self._invoice(20, 900)
        self.other = self.env["res.company"].create({"name": "Other"})
        self._deallocate()

    def _deallocate(self):
        for name in self._get_plans():
            self.env.cr.execute(f'DEALLOCATE "{name}"')

    def _get_plans(self):
        self.env.cr.execute(
            "SELECT name FROM pg_prepared_statements WHERE starts_with(name, %s)",
            [kept_plan.PREFIX],
        )
        return {name for (name,) in self.env.cr.fetchall()}

    def _ask(self, company=None, **context):
        """Everything that asks by a kept plan."""
        company = company or self.company
        decision = self.env["dunning.decision"].with_context(**context)
        rows = decision._get_rows(self.customer.ids, company.ids)
        decision._get_rows(self.customer.ids, company.ids, shown=True)
        self.env["dunning.account"].with_context(**context)._get_holds(company, self.customer.ids)
        return rows

    def test_two_hundred_dates_add_no_plan(self):
        rows = self._ask()
        plans = self._get_plans()
        self.assertEqual(len(plans), 3)
        for days in range(200):
            day = self._at(days - 100)
            rows = self._ask(dunning_date=str(day))
            self.assertEqual([row["days_late"] for row in rows], [20 + days - 100], day)
        self.assertEqual(self._get_plans(), plans)

    def test_companies_and_settings_add_no_plan(self):
        self._ask()
        plans = self._get_plans()
        self._ask(self.other)
        self.company.write({"dunning_limit_warning": 61, "account_use_credit_limit": True})
        self.env["dunning.closing.day"].create(
            {
                "name": "Inventory",
                "company_id": self.company.id,
                "date_from": self._at(3),
                "date_to": self._at(9),
            }
        )
        self._ask()
        self.assertEqual(self._get_plans(), plans)

    def test_what_varies_is_in_no_text(self):
        """No date, and nothing that follows the caller, stands in the text of a kept plan."""
        texts = set()
        original = kept_plan._prepare

        def note(cr, query):
            self.assertFalse([p for p in query.params if isinstance(p, date | list)], query.code)
            texts.add(cr.mogrify(query.code, query.params))
            return original(cr, query)

        with patch.object(kept_plan, "_prepare", note):
            for days in (-5, 0, 7):
                for company in (self.company, self.other):
                    self._ask(company, dunning_date=str(self._at(days)))
        self.assertEqual(len(texts), 3)

    def test_never_more_than_most_are_kept(self):
        for number in range(kept_plan.MOST_PLANS * 3):
            query = kept_plan.SQL("SELECT %s AS number WHERE 1 = ANY($1)", number)
            rows = kept_plan.fetch(self.env, query, [1], [])
            self.assertEqual(rows, [{"number": number}])
        self.assertEqual(len(self._get_plans()), kept_plan.MOST_PLANS)

    def test_what_varies_is_a_parameter_elsewhere(self):
        day = date(2026, 1, 31)
        query = kept_plan.SQL(
            "SELECT %s + 1 AS date, %s AS ids",
            kept_plan.varying(day, "date"),
            kept_plan.varying([], "int[]"),
        )
        expected = [{"date": day + timedelta(days=1), "ids": []}]
        self.assertEqual(self.env.execute_query_dict(query), expected)
        self.assertEqual(kept_plan.fetch(self.env, query, [], []), expected)
