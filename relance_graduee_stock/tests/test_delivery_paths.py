"""Held goods do not leave, for a warehouse worker, whatever the path and the context."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import FORGED, StockCommon


@tagged("post_install", "-at_install")
class TestHeld(StockCommon):
    def tearDown(self):
        self._assert_gone(0)
        super().tearDown()

    # ------------------------------------------------------------
    # VALIDATING
    # ------------------------------------------------------------

    def test_validate_button(self):
        picking = self._delivery()
        self._refused(picking.button_validate)
        self.assertEqual(picking.state, "assigned")

    def test_message_says_who_helps_and_no_amount(self):
        manager = self.company._get_dunning_manager()
        manager.phone = "01 23 45 67 89"
        words = self._refused(self._delivery().button_validate)
        for word in (manager.name, "01 23 45 67 89", "overdue"):
            self.assertIn(word, words)
        self.assertNotIn("900", words)

    def test_forged_context(self):
        self._refused(self._delivery().with_context(**FORGED).button_validate)
        picking = self._delivery()
        picking.move_ids.picked = True
        self._refused(picking.with_context(**FORGED)._action_done)

    def test_without_reservation(self):
        """Immediate transfer: nothing reserved, quantities typed in."""
        picking = self._transfer(self.customer)
        picking.do_unreserve()
        picking.move_ids.quantity = 3
        self._refused(picking.button_validate)

    def test_part_of_it_with_a_backorder(self):
        picking = self._delivery()
        picking.move_ids.write({"quantity": 2, "picked": True})
        self._refused(picking.button_validate)
        self._refused(picking.with_context(skip_backorder=True).button_validate)

    def test_several_at_once_in_one_message(self):
        held, other, free = self._delivery(), self._delivery(), self._delivery(self.good)
        words = self._refused((held | free | other).button_validate)
        self.assertIn(held.name, words)
        self.assertIn(other.name, words)
        self.assertNotIn(free.name, words)
        self.assertEqual(free.state, "assigned")

    def test_action_done_of_transfer_and_moves(self):
        picking = self._delivery()
        picking.move_ids.picked = True
        self._refused(picking._action_done)
        self._refused(picking.move_ids._action_done)
        self._refused(picking.sudo().move_ids._action_done)

    def test_scheduled_action(self):
        """As superuser, with the code that an administrator wrote."""
        picking = self._delivery()
        action = self.env["ir.actions.server"].create(
            {
                "name": "Ship what is ready",
                "model_id": self.env["ir.model"]._get_id("stock.picking"),
                "state": "code",
                "code": f"env['stock.picking'].browse({picking.id}).button_validate()",
            }
        )
        self._refused(action.run)
        action.code = f"env['stock.picking'].browse({picking.id}).move_ids._action_done()"
        picking.move_ids.picked = True
        self._refused(action.run)

    # ------------------------------------------------------------
    # KINDS OF DELIVERIES
    # ------------------------------------------------------------

    def test_delivery_by_hand(self):
        contact = self._create_customer("Contact", parent_id=self.customer.id, is_company=False)
        self._refused(self._transfer(self.customer).button_validate)
        self._refused(self._transfer(contact).button_validate)

    def test_move_without_a_transfer(self):
        move = self.env["stock.move"].create(
            {**self._move_vals(self.stock, self.customers), "partner_id": self.customer.id}
        )
        move._action_confirm()
        move._action_assign()
        move.picked = True
        self._refused(move._action_done)

    def test_dropshipping(self):
        """From the supplier to the customer, on a type of its own, for the order's customer."""
        order = self._order(confirm=True)
        kind = self.env["stock.picking.type"].create(
            {
                "name": "Dropship",
                "code": "incoming",
                "sequence_code": "DS",
                "company_id": self.company.id,
                "default_location_src_id": self.suppliers.id,
                "default_location_dest_id": self.customers.id,
            }
        )
        picking = self._transfer(self.good, self.suppliers, kind=kind)
        picking.sudo().move_ids.sale_line_id = order.order_line
        self._refused(picking.button_validate)

    def test_only_the_last_step_of_pick_pack_ship(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self._order(quantity=5, confirm=True)
        pick = order.picking_ids.with_user(self.worker)
        pick.action_assign()
        pick.button_validate()
        pack = (order.picking_ids - pick.sudo(False)).with_user(self.worker)
        self.assertEqual(pick.state, "done")
        pack.button_validate()
        self.assertEqual(pack.state, "done")
        ship = order.picking_ids.filtered(lambda picking: picking.state != "done")
        self._refused(ship.with_user(self.worker).button_validate)
        # the goods wait in the output zone
        self.env["stock.quant"]._update_available_quantity(self.product, self.stock, 5)

    def test_order_cancelled_and_made_again(self):
        picking = self._delivery()
        picking.sale_id.with_user(self.seller).action_cancel()
        self._refused(self._delivery().button_validate)

    def test_split_deliveries(self):
        picking = self._delivery()
        picking.move_ids.quantity = 2
        picking.action_split_transfer()
        for part in picking.sale_id.sudo().picking_ids.with_user(self.worker):
            part.action_assign()
            self._refused(part.button_validate)

    # ------------------------------------------------------------
    # WRITES THROUGH THE EXTERNAL API
    # ------------------------------------------------------------

    def test_state_written(self):
        picking = self._delivery()
        self._refused(picking.move_ids.write, {"state": "done"})

    def test_done_move_created(self):
        vals = {**self._move_vals(self.stock, self.customers), "state": "done", "quantity": 5}
        moves = self.env["stock.move"].with_user(self.worker)
        self._refused(moves.create, {**vals, "partner_id": self.customer.id})

    def test_done_line_created(self):
        move = self._delivery().move_ids
        vals = {
            "product_id": self.product.id,
            "location_id": self.stock.id,
            "location_dest_id": self.customers.id,
            "quantity": 5,
            "state": "done",
        }
        lines = self.env["stock.move.line"].with_user(self.worker)
        lines.create([{**vals, "move_id": move.id}, {**vals, "picking_id": move.picking_id.id}])
        self._assert_gone(0)
        self._refused(move.picking_id.button_validate)

    def test_internal_transfer_turned_to_a_customer(self):
        picking = self._transfer(self.customer, destination=self.stock)
        move = picking.move_ids
        move.picked = True
        move.move_line_ids.location_dest_id = self.customers
        self._refused(move._action_done)

    def test_done_internal_line_sent_on_to_a_customer(self):
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.stock.id})
        picking = self._transfer(self.customer, destination=shelf)
        picking.button_validate()
        line = picking.move_ids.move_line_ids
        self.assertEqual(line.state, "done")
        self._refused(line.write, {"location_dest_id": self.customers.id})

    # ------------------------------------------------------------
    # MADE ANOTHER'S
    # ------------------------------------------------------------

    def test_customer_changed_on_the_delivery(self):
        picking = self._delivery()
        picking.partner_id = self.good
        self._refused(picking.button_validate)
        by_hand = self._transfer(self.customer)
        for partner in (self.good, self.env["res.partner"]):
            self._refused(by_hand.write, {"partner_id": partner.id})
        by_hand.move_ids.partner_id = self.good
        self._refused(by_hand.button_validate)

    def test_good_delivery_sent_to_a_blocked_customer(self):
        picking = self._delivery(self.good)
        picking.partner_id = self.customer
        self._refused(picking.button_validate)

    def test_customer_changed_on_the_order(self):
        picking, elsewhere = self._delivery(), self._delivery(partner_shipping_id=self.good.id)
        vals = {"partner_id": self.good.id, "partner_invoice_id": self.good.id}
        self._refused(elsewhere.sale_id.with_user(self.seller).write, vals)
        vals["partner_shipping_id"] = self.good.id
        picking.sale_id.with_user(self.seller).write(vals)
        self._refused(picking.button_validate)
        self._refused(picking.write, {"partner_id": self.good.id})

    def test_order_line_or_transfer_of_another(self):
        held, free = self._delivery(), self._delivery(self.good)
        line = free.sudo().move_ids.sale_line_id
        held.move_ids.sale_line_id = line
        self._refused(held.button_validate)
        held.sale_id = free.sudo().sale_id
        self._refused(held.button_validate)

    def test_exempt_type_chosen_afterwards(self):
        exempt = self.out_type.copy({"name": "Samples", "sequence_code": "SMP"})
        exempt.dunning_exempt = True
        picking = self._delivery()
        self._refused(picking.write, {"picking_type_id": exempt.id})
        picking.move_ids.picking_type_id = exempt
        self._refused(picking.button_validate)

    def test_exempt_is_said_by_dunning_managers_alone(self):
        for user in (self.worker, self.keeper):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.out_type.with_user(user).dunning_exempt = True
        keeper = self.out_type.with_user(self.keeper)
        with self.assertRaises(AccessError), self.cr.savepoint():
            keeper.copy({"dunning_exempt": True})
        by_context = keeper.with_context(default_dunning_exempt=True)
        with self.assertRaises(AccessError), self.cr.savepoint():
            by_context.copy({"name": "Samples", "sequence_code": "SMP"})
        self.assertFalse(keeper.copy({"sequence_code": "OTH"}).dunning_exempt)

    def test_computed_hold_is_not_written(self):
        picking = self._delivery()
        for name in ("dunning_held", "dunning_freed_date", "dunning_held_date"):
            with self.assertRaises(AccessError), self.cr.savepoint():
                picking.write({name: False})
        self._refused(picking.button_validate)

    def test_departure_is_not_written_by_hand(self):
        picking = self._delivery()
        vals = {"picking_id": picking.id, "company_id": self.company.id, "amount": 9999}
        vals |= {"reason": "Gone", "user_id": self.worker.id, "date": "2026-01-01"}
        for user in (self.worker, self.keeper, self.manager):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.env["dunning.departure"].with_user(user).create(vals)
        for user in (self.worker, self.keeper):
            with self.assertRaises(AccessError), self.cr.savepoint():
                picking.with_user(user)._record_departure("Gone")
        self._refused(picking.button_validate)


