"""Who is on hold, against OCA's account_financial_risk and sale_financial_risk 19.0.

Both on the same data, each in a database of its own so that neither pays for the other's fields:
open items and confirmed orders of customers with a credit limit, of whom 80 are above it. Compared
are confirming one order of a customer in order, opening the list of the customers on hold (what the
web client asks: the page and how many there are), and counting them.

Wall time, the median of three after a warm-up, or one alone where it takes more than a minute; of
the order, the median over ten customers. Each time the caches are empty, as at the start of a
request.
"""

import statistics
import time
from datetime import timedelta

from odoo import fields

from . import data, measure

ITEMS_PER_CUSTOMER = 10
HELD, WAITING = 80, 10
LIMIT, EXCEEDED = 10_000_000, 1_000
PRICE = 500
# What takes longer is measured once: the warm-up makes no difference there.
LONG_SECONDS = 60
FILLED_TABLES = ("sale_order", "sale_order_line", "res_partner")
OURS, THEIRS = "relance_graduee_sale", "sale_financial_risk"
LISTS = {
    OURS: (
        [("delivery_hold", "=", "blocked")],
        ("credit_limit", "dunning_exposure", "delivery_hold", "delivery_hold_reason"),
    ),
    THEIRS: (
        [("risk_exception", "=", True)],
        ("credit_limit", "risk_total", "risk_exception", "risk_amount_exceeded"),
    ),
}


# ------------------------------------------------------------
# DATA
# ------------------------------------------------------------


def fill(env, items):
    """Items, limits, an order confirmed for every second customer, and ten quotations."""
    data.prepare_company(env)
    customers = int(items) // ITEMS_PER_CUSTOMER
    day = _find_weekday()
    data.fill(env, customers, int(items), day, **_get_customer_values(env))
    if "dunning.policy" in env:
        # Held by their limits alone, as theirs are; what is overdue is looked at all the same.
        env["dunning.policy"].search([]).block_overdue_amount = 0
        env.company.dunning_sale_hold = "ask"
    # Theirs refuses to show limits without it.
    env.user.group_ids += env.ref("account.group_account_manager")
    _fill_orders(env)
    _exceed_limits(env, customers)
    env.cr.commit()
    data.vacuum(env.cr, FILLED_TABLES)


def _find_weekday():
    """The last day up to today that is neither Saturday nor Sunday, with our add-on or without."""
    today = fields.Date.today()
    return today - timedelta(days=max(0, today.weekday() - 4))


def _get_customer_values(env):
    """A customer with a limit; of theirs, what counts against it: everything."""
    names = env["res.partner"]._fields
    included = [name for name in names if name.startswith("risk_") and name.endswith("_include")]
    return {"credit_limit": LIMIT, "customer_rank": 1, **dict.fromkeys(included, True)}


def _create_order(env, partner):
    product = env["product.product"].search([("default_code", "=", "BENCH")])
    product = product or env["product.product"].create(
        {"name": "Prestation", "type": "service", "default_code": "BENCH", "taxes_id": False}
    )
    line = {"product_id": product.id, "price_unit": PRICE, "tax_ids": False}
    return env["sale.order"].create({"partner_id": partner.id, "order_line": [(0, 0, line)]})


def _get_customers(env, **options):
    return env["res.partner"].search([("name", "=like", "Client %")], order="id", **options)


