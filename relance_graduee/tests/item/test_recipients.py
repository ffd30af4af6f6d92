"""Whoever the invoice names, the customer is the company; whoever was chosen, it gets there."""

from odoo.tests import tagged

from ..common_channels import ChannelCommon


@tagged("post_install", "-at_install")
class TestInvoicedContact(ChannelCommon):
    """An invoice may be made out to a contact or a delivery address of the customer."""

    def _child(self, name, kind, **vals):
        return self.env["res.partner"].create(
            {"name": name, "parent_id": self.customer.id, "type": kind, **vals}
        )

    def test_contact_and_address_are_one_customer(self):
        person = self._child("Paula Person", "contact", email="paula@customer.example")
        depot = self._child("Depot", "delivery", street="9 quai Sud", zip="13002", city="Marseille")
        invoices = [self._invoice(6, partner=p) for p in (self.customer, person, depot)]
        run = self._launch()
        notice = run.notice_ids.filtered(
            lambda n: n.partner_id.commercial_partner_id == self.customer
        )
        self.assertEqual(len(notice), 1)
        self.assertEqual((notice.partner_id, notice.amount_total), (self.customer, 3000))
        self.assertEqual(set(notice.line_ids.move_id), set(invoices))
        for invoice in invoices:
            self.assertEqual(self._reason(invoice), "not_due", "each took the step")
            self.assertEqual(self._term_lines(invoice).dunning_step_id, self.steps[0])

    def test_letter_goes_to_the_customer_not_to_the_depot(self):
        depot = self._child("Depot", "delivery", street="9 quai Sud", zip="13002", city="Marseille")
        notice = self._propose(2, depot) or self.env["dunning.notice"].search(
            [("partner_id", "=", self.customer.id)]
        )
        address = " ".join(notice._prepare_letter()["recipient_lines"])
        self.assertIn("2 RUE DU CLIENT", address.upper())
        self.assertNotIn("MARSEILLE", address.upper())

    def test_credit_of_an_address_covers_the_customer(self):
        depot = self._child("Depot", "delivery")
        invoice = self._invoice(6)
        self._credit(1000, partner=depot)
        self.assertEqual(self._reason(invoice), "covered")


@tagged("post_install", "-at_install")
class TestChosenContacts(ChannelCommon):
    def _person(self, name, **vals):
        return self.env["res.partner"].create({"name": name, "parent_id": self.customer.id, **vals})

    def setUp(self):
        super().setUp()
        self.chosen = self._person("Silent", email=False, phone=False)
        self.customer.dunning_contact_ids = self.chosen
        self.steps[0].approval = "confirm"

    def test_without_address_the_invoicing_one_is_used(self):
        self._person("Invoices", type="invoice", email="invoices@customer.example")
        notice = self._propose(0)
        self._send(notice)
        email = self._delivery(notice, "email")
        self.assertEqual((notice.state, notice.failure_reason), ("sent", False))
        self.assertIn("invoices@customer.example", email.recipient)
        self.assertFalse(self.customer.dunning_address_warning)

    def test_only_those_who_have_an_address_are_written_to(self):
        other = self._person("Reachable", email="reachable@customer.example")
        self.customer.dunning_contact_ids |= other
        notice = self._propose(0)
        self._send(notice)
        self.assertEqual(self._delivery(notice, "email").mail_id.recipient_ids, other)

    def test_without_number_somebody_elses_is_used(self):
        self.customer.phone = False
        other = self._person("Phone", phone="+33 4 72 00 00 00")
        call = self._delivery(self._propose(1), "phone")
        self.assertEqual((call.contact_id, call.recipient), (other, other.phone))

    def test_the_letter_still_names_the_chosen_one(self):
        lines = " ".join(self._propose(2)._get_postal_lines())
        self.assertIn("SILENT", lines.upper())

    def test_nobody_has_an_address(self):
        self.customer.email = False
        notice = self._propose(0)
        self._send(notice)
        self.assertIn("no valid e-mail address", notice.failure_reason)
        self.assertIn("No e-mail address", self.customer.dunning_address_warning)
