"""docs/SECURITY.md says what the registry says: who may what is written by no hand."""

import os
from pathlib import Path

from odoo.tests import tagged

from .common import get_our_fields, get_our_models, is_ours
from .shown import ShownCommon

DOCUMENT = Path(__file__).parents[3] / "docs" / "SECURITY.md"
BEGIN, END = "<!-- written by make security-doc -->", "<!-- end -->"
# ``make security-doc`` asks to write it.
VARIABLE = "RELANCE_SECURITY_DOC"
ADD_ONS = {"relance_graduee", "relance_graduee_sale", "relance_graduee_stock"}
RIGHTS = {"read": "r", "write": "w", "create": "c", "unlink": "d"}


@tagged("post_install", "-at_install")
class TestSecurityDocument(ShownCommon):
    def test_document_says_what_is_so(self):
        lines = list(self._get_lines())
        if os.environ.get(VARIABLE) == "write":
            before, _begin, rest = DOCUMENT.read_text().partition(BEGIN)
            after = rest.partition(END)[2]
            text = "\n".join(lines)
            DOCUMENT.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")
        if DOCUMENT.exists():
            written = DOCUMENT.read_text().partition(BEGIN)[2].partition(END)[0]
            self._compare(lines, written.split("\n")[1:-1])

    def _compare(self, lines, written):
        """Where an add-on is missing, only what is there is looked for."""
        installed = self.env["ir.module.module"]._installed().keys()
        words = "make security-doc writes it anew: look at what it changes"
        if installed >= ADD_ONS:
            self.assertEqual(written, lines, words)
        else:
            self.assertLessEqual({line for line in lines if "`" in line}, set(written), words)

    # ------------------------------------------------------------
    # LINES
    # ------------------------------------------------------------

    def _get_lines(self):
        kinds = [kind for kind in self.users if kind != "neighbour"]
        yield ""
        yield "### Records that are kept"
        yield ""
        yield from self._get_rights(kinds, transient=False)
        yield ""
        yield "### Forms, each for who opened it alone"
        yield ""
        yield from self._get_rights(kinds, transient=True)
        yield ""
        yield "### Which records of them: rules"
        yield ""
        yield from self._get_rules()
        yield ""
        yield "### Fields of ours on documents of others"
        yield ""
        yield from self._get_fields(kinds)
        yield ""

    def _get_rights(self, kinds, transient):
        yield f"| model | {' | '.join(kinds)} |"
        yield f"| --- |{' --- |' * len(kinds)}"
        for name in get_our_models(self.env, transient):
            cells = [self._get_letters(kind, name) for kind in kinds]
            yield f"| `{name}` | {' | '.join(cells)} |"

    def _get_letters(self, kind, name):
        model = self.env[name].with_user(self.users[kind])
        return "".join(letter for right, letter in RIGHTS.items() if model.has_access(right)) or "–"

    def _get_rules(self):
        rules = self.env["ir.rule"].sudo().with_context(active_test=False).search([])
        owners = rules.get_external_id()
        ours = rules.filtered(lambda rule: is_ours(owners[rule.id].partition(".")[0]))
        for rule in ours.sorted(lambda rule: (rule.model_id.model, owners[rule.id])):
            names = rule.groups.get_external_id().values()
            whom = ", ".join(f"`{name}`" for name in sorted(names)) or "everybody"
            yield f"- `{rule.model_id.model}`, {whom}: `{rule.domain_force}`"

    def _get_fields(self, kinds):
        """For each model and each set of kinds of users that read them, the names of fields."""
        for name in self._get_shared_models():
            readers = {}
            for field in get_our_fields(self.env[name]):
                if not field.inherited:
                    readers.setdefault(self._get_readers(kinds, name, field), []).append(field.name)
            for who, names in sorted(readers.items()):
                words = ", ".join(f"`{each}`" for each in names)
                yield f"- `{name}`, {', '.join(who) or 'nobody'}: {words}"

    def _get_readers(self, kinds, name, field):
        return tuple(
            kind
            for kind in kinds
            if self.env[name].with_user(self.users[kind])._has_field_access(field, "read")
        )