def _fill_orders(env):
    """One order, confirmed by the ORM, and its copies; then the quotations to confirm."""
    partner = _get_customers(env, limit=1)
    order = _create_order(env, partner)
    order.action_confirm()
    env.flush_all()
    env.cr.execute(
        """CREATE TEMP TABLE bench_order ON COMMIT DROP AS
           SELECT id AS partner_id, nextval('sale_order_id_seq')::int AS order_id
             FROM res_partner WHERE name LIKE 'Client %%' AND id %% 2 = 0 AND id != %s""",
        [partner.id],
    )
    who = ("partner_id", "partner_invoice_id", "partner_shipping_id", "commercial_partner_id")
    common = dict.fromkeys((*who, "order_partner_id", "risk_partner_id"), "plan.partner_id")
    name = {"id": "plan.order_id", "name": "'B' || plan.order_id", "access_token": "NULL"}
    data.copy_rows(env.cr, "sale_order", order.id, "bench_order AS plan", **common, **name)
    line = {"id": "nextval('sale_order_line_id_seq')", "order_id": "plan.order_id"}
    data.copy_rows(
        env.cr, "sale_order_line", order.order_line.id, "bench_order AS plan", **common, **line
    )
    customers = _get_customers(env)
    for customer in customers[:: len(customers) // WAITING][:WAITING]:
        _create_order(env, customer)


def _exceed_limits(env, customers):
    """Lower the limit of 80 who owe more than twice as much, spread over all of them."""
    env.flush_all()
    env.cr.execute(
        """UPDATE res_partner SET credit_limit = jsonb_build_object(%(company)s::text, %(limit)s)
            WHERE id IN (
                  SELECT partner_id FROM (
                      SELECT l.partner_id, row_number() OVER (ORDER BY l.partner_id) AS place
                        FROM account_move_line l JOIN account_account a ON a.id = l.account_id
                       WHERE a.account_type = 'asset_receivable' AND NOT l.reconciled
                         AND l.parent_state = 'posted'
                         AND l.partner_id NOT IN (SELECT partner_id FROM sale_order
                                                   WHERE state = 'draft')
                    GROUP BY l.partner_id HAVING SUM(l.amount_residual) > %(limit)s * 2) AS owing
                   WHERE place %% %(step)s = 0 ORDER BY place LIMIT %(held)s)""",
        {
            "company": env.company.id,
            "limit": EXCEEDED,
            "step": max(1, customers // 400),
            "held": HELD,
        },
    )
    env.invalidate_all(flush=False)


# ------------------------------------------------------------
# MEASURING
# ------------------------------------------------------------


def run(env, module):
    """Measure what ``module`` does; prints and notes the figures."""
    env = env(user=env.ref("base.user_admin"), su=False)
    if module == THEIRS:
        env.user.sudo().group_ids += env.ref(
            "account_financial_risk.group_account_financial_risk_manager"
        )
        env.cr.commit()
    seconds, count = _confirm_orders(env)
    measure.note("order", 0, seconds)
    print(f"    {module}: an order {seconds * 1000:.1f} ms, {count:.0f} statements")
    for number, (label, work) in enumerate(_get_list_works(env, module), start=1):
        seconds, count = _time_list(env, work)
        measure.note(label, number, seconds)
        print(f"    {module}: {label} {seconds:.2f} s, {count} statements")


def _time_list(env, work):
    """(seconds, statements) of ``work``, which has to find those on hold."""
    counted, seconds = [], []
    while not seconds or (len(seconds) < 4 and seconds[0] < LONG_SECONDS):
        env.invalidate_all()
        start = time.perf_counter()
        with measure.statements(env.cr, counted):
            found = work()
        seconds.append(time.perf_counter() - start)
        if found != HELD:
            raise ValueError(f"{found} customers on hold instead of {HELD}")
    return statistics.median(seconds[1:] or seconds), counted[-1]


def _get_list_works(env, module):
    """(label, function that gives how many are held) of what is asked about all customers."""
    partners = env["res.partner"]
    domain, names = LISTS[module]
    specification = {name: {} for name in ("complete_name", *names)}
    return [
        ("list", lambda: partners.web_search_read(domain, specification, limit=HELD)["length"]),
        ("count", lambda: partners.search_count(domain)),
    ]


def _confirm_orders(env):
    """(median seconds, median statements) of confirming a quotation of a customer in order."""
    orders = env["sale.order"].search([("state", "=", "draft")])
    seconds, counted = [], []
    for order in (orders[:1], *orders):
        env.invalidate_all()
        with measure.statements(env.cr, counted):
            start = time.perf_counter()
            order.action_confirm()
            env.flush_all()
            seconds.append(time.perf_counter() - start)
        if order.state != "sale":
            raise ValueError(f"{order.name} was not confirmed")
        env.cr.rollback()
        env.invalidate_all(flush=False)
    return statistics.median(seconds[1:]), statistics.median(counted[1:])
