"""What the warehouse sees of a hold: words without amounts, where it works."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import StockCommon


@tagged("post_install", "-at_install")
class TestWarehouseScreens(StockCommon):
    def _search(self, name, user=None):
        pickings = self.env["stock.picking"].with_user(user or self.worker)
        return pickings.search([(name, "=", True), ("picking_type_id", "=", self.out_type.id)])

    def test_words_without_amounts(self):
        manager = self.company._get_dunning_manager()
        manager.phone = "01 23 45 67 89"
        held, free = self._delivery(), self._delivery(self.good)
        self.assertTrue(held.dunning_held)
        self.assertIn("see the credit department", held.dunning_hold_message)
        self.assertIn(manager.name, held.dunning_hold_message)
        self.assertIn("01 23 45 67 89", held.dunning_hold_message)
        self.assertNotIn("900", held.dunning_hold_message)
        self.assertFalse(free.dunning_held or free.dunning_hold_message)

    def test_french(self):
        held = self._delivery().with_context(lang="fr_FR")
        self.assertIn("Bloqué – voir le service crédit", held.dunning_hold_message)

    def test_filter_held_follows_release_and_payment(self):
        held, other, free = self._delivery(), self._delivery(), self._delivery(self.good)
        self.assertEqual(self._search("dunning_held"), held | other)
        not_held = self.env["stock.picking"].search([("dunning_held", "=", False)])
        self.assertIn(free, not_held.with_user(self.worker))
        self.assertNotIn(held.sudo(False), not_held.with_user(self.worker))
        self._release_delivery(other)
        self.assertEqual(self._search("dunning_held"), held)
        self._pay(self.debt)
        self.assertFalse(self._search("dunning_held"))

    def test_filter_shows_what_the_field_says(self):
        """Receipts, done and exempt deliveries of the same customer are not in it."""
        exempt = self.out_type.copy({"name": "Warranty", "sequence_code": "WTY"})
        exempt.dunning_exempt = True
        self._transfer(self.customer, kind=exempt)
        self._transfer(self.customer, self.suppliers, self.stock, self.warehouse.in_type_id)
        held = self._transfer(self.customer)
        found = self.env["stock.picking"].search([("dunning_held", "=", True)])
        self.assertEqual(found.ids, held.ids)
        self.assertEqual(found.filtered("dunning_held"), found)

    def test_overview_counts_them(self):
        self._delivery(), self._delivery(), self._delivery(self.good)
        kind = self.out_type.with_user(self.worker)
        self.assertEqual(kind.dunning_held_count, 2)
        found = self.env["stock.picking"].search(kind.action_open_dunning_held()["domain"])
        self.assertEqual(len(found), 2)

    def test_released_today_by_payment(self):
        """Noted by the scheduled action; live between two of its runs."""
        picking = self._delivery()
        self.env["stock.picking"]._cron_note_holds()
        self.assertEqual(picking.dunning_held_date, self.day)
        self.assertFalse(self._search("dunning_freed_today"))
        self._pay(self.debt)
        self.env.invalidate_all()
        self.assertEqual(self._search("dunning_freed_today"), picking)
        picking.sudo().user_id = self.worker
        self.env["stock.picking"]._cron_note_holds()
        self.assertEqual(picking.dunning_freed_date, self.day)
        self.assertEqual(self._search("dunning_freed_today"), picking)
        self.assertEqual(picking.activity_ids.user_id, self.worker)
        self.env["stock.picking"]._cron_note_holds()
        self.assertEqual(len(picking.activity_ids), 1)
        picking.button_validate()
        self.assertFalse(self._search("dunning_freed_today"))

    def test_released_today_by_a_release(self):
        picking, other = self._delivery(), self._delivery()
        picking.sudo().user_id = self.worker
        self._release_delivery(picking)
        self.assertEqual(self._search("dunning_freed_today"), picking)
        self.assertEqual(picking.activity_ids.user_id, self.worker)
        self.assertFalse(other.dunning_freed_date)

    def test_held_again_after_it_was_freed(self):
        picking = self._delivery()
        self.env["stock.picking"]._cron_note_holds()
        self._pay(self.debt)
        self.env["stock.picking"]._cron_note_holds()
        self._invoice(20, 900)
        self.env["stock.picking"]._cron_note_holds()
        self.assertTrue(picking.dunning_held)
        self.assertFalse(picking.dunning_freed_date)
        self.assertFalse(self._search("dunning_freed_today"))

    def test_nothing_on_the_delivery_slip(self):
        picking = self._delivery().sudo()
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("stock.action_report_delivery", picking.ids)[0]
            .decode()
        )
        self.assertIn(picking.name, html)
        for word in ("hold", "credit department", "overdue"):
            self.assertNotIn(word, html)

    def test_form_for_worker_and_dunning_manager(self):
        picking = self._delivery()
        with Form(picking) as form:
            self.assertTrue(form.dunning_held)
        arch = picking.get_view(view_type="form")["arch"]
        self.assertNotIn("action_record_departure", arch)
        arch = picking.with_user(self.manager).get_view(view_type="form")["arch"]
        self.assertIn("action_record_departure", arch)

    def test_release_is_asked_for_from_the_delivery(self):
        picking = self._delivery()
        action = picking.action_ask_release()
        releases = self.env["dunning.release"].with_user(self.worker)
        form = Form(releases.with_context(**action["context"]))
        form.reason = "Paid tomorrow, says the customer"
        release = form.save()
        self.assertEqual(release.picking_id, picking)
        self.assertEqual((release.amount, release.partner_id), (500, self.customer))
        release.with_user(self.manager).action_grant()
        picking.button_validate()
        self._assert_gone(5)

    def test_wizard_of_a_departure(self):
        picking = self._delivery()
        records = self.env["dunning.departure.record"]
        with self.assertRaises(AccessError), self.cr.savepoint():
            records.with_user(self.worker).create({"picking_id": picking.id, "reason": "Gone"})
        wizard = records.with_user(self.manager).create(
            {"picking_id": picking.id, "reason": "Taken by the driver"}
        )
        wizard.action_record()
        self.assertEqual(picking.state, "done")
        self._assert_gone(5)

    def test_departures_are_seen_by_those_who_may(self):
        picking = self._delivery()
        picking.with_user(self.manager)._record_departure("Taken")
        departures = self.env["dunning.departure"]
        collector = self._user("collector", "relance_graduee.group_dunning_user")
        for user in (self.keeper, collector, self.manager):
            found = departures.with_user(user).search([("picking_id", "=", picking.id)])
            self.assertEqual(found.reason, "Taken")
            with self.assertRaises(AccessError), self.cr.savepoint():
                found.reason = "Other"
            with self.assertRaises(AccessError), self.cr.savepoint():
                found.unlink()
        for user in (self.worker, self.seller):
            with self.assertRaises(AccessError), self.cr.savepoint():
                departures.with_user(user).search([])
