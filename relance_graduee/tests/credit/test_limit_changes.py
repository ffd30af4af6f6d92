"""Every change of a limit, a cover or a policy is kept; a sheet of limits is imported."""

import io

import xlsxwriter

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common_credit import MODULE, CreditCommon

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        limits = self._changes(partner).filtered(lambda change: change.kind == "limit")
        self.assertEqual(limits.mapped("new_amount"), [700])
        vals = {"dunning_policy_id": self.policy.id, "dunning_limit_partner_id": partner.id}
        changes = self._changes(self._create_customer("Member", **vals))
        self.assertEqual(changes.mapped("new_value"), [self.policy.name, "New"])

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

    def test_shared_limit(self):
        head = self._create_customer("Head")
        customer = self.customer.with_user(self.collector)
        customer.write({"dunning_limit_partner_id": head.id, "dunning_change_reason": "Bought"})
        customer.dunning_limit_partner_id = False
        changes = self._changes()
        self.assertEqual(changes.mapped("kind"), ["group", "group"])
        self.assertEqual((changes[0].new_value, changes[1].old_value), ("Head", "Head"))
        self.assertEqual((changes[0].reason, changes[0].user_id), ("Bought", self.collector))

    def test_validity_and_kind_of_a_guarantee(self):
        cover = self.env["dunning.cover"].create(
            {"partner_id": self.customer.id, "company_id": self.company.id, "amount": 100}
        )
        cover.date_to = "2027-06-30"
        cover.kind = "surety"
        created, dated, renamed = self._changes()
        self.assertFalse(created.old_value)
        self.assertIn("2027", dated.new_value)
        self.assertNotIn("2027", dated.old_value)
        self.assertIn("Surety", renamed.new_value)
        self.assertEqual((renamed.old_amount, renamed.new_amount), (100, 100))

    def _default_changes(self):
        changes = self.env["dunning.limit.change"].search([("kind", "=", "default")], order="id")
        changes = (changes - self.before).filtered(lambda c: c.company_id == self.company)
        return [(change.old_amount, change.new_amount) for change in changes]

    def test_limit_by_default(self):
        Default = self.env["ir.default"]
        Default.set("res.partner", "credit_limit", 0.0, company_id=self.company.id)
        self.env["ir.default"].search([]).flush_recordset()
        self.before = self.env["dunning.limit.change"].search([])
        Default.set("res.partner", "credit_limit", 500.0, company_id=self.company.id)
        Default.set("res.partner", "credit_limit", 800.0, company_id=self.company.id)
        Default.set("res.partner", "color", 3, company_id=self.company.id)
        Default.set("res.partner", "credit_limit", 9.0, user_id=self.collector.id)
        self.assertEqual(self._default_changes(), [(0, 500), (500, 800)])

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

    def _import(self, content, name, mimetype, **options):
        """Import a sheet of three columns as the web client does."""
        wizard = (
            self.env["base_import.import"]
            .with_user(self.collector)
            .create(
                {
                    "res_model": "dunning.limit.change",
                    "file": content,
                    "file_name": name,
                    "file_type": mimetype,
                }
            )
        )
        columns = ["Customer", "New amount", "Reason"]
        options = {"has_headers": True, **options}
        result = wizard.execute_import(["partner_id", "new_amount", "reason"], columns, options)
        self.assertFalse(result["messages"])

    def test_sheet_of_limits(self):
        other = self._create_customer("Other Customer", ref="C042")
        self.customer.name = "First Customer"
        sheet = "Customer;New amount;Reason\nFirst Customer;1 500,50;Rating B\nC042;2000;Rating A\n"
        marks = {"float_thousand_separator": " ", "float_decimal_separator": ","}
        options = {"quoting": '"', "separator": ";", **marks}
        self._import(sheet.encode(), "limits.csv", "text/csv", **options)
        self.assertEqual((self.customer.credit_limit, other.credit_limit), (1500.5, 2000))
        self.assertEqual(self._changes().mapped("reason"), ["Rating B"])

    def test_workbook_of_limits(self):
        self.customer.name = "First Customer"
        content = io.BytesIO()
        with xlsxwriter.Workbook(content) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["Customer", "New amount", "Reason"])
            sheet.write_row(1, 0, ["First Customer", 1500.5, "Rating B"])
        self._import(content.getvalue(), "limits.xlsx", XLSX)
        self.assertEqual(self._amounts(), [("limit", 0, 1500.5)])
        self.assertEqual(self._changes().user_id, self.collector)

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
