"""What a company says, fears or decided of a customer never stands on records that others read."""

import ast
from datetime import timedelta
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons import __path__ as addons_paths

from .common import OURS, SECRET, SECRET_AMOUNT, AttackCommon

# Models whose records several companies read, and whoever may read one of them.
SHARED = ("res.partner", "res.users", "product.template", "product.product")
MESSAGES = {"_message_log", "_message_log_batch", "message_post", "message_notify"}
TASKS = {"activity_schedule"}
# Where the record is chosen, and on a shared one nothing typed is said.
CHOSEN = {("dunning_notice.py", "self if readable else self.partner_id")}
# Names of what is typed, or tells amounts: never an argument of a message on a shared record.
SECRET_NAMES = {"reason", "note", "amount", "error", "outcome_means", "formal_reason"}


@tagged("post_install", "-at_install")
class TestSharedRecords(AttackCommon):
    # ------------------------------------------------------------
    # WHAT IS SAID
    # ------------------------------------------------------------

    def test_nothing_typed_and_no_amount_stands_on_a_shared_record(self):
        """A company types all it may about a customer: decisions, contacts, releases, requests."""
        invoice = self._due(0, amount=SECRET_AMOUNT)
        self._launch()
        notice = self.env["dunning.notice"].search([("partner_id", "=", self.customer.id)])
        customer = self.customer.with_company(self.company)
        until = self.company._get_dunning_today() + timedelta(days=60)
        customer._set_dunning_pause(until, SECRET)
        customer._end_dunning_pause(SECRET)
        customer._set_delivery_hold(until, SECRET)
        line = self._term_lines(invoice)
        line._set_dunning_disputed(True, SECRET)
        line._set_dunning_excluded(True, SECRET)
        for outcome in ("refuses", "cannot_pay", "bank_details", "purchase_order"):
            contact = self.env["dunning.contact"].with_user(self.users["collector"])
            vals = {"partner_id": customer.id, "company_id": self.company.id, "note": SECRET}
            contact.create({**vals, "outcome": outcome, "channel": "visit"}).action_record()
        release = self.env["dunning.release"].create(
            {"partner_id": customer.id, "company_id": self.company.id, "scope": "amount",
             "amount": SECRET_AMOUNT, "reason": SECRET}
        )  # fmt: skip
        release.action_grant()
        self._ask_for_a_delay(until)
        self.assertTrue(notice)
        self._assert_shared_records_are_silent()

    def _ask_for_a_delay(self, until):
        if "dunning.delay" in self.env:
            delay = {"partner_id": self.customer.id, "company_id": self.company.id}
            delay |= {"date_until": until, "reason": SECRET}
            self.env["dunning.delay"].create(delay).action_ask()

    def _assert_shared_records_are_silent(self):
        self.env.flush_all()
        messages = self.env["mail.message"].sudo().search([("model", "in", SHARED)])
        tasks = self.env["mail.activity"].sudo().search([("res_model", "in", SHARED)])
        said = [*messages.mapped("body"), *messages.mapped("subject")]
        said += [*tasks.mapped("summary"), *tasks.mapped("note")]
        self.assertEqual([words for words in said if self._find_secrets(words)], [])

    def test_reason_of_a_pause_is_for_the_company_that_paused(self):
        """The instance: kept, for those who follow its invoices; nobody else, no other company."""
        self.customer.with_company(self.company)._set_dunning_pause(self._today(), SECRET)
        note = self.env["dunning.customer.note"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((note.kind, note.reason, note.company_id), ("pause", SECRET, self.company))
        for kind in self.users:
            allowed = kind in ("invoicing", "collector", "manager")
            with self.subTest(kind=kind):
                refused, result = self._rpc(kind, note, "read", ["reason"])
                self.assertEqual(refused, not allowed, result)
                refused, result = self._rpc(kind, self.customer, "read", ["dunning_pause_reason"])
                seen = not refused and SECRET in repr(result)
                self.assertEqual(seen, allowed, result)

    def test_decisions_are_kept_as_they_were(self):
        self.customer.with_company(self.company)._set_dunning_pause(self._today(), SECRET)
        note = self.customer.dunning_note_ids
        for change in (
            lambda: note.write({"reason": "Other"}),
            lambda: note.write({"user_id": self.manager.id}),
            lambda: note.unlink(),
            lambda: note.copy(),
            lambda: note.create({"partner_id": self.customer.id}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                change()

    # ------------------------------------------------------------
    # WHERE IT IS SAID
    # ------------------------------------------------------------

    def test_no_message_on_a_customer_is_given_what_was_typed(self):
        """Every message and task that our code writes on a customer, looked at in the source."""
        wrong = [
            f"{path.name}:{call.lineno}: {sorted(names)}"
            for path, tree in self._get_sources()
            for call in self._get_calls(tree)
            if self._is_on_shared(path, call)
            for names in [self._get_names(call) & SECRET_NAMES]
            if names
        ]
        self.assertEqual(wrong, [])

    @staticmethod
    def _get_sources():
        for folder in {Path(path).resolve() for path in addons_paths}:
            for module in folder.glob(f"{OURS}*"):
                for path in sorted(
                    [*module.glob("models/**/*.py"), *module.glob("wizards/**/*.py")]
                ):
                    yield path, ast.parse(path.read_text())

    @staticmethod
    def _get_calls(tree):
        for node in ast.walk(tree):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if is_call and node.func.attr in MESSAGES | TASKS:
                yield node

    @staticmethod
    def _is_on_shared(path, call):
        """Whether the record that it is said on looks like a customer or a product."""
        receiver = ast.unparse(call.func.value)
        if (path.name, receiver) in CHOSEN:
            return False
        own_file = path.stem.startswith(("res_partner", "product_")) and "self" in receiver
        return own_file or any(word in receiver for word in ("partner", "customer", "product"))

    @staticmethod
    def _get_names(call):
        """Names that the arguments use."""
        names = set()
        for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
            for node in ast.walk(argument):
                if isinstance(node, ast.Name):
                    names.add(node.id)
                elif isinstance(node, ast.Attribute):
                    names.add(node.attr)
        return names
