"""What the test of two deliveries does inside Odoo (see ``office_launcher``)."""

import time
from datetime import timedelta
from functools import partial

from benchmarks import data

CUSTOMER, PRICE, AMOUNT = "Two Deliveries", 60, 100


def prepare(env, released):
    """A customer on hold with two deliveries of 60 each, and an amount released for both."""
    company = data.prepare_company(env)
    # or the first delivery would ask whether to send messages
    company.write({"dunning_sale_hold": "hold_deliveries", "has_received_warning_stock_sms": True})
    product = env["product.product"].create({"name": "Sixty", "type": "consu", "taxes_id": False})
    customer = data.create_customer(env, CUSTOMER)
    customer._set_delivery_hold(company._get_dunning_today() + timedelta(days=9), "Not trusted")
    line = {"product_id": product.id, "price_unit": PRICE, "tax_ids": False}
    orders = env["sale.order"].create(
        [{"partner_id": customer.id, "order_line": [(0, 0, line)]} for _each in range(2)]
    )
    orders.action_confirm()
    orders.picking_ids.action_assign()
    vals = {"partner_id": customer.id, "company_id": company.id, "reason": "Agreed"}
    env["dunning.release"].create({**vals, "scope": "amount", "amount": released}).action_grant()


def ship(env, number, moment):
    """Validate the nth delivery as the web client would: tried again after a conflict.

    Each transaction has looked at the database before ``moment``, when both go on.
    """
    from odoo.exceptions import UserError
    from odoo.service.model import retrying

    domain = [("partner_id.name", "=", CUSTOMER)]
    picking = env["stock.picking"].search(domain, order="id")[int(number)]
    time.sleep(max(0.0, float(moment) - time.time()))
    try:
        retrying(partial(picking.button_validate), env)
    except UserError:
        env.cr.rollback()
