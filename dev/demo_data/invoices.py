"""Six hundred invoices over eighteen months."""

from datetime import timedelta

from odoo import fields

from . import catalogue
from .customers import BIG
from .tools import HISTORY_DAYS, dice, today, working_day

COUNT, LEAST = 600, 2
# How often a customer of each group orders, and how many times a small shop's quantities.
WEIGHTS = {"account": 15, "shop": 11, "public": 10, "nonprofessional": 7, "consumer": 3}
SIZES = {"account": 9, "public": 5, "foreign": 3}
RARE = {"USD": 1, "GBP": 5}


def fill(env, customers, products, terms):
    """Create and post the invoices, oldest first.

    :return: (invoices, {invoice id: Customer})
    """
    rng = dice("invoices")
    plan = sorted(
        ((_date(env, rng), place, customer) for place, customer in _orders(rng, customers)),
        key=lambda order: order[:2],
    )
    vals_list = [_vals(rng, day, place, customer, products, terms) for day, place, customer in plan]
    invoices = env["account.move"].create(vals_list)
    invoices.action_post()
    return invoices, {move.id: order[2] for move, order in zip(invoices, plan)}


def _orders(rng, customers):
    """Who ordered, COUNT times, each customer at least LEAST times."""
    weights = [RARE.get(each.currency, WEIGHTS.get(each.group, 9)) for each in customers]
    drawn = rng.choices(customers, weights, k=COUNT - LEAST * len(customers))
    return list(enumerate(customers * LEAST + drawn))


def _date(env, rng):
    day = today(env) - timedelta(days=rng.randint(1, HISTORY_DAYS))
    return working_day(env.company, day, direction=-1)


def _vals(rng, day, place, customer, products, terms):
    partner = customer.partner
    currency = partner.env["res.currency"].search([("name", "=", customer.currency)])
    return {
        "move_type": "out_invoice",
        "partner_id": partner.id,
        "invoice_date": day,
        "date": day,
        "currency_id": currency.id,
        "invoice_payment_term_id": terms[customer.terms].id,
        "invoice_user_id": partner.user_id.id,
        "ref": _order_reference(rng, customer, day),
        "invoice_origin": f"CV{day:%y}-{1000 + place}",
        "is_move_sent": True,
        "invoice_line_ids": [
            fields.Command.create(line) for line in _lines(rng, customer, products)
        ],
    }


def _order_reference(rng, customer, day):
    """The customer's own number of the order; private persons and many shops have none."""
    number = rng.randint(100, 9899)
    if customer.group == BIG:
        return f"45000{number:05d}"
    if customer.group == "public":
        return f"EJ {day:%y}0{number:05d} / SERV-{number % 7 + 1:02d}"
    if customer.group == "foreign":
        return f"PO-{day:%Y}-{number}"
    if customer.group == "consumer" or rng.random() < 0.4:
        return False
    return f"BC {day:%Y}-{number:04d}"


def _lines(rng, customer, products):
    """One to five articles, and often a service."""
    codes = rng.sample(list(catalogue.GOODS), rng.choice((1, 1, 2, 2, 3, 4)))
    if rng.random() < 0.45:
        homes = customer.group == "consumer"
        codes.append(rng.choice(list(catalogue.HOME_SERVICES if homes else catalogue.SERVICES)))
    return [_line(rng, customer, products, code) for code in codes]


def _line(rng, customer, products, code):
    articles = {**catalogue.GOODS, **catalogue.SERVICES, **catalogue.HOME_SERVICES}
    most = articles[code][-1]
    size = 1 if code in catalogue.SERVICES else SIZES.get(customer.group, 1)
    most = max(1, most // 2) if customer.group == "consumer" else most * size
    return {
        "product_id": products[code].id,
        "quantity": rng.randint(max(1, most // 4), most),
        "tax_tag_ids": [fields.Command.set(_tags(products[code]).ids)],
    }


def _tags(product):
    """What Odoo would write on each line afterwards, at a third of the whole cost."""
    parts = product.taxes_id.invoice_repartition_line_ids
    return parts.filtered(lambda part: part.repartition_type == "base").tag_ids