@tagged("post_install", "-at_install")
class TestRaisedAfterwards(StockCommon):
    """A delivery done while the customer was free is not made larger once he is held."""

    def setUp(self):
        super().setUp()
        self.picking = self._delivery(self.good)
        self.picking.button_validate()
        self._assert_gone(5)
        self._invoice(20, 900, partner=self.good)

    def test_quantity_of_a_done_line(self):
        line = self.picking.move_ids.move_line_ids
        self._refused(line.write, {"quantity": 8})
        self._refused(self.picking.move_ids.write, {"quantity": 8})
        line.quantity = 4
        self._assert_gone(4)

    def test_line_and_move_added_to_a_done_delivery(self):
        move = self.picking.move_ids
        vals = {
            "product_id": self.product.id,
            "location_id": self.stock.id,
            "location_dest_id": self.customers.id,
            "quantity": 2,
        }
        lines = self.env["stock.move.line"].with_user(self.worker)
        self._refused(lines.create, {**vals, "move_id": move.id})
        self._refused(lines.create, {**vals, "picking_id": self.picking.id})
        added = {**self._move_vals(self.stock, self.customers), "quantity": 2}
        moves = self.env["stock.move"].with_user(self.worker)
        self._refused(moves.create, {**added, "picking_id": self.picking.id})
        self._assert_gone(5)


