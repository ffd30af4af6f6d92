"""What everybody does all day in Odoo, without us and with us: post, match, confirm, deliver.

Each in a database of its own, with sale and stock; the processes take turns, and of each action the
best round counts. Statements are counted too: they depend on no neighbour. The customers owe
overdue invoices, so that our holds have something to read, and are released, so that goods leave.
"""

import time
from datetime import date, timedelta

from . import measure

COUNT = 60
ACTIONS = ("posting an invoice", "matching its payment", "confirming an order", "a delivery")
LATE_DAYS = 40


def fill(env, _items):
    """The company alone; each round brings its customers."""
    from . import data

    data.prepare_company(env)
    env.cr.commit()


def run(env):
    """Do each ``COUNT`` times for as many customers; notes seconds and statements of one."""
    from . import data

    customers = [data.create_customer(env, f"Client {n}") for n in range(COUNT)]
    _prepare(env, data, customers)
    invoices = [_create_invoice(env, customer) for customer in customers]
    orders = [_create_order(env, customer) for customer in customers]
    env.cr.commit()
    pickings = []
    works = (
        lambda n: invoices[n].action_post(),
        lambda n: _pay(env, invoices[n]),
        lambda n: orders[n].action_confirm() and pickings.append(orders[n].picking_ids),
        lambda n: _deliver(pickings[n]),
    )
    for place, work in enumerate(works):
        seconds, statements = _measure(env, work)
        measure.note("seconds", place, seconds)
        measure.note("statements", place + len(ACTIONS), statements)


def show(rounds):
    """Print what one of each costs with us beside what it costs without.

    :param rounds: dict "without" or "with" -> list of what ``run`` noted
    """
    best = {
        way: {key: min(noted[key] for noted in taken) for key in taken[0]}
        for way, taken in rounds.items()
    }
    for place, action in enumerate(ACTIONS):
        (bare, ours) = (best[way][place] * 1000 for way in ("without", "with"))
        (few, many) = (best[way][place + len(ACTIONS)] for way in ("without", "with"))
        print(
            f"    {action}: {ours:.1f} ms with us, {bare:.1f} without ({ours / bare:.2f} times); "
            f"{many:.1f} statements, {few:.1f} without"
        )


def _measure(env, work):
    """(seconds, statements) of one of ``COUNT``, each on empty caches as a request is."""
    counted, start, seconds = [], 0, 0.0
    for number in range(COUNT):
        env.invalidate_all()
        with measure.statements(env.cr, counted):
            start = time.perf_counter()
            work(number)
            env.flush_all()
            seconds += time.perf_counter() - start
    env.cr.commit()
    return seconds / COUNT, sum(counted) / COUNT


def _prepare(env, data, customers):
    """Something overdue of each customer; nothing is held for it."""
    day = date.today() - timedelta(days=30 + LATE_DAYS)
    for customer in customers:
        data.create_move(env, "out_invoice", customer, day)
    if "dunning.policy" in env:
        env["dunning.policy"].search([]).write({"block_overdue_amount": 100_000})


def _create_invoice(env, customer):
    line = (0, 0, {"name": "Prestation", "price_unit": 100, "tax_ids": False})
    vals = {"move_type": "out_invoice", "partner_id": customer.id, "invoice_line_ids": [line]}
    return env["account.move"].create({**vals, "invoice_date": date.today()})


def _pay(env, invoice):
    form = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    )
    return form.create({}).action_create_payments()


def _create_order(env, customer):
    product = env["product.product"].search([("default_code", "=", "BENCH")])
    product = product or env["product.product"].create(
        {"name": "Article", "type": "consu", "default_code": "BENCH", "taxes_id": False}
    )
    line = (0, 0, {"product_id": product.id, "price_unit": 50, "tax_ids": False})
    return env["sale.order"].create({"partner_id": customer.id, "order_line": [line]})


def _deliver(picking):
    picking.move_ids.quantity = 1
    picking.move_ids.picked = True
    return picking.button_validate()
