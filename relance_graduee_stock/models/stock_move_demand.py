from functools import reduce

from odoo import models
from odoo.tools import float_compare

from odoo.addons.relance_graduee.models.credit.dunning_guard import Demand

OPEN_STATES = ("draft", "waiting", "confirmed", "partially_available", "assigned")


class StockMove(models.Model):
    """Demands of goods to the guard: customers, quantities, orders.

    A *delivery* is a transfer, or a move without one. Quantities are in the product's unit and
    counted in one of three ways:

    - gone: what has left
    - going: that, and what is about to leave with the present quantities
    - planned: that, and what is still to be delivered; also by the steps before the last one,
      where nothing is reserved for customers on hold
    """

    _inherit = "stock.move"

    # ------------------------------------------------------------
    # PLACES WHERE GOODS LEAVE
    # ------------------------------------------------------------

    def _is_dunning_leaving(self):
        """Whether these goods leave for a customer, whatever the operation type is called."""
        self.ensure_one()
        return self.location_dest_id.usage == "customer" and self.location_id.usage != "customer"

    def _is_dunning_exempt(self):
        """Whether the operation type is never held (warranty, samples)."""
        self.ensure_one()
        types = self.picking_type_id | self.picking_id.picking_type_id
        return bool(types) and all(types.mapped("dunning_exempt"))

    def _get_dunning_lines(self):
        """The lines that take goods to a customer: a line may have a place of its own."""
        self.ensure_one()
        if self._is_dunning_leaving():
            return self.move_line_ids
        return self.move_line_ids.filtered(lambda line: line._is_dunning_leaving())

    def _get_dunning_quantity(self, stage):
        """:param stage: "gone", "going" or "planned", see the class"""
        self.ensure_one()
        if self.state == "cancel":
            return 0.0
        lines = self._get_dunning_lines()
        if self.state == "done" and self._is_dunning_leaving() and not self.move_line_ids:
            return self.product_qty  # said to be done, by a write
        gone = lines.filtered(lambda line: "done" in (line.state, self.state))
        quantity = sum(gone.mapped("quantity_product_uom"))
        if stage == "gone" or self.state == "done":
            return quantity
        going = sum(lines.mapped("quantity_product_uom"))
        if stage == "going" or not (self._is_dunning_leaving() or self._is_dunning_reserving()):
            return going
        return max(going, self.product_qty)

    def _get_dunning_left(self):
        """(Move id, customer id) -> quantity that has left for the customer; False: for nobody.

        Of moves of companies that only warn, nothing is asked.
        """
        left = {}
        for move in self.sudo().exists():
            quantity = move._get_dunning_quantity("gone")
            if quantity <= 0 or move.company_id.root_id.dunning_sale_hold == "warn":
                continue
            for customer_id in move._get_dunning_customers().ids or [False]:
                left[move.id, customer_id] = quantity
        return left

    # ------------------------------------------------------------
    # CUSTOMERS
    # ------------------------------------------------------------

    def _get_dunning_recipient(self):
        """The receiver of the goods: for a dropship the transfer names the supplier."""
        self.ensure_one()
        if self.location_id.usage == "supplier":
            return self.partner_id
        return self.picking_id.partner_id or self.partner_id

    def _get_dunning_customers(self):
        """Commercial entities that must be free of holds: the customer and the payer.

        Without an order, and where the delivery goes elsewhere than the order said: who receives.
        """
        self.ensure_one()
        move = self.sudo()
        order = move.sale_line_id.order_id or move.picking_id.sale_id
        recipient = move._get_dunning_recipient().commercial_partner_id
        if not order:
            return recipient
        customers = order._get_dunning_customers()
        if recipient != order.partner_shipping_id.commercial_partner_id:
            customers |= recipient
        return customers

    def _is_dunning_unnamed(self):
        """Whether a customer has to be named: nobody is, and they were not sold over the counter.

        Whom a supplier delivers to is on the move alone: its transfer names the supplier.
        """
        self.ensure_one()
        types = self.picking_type_id | self.picking_id.picking_type_id
        return not (
            self._get_dunning_customers()
            or self.picking_id.partner_id
            or self._is_dunning_exempt()
            or types._is_dunning_counter()
        )

    def _get_dunning_deliveries(self):
        """The deliveries that these moves belong to: list of transfers and of single moves."""
        single = self.filtered(lambda move: not move.picking_id)
        return [*self.picking_id, *single]

    # ------------------------------------------------------------
    # AMOUNTS
    # ------------------------------------------------------------

    def _get_dunning_value(self, quantity):
        """Value of ``quantity`` of these goods: company currency, VAT included.

        As ordered; a part of a kit has its share. What was given with the order is worth nothing,
        what is added to it or comes without an order its list price, else its cost.
        """
        self.ensure_one()
        line = self.sale_line_id
        if not line.product_uom_qty:
            return self._get_dunning_list_value(quantity)
        price = line.price_total / (line.order_id.currency_rate or 1.0)
        if line.product_id != self.product_id:
            return price * self._get_dunning_share(quantity)
        ordered = line.product_uom_id._compute_quantity(
            line.product_uom_qty, self.product_id.uom_id
        )
        if price:
            return price / ordered * quantity
        return self._get_dunning_list_value(max(quantity - ordered, 0.0))

    def _get_dunning_share(self, quantity):
        """Which part of its order line ``quantity`` of this part of a kit is: 1 is all of it."""
        siblings = self.sale_line_id.move_ids.filtered(
            lambda move: (
                move.state != "cancel"
                and (move._is_dunning_leaving() or move._is_dunning_reserving())
            )
        )
        whole = sum(move._get_dunning_list_value(move.product_qty) for move in siblings)
        return self._get_dunning_list_value(quantity) / whole if whole else 0.0

    def _get_dunning_list_value(self, quantity):
        """At the list price, else at cost: company currency, VAT included."""
        product = self.product_id.with_company(self.company_id)
        taxes = product.taxes_id._filter_taxes_by_company(self.company_id)
        currency = self.company_id.currency_id
        price = product.lst_price or product.standard_price
        return taxes.compute_all(price, currency, quantity, product)["total_included"]

    def _is_dunning_paid_for(self, quantity, prepaid):
        """Whether ``quantity`` is part of what was ordered and paid before.

        :param prepaid: orders that were paid in full
        """
        self.ensure_one()
        line = self.sale_line_id
        if not line or line.order_id not in prepaid:
            return False
        ordered = line.product_uom_id._compute_quantity(
            line.product_uom_qty, line.product_id.uom_id
        )
        if line.product_id != self.product_id:
            return ordered > 0  # a part of a kit
        for move in line.move_ids - self:
            if move.state == "done" and move.location_id.usage == "customer":
                quantity -= move.product_uom._compute_quantity(
                    move.quantity, self.product_id.uom_id
                )
            else:
                quantity += move._get_dunning_quantity("gone")
        return self.product_id.uom_id.compare(quantity, ordered) <= 0

    # ------------------------------------------------------------
    # THE DEMAND
    # ------------------------------------------------------------

    def _get_dunning_demands(self, stage):
        """Demands of the deliveries of these moves, each as a whole.

        Left out: what is exempt, was paid before, or left and was recorded by a manager.

        :return: list of ``Demand``
        """
        deliveries = self.sudo()._get_dunning_deliveries()
        moves = self.browse().sudo().union(*(d._get_dunning_moves() for d in deliveries))
        prepaid = moves.sale_line_id.order_id._filter_dunning_prepaid()
        demands = [
            # read for all of them at once
            d._get_dunning_moves().with_prefetch(moves.ids)._get_dunning_demand(d, stage, prepaid)
            for d in deliveries
        ]
        demands = [demand for demand in demands if demand]
        return self.env["dunning.departure"]._filter_unrecorded(demands)

    def _get_dunning_moves(self):
        return self

    def _get_dunning_demand(self, delivery, stage, prepaid):
        """:return: ``Demand`` of ``delivery``, whose moves these are; None: it asks nothing"""
        value, counted, customers = 0.0, self.browse(), self.env["res.partner"].sudo()
        for move in self:
            quantity = move._get_dunning_quantity(stage)
            exempt = quantity <= 0 or move._is_dunning_exempt()
            if not exempt and not move._is_dunning_paid_for(quantity, prepaid):
                counted |= move
                customers |= move._get_dunning_customers()
                value += move._get_dunning_value(quantity)
        if not customers:
            return None
        return Demand(
            delivery,
            customers,
            delivery.company_id.currency_id.round(value),
            counted.with_prefetch(self._prefetch_ids)._get_parents(),
        )

    def _get_parents(self):
        """The order, when all of it belongs to one, and the pick and pack that all of it came by.

        A release of these covers it, and nothing else.
        """
        orders = self.sale_line_id.order_id
        whole = len(orders) == 1 and all(move.sale_line_id for move in self)
        return (*(orders if whole else ()), *self._get_steps_before())

    def _get_steps_before(self):
        """The transfers, before theirs, by which all of these moves' goods came."""
        if not all(move.move_orig_ids for move in self):
            return self.env["stock.picking"]
        ways = [self.browse(move._rollup_move_origs()).picking_id for move in self]
        return reduce(lambda one, other: one & other, ways) - self.picking_id

    # ------------------------------------------------------------
    # AS IT WAS KNOWN
    # ------------------------------------------------------------

    def _get_dunning_bonds(self):
        """Whom the goods still to be delivered are for: move id -> set of customer ids."""
        return {
            move.id: set(move._get_dunning_customers().ids)
            for move in self.sudo().exists()
            if move.state in OPEN_STATES
            and move._is_dunning_leaving()
            and not move._is_dunning_exempt()
        }

    def _is_more(self, quantity, other):
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return float_compare(quantity, other, precision_digits=digits) > 0
