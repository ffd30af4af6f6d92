"""Exposure ties to the order's own total, whatever becomes of the order."""

import random

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import StockCommon

LIVES, EVENTS = 16, 10
SEED = 20261128


class LifeCommon(StockCommon):
    """Orders of ``cls.good``, which nothing holds; VAT of 20 %; 1.25 francs are a euro."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_sale_hold = "warn"
        cls.tax = cls.env["account.tax"].create({"name": "20", "amount": 20})
        cls._fill(10_000)
        cls.franc = cls.env.ref("base.CHF")
        cls.franc.active = True
        cls.env["res.currency.rate"].search([("currency_id", "=", cls.franc.id)]).unlink()
        cls.env["res.currency.rate"].create(
            {
                "name": cls._at(-1000),
                "currency_id": cls.franc.id,
                "rate": 1.25 * cls.company.currency_id.rate,
                "company_id": cls.company.id,
            }
        )
        cls.francs = cls.env["product.pricelist"].create(
            {"name": "Francs", "currency_id": cls.franc.id}
        )

    def _live(self, quantity=10, price=100.0, lines=1, policy="delivery", unit=None, **vals):
        """A confirmed order of ``good``, worth 120 a unit."""
        self.product.invoice_policy = policy
        line = {
            "product_id": self.product.id,
            "product_uom_qty": quantity,
            "product_uom_id": (unit or self.product.uom_id).id,
            "price_unit": price,
            "tax_ids": [Command.set(self.tax.ids)],
        }
        commands = [Command.create({**line, "price_unit": price + n}) for n in range(lines)]
        vals = {"order_line": commands, **vals}
        return self._order(self.good, user=self.env.user, confirm=True, **vals).sudo()

    def _ship(self, order, quantity, backorder=True):
        """Ship ``quantity`` of the first line; the rest waits, or is given up."""
        open_moves = order.picking_ids.move_ids.filtered(
            lambda m: m.state not in ("done", "cancel") and m.location_dest_id.usage == "customer"
        )
        move = open_moves[:1]
        if not move:
            return None
        picking = move.picking_id
        picking.action_assign()
        picking.move_ids.quantity = 0
        move.write({"quantity": min(quantity, move.product_uom_qty), "picked": True})
        dropped = {
            m.sale_line_id: m.product_uom_qty - m.quantity
            for m in picking.move_ids
            if not backorder
        }
        keep = [] if backorder else picking.ids
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=keep
        ).button_validate()
        return dropped

    def _take_back(self, order, quantity):
        """Return ``quantity`` of the first line, to be refunded. Returns the line."""
        moves = order.picking_ids.move_ids.filtered(
            lambda m: m.state == "done" and m.location_dest_id.usage == "customer"
        )
        move = moves.filtered(lambda m: m.quantity >= quantity and not m.returned_move_ids)[:1]
        if not move:
            return None
        picking = move.picking_id
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_ids=picking.ids, active_model=picking._name)
            .create({})
        )
        for line in wizard.product_return_moves:
            line.write({"quantity": quantity if line.move_id == move else 0, "to_refund": True})
        back = wizard._create_return()
        back.move_ids.picked = True
        back.button_validate()
        return move.sale_line_id

    def _deposit(self, order, percent, post):
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        )
        vals = {"advance_payment_method": "percentage", "amount": percent}
        invoice = wizard.create(vals)._create_invoices(order)
        if post:
            invoice.action_post()
        return invoice

    def _reverse(self, invoice, post=True):
        refund = invoice._reverse_moves([{"invoice_date": self.day}])
        if post:
            refund.action_post()
        return refund

    def _amounts(self):
        account = self._account(self.good)
        return account.amount_ordered, account.amount_to_invoice, account.exposure


@tagged("post_install", "-at_install")
class TestByHand(LifeCommon):
    """Ten ordered at 100 €, 120 with VAT; (ordered, to invoice, exposure) worked by hand."""

    def test_a_deposit_in_draft_is_part_of_the_order(self):
        order = self._live()
        deposit = self._deposit(order, 30, post=False)
        self.assertEqual(deposit.amount_total, 360)
        self.assertEqual(self._amounts(), (840, 360, 1200))
        deposit.action_post()
        self.assertEqual(self._amounts(), (840, 0, 1200))
        self._ship(order, 4)
        self.assertEqual(self._amounts(), (360, 480, 1200))
        last = order._create_invoices(final=True)
        self.assertEqual(last.amount_total, 120, "4 delivered, less the deposit")
        self.assertEqual(self._amounts(), (720, 120, 1200), "the deposit is deducted once")
        last.action_post()
        self.assertEqual(self._amounts(), (720, 0, 1200))

    def test_a_deposit_taken_back(self):
        order = self._live()
        deposit = self._deposit(order, 30, post=True)
        self._reverse(deposit, post=False)
        self.assertEqual(self._amounts(), (1200, -360, 1200))
        deposit.reversal_move_ids.action_post()
        self.assertEqual(self._amounts(), (1200, 0, 1200))
        self._deposit(order, 50, post=False).button_cancel()
        self.assertEqual(self._amounts(), (1200, 0, 1200))

    def test_goods_given_up_count_no_more(self):
        order = self._live()
        self._ship(order, 4, backorder=False)
        self.assertEqual(self._amounts(), (0, 480, 480))
        order._create_invoices().action_post()
        self.assertEqual(self._amounts(), (0, 0, 480))

    def test_a_transfer_cancelled_and_a_backorder(self):
        order = self._live()
        self._ship(order, 4)
        self.assertEqual(self._amounts(), (720, 480, 1200))
        order.picking_ids.filtered(lambda p: p.state != "done").action_cancel()
        self.assertEqual(self._amounts(), (0, 480, 480))
        order.order_line.product_uom_qty = 11
        self.assertEqual(self._amounts(), (840, 480, 1320), "asked for again")

    def test_given_up_but_invoiced_as_ordered(self):
        order = self._live(policy="order")
        self._ship(order, 4, backorder=False)
        self.assertEqual(self._amounts(), (720, 480, 1200), "all of it may be invoiced")
        order._create_invoices().action_post()
        self.assertEqual(self._amounts(), (0, 0, 1200))

    def test_none_ordered_and_two_delivered(self):
        order = self._live(quantity=1)
        self._ship(order, 1)
        order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": 0,
                            "price_unit": 100,
                            "discount": 10,
                            "qty_delivered": 2,
                            "tax_ids": [Command.set(self.tax.ids)],
                        }
                    )
                ]
            }
        )
        # 120 of the first line, and 2 x 90 x 1.2
        self.assertEqual(order.order_line[1].qty_delivered, 2)
        self.assertEqual(self._amounts(), (0, 336, 336))
        invoice = order._create_invoices()
        self.assertEqual(invoice.amount_total, 336)
        self.assertEqual(self._amounts(), (0, 336, 336))

    def test_returned_before_and_after_the_invoice(self):
        order = self._live()
        self._ship(order, 10)
        self._take_back(order, 3)
        self.assertEqual(self._amounts(), (0, 840, 840))
        order._create_invoices().action_post()
        self.assertEqual(self._amounts(), (0, 0, 840))
        self._take_back(order, 2)
        self.assertEqual(self._amounts(), (0, 0, 840), "a credit note is not there yet")

    def test_a_credit_note_may_be_invoiced_again(self):
        order = self._live()
        self._ship(order, 10)
        invoice = order._create_invoices()
        invoice.action_post()
        self._reverse(invoice)
        self.assertEqual(self._amounts(), (0, 1200, 1200))

    def test_pick_pack_and_ship_count_once(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self._live()
        self.assertEqual(self._amounts(), (1200, 0, 1200))
        pick = order.picking_ids
        pick.action_assign()
        pick.move_ids.write({"quantity": 4, "picked": True})
        pick.with_context(skip_backorder=True).button_validate()
        self.assertEqual(self._amounts(), (1200, 0, 1200))
        pick.backorder_ids.action_cancel()
        self.assertEqual(self._amounts(), (480, 0, 480))

    def test_another_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._live(quantity=2, price=1200, unit=dozen)
        self.assertEqual(order.amount_total, 2880)
        self.assertEqual(self._amounts(), (2880, 0, 2880))
        self._ship(order, 12, backorder=False)
        self.assertEqual(self._amounts(), (0, 1440, 1440))

    def test_another_currency_and_a_deposit_in_it(self):
        order = self._live(pricelist_id=self.francs.id)
        self.assertEqual(order.currency_id, self.franc)
        self.assertEqual(self._amounts(), (960, 0, 960))
        deposit = self._deposit(order, 50, post=False)
        self.assertEqual((deposit.currency_id, deposit.amount_total), (self.franc, 600))
        self.assertEqual(self._amounts(), (480, 480, 960))
        deposit.currency_id = self.company.currency_id
        self.assertEqual(deposit.amount_total, 600)
        self.assertEqual(self._amounts(), (360, 600, 960), "600 € are 750 francs of 1 200")

    def test_what_is_taken_back_with_the_order_lowers_it(self):
        service = self.env["product.product"].create({"name": "Old one", "type": "service"})
        order = self._live()
        order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": service.id,
                            "product_uom_qty": -1,
                            "price_unit": 200,
                            "tax_ids": [Command.set(self.tax.ids)],
                        }
                    )
                ]
            }
        )
        self.assertEqual(order.amount_total, 960)
        self.assertEqual(self._amounts(), (960, 0, 960))


@tagged("post_install", "-at_install")
class TestRandomLives(LifeCommon):
    """What the parts sum up to is what the order says, less what was given up, and no more."""

    def _get_expected(self, order, given_up):
        """Invoices as they are, and what is left of the order's own lines; company currency.

        :param given_up: order line -> quantity that nobody delivers any more
        """
        rest, billed, down = 0.0, 0.0, 0.0
        for line in order.order_line.filtered(lambda line: not line.display_type):
            bills = line.invoice_lines.filtered(lambda il: il.move_id.state != "cancel")
            signs = [(-bill.move_id.direction_sign, bill) for bill in bills]
            amount = sum(sign * bill.price_total for sign, bill in signs)
            if line.is_downpayment:
                down += amount
                continue
            billed += amount
            left = line.product_uom_qty - given_up.get(line, 0.0)
            left -= sum(sign * bill.quantity for sign, bill in signs)
            rest += max(left, 0.0) * line.price_total / line.product_uom_qty
        return (max(rest - down, 0.0) + down + billed) / order.currency_rate

    def test_lives(self):
        dice = random.Random(SEED)
        done = set()
        for number in range(LIVES):
            with self.subTest(life=number), self.env.cr.savepoint() as savepoint:
                done |= self._play(dice, self._begin(dice))
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(done, set(self._get_events()), "every event came about")

    def _begin(self, dice):
        vals = {"pricelist_id": self.francs.id} if dice.random() < 0.4 else {}
        return self._live(dice.randint(4, 12), dice.randint(50, 150), dice.randint(1, 3), **vals)

    def _play(self, dice, order):
        given_up, done = {}, set()
        self._assert_ties(order, given_up, ["confirmed"])
        for _number in range(EVENTS):
            event = dice.choice(sorted(self._get_events()))
            try:
                with self.env.cr.savepoint():
                    happened = self._get_events()[event](dice, order, given_up)
            except UserError:
                continue  # nothing to invoice
            if happened is not None:
                done.add(event)
                self._assert_ties(order, given_up, event)
        return done

    def _assert_ties(self, order, given_up, event):
        account = self._account(self.good)
        self.assertAlmostEqual(
            account.exposure, self._get_expected(order, given_up), delta=0.05, msg=str(event)
        )
        self.assertAlmostEqual(
            account.exposure,
            account.amount_overdue
            + account.amount_not_due
            + account.amount_credit
            + account.amount_to_invoice
            + account.amount_ordered,
            delta=0.01,
        )
        untouched = not (given_up or order.invoice_ids or "price" in event)
        if untouched:
            total = order.amount_total / order.currency_rate
            self.assertAlmostEqual(account.exposure, total, delta=0.05)

    # ------------------------------------------------------------
    # EVENTS
    # ------------------------------------------------------------

    def _get_events(self):
        return {
            "deposit": self._play_deposit,
            "ship": lambda dice, order, _g: self._ship(order, dice.randint(1, 5)),
            "no backorder": self._play_no_backorder,
            "returned": self._play_return,
            "invoice": self._play_invoice,
            "post": self._play_post,
            "credit note": self._play_credit_note,
            "cancel draft": self._play_cancel,
            "quantity": self._play_quantity,
            "price": self._play_price,
        }

    def _play_deposit(self, dice, order, _given_up):
        return self._deposit(order, dice.choice((10, 30)), post=dice.random() < 0.5)

    def _play_no_backorder(self, dice, order, given_up):
        dropped = self._ship(order, dice.randint(1, 3), backorder=False)
        for line, quantity in (dropped or {}).items():
            given_up[line] = given_up.get(line, 0.0) + quantity
        return dropped

    def _play_return(self, dice, order, given_up):
        quantity = dice.randint(1, 2)
        line = self._take_back(order, quantity)
        if line:
            given_up[line] = given_up.get(line, 0.0) + quantity
        return line

    def _play_invoice(self, dice, order, _given_up):
        invoices = order._create_invoices(final=dice.random() < 0.5)
        if dice.random() < 0.5:
            invoices.action_post()
        return invoices

    def _pick(self, dice, order, state, kind=("out_invoice", "out_refund")):
        found = order.invoice_ids.filtered(lambda m: m.state == state and m.move_type in kind)
        return dice.choice(found) if found else found

    def _play_post(self, dice, order, _given_up):
        draft = self._pick(dice, order, "draft")
        return draft.action_post() or draft if draft else None

    def _play_credit_note(self, dice, order, _given_up):
        invoice = self._pick(dice, order, "posted", ("out_invoice",))
        if not invoice or invoice.reversal_move_ids:
            return None
        return self._reverse(invoice, post=dice.random() < 0.5)

    def _play_cancel(self, dice, order, _given_up):
        """A draft, but no deposit that another invoice deducts: Odoo calls the order invoiced."""
        draft = self._pick(dice, order, "draft")
        down = draft.line_ids.sale_line_ids.filtered("is_downpayment")
        others = down.invoice_lines.move_id.filtered(lambda m: m.state != "cancel") - draft
        if not draft or others:
            return None
        draft.button_cancel()
        return draft

    def _play_quantity(self, dice, order, given_up):
        """Odoo delivers up to the new quantity, what was given up included."""
        line = order.order_line.filtered(lambda line: line.product_uom_qty > 0)[0]
        least = int(max(line.qty_delivered, 1))
        line.product_uom_qty = dice.randint(least, least + 6)
        given_up.pop(line, None)
        return line

    def _play_price(self, dice, order, _given_up):
        line = order.order_line.filtered(lambda line: line.product_uom_qty > 0)[0]
        line.price_unit = dice.randint(50, 150)
        return line
