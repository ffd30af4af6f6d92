"""What a room adds to a customer or an invoice, without the lower rooms naming it."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common_channels import ChannelCommon


@tagged("post_install", "-at_install")
class TestFieldsOfRooms(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "base.group_user,base.group_partner_manager"
        cls.seller = new_test_user(cls.env, "fields_of_rooms", groups=groups)

    def _extend(self, model, method, extension):
        """As a room above does: ``extension(what the rooms below return)``."""
        below = getattr(self.registry[model], method)

        def extended(records, *args):
            return extension(below(records, *args))

        self.startPatcher(patch.object(self.registry[model], method, extended))

    def test_guarded_field_is_a_collectors(self):
        customer = self.customer.with_user(self.seller)
        customer.ref = "C1"
        self._extend("res.partner", "_get_dunning_guarded_fields", lambda names: names | {"ref"})
        with self.assertRaisesRegex(AccessError, "collectors"):
            customer.ref = "C2"
        with self.assertRaisesRegex(AccessError, "collectors"):
            customer.create({"name": "New", "ref": "C3"})

    def test_field_of_the_tree_is_written_for_the_sisters(self):
        north, south = self._create_branches("North", "South")
        name = "dunning_marked_on"
        self.customer.with_company(north)[name] = self._at(1)
        self.assertFalse(self.customer.with_company(south)[name])
        self._extend("res.partner", "_get_dunning_tree_fields", lambda names: names | {name})
        self.customer.with_company(north)[name] = self._at(2)
        self.assertEqual(self.customer.with_company(south)[name], self._at(2))
        self.assertEqual(self.customer.with_company(self.company)[name], self._at(2))

    def test_room_says_what_the_invoice_shows(self):
        invoice = self._invoice(6)
        self._extend(
            "account.move",
            "_prepare_dunning_vals",
            lambda vals: {**vals, "dunning_detail": f"{vals['dunning_hold_reason']}: promised"},
        )
        self.assertRegex(invoice.dunning_detail, ": promised$")

    def test_every_room_added_its_fields(self):
        """The rights that rooms share, whole: what is missing here, anybody could change."""
        partner = self.env["res.partner"]
        self.assertEqual(
            partner._get_dunning_guarded_fields(),
            {
                "dunning_accountant_id",
                "dunning_contact_ids",
                "dunning_contract_rate",
                "dunning_policy_id",
                "dunning_refused_email",
                "dunning_user_id",
                "lre_consent_date",
                "dunning_paused_until",
                "dunning_pause_reason",
                "insolvency_date",
                "dunning_hold_until",
                "dunning_hold_reason",
                "dunning_limit_partner_id",
            },
        )
        self.assertEqual(
            partner._get_dunning_tree_fields(),
            {
                "dunning_contract_rate",
                "dunning_policy_id",
                "dunning_user_id",
                "dunning_paused_until",
                "dunning_pause_reason",
                "dunning_hold_until",
                "dunning_hold_reason",
                "credit_limit",
            },
        )
