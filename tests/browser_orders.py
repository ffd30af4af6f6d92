"""The company of the browser test about an order of a customer on hold. Runs inside Odoo."""

from .browser_data import DAY, _create_customer, _create_invoice

CUSTOMER, SISTER = "Constructions Mercadal", "Mercadal Travaux Publics"
SELLER, MANAGER, WAREHOUSE = "nadia.roumieux", "helene.marchadier", "yanis.brochard"


def fill(env):
    """A customer who owes 4 800 since 26 days, its group, its insurance and two quotations.

    A third order was confirmed while nothing was owed yet: its delivery waits.
    """
    from dev.demo_data import company, users
    from dev.demo_data.tools import quiet, today

    env = quiet(env)
    company.fill(env)
    users.fill(env)
    _hire(env)
    env = env(context={**env.context, "tracking_disable": True})
    env.company.write({"dunning_sale_hold": "ask", "has_received_warning_stock_sms": True})
    collector, seller = (users.by_login(env, login) for login in ("claire.fontanel", SELLER))
    customer, sister = (
        _create_customer(env, place, name, collector)
        for place, name in enumerate((CUSTOMER, SISTER))
    )
    (customer | sister).write({"user_id": seller.id})
    customer.write({"credit_limit": 12000, "dunning_change_reason": "Revue annuelle"})
    sister.dunning_limit_partner_id = customer
    _order(env, customer, seller, 4).action_confirm()
    _create_invoice(customer, 4000, today(env) - 26 * DAY)
    _create_invoice(sister, 2500, today(env) + 12 * DAY)
    _cover(env, customer, today(env))
    _order(env, customer, seller, 12)
    offered = _order(env, customer, seller, 2)
    offered.write({"require_signature": True, "state": "sent"})
    offered._portal_ensure_token()


def _hire(env):
    """Somebody for the warehouse, who knows nothing of accounts."""
    from dev.demo_data import users

    groups = ("base.group_user", "stock.group_stock_user")
    person = (WAREHOUSE, "Yanis Brochard", "Magasinier", groups)
    env["res.users"].with_context(no_reset_password=True).create(users._vals(env, 8, *person))


def _cover(env, customer, today):
    env["dunning.cover"].create(
        {
            "partner_id": customer.id,
            "company_id": env.company.id,
            "name": "PC-2026-118",
            "amount": 9000,
            "percentage": 90,
            "decision_date": today - 200 * DAY,
            "date_to": today + 20 * DAY,
            "declare_days": 60,
        }
    )


def _order(env, customer, seller, quantity):
    product = env["product.product"].search([("name", "=", "Poutrelles IPE 200")])
    product = product or product.create({"name": "Poutrelles IPE 200", "type": "consu"})
    line = {"product_id": product.id, "product_uom_qty": quantity, "price_unit": 340}
    return env["sale.order"].create(
        {
            "partner_id": customer.id,
            "user_id": seller.id,
            "require_signature": False,
            "order_line": [(0, 0, line)],
        }
    )
