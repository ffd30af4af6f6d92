"""The company of the tests about deliveries over JSON-RPC. Runs inside Odoo.

Each path gets an order of its own, named ``kind-user-path`` in ``client_order_ref``.
"""

from datetime import timedelta

from benchmarks import data

from .deliveries_plan import (
    HELD,
    KINDS,
    PAID,
    PATHS,
    PREPAID,
    PRICE,
    QUANTITY,
    RELEASED,
    SELLER,
    WORKER,
)

GROUPS = {
    WORKER: ("stock.group_stock_user",),
    SELLER: ("sales_team.group_sale_salesman_all_leads",),
    "clerk": ("stock.group_stock_manager", "sales_team.group_sale_manager", "base.group_system"),
}


def fill(env):
    """Customers who owe 900 since 20 days, their orders, and what lets some of them go."""
    # or the first delivery would ask whether to send messages
    vals = {"dunning_sale_hold": "hold_deliveries", "has_received_warning_stock_sms": True}
    data.prepare_company(env).write(vals)
    env["dunning.policy"].search([]).write({"block_overdue_amount": 500, "block_overdue_days": 15})
    _create_users(env)
    goods, sent = _create_product(env, "Goods"), _create_product(env, "Sent by the supplier")
    _fill_stock(env, goods)
    _drop_ship(env, sent)
    env = env(context={**env.context, "tracking_disable": True})
    _order(data.create_customer(env, "In order"), {"good": goods})
    for kind in KINDS:
        customer = data.create_customer(env, kind)
        orders = _order(customer, _get_orders(kind, goods, sent))
        if kind == PREPAID:
            invoice = orders._create_invoices()
            invoice.action_post()
            _pay(invoice)
        # afterwards: the goods are reserved already
        day = env.company._get_dunning_today() - timedelta(days=50)
        debt = data.create_move(env, "out_invoice", customer, day, 900)
        if kind == RELEASED:
            _release(customer)
        if kind == PAID:
            _pay(debt)


def _create_users(env):
    for login, groups in GROUPS.items():
        names = ("base.group_user", *groups)
        env["res.users"].with_context(no_reset_password=True).create(
            {
                "name": login,
                "login": login,
                "password": login,
                "group_ids": [(6, 0, [env.ref(name).id for name in names])],
            }
        )


def _create_product(env, name):
    return env["product.product"].create(
        {
            "name": name,
            "is_storable": True,
            "list_price": PRICE,
            "taxes_id": False,
            "invoice_policy": "order",
        }
    )


def _fill_stock(env, product):
    """10 000 in each of two warehouses: one ships, one picks and packs before."""
    vals = {"name": "Steps", "code": "STEP", "company_id": env.company.id}
    env["stock.warehouse"].create({**vals, "delivery_steps": "pick_pack_ship"})
    for warehouse in env["stock.warehouse"].search([("company_id", "=", env.company.id)]):
        stock = warehouse.lot_stock_id
        env["stock.quant"]._update_available_quantity(product, stock, 10000)


def _get_warehouse(env, steps):
    domain = [("company_id", "=", env.company.id), ("delivery_steps", "=", steps)]
    return env["stock.warehouse"].search(domain, limit=1)


def _drop_ship(env, product):
    vendor = env["res.partner"].create({"name": "Vendor"})
    product.write(
        {
            "route_ids": [(4, env.ref("stock_dropshipping.route_drop_shipping").id)],
            "seller_ids": [(0, 0, {"partner_id": vendor.id, "price": 50})],
        }
    )


def _get_orders(kind, goods, sent):
    """Name of the order -> product: one for each path by the worker; held: by the salesperson."""
    users = (WORKER, SELLER) if kind == HELD else (WORKER,)
    return {
        f"{kind}-{user}-{path}": sent if path == "dropship" else goods
        for user in users
        for path in PATHS
    }


def _order(customer, products):
    """Confirmed orders with their deliveries. :param products: name of the order -> product"""
    env = customer.env
    orders = env["sale.order"].create(
        [_prepare_order_vals(customer, name, product) for name, product in products.items()]
    )
    orders.action_confirm()
    orders._get_purchase_orders().button_confirm()
    orders.picking_ids.action_assign()
    return orders


def _prepare_order_vals(customer, name, product):
    env = customer.env
    steps = "pick_pack_ship" if name.endswith("-steps") else "ship_only"
    line = {"product_id": product.id, "product_uom_qty": QUANTITY, "price_unit": PRICE}
    return {
        "partner_id": customer.id,
        "client_order_ref": name,
        "warehouse_id": _get_warehouse(env, steps).id,
        "user_id": env.ref("base.user_admin").id,
        "order_line": [(0, 0, {**line, "tax_ids": False})],
    }


def _release(customer):
    env = customer.env
    vals = {"partner_id": customer.id, "company_id": env.company.id, "reason": "Agreed"}
    env["dunning.release"].create({**vals, "scope": "until"}).action_grant()


def _pay(invoice):
    wizard = invoice.env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    )
    wizard.create({})._create_payments()
