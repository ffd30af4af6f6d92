from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.relance_graduee.models.common.groups import INTERNAL_GROUP
from odoo.addons.relance_graduee.models.credit.dunning_guard import Demand

# Computed from the lines and the rate; written from outside they would hide what is at risk.
COMPUTED_FIELDS = {
    "amount_total", "amount_untaxed", "amount_tax", "currency_rate", "invoice_status",
    "amount_paid", "dunning_hold", "dunning_hold_reason", "dunning_banner",
    "dunning_is_release_asked",
}  # fmt: skip


def order_held(message):
    """The error of an order that needs a release; plain, since the web client knows no other."""
    error = UserError(message)
    error.is_order_held = True
    return error


def is_order_held(error):
    return getattr(error, "is_order_held", False)


class SaleOrder(models.Model):
    """Orders of customers on hold: stopped, or told, whatever the path that confirms them.

    The check comes after the fact and before the commit: whoever creates or writes, the orders
    that are confirmed now and were not, or are worth more, or have another customer, are asked
    about once, as they are now in the database.
    """

    _inherit = "sale.order"

    dunning_in_review = fields.Boolean(
        string="Being reviewed",
        groups=INTERNAL_GROUP,
        readonly=True,
        copy=False,
        help="The customer accepted it in the portal, and is on hold.",
    )
    dunning_release_ids = fields.One2many(
        "dunning.release", "order_id", string="Releases", groups=INTERNAL_GROUP
    )

    # ------------------------------------------------------------
    # EVERY PATH
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_computed_fields(vals)
        orders = super().create(vals_list)
        orders._check_dunning_commitments({})
        return orders

    def write(self, vals):
        self._check_computed_fields(vals)
        if vals.get("state") in ("sale", "cancel"):
            vals = {**vals, "dunning_in_review": False}
        before = self._get_dunning_commitments()
        result = super().write(vals)
        self._check_dunning_commitments(before)
        return result

    @api.model
    def _check_computed_fields(self, vals):
        """:raise AccessError: what is computed is written from outside"""
        if not self.env.su and COMPUTED_FIELDS & vals.keys():
            raise AccessError(self.env._("The amounts of an order are computed, not written."))

    def _get_dunning_commitments(self):
        """Of the confirmed orders: id -> ((customers' ids, company id), value in its currency)."""
        return {
            order.id: (
                (order._get_dunning_customers().ids, order.company_id.id),
                order._get_dunning_value(),
            )
            for order in self.sudo()
            if order.state == "sale"
        }

    def _check_dunning_commitments(self, before):
        """Ask about the orders that commit more than ``before`` (``_get_dunning_commitments``).

        :raise UserError: (``is_order_held``) confirming needs a release that is not there
        """
        after = self.exists()._get_dunning_commitments()
        grown = [
            id_
            for id_, (who, value) in after.items()
            if id_ not in before or who != before[id_][0] or value > before[id_][1]
        ]
        orders = self.sudo().browse(grown)
        for root, group in orders.grouped(lambda order: order.company_id.root_id).items():
            if root.dunning_sale_hold == "warn":
                continue
            if root.dunning_sale_hold == "ask":
                group._check_dunning_hold(root)
            elif root.dunning_sale_hold == "hold_deliveries":
                group._tell_deliveries_wait(root)
            group._check_dunning_gone({id_: value for id_, (_who, value) in before.items()})

    def _check_dunning_gone(self, before):
        """Ask again about what left under a release, now that these orders are worth more.

        To extend by who knows what left.

        :param before: order id -> value when it left (company currency)
        """

    def _check_dunning_hold(self, company):
        """:raise UserError: a customer is blocked, and no release covers the order"""
        obstacles = self._get_dunning_obstacles(company, use=True)
        if obstacles:
            raise order_held(
                "\n".join(
                    self.env._(
                        "%(order)s: %(customer)s is on hold. %(reason)s",
                        order=demand.document.name,
                        customer=demand.document.partner_invoice_id.commercial_partner_id.name,
                        reason=hold["reason"],
                    )
                    for demand, hold in obstacles
                )
                + "\n"
                + self.env._("Ask %s for a release.", company._get_dunning_manager().name)
            )

    def _get_dunning_obstacles(self, company, use):
        demands = [order._get_dunning_demand() for order in self]
        guard = self.env["dunning.guard"].with_context(lang=self.env.context.get("lang"))
        return guard._get_obstacles(company, demands, use=use)

    def _tell_deliveries_wait(self, company):
        """Note on these confirmed orders that their deliveries wait; the salesperson has a task."""
        for demand, _hold in self._get_dunning_obstacles(company, use=False):
            order, doer = demand.document, demand.document._get_dunning_doer()
            words = order.with_context(lang=doer.lang)
            summary = words.env._("Deliveries wait: the customer is on hold")
            if summary not in order.activity_ids.mapped("summary"):
                order._tell_of_hold(doer, summary)

    def _get_dunning_doer(self):
        """The user in charge of this order: its salesperson, else the dunning manager."""
        self.ensure_one()
        return self.sudo().company_id.root_id._get_dunning_able(self.user_id)

    def _tell_of_hold(self, doer, summary):
        """A note and a task for ``doer``: that, and in his or her language why."""
        self.ensure_one()
        words = self._get_dunning_customers().with_context(lang=doer.lang)
        holds = words._get_delivery_holds(self.company_id).values()
        reason = " ".join(hold["reason"] for hold in holds if hold["hold"] == "blocked")
        self._message_log(body=f"{summary}. {reason}")
        self.sudo().company_id._schedule_dunning_task(self, doer, summary, reason)

    # ------------------------------------------------------------
    # DEMAND TO THE GUARD
    # ------------------------------------------------------------

    def _get_dunning_customers(self):
        """Commercial entities that must be free of holds: the customer and the payer."""
        self.ensure_one()
        order = self.sudo()
        return (order.partner_invoice_id | order.partner_id).commercial_partner_id

    def _get_dunning_customer(self):
        """Whom a release of this order is for: who is blocked, else who pays."""
        self.ensure_one()
        customers = self._get_dunning_customers()
        holds = customers._get_delivery_holds(self.sudo().company_id)
        blocked = [id_ for id_, hold in holds.items() if hold["hold"] == "blocked"]
        payer = self.sudo().partner_invoice_id.commercial_partner_id
        return customers.filtered(lambda customer: customer.id in blocked)[:1] or payer

    def _get_dunning_value(self):
        """Value of the order: company currency, VAT included."""
        self.ensure_one()
        order = self.sudo()
        company_currency = order.company_id.currency_id
        return company_currency.round(order.amount_total / (order.currency_rate or 1.0))

    def _get_dunning_demand(self):
        self.ensure_one()
        order = self.sudo()
        customers, value = order._get_dunning_customers(), order._get_dunning_value()
        return Demand(
            order, customers, value, is_prepaid=lambda: bool(order._filter_dunning_prepaid())
        )

    def _filter_dunning_prepaid(self):
        """The orders of which all was paid before: online, or by paid invoices. Such go always.

        What was paid is counted here and now: ``amount_paid`` could be written with the order.
        """
        transactions, settled = self._get_dunning_transactions(), self._get_dunning_settled()
        return self.filtered(lambda order: order.sudo()._is_dunning_paid_by(transactions, settled))

    def _get_dunning_transactions(self):
        """The online payments of these orders that count."""
        return (
            self.env["payment.transaction"]
            .sudo()
            .search(
                [
                    ("sale_order_ids", "in", self.ids),
                    ("state", "in", ("authorized", "done")),
                    ("operation", "!=", "validation"),
                ]
            )
        )

    def _get_dunning_settled(self):
        """What settled the paid invoices of these orders: ``dunning.counterpart._get_settled``."""
        invoices = self.sudo()._get_dunning_paid_lines().move_id
        return self.env["dunning.counterpart"].sudo()._get_settled(invoices)

    def _get_dunning_paid_lines(self):
        """Lines of the paid invoices of these orders."""
        return self.order_line.invoice_lines.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.move_id.payment_state in ("paid", "in_payment")
            )
        )

    def _is_dunning_paid_by(self, transactions, settled):
        """Whether these online payments and the paid invoices of this order are all of it."""
        amount = self._get_dunning_paid(transactions, settled)
        return self.currency_id.compare_amounts(amount, self.amount_total) >= 0 and amount > 0

    def _get_dunning_paid(self, transactions, settled):
        """What these online payments and the paid invoices of this order are, in its currency.

        Of an invoice that was written off, or settled by another entry, as far as money paid it.
        """
        self.ensure_one()
        amount = sum(
            tx.amount
            for tx in transactions
            if tx.sale_order_ids == self and tx.currency_id == self.currency_id
        )
        paid = self._get_dunning_paid_lines()
        lines = paid.filtered(lambda line: line.currency_id == self.currency_id)
        return amount + sum(
            -line.move_id.direction_sign
            * line.price_total
            * (1 - self._get_dunning_unpaid_share(line.move_id, settled[line.move_id.id]))
            for line in lines
        )

    @api.model
    def _get_dunning_unpaid_share(self, invoice, settled):
        """Which part of a paid ``invoice`` was written off or moved, and never paid.

        :param settled: kind -> amount (see ``dunning.counterpart``)
        """
        unpaid = settled.get("written_off", 0) + settled.get("transfer", 0)
        return unpaid / invoice.amount_total if invoice.amount_total else 0

    # ------------------------------------------------------------
    # ACCEPTED IN THE PORTAL
    # ------------------------------------------------------------

    def _validate_order(self):
        # EXTENDS sale: the customer signed, or owes nothing for it
        result = None
        for order in self:
            try:
                with self.env.cr.savepoint():
                    result = super(SaleOrder, order)._validate_order()
            except UserError as error:
                if not is_order_held(error):
                    raise
                order._put_in_review()
        return result

    def _put_in_review(self):
        """The customer accepted, and is on hold: it waits for a person, and nobody is shamed."""
        for order in self.sudo():
            order.dunning_in_review = True
            doer = order._get_dunning_doer()
            words = order.with_context(lang=doer.lang)
            order._tell_of_hold(doer, words.env._("Accepted by a customer on hold: review it"))

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_ask_release(self):
        """Ask that this order may go: a form with what is known of it."""
        self.ensure_one()
        return self.env["dunning.release"]._get_request_action(self, "order", "order_id")

    def action_open_releases(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Releases of %s", self.name),
            "res_model": "dunning.release",
            "view_mode": "list,form",
            "domain": [("order_id", "=", self.id)],
        }

    def action_apply_deposit(self):
        """Ask the customer for the deposit that the policy proposes, before confirming."""
        for order in self.filtered("dunning_deposit_percent"):
            order.write(
                {
                    "require_payment": True,
                    "prepayment_percent": order.dunning_deposit_percent / 100,
                }
            )
        return True
