"""Every change of a limit, a cover or a policy is kept; a sheet of limits is imported."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_credit import MODULE, CreditCommon


@tagged("post_install", "-at_install")
class TestHistory(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._user("collector", f"{MODULE}.group_dunning_user")
        cls.accountant = cls._user(
            "accountant", "account.group_account_invoice,base.group_partner_manager"
        )
        cls.env["dunning.limit.change"].flush_model()
        cls.before = cls.env["dunning.limit.change"].search([])

    def _changes(self, partner=None):
        changes = self.env["dunning.limit.change"].search(
            [("partner_id", "=", (partner or self.customer).id)], order="id"
        )
        return changes - self.before

    def _amounts(self):
        return [(c.kind, c.old_amount, c.new_amount) for c in self._changes()]

    def test_limit_written_by_anybody_who_may(self):
        customer = self.customer.with_user(self.accountant)
        customer.credit_limit = 1000
        customer.write({"credit_limit": 1500, "dunning_change_reason": "Better rating"})
        customer.write({"credit_limit": 1500, "name": "Same limit"})
        self.assertEqual(self._amounts(), [("limit", 0, 1000), ("limit", 1000, 1500)])
        last = self._changes()[-1]
        self.assertEqual((last.reason, last.user_id), ("Better rating", self.accountant))
        self.assertEqual(last.company_id, self.company)

    def test_own_limit_given_up(self):
        self.customer.credit_limit = 1000
        self.customer.use_partner_credit_limit = False
        self.assertEqual(self._amounts(), [("limit", 0, 1000), ("limit", 1000, 0)])

    def test_limit_at_creation(self):
        partner = self._create_customer("New", credit_limit=700)
        self.assertEqual(self._changes(partner).mapped("new_amount"), [700])

    def test_policy(self):
        other = self._create_policy("Other", {"name": "A", "delay_days": 5, "send_email": True})
        self.customer.dunning_policy_id = other
        change = self._changes()
        self.assertEqual((change.kind, change.old_value), ("policy", "Test ladder"))
        self.assertEqual(change.new_value, "Other")

    def test_cover(self):
        cover = self.env["dunning.cover"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "name": "P1",
                "amount": 1000,
                "percentage": 90,
                "change_reason": "Accepted",
            }
        )
        cover.write({"amount": 500, "change_reason": "Reduced by the insurer"})
        cover.note = "Seen"
        cover.active = False
        self.assertEqual(
            self._amounts(), [("cover", 0, 900), ("cover", 900, 450), ("cover", 450, 0)]
        )
        changes = self._changes()
        self.assertEqual(changes[0].reason, "Accepted")
        self.assertEqual(changes[1].reason, "Reduced by the insurer")
        self.assertIn("P1", changes[0].subject)

    def test_deleted_cover_leaves_its_trace(self):
        cover = self.env["dunning.cover"].create(
            {"partner_id": self.customer.id, "company_id": self.company.id, "amount": 100}
        )
        cover.unlink()
        self.assertEqual(self._amounts()[-1], ("cover", 100, 0))

    def test_limit_holds_for_the_whole_tree(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.customer.with_company(branch).credit_limit = 300
        self.assertEqual(self.customer.with_company(self.company).credit_limit, 300)
        self._invoice(-10, 301)
        self.assertEqual(self._hold(company=branch), ("blocked", {"limit"}))

    # ------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------

    def test_history_is_not_changed(self):
        self.customer.credit_limit = 1000
        change = self._changes()
        for records in (change, change.with_user(self.collector)):
            with self.assertRaises(UserError):
                records.write({"new_amount": 1})
            with self.assertRaises(UserError):
                records.unlink()

    def test_a_row_by_hand_makes_the_change(self):
        changes = self.env["dunning.limit.change"].with_user(self.collector)
        change = changes.create(
            {
                "partner_id": self.customer.id,
                "new_amount": 800,
                "reason": "Yearly review",
                "kind": "policy",
                "old_amount": 5,
                "user_id": self.accountant.id,
                "date": "2000-01-01",
            }
        )
        self.assertEqual(self.customer.credit_limit, 800)
        self.assertEqual(self._amounts(), [("limit", 0, 800)])
        self.assertEqual((change.user_id, change.kind), (self.collector, "limit"))
        self.assertGreater(change.date.year, 2000)
        with self.assertRaises(UserError):
            changes.create({"partner_id": self.customer.id, "new_amount": 1})
        with self.assertRaises(AccessError):
            changes.with_user(self.accountant).create(
                {"partner_id": self.customer.id, "new_amount": 1, "reason": "x"}
            )

    # ------------------------------------------------------------
    # IMPORT
    # ------------------------------------------------------------

    def test_sheet_of_limits(self):
        other = self._create_customer("Other Customer", ref="C042")
        self.customer.name = "First Customer"
        sheet = "Customer;New amount;Reason\nFirst Customer;1 500,50;Rating B\nC042;2000;Rating A\n"
        wizard = (
            self.env["base_import.import"]
            .with_user(self.collector)
            .create(
                {
                    "res_model": "dunning.limit.change",
                    "file": sheet.encode(),
                    "file_name": "limits.csv",
                    "file_type": "text/csv",
                }
            )
        )
        result = wizard.execute_import(
            ["partner_id", "new_amount", "reason"],
            ["Customer", "New amount", "Reason"],
            {
                "quoting": '"',
                "separator": ";",
                "has_headers": True,
                "float_thousand_separator": " ",
                "float_decimal_separator": ",",
            },
        )
        self.assertFalse(result["messages"])
        self.assertEqual((self.customer.credit_limit, other.credit_limit), (1500.5, 2000))
        self.assertEqual(self._changes().mapped("reason"), ["Rating B"])

    def test_negative_limit_is_refused(self):
        with self.assertRaises(UserError):
            self.env["dunning.limit.change"].create(
                {"partner_id": self.customer.id, "new_amount": -1, "reason": "x"}
            )

    def test_import_button_of_the_screen(self):
        view = self.env.ref(f"{MODULE}.dunning_limit_change_view_list")
        arch = self.env["dunning.limit.change"].get_view(view.id, "list")["arch"]
        self.assertNotIn('import="0"', arch)

    def test_partner_cannot_skip_the_log_by_its_context(self):
        customer = self.customer.with_user(self.accountant)
        customer.with_context(dunning_logged=True, tracking_disable=True).credit_limit = 10
        self.assertEqual(self._amounts(), [("limit", 0, 10)])
