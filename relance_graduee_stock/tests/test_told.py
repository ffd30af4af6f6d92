"""Who is told that a delivery may go: the warehouse and the salesperson, once, in their words."""

from unittest.mock import patch

from odoo.tests import tagged

from .common import StockCommon

HOLD_LOGGER = "odoo.addons.relance_graduee_stock.models.stock_picking_hold"


@tagged("post_install", "-at_install")
class TestTold(StockCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller.lang = "fr_FR"

    def _note(self):
        self.env["stock.picking"]._cron_note_holds()

    def _notified(self, user, record):
        """Bodies of what ``user`` was notified of, on ``record``."""
        messages = self.env["mail.message"].search(
            [
                ("model", "=", record._name),
                ("res_id", "=", record.id),
                ("message_type", "=", "user_notification"),
                ("notified_partner_ids", "in", user.partner_id.ids),
            ]
        )
        return messages.mapped("body")

    def test_a_payment_tells_salesperson_and_warehouse(self):
        picking = self._delivery()
        picking.sudo().user_id = self.worker
        order = picking.sale_id.sudo()
        self._note()
        self._pay(self.debt)
        self._note()
        self._note()
        (body,) = self._notified(self.seller, order)
        self.assertIn(picking.name, body)
        self.assertIn("n'est plus bloqué, peut être expédié.", body)
        self.assertEqual(picking.activity_ids.user_id, self.worker)
        self.assertEqual(len(picking.activity_ids), 1)

    def test_deliveries_of_an_order_are_told_of_together(self):
        picking = self._delivery()
        picking.move_ids.quantity = 2
        picking.action_split_transfer()
        order = picking.sale_id.sudo()
        self.assertEqual(len(order.picking_ids), 2)
        self._note()
        self._pay(self.debt)
        self._note()
        (body,) = self._notified(self.seller, order)
        for name in order.picking_ids.mapped("name"):
            self.assertIn(name, body)

    def test_without_an_order_the_customers_salesperson(self):
        picking = self._transfer(self.customer)
        self._note()
        self._pay(self.debt)
        self._note()
        self.assertEqual(len(self._notified(self.seller, picking)), 1)

    def test_a_release_tells_of_what_it_freed_alone(self):
        """Not of a prepaid or exempt delivery, that waited for nothing; nor twice of one."""
        exempt = self.out_type.copy({"name": "Warranty", "sequence_code": "WTY"})
        exempt.with_user(self.env.ref("base.user_admin")).dunning_exempt = True
        never = self._transfer(self.customer, kind=exempt)
        picking, other = self._delivery(), self._delivery()
        self._release_delivery(picking)
        self.assertEqual(picking.dunning_freed_date, self.day)
        self.assertFalse(never.dunning_freed_date or other.dunning_freed_date)
        self._release("until")
        self.assertEqual(other.dunning_freed_date, self.day)
        self.assertEqual(len(self._notified(self.seller, picking.sale_id.sudo())), 1)
        self.assertEqual(len(self._notified(self.seller, other.sale_id.sudo())), 1)
        self.assertFalse(self._notified(self.seller, never))


@tagged("post_install", "-at_install")
class TestBatches(StockCommon):
    """The scheduled action, over many deliveries."""

    def test_goes_through_batches_and_each_is_done_once(self):
        """A queue gets one of each order, as plain data; nothing is left for the next night."""
        picking = self._delivery()
        with self._queue() as queue:
            self.env["stock.picking"]._cron_note_holds()
        self.assertFalse(picking.dunning_held_date)
        (batch,) = self._work_off(queue)
        self.assertEqual((batch["method"], batch["ids"]), ("_note_holds", picking.ids))
        self.assertTrue(picking.dunning_held_date)
        with self._queue() as queue:
            self.env["stock.picking"]._cron_note_holds()
        self.assertFalse(queue)

    def test_a_delivery_that_fails_stops_no_other(self):
        bad, good = self._delivery(), self._delivery()
        model = type(bad)
        free = model._free_dunning_reservations

        def fail(pickings):
            if bad in pickings:
                raise ZeroDivisionError("this delivery breaks it")
            return free(pickings)

        with (
            patch.object(model, "_free_dunning_reservations", fail),
            self.assertLogs(HOLD_LOGGER, "ERROR") as caught,
        ):
            self.env["stock.picking"]._cron_note_holds()
        self.assertEqual(len(caught.output), 1)
        self.assertIn(str(bad.id), caught.output[0])
        self.assertTrue(good.dunning_held_date)
        self.assertFalse(bad.dunning_held_date)
