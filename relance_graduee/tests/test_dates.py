"""Days that are slips of the pen give words, no traceback, and stop nobody else's reminders."""

from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common_channels import ChannelCommon

OURS = ("relance_graduee", "relance_graduee_sale", "relance_graduee_stock")
OTHER_TIMES = ("0001-01-01", "1026-11-28", "9999-12-31")


@tagged("post_install", "-at_install")
class TestEnteredDates(ChannelCommon):
    def _get_models(self):
        """Model name -> names of the dates of ours that somebody may enter, of the registry."""
        found = {}
        for name, model in self.env.items():
            fields = model._fields.values()
            if model._abstract or name.startswith("test."):
                continue
            names = [
                field.name
                for field in fields
                if field.type == "date"
                and field.store
                and not (field.readonly or field.compute or field.related)
                and set(field._modules) & set(OURS)
            ]
            if names:
                found[name] = names
        return found

    def test_every_one_is_checked(self):
        """Walks the registry: a date that is added later cannot be forgotten."""
        found = self._get_models()
        self.assertIn("dunning.preview", found)
        self.assertIn("res.partner", found)
        for name, names in found.items():
            model = self.env[name]
            self.assertTrue(hasattr(model, "_check_years"), f"{name}: inherit dunning.dated")
            self.assertEqual(set(model._get_entered_dates()), set(names))
            checked = [set(method._constrains) for method in model._constraint_methods]
            self.assertIn(set(names), checked, name)

    def test_other_times_are_refused_in_words(self):
        company, customer = self.company, self.customer
        for text in OTHER_TIMES:
            for record, vals in (
                (customer, {"insolvency_date": text}),
                (customer, {"dunning_paused_until": text, "dunning_pause_reason": "A flood"}),
                (customer, {"dunning_hold_until": text, "dunning_hold_reason": "A flood"}),
                (company, {"dunning_penalty_since": text}),
            ):
                with self.assertRaises(ValidationError):
                    record.write(vals)
            for model, vals in (
                ("dunning.preview", {}),
                ("dunning.penalty.change", {"change": "waive", "reason": "A flood"}),
                ("dunning.item.change", {"reason": "A flood"}),
            ):
                with self.assertRaises(ValidationError):
                    self.env[model].create({"date": text, **vals})


@tagged("post_install", "-at_install")
class TestDocumentsOfOtherTimes(ChannelCommon):
    """What other modules let people enter: one slip may not stop the reminders of all others."""

    def _set_due(self, move, due):
        lines = self._term_lines(move)
        self.env.cr.execute(
            "UPDATE account_move_line SET date_maturity = %s WHERE id = ANY(%s)", (due, lines.ids)
        )
        self.env.cr.execute(
            "UPDATE account_move SET invoice_date_due = %s WHERE id = %s", (due, move.id)
        )
        self.env.invalidate_all()

    def _read_all(self, records):
        for record in records:
            record.read()

    def _assert_harmless(self, customer):
        """All is readable, and the run serves the others."""
        self._read_all(self._items(customer))
        self._read_all(customer)
        self._read_all(customer.invoice_ids)
        self._read_all(customer.invoice_ids.line_ids)
        run = self._launch()
        self.assertEqual((run.state, len(run.failure_ids)), ("done", 0), run.log)
        self.assertTrue(self._notices(run))

    def test_due_on_such_a_day(self):
        self._due(0)
        for due in (date.min, date(1026, 1, 1), date(9990, 1, 1), date.max):
            with self.subTest(due=due):
                customer = self._create_customer(f"Due {due}")
                self._set_due(self._invoice(6, partner=customer), due)
                self._assert_harmless(customer)

    def test_issued_on_such_a_day(self):
        self._due(0)
        for day in (date.min, date.max):
            with self.subTest(day=day):
                customer = self._create_customer(f"Issued {day}")
                self._set_issued(self._invoice(6, partner=customer), day)
                self._assert_harmless(customer)

    def _set_issued(self, move, day):
        self.env.cr.execute(
            "UPDATE account_move SET invoice_date = %s, date = %s WHERE id = %s",
            (day, day, move.id),
        )
        self.env.cr.execute(
            "UPDATE account_move_line SET invoice_date = %s, date = %s WHERE move_id = %s",
            (day, day, move.id),
        )
        self.env.invalidate_all()
