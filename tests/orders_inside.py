"""What the test of two orders does inside Odoo (see ``office_launcher``)."""

import time
from functools import partial

LIMIT, PRICE = 100, 60
CUSTOMER, PRODUCT = "Two Orders", "Sixty"


def prepare(env, mode):
    """A customer with a limit of 100 and two quotations of 60 each."""
    env.company.write({"dunning_sale_hold": mode})
    product = env["product.product"].create({"name": PRODUCT, "type": "consu", "taxes_id": False})
    customer = env["res.partner"].create(
        {"name": CUSTOMER, "is_company": True, "customer_kind": "business", "credit_limit": LIMIT}
    )
    line = {"product_id": product.id, "price_unit": PRICE, "tax_ids": False}
    env["sale.order"].create(
        [{"partner_id": customer.id, "order_line": [(0, 0, line)]} for _each in range(2)]
    )


def confirm(env, number, moment):
    """Confirm the nth quotation as the web client would: tried again after a conflict.

    Each transaction has looked at the database before ``moment``, when both go on.
    """
    from odoo.exceptions import UserError
    from odoo.service.model import retrying

    order = env["sale.order"].search([("partner_id.name", "=", CUSTOMER)], order="id")[int(number)]
    time.sleep(max(0.0, float(moment) - time.time()))
    try:
        retrying(partial(order.action_confirm), env)
    except UserError:
        env.cr.rollback()
