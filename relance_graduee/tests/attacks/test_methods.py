"""Every public method of ours, called by every kind of user through the door of JSON-RPC."""

import inspect

from odoo.tests import tagged

from .common import KINDS, get_our_fields, is_ours
from .world import WorldCommon

MODULES = "odoo.addons.relance_graduee"
# Whose work the company's reminders are: their methods change things, by what they check.
WORKERS = {"collector", "manager"}
# Who else changes something by a method, or who alone: (model, method) -> kinds.
MEANT = {
    # A run of the own companies, an extract of what the own company holds.
    ("dunning.run", "launch"): {"manager", "neighbour"},
    ("res.partner", "action_extract_dunning_data"): {"manager", "neighbour"},
    # Whether a mailbox works is the same for all companies that write to it.
    ("res.partner", "action_trust_dunning_email"): {*WORKERS, "neighbour"},
}
# Through, as the issue says: (model, method, kind) -> the point that mends it.
KNOWN = {}
ARGUMENTS = {
    "date": "2026-10-07", "day": "2026-10-07", "until": "2026-10-07", "reason": "x", "note": "x",
    "name": "x", "text": "x", "domain": [], "fields": [], "names": [], "vals": {},
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestMethods(WorldCommon):
    figures_of = "methods"

    def test_every_public_method_asks_who_calls(self):
        """Refused or harmless, for whoever it is not the work of."""
        self.assertGreater(len(list(self._get_methods())), 50)
        for record, name in self._get_methods():
            for kind in self.users:
                meant = kind in MEANT.get((record._name, name), WORKERS)
                attempt = self._try(kind, record, name, **self._get_arguments(record, name))
                known = KNOWN.get((record._name, name, kind))
                self._judge(kind, record._name, name, attempt, meant, known)

    def test_lists_name_methods_that_are_there(self):
        there = {(record._name, name) for record, name in self._get_methods()}
        listed = {*MEANT, *((model, name) for model, name, _kind in KNOWN)}
        installed = {pair for pair in listed if pair[0] in self.env}
        self.assertEqual(installed - there, set())
        self.assertLessEqual({kind for *_pair, kind in KNOWN}, KINDS.keys())

    def _get_methods(self):
        """(record of the company, name of the method): of our models and of those we extend."""
        for name, model in sorted(self.env.registry.items()):
            names = [each for each in dir(model) if self._is_public(model, each)]
            for method in names:
                yield self._get_record(name), method

    def _is_public(self, model, name):
        if name.startswith("_") or self._is_orm(name):
            return False
        owners = [cls for cls in model.mro() if name in vars(cls)]
        ours = any(cls.__module__.startswith(MODULES) for cls in owners)
        private = any(getattr(vars(cls)[name], "_api_private", False) for cls in owners)
        return ours and not private and inspect.isfunction(getattr(model, name))

    def _get_record(self, name):
        """One of the company: of another's model the customer, its invoice, or none."""
        model = self.env[name]
        if name in self.records:
            return self.records[name]
        if name == "res.partner":
            return self.customer
        if name == "res.company":
            return self.company
        if name == "account.move":
            return self.invoice
        if name == "account.move.line":
            return self._term_lines(self.invoice)
        if model._abstract or not get_our_fields(model) or is_ours(model._original_module):
            return model.browse()
        return model.sudo().search([], limit=1)

    def _get_arguments(self, record, name):
        """A harmless value for each parameter that has no default."""
        parameters = list(inspect.signature(getattr(type(record), name)).parameters.values())[1:]
        return {
            each.name: ARGUMENTS.get(each.name, False)
            for each in parameters
            if each.default is each.empty and each.kind is each.POSITIONAL_OR_KEYWORD
        }