@tagged("post_install", "-at_install")
class TestNeverHeld(StockCommon):
    def test_receipts_internal_moves_and_scrap(self):
        receipt = self._transfer(
            self.customer, self.suppliers, self.stock, self.warehouse.in_type_id
        )
        receipt.button_validate()
        self.assertEqual(receipt.state, "done")
        internal = self._transfer(
            self.customer, destination=self.stock, kind=self.warehouse.int_type_id
        )
        internal.button_validate()
        self.assertEqual(internal.state, "done")
        scrap = (
            self.env["stock.scrap"]
            .with_user(self.worker)
            .create({"product_id": self.product.id, "scrap_qty": 1, "location_id": self.stock.id})
        )
        scrap.do_scrap()
        self.assertEqual(scrap.state, "done")

    def test_scrap_of_a_held_delivery(self):
        picking = self._delivery()
        vals = {"product_id": self.product.id, "scrap_qty": 1, "picking_id": picking.id}
        scrap = self.env["stock.scrap"].with_user(self.worker).create(vals)
        scrap.do_scrap()
        self.assertEqual(scrap.state, "done")

    def test_returns(self):
        """Goods come back from, and go back to, whoever owes; sent out again they are held."""
        picking = self._delivery(self.good)
        picking.button_validate()
        self._invoice(20, 900, partner=self.good)
        wizard = Form(
            self.env["stock.return.picking"]
            .with_user(self.worker)
            .with_context(active_id=picking.id, active_model="stock.picking")
        ).save()
        wizard.product_return_moves.quantity = 5
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.with_user(self.worker).button_validate()
        self.assertEqual(back.state, "done")
        self._assert_gone(0)
        to_supplier = self._transfer(self.customer, destination=self.suppliers)
        to_supplier.button_validate()
        self._assert_gone(5)

    def test_exempt_operation_type(self):
        exempt = self.out_type.copy({"name": "Warranty", "sequence_code": "WTY"})
        exempt.with_user(self.env.ref("base.user_admin")).dunning_exempt = True
        picking = self._transfer(self.customer, kind=exempt)
        picking.button_validate()
        self._assert_gone(5)

    def test_customer_without_hold(self):
        self._delivery(self.good).button_validate()
        self._assert_gone(5)

    def test_company_that_only_warns(self):
        self.company.dunning_sale_hold = "warn"
        self._delivery().button_validate()
        self._assert_gone(5)

    def test_other_customer_for_a_free_delivery(self):
        picking = self._transfer(self.good)
        picking.partner_id = self._create_customer("Another")
        picking.button_validate()
        self._assert_gone(5)


