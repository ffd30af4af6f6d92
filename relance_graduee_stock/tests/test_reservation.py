"""Companies that hold deliveries from reservation on: nothing is reserved for who is on hold."""

from odoo.tests import Form, tagged

from .common import FORGED, StockCommon


class ReservationCommon(StockCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_stock_hold = "reservation"

    def _reserved(self, picking):
        self.env.invalidate_all()
        return sum(picking.sudo().move_ids.mapped("quantity"))

    def _reserved_before(self, days, **vals):
        """A delivery reserved while its customer was free, that is on hold since ``days`` days."""
        self._pay(self.debt)
        picking = self._delivery(**vals)
        self.assertEqual(self._reserved(picking), 5)
        self.debt = self._invoice(20, 900)
        self._note()
        self.assertEqual(picking.dunning_held_date, self.day)
        picking.sudo().dunning_held_date = self._at(-days)
        return picking

    def _note(self):
        self.env["stock.picking"]._cron_note_holds()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestNothingReserved(ReservationCommon):
    def test_confirming_checking_and_the_scheduler(self):
        held, free = self._delivery(), self._delivery(self.good)
        self.assertEqual((self._reserved(held), self._reserved(free)), (0, 5))
        held.action_assign()
        held.with_context(**FORGED).action_assign()
        self.env["stock.rule"].run_scheduler(company_id=self.company.id)
        self.assertEqual((held.state, self._reserved(held)), ("confirmed", 0))

    def test_goods_received_go_to_others(self):
        self._fill(-100)
        held, free = self._delivery(), self._delivery(self.good)
        receipt = self._transfer(
            self.good, self.suppliers, self.stock, self.warehouse.in_type_id, quantity=7
        )
        receipt.button_validate()
        self.assertEqual((self._reserved(held), self._reserved(free)), (0, 5))

    def test_quantities_typed_in(self):
        """Lines reserve, too: on the transfer, one by one, in a draft, whatever the context."""
        picking = self._delivery()
        move = picking.move_ids
        self._refused(move.write, {"quantity": 5})
        self._refused(move.with_context(**FORGED).write, {"quantity": 1})
        line = {
            "product_id": self.product.id,
            "location_id": self.stock.id,
            "location_dest_id": self.customers.id,
            "quantity": 2,
        }
        lines = self.env["stock.move.line"].with_user(self.worker)
        self._refused(lines.create, {**line, "move_id": move.id})
        self._refused(lines.create, {**line, "picking_id": picking.id})
        draft = self._transfer(self.customer)
        self._refused(draft.move_ids.write, {"quantity": 5})
        self._refused(draft.button_validate)
        self.assertEqual(self._reserved(picking | draft), 0)

    def test_lines_are_not_carried_over_from_another(self):
        held, free = self._delivery(), self._delivery(self.good)
        line = free.move_ids.move_line_ids
        self._refused(line.write, {"move_id": held.move_ids.id, "picking_id": held.id})

    def test_words_say_so(self):
        manager = self.company._get_dunning_manager()
        picking = self._delivery()
        self.assertIn(manager.name, self._refused(picking.move_ids.write, {"quantity": 5}))
        self.assertIn("Nothing is reserved", picking.dunning_hold_message)
        french = picking.with_context(lang="fr_FR")
        self.assertIn("Rien n'est réservé", french.dunning_hold_message)

    def test_what_is_not_held_is_reserved(self):
        exempt = self.out_type.copy({"name": "Warranty", "sequence_code": "WTY"})
        exempt.with_user(self.env.ref("base.user_admin")).dunning_exempt = True
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.stock.id})
        internal = self.warehouse.int_type_id
        for picking in (
            self._transfer(self.customer, kind=exempt),
            self._transfer(self.customer, destination=shelf, kind=internal),
            self._transfer(self.customer, destination=self.suppliers),
        ):
            self.assertEqual((picking.state, self._reserved(picking)), ("assigned", 5))

    def test_prepaid_order_is_reserved(self):
        order = self._order(quantity=5)
        invoice = self._invoice(-10, 500)
        self._pay(invoice)
        order.order_line.sudo().invoice_lines = invoice.invoice_line_ids
        order.action_confirm()
        self.assertEqual(self._reserved(order.picking_ids), 5)

    def test_companies_that_hold_at_shipping_prepare(self):
        self.company.dunning_stock_hold = "shipping"
        picking = self._delivery()
        self.assertEqual(self._reserved(picking), 5)
        self.assertNotIn("reserved", picking.dunning_hold_message)
        self._refused(picking.button_validate)

    def test_companies_that_only_warn_reserve(self):
        self.company.dunning_sale_hold = "warn"
        self.assertEqual(self._reserved(self._delivery()), 5)

    def test_asking_costs_the_same_for_many(self):
        """The scheduler asks about a thousand moves at once; at shipping it asks nothing."""

        def count(moves):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(moves._get_dunning_unreservable(), moves - free)
            return self.cr.sql_log_count - before

        free = self._delivery(self.good).sudo().move_ids
        for _each in range(12):
            self._order(quantity=1, confirm=True)
        moves = self.env["stock.move"].search([("partner_id", "=", self.customer.id)]) | free
        self.assertEqual(len(moves), 13)
        few = count(moves[:2])
        self.assertLessEqual(count(moves), few + 2)
        self.company.dunning_stock_hold = "shipping"
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.assertFalse(moves._get_dunning_unreservable())
        self.assertLessEqual(self.cr.sql_log_count - before, 4, "moves and their companies")

    def test_pick_pack_ship_is_not_begun(self):
        """The pick has no transfer after it yet: its final place and its order say for whom."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        pick = self._order(quantity=5, confirm=True).picking_ids.with_user(self.worker)
        pick.sudo().action_assign()
        self.assertEqual(len(pick), 1)
        self.assertEqual((pick.state, self._reserved(pick)), ("confirmed", 0))
        self.assertTrue(pick.dunning_held)
        found = self.env["stock.picking"].search([("dunning_held", "=", True)])
        self.assertIn(pick.sudo(False).id, found.ids)
        self.company.dunning_stock_hold = "shipping"
        self.env.invalidate_all()
        self.assertFalse(pick.dunning_held)
        pick.action_assign()
        self.assertEqual(self._reserved(pick), 5)


@tagged("post_install", "-at_install")
class TestFreed(ReservationCommon):
    def test_kept_five_days_then_free_for_others(self):
        picking = self._reserved_before(4)
        self._fill(-95)
        other = self._delivery(self.good)
        self.assertIn("is freed on", picking.dunning_hold_message)
        self._note()
        self.assertEqual((self._reserved(picking), self._reserved(other)), (5, 0))
        picking.sudo().dunning_held_date = self._at(-5)
        self._note()
        self.assertEqual(self._reserved(picking), 0)
        other.action_assign()
        self.assertEqual(self._reserved(other), 5)

    def test_days_are_the_companys(self):
        self.company.dunning_reservation_days = 0
        picking = self._reserved_before(0)
        self.assertEqual(self._reserved(picking), 0, "freed by the run that noted it")

    def test_salesperson_is_told_once(self):
        self.seller.lang = "fr_FR"
        picking = self._reserved_before(5)
        before = picking.sale_id.sudo().activity_ids
        self._note()
        self._note()
        told = picking.sale_id.sudo().activity_ids - before
        self.assertEqual(told.user_id, self.seller)
        self.assertEqual(
            told.summary, "Réservation libérée\N{NO-BREAK SPACE}: le client est bloqué"
        )
        self.assertIn(picking.name, told.note)

    def test_without_an_order_the_customers_salesperson(self):
        self._pay(self.debt)
        picking = self._transfer(self.customer)
        self._invoice(20, 900)
        self._note()
        picking.sudo().dunning_held_date = self._at(-9)
        self._note()
        self.assertEqual(self._reserved(picking), 0)
        self.assertEqual(picking.activity_ids.user_id, self.seller)

    def test_what_was_picked_stays(self):
        picking = self._reserved_before(9)
        picking.move_ids.picked = True
        self._note()
        self.assertEqual(self._reserved(picking), 5)

    def test_at_shipping_nothing_is_freed(self):
        picking = self._reserved_before(9)
        self.company.dunning_stock_hold = "shipping"
        self._note()
        self.assertEqual(self._reserved(picking), 5)


@tagged("post_install", "-at_install")
class TestReservedAgain(ReservationCommon):
    def test_release_reserves_at_once(self):
        picking, other = self._delivery(), self._delivery()
        self._release_delivery(picking)
        self.assertEqual((self._reserved(picking), self._reserved(other)), (5, 0))
        picking.button_validate()
        self._assert_gone(5)

    def test_payment_lifts_it_and_the_cron_asks(self):
        picking, other = self._delivery(), self._delivery()
        self._note()
        self._pay(self.debt)
        picking.action_assign()
        self.assertEqual(self._reserved(picking), 5)
        self._note()
        self.assertEqual(self._reserved(other), 5)

    def test_types_reserved_by_hand_are_not_reserved(self):
        self.out_type.reservation_method = "manual"
        picking = self._order(quantity=5, confirm=True).picking_ids
        self._note()
        self._pay(self.debt)
        self._note()
        self.assertEqual(picking.dunning_freed_date, self.day)
        self.assertEqual(self._reserved(picking), 0)

    def test_release_of_the_pick_covers_the_delivery(self):
        """Asked for on the pick, since the last step is not there yet."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self._order(quantity=5, confirm=True)
        pick = order.picking_ids
        action = pick.with_user(self.worker).action_ask_release()
        self.assertEqual(action["context"]["default_amount"], 500)
        self._release_delivery(pick)
        for _step in range(3):
            picking = order.picking_ids.filtered(lambda picking: picking.state != "done")
            picking.with_user(self.worker).button_validate()
            self.assertEqual(picking.state, "done")
        self.assertEqual(picking.location_dest_id, self.customers)

    def test_release_of_a_pick_covers_no_more_than_it(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._order(quantity=5, confirm=True)
        pick = order.picking_ids
        self._release_delivery(pick)
        pick.button_validate()
        ship = order.picking_ids - pick
        added = {**self._move_vals(ship.location_id, self.customers, 1), "picking_id": ship.id}
        self.env["stock.quant"]._update_available_quantity(self.product, ship.location_id, 1)
        self.env["stock.move"].create({**added, "quantity": 1})
        self._refused(ship.with_user(self.worker).button_validate)

    def test_goods_that_left_are_recorded(self):
        """Nothing is reserved, and the lorry has gone: a manager says so for all of it."""
        picking = self._delivery()
        picking.with_user(self.manager)._record_departure("Taken by the driver")
        self.assertEqual(picking.state, "done")
        self._assert_gone(5)


@tagged("post_install", "-at_install")
class TestReservationSetting(ReservationCommon):
    def test_settings_page(self):
        self.company.dunning_stock_hold = "shipping"
        with Form(self.env["res.config.settings"]) as form:
            self.assertEqual(form.dunning_stock_hold, "shipping")
            form.dunning_stock_hold = "reservation"
            form.dunning_reservation_days = 3
        form.record.execute()
        company = self.env.company
        self.assertEqual(company.dunning_stock_hold, "reservation")
        self.assertEqual(company.dunning_reservation_days, 3)
