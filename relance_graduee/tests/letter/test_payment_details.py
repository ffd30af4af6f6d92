"""Where to pay: the right account, or none; each link names its invoice."""

from unittest.mock import PropertyMock, patch

from odoo import Command
from odoo.tests import tagged

from ..common_channels import ChannelCommon

IBAN = "FR7630006000011234567890189"
OTHER_IBAN = "FR1420041010050500013M02606"
SWISS_IBAN = "CH9300762011623852957"


@tagged("post_install", "-at_install")
class TestPaymentDetails(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steps[0].approval = "confirm"
        cls.company.partner_id.bank_ids.active = False
        cls.franc = cls.env.ref("base.CHF")
        cls.franc.active = True

    def _bank(self, number, currency=None, **vals):
        return self.env["res.partner.bank"].create(
            {
                "acc_number": number,
                "partner_id": self.company.partner_id.id,
                "currency_id": currency.id if currency else False,
                **vals,
            }
        )

    def _lines(self, notice):
        return dict(notice._prepare_payment()["lines"])

    def test_account_named_by_the_invoices_comes_first(self):
        self._bank(OTHER_IBAN)
        named = self._bank(IBAN, sequence=99)
        self._due(0, partner_bank_id=named.id)
        notice = self._notices(self._launch())
        self.assertEqual(notice._get_bank(), named)

    def test_account_of_another_currency_is_never_printed(self):
        bank = self._bank(SWISS_IBAN, self.franc)
        self._due(0, partner_bank_id=bank.id)
        notice = self._notices(self._launch())
        self.assertFalse(notice._get_bank())
        payment = notice._prepare_payment()
        self.assertNotIn(bank.acc_number, str(payment))
        self.assertFalse(payment["note"], "nothing is known that could have changed")
        self.assertNotIn("bank details", notice.payment_html)
        self.assertIn(notice.currency_id.name, notice.bank_warning)
        own = self._bank(IBAN)
        notice.invalidate_recordset()
        self.assertFalse(notice.bank_warning)
        self.assertEqual(notice._get_bank(), own)
        self.assertIn("have not changed", notice._prepare_payment()["note"])

    def test_only_an_iban_is_called_so(self):
        self._due(0)
        notice = self._notices(self._launch())
        bank = self._bank("123456789")
        self.assertEqual(self._lines(notice)["Account number"], "123456789")
        bank.acc_number = IBAN
        self.assertIn("IBAN", self._lines(notice))

    def test_account_of_the_currency_before_one_without(self):
        self._bank(OTHER_IBAN)
        own = self._bank(IBAN, self.company.currency_id)
        invoice = self._due(0)
        invoice.partner_bank_id = False
        self.assertEqual(self._notices(self._launch())._get_bank(), own)

    def test_without_an_account_settings_and_going_live_warn(self):
        settings = self.env["res.config.settings"].create({"company_id": self.company.id})
        page = self.env["dunning.go.live"].create({"company_id": self.company.id})
        for record, name in ((settings, "dunning_bank_warning"), (page, "bank_warning")):
            self.assertIn("No bank account", record[name])
        self._bank(SWISS_IBAN, self.franc)
        self.assertIn("No bank account", self.company.dunning_bank_warning)
        self._bank(IBAN)
        self.company.invalidate_recordset()
        self.assertFalse(self.company.dunning_bank_warning)

    def test_each_invoice_has_its_own_link_that_names_it(self):
        first, second = self._due(0), self._due(0)
        notice = self._notices(self._launch())
        online = type(self.company)
        with patch.object(online, "has_dunning_online_payment", new_callable=PropertyMock) as on:
            on.return_value = True
            lines = self._lines(notice)
        for invoice in (first, second):
            (link,) = (value for label, value in lines.items() if invoice.name in label)
            self.assertIn(f"/my/invoices/{invoice.id}", link)
        self.assertFalse([label for label in self._lines(notice) if first.name in label])

    def test_no_link_on_paper(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "https://pay.example")
        self._due(0)
        notice = self._notices(self._launch())
        self.assertNotIn("pay.example", str(notice._prepare_letter()["payment"]))

    def test_bank_account_of_the_branch(self):
        branch = self._create_branches("Branch")
        bank = self.env["res.partner.bank"].create(
            {"acc_number": IBAN, "partner_id": branch.partner_id.id}
        )
        self.company.partner_id.bank_ids = [Command.clear()]
        invoice = self._due(0)
        invoice.partner_bank_id = bank
        self.assertEqual(self._notices(self._launch())._get_bank(), bank)