@tagged("post_install", "-at_install")
class TestLetGo(StockCommon):
    def test_customer_who_has_just_paid(self):
        picking = self._delivery()
        self._refused(picking.button_validate)
        self._pay(self.debt)
        picking.button_validate()
        self._assert_gone(5)

    def test_prepaid_order_and_no_more_than_it(self):
        order = self._order(quantity=5)
        invoice = self._invoice(-10, 500)
        self._pay(invoice)
        order.order_line.sudo().invoice_lines = invoice.invoice_line_ids
        order.action_confirm()
        self.assertTrue(order._filter_dunning_prepaid())
        picking = order.picking_ids.with_user(self.worker)
        picking.action_assign()
        picking.move_ids.quantity = 6
        self._refused(picking.button_validate)
        picking.move_ids.quantity = 5
        picking.button_validate()
        self._assert_gone(5)

    def test_release_of_the_delivery(self):
        picking = self._delivery()
        release = self._release_delivery(picking, grant=False)
        self.assertEqual(release.amount, 500)
        self.assertEqual(release.partner_id, self.customer)
        self._refused(picking.button_validate)
        release.action_grant()
        picking.button_validate()
        self._assert_gone(5)
        self.assertEqual(release.use_ids.amount, 500)
        self.assertEqual(release.use_ids.res_model, "stock.picking")

    def test_release_covers_one_delivery_and_what_was_known(self):
        picking, other = self._delivery(), self._delivery()
        self._release_delivery(picking)
        self._refused(other.button_validate)
        picking.move_ids.quantity = 6
        self._refused(picking.button_validate)
        picking.move_ids.quantity = 5
        picking.button_validate()
        self._refused(picking.move_ids.move_line_ids.write, {"quantity": 9})
        self._assert_gone(5)

    def test_release_of_the_order(self):
        picking = self._delivery()
        self._release("order", order_id=picking.sudo().sale_id.id, partner_id=False)
        picking.move_ids.quantity = 2
        picking.with_context(skip_backorder=True).button_validate()
        self._assert_gone(2)
        rest = picking.sudo().backorder_ids.with_user(self.worker)
        rest.move_ids.quantity = 4
        self._refused(rest.button_validate)
        rest.move_ids.quantity = 3
        rest.button_validate()
        self._assert_gone(5)

    def test_release_of_the_order_covers_nothing_added_by_hand(self):
        picking = self._delivery()
        self._release("order", order_id=picking.sudo().sale_id.id, partner_id=False)
        other = self.env["product.product"].create(
            {"name": "Other", "is_storable": True, "list_price": 0}
        )
        vals = {**self._move_vals(self.stock, self.customers), "product_id": other.id}
        self.env["stock.quant"]._update_available_quantity(other, self.stock, 5)
        self.env["stock.move"].with_user(self.worker).create(
            {**vals, "picking_id": picking.id, "quantity": 5}
        )
        self._refused(picking.button_validate)

    def test_release_covers_no_goods_that_cost_nothing_and_were_not_known(self):
        """A gift goes as it was ordered; more of it, or another added by hand, is held."""
        gift = self.env["product.product"].create(
            {"name": "Gift", "is_storable": True, "list_price": 0, "standard_price": 40}
        )
        self.env["stock.quant"]._update_available_quantity(gift, self.stock, 9)
        order = self._order(quantity=5)
        order.write({"order_line": [Command.create({"product_id": gift.id, "price_unit": 0})]})
        order.action_confirm()
        picking = order.picking_ids.with_user(self.worker)
        picking.sudo().action_assign()
        self.assertEqual(self._release_delivery(picking).amount, 500)
        given = picking.move_ids.filtered(lambda move: move.product_id == gift)
        given.quantity = 2
        self._refused(picking.button_validate)
        given.quantity = 1
        vals = {**self._move_vals(self.stock, self.customers), "product_id": gift.id}
        added = given.create({**vals, "picking_id": picking.id, "quantity": 5})
        self._refused(picking.button_validate)
        added.quantity = 0
        picking.with_context(skip_backorder=True).button_validate()
        self._assert_gone(5)

    def test_parts_of_a_kit_are_worth_it_together(self):
        """List prices of 300 and 100, ordered as a kit for 200: 150 and 50."""
        order = self._order(quantity=1, price=200, confirm=True)
        order.picking_ids.sudo().action_cancel()
        parts = self.env["product.product"].create(
            [{"name": str(price), "list_price": price, "taxes_id": False} for price in (300, 100)]
        )
        picking = self._transfer(self.customer)
        picking.move_ids.sudo()._action_cancel()
        for part in parts:
            vals = {**self._move_vals(self.stock, self.customers, 1), "product_id": part.id}
            move = picking.move_ids.create({**vals, "picking_id": picking.id})
            move.sudo().sale_line_id = order.order_line
        self.assertEqual(picking._get_dunning_value(), 200)
        worth = {
            move.product_id: move.sudo()._get_dunning_value(1) for move in picking.move_ids[1:]
        }
        self.assertEqual(worth, dict(zip(parts, (150, 50), strict=True)))
        self._release("order", order_id=order.id, partner_id=False)
        picking.action_confirm()
        picking.action_assign()
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_release_ends_with_its_date(self):
        picking = self._delivery()
        release = self._release_delivery(picking)
        release.sudo().date_until = self._at(-1)
        self._refused(picking.button_validate)
        release.sudo().date_until = self.day
        picking.button_validate()
        self._assert_gone(5)

    def test_a_delivery_earned_is_worth_no_more_than_was_paid(self):
        invoice = self._invoice(30, 400)
        picking = self._delivery()
        self._release("per_invoices_paid", invoice_count=1)
        self._pay(invoice)
        self._refused(picking.button_validate)
        picking.move_ids.quantity = 4
        picking.with_context(skip_backorder=True).button_validate()
        self._assert_gone(4)

    def test_release_of_an_amount(self):
        first, second = self._delivery(), self._delivery()
        self._release("amount", amount=700)
        first.button_validate()
        self._refused(second.button_validate)
        self._assert_gone(5)

    def test_one_delivery_for_each_invoice_paid(self):
        invoices = [self._invoice(30, 600), self._invoice(30, 600)]
        first, second = self._delivery(), self._delivery()
        release = self._release("per_invoices_paid", invoice_count=1)
        self._refused(first.button_validate)
        self._pay(invoices[0])
        first.button_validate()
        self._assert_gone(5)
        self._refused(second.button_validate)
        self.assertEqual((release.earned_count, release.used_count), (1, 1))
        self._pay(invoices[1])
        second.button_validate()
        self._assert_gone(10)

    def test_release_is_not_granted_by_the_warehouse(self):
        picking = self._delivery()
        release = (
            self.env["dunning.release"]
            .with_user(self.worker)
            .create(
                {
                    "scope": "delivery",
                    "picking_id": picking.id,
                    "partner_id": self.customer.id,
                    "reason": "They promised",
                    "state": "granted",
                }
            )
        )
        self.assertEqual(release.state, "requested")
        with self.assertRaises(AccessError), self.cr.savepoint():
            release.action_grant()
        self._refused(picking.button_validate)

    def test_cancelled_delivery_ends_its_release(self):
        picking = self._delivery()
        release = self._release_delivery(picking)
        picking.action_cancel()
        self.assertFalse(release._is_target_open(picking.sudo()))

    def test_left_in_spite_of_the_hold(self):
        """A manager records it with a reason, for what left: stock is true, the rest stays held."""
        picking = self._delivery()
        picking.move_ids.write({"quantity": 2, "picked": True})
        picking.with_user(self.manager)._record_departure("The driver took two")
        self.assertEqual(picking.state, "done")
        self._assert_gone(2)
        departure = self.env["dunning.departure"].search([("picking_id", "=", picking.id)])
        self.assertEqual(departure.user_id, self.manager)
        self.assertEqual(departure.amount, 200)
        self.assertIn("The driver took two", "".join(picking.sudo().message_ids.mapped("body")))
        self._refused(picking.move_ids.move_line_ids.write, {"quantity": 3})
        self._refused(picking.sudo().backorder_ids.with_user(self.worker).button_validate)
