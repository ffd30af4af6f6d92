"""What we add to documents that customers, warehouse and salespeople read tells them no secret."""

from odoo.tests import tagged

from .common import SECRET, SECRET_AMOUNT, get_our_fields, get_our_models
from .shown import ShownCommon

# Read as superuser, and no secret: the company of the record, and settings of that company.
HARMLESS_RELATIONS = (
    "company_id.",
    "policy_id.company_id",
    "notice_id.company_id",
    "notice_id.currency_id",
)


@tagged("post_install", "-at_install")
class TestShownFields(ShownCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._invoice(60, SECRET_AMOUNT)
        customer = cls.customer.with_company(cls.company)
        customer._set_delivery_hold(cls._today(), SECRET)
        customer._set_dunning_pause(cls._today(), SECRET)
        cls.users["portal"].partner_id.commercial_partner_id.invalidate_recordset()

    # ------------------------------------------------------------
    # DECLARED
    # ------------------------------------------------------------

    def test_customers_and_visitors_read_no_field_of_ours_on_any_document(self):
        """A new field of ours on another's model is for who works here, unless it says otherwise.

        There is no exception: what a customer is to know is said by templates, in neutral words.
        """
        for name in self._get_shared_models():
            for field in get_our_fields(self.env[name]):
                for kind in ("portal", "public"):
                    with self.subTest(model=name, field=field.name, kind=kind):
                        model = self.env[name].with_user(self.users[kind])
                        self.assertFalse(model._has_field_access(field, "read"))

    def test_every_field_computed_as_superuser_says_for_whom(self):
        for name in (*self._get_shared_models(), *get_our_models(self.env)):
            for field in get_our_fields(self.env[name]):
                if self._is_read_as_superuser(field):
                    with self.subTest(model=name, field=field.name):
                        self.assertTrue(field.groups)

    @staticmethod
    def _is_read_as_superuser(field):
        """Whether what it shows is read past the rights of whoever looks; columns are not."""
        if field.inherited or field.store or not field.compute_sudo:
            return False
        path = field.related or ""
        return not (path.startswith(HARMLESS_RELATIONS) or path == "company_id")

    # ------------------------------------------------------------
    # TRIED
    # ------------------------------------------------------------

    def test_nobody_without_accounting_reads_amounts_or_opinions(self):
        """The customer, its invoice and the products, in every way of reading."""
        products = self.env["product.template"].search([], limit=1)
        for kind in {"portal", "employee", "warehouse", "seller"} & self.users.keys():
            for record in (
                self.customer,
                self.invoice,
                self._term_lines(self.invoice),
                products,
                self.company,
            ):
                self._walk(kind, record)

    def test_employees_see_that_deliveries_wait_and_why(self):
        """Held, with the kind of reason: no amount, nothing that somebody wrote of it."""
        for kind in {"employee", "warehouse", "seller"} & self.users.keys():
            with self.subTest(kind=kind):
                names = ["delivery_hold", "delivery_hold_reason"]
                _refused, result = self._rpc(kind, self.customer, "read", names)
                self.assertEqual(result[0]["delivery_hold"], "blocked")
                self.assertIn("Held by hand until", result[0]["delivery_hold_reason"])
                self.assertEqual(self._find_secrets(result), [])

    def test_whoever_reads_accounts_reads_the_reason(self):
        for kind in ("invoicing", "collector", "manager"):
            with self.subTest(kind=kind):
                _refused, result = self._rpc(kind, self.customer, "read", ["dunning_hold_reason"])
                self.assertEqual(result[0]["dunning_hold_reason"], SECRET)

    def test_other_company_reads_nothing_of_ours(self):
        self._walk("neighbour", self.customer)
