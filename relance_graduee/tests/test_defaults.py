"""Values by default that a caller names in the context: who asked, who approved, which state."""

from contextlib import suppress
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.models import BaseModel
from odoo.tests import tagged

from .attacks.common import get_our_models
from .common_channels import ChannelCommon


@tagged("post_install", "-at_install")
class TestDefaults(ChannelCommon):
    def _get_owned_models(self):
        """Generated from the registry: every model of ours whose records are a company's."""
        owned = self.registry["dunning.company.owned"]
        return [
            name
            for name in get_our_models(self.env, transient=False)
            if issubclass(self.registry[name], owned)
        ]

    def test_no_default_of_a_caller_reaches_what_is_made(self):
        names = self._get_owned_models()
        self.assertGreater(len(names), 8)
        for name in names:
            with self.subTest(model=name):
                self.assertEqual(self._get_defaults_seen(name), [])

    def _get_defaults_seen(self, name):
        """Keys of values by default that stand in the context where a record is made."""
        seen = []

        def create(records, vals_list):
            if records._name == name:
                seen.extend(key for key in records.env.context if key.startswith("default_"))
            return records

        model = self.env[name]
        forged = {f"default_{field}": self.collector.id for field in model._fields}
        # what is refused before asks for more than nothing
        refused = suppress(AccessError, UserError, KeyError, ValueError)
        with patch.object(BaseModel, "create", create), refused:
            model.with_context(**forged).create([{}])
        return seen

    def test_who_recorded_an_interruption_is_the_user(self):
        invoice = self._invoice(30)
        line = self._term_lines(invoice)
        forged = {
            "default_user_id": self.manager.id,
            "default_active": False,
            "default_erased_reason": "Mistake",
        }
        claim = (
            self.env["dunning.interruption"]
            .with_user(self.collector)
            .with_context(**forged)
            .create(
                {
                    "partner_id": self.customer.id,
                    "move_line_ids": [Command.set(line.ids)],
                    "kind": "acknowledgement",
                    "date": fields.Date.to_string(self.day),
                    "evidence": "E-mail",
                }
            )
        )
        self.assertEqual((claim.user_id, claim.active), (self.collector, True))
        self.assertFalse(claim.erased_reason)
