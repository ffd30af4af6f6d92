"""A French company with as many open items as asked, filled in seconds.

One customer, one invoice and one credit note are made through the ORM; every other one is a
copy of their rows made by SQL, with its own customer, dates, amounts and place on the ladder.
The same numbers always give the same data (``setseed``).

What the data looks like: 60 % of the items overdue, by 1 to 120 days, the younger the more;
15 % of the customers hold a credit note, 5 % of the items are partly paid, 1 % are disputed and
1 % excluded, 1 % of the customers paused; most items that are late enough took a step already;
8 % of the customers were contacted in the last days; 5 % of the rest have a proposal that waits.
"""

from datetime import timedelta

from odoo import Command

from . import data_life

SEED = 0.19
LATEST_DAYS = 120
FILLED_TABLES = ("account_move_line", "account_move", "res_partner")


def find_working_day(env):
    """The last working day up to today: runs make nothing on the others."""
    day = env.company._get_dunning_today()
    while not env.company._is_dunning_working_day(day):
        day -= timedelta(days=1)
    return day


def prepare_company(env):
    """A French company with a chart of accounts, an address and a bank account."""
    company = env.company
    company.write(
        {
            "country_id": env.ref("base.fr").id,
            "street": "1 rue de la Mesure",
            "zip": "69001",
            "city": "Lyon",
            "email": "compta@mesure.example",
        }
    )
    if not company.chart_template:
        env["account.chart.template"].try_loading("fr", company, install_demo=False)
    env["res.partner.bank"].create(
        {"acc_number": "FR7630006000011234567890189", "partner_id": company.partner_id.id}
    )
    return company


def create_customer(env, name="Modèle", **vals):
    """A customer of whom everything is known that a reminder needs."""
    fields = env["res.partner"]._fields
    return env["res.partner"].create(
        {
            "name": name,
            "is_company": True,
            "email": "compta@modele.example",
            "phone": "+33 1 23 45 67 89",
            "street": "2 rue du Client",
            "zip": "69002",
            "city": "Lyon",
            "country_id": env.ref("base.fr").id,
            **({"customer_kind": "business"} if "customer_kind" in fields else {}),
            **vals,
        }
    )


def create_move(env, move_type, partner, day, amount=100.0):
    """A posted invoice or credit note of that day, due 30 days later."""
    move = env["account.move"].create(
        {
            "move_type": move_type,
            "partner_id": partner.id,
            "invoice_date": day,
            "invoice_date_due": day + timedelta(days=30),
            "invoice_payment_term_id": False,
            "invoice_line_ids": [
                Command.create({"name": "Prestation", "price_unit": amount, "tax_ids": False})
            ],
        }
    )
    move.action_post()
    return move


# ------------------------------------------------------------
# MANY
# ------------------------------------------------------------


def fill(env, customers, items, day, life=True, latest=LATEST_DAYS, **customer):
    """``items`` open invoices of ``customers`` customers, as on ``day``, committed.

    :param life: False leaves out credits, payments, steps, contacts and whatever holds an item:
        every invoice is then overdue and was never reminded. Steps, contacts and holds need
        our add-on, the rest is the same without it
    :param latest: the oldest item is so many days late
    :param customer: values of every customer
    """
    cr = env.cr
    is_reminded = life and "dunning.policy" in env
    model = create_customer(env, **customer)
    moves = create_move(env, "out_invoice", model, day - timedelta(days=90))
    moves |= create_move(env, "out_refund", model, day)
    env.flush_all()
    cr.execute("SELECT setseed(%s)", [SEED])
    _without_foreign_key_checks(cr)
    indexes = _drop_indexes(cr)
    _fill_customers(cr, model, customers, data_life.get_customer_values(env) if is_reminded else {})
    _plan_invoices(cr, customers, items, day, life, latest)
    if is_reminded:
        data_life.plan(env, day)
        data_life.fill_contacts(env, day)
    if life:
        _plan_credits(cr, day)
        _fill_moves(cr, moves[1], "bench_credit")
    owed = data_life.get_owed_values() if is_reminded else {}
    _fill_moves(cr, moves[0], "bench_invoice", owed)
    cr.execute("DELETE FROM account_move_line WHERE move_id IN %s", [moves._ids])
    cr.execute("DELETE FROM account_move WHERE id IN %s", [moves._ids])
    env.invalidate_all(flush=False)
    # A row that was updated while the indexes were gone would keep queries off them for a while.
    vacuum(cr)
    for index in indexes:
        cr.execute(index)
    vacuum(cr)
    if is_reminded:
        data_life.propose(env, day)
        vacuum(cr, data_life.FILLED_TABLES)


def _without_foreign_key_checks(cr):
    """Copies of valid rows are valid; asking that of each key takes most of the time."""
    cr.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if cr.fetchone()[0]:
        cr.execute("SET LOCAL session_replication_role = replica")


def _drop_indexes(cr):
    """Building an index once is quicker than keeping it up row by row.

    :return: the statements that make them again
    """
    cr.execute(
        """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
             FROM pg_index
        LEFT JOIN pg_constraint ON conindid = indexrelid
            WHERE indrelid = ANY(%s::regclass[]) AND conindid IS NULL""",
        [list(FILLED_TABLES)],
    )
    indexes = cr.fetchall()
    for name, _definition in indexes:
        cr.execute(f"DROP INDEX {name}")
    cr.execute("SET maintenance_work_mem = '512MB'")
    return [definition for _name, definition in indexes]


def vacuum(cr, tables=FILLED_TABLES):
    """What autovacuum does in the life of these tables: visibility maps and statistics.

    Not of all: an empty table that was vacuumed is taken for small by every plan that is kept in
    a session, which no database in use has to bear.
    """
    cr.commit()
    cr._cnx.autocommit = True
    cr.execute(f"VACUUM (ANALYZE) {', '.join(tables)}")
    cr._cnx.autocommit = False


def copy_rows(cr, table, source_id, rows, **values):
    """Insert a copy of the row ``source_id`` for each of ``rows``, with other ``values``.

    :param rows: SQL of a FROM item; its columns may be used in ``values``
    :param values: column -> SQL
    """
    cr.execute(
        "SELECT attname FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
        [table],
    )
    columns = [name for (name,) in cr.fetchall()]
    names = ", ".join(f'"{name}"' for name in columns)
    copied = ", ".join(values.get(name, f'source."{name}"') for name in columns)
    cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {copied}"
        f" FROM {table} AS source CROSS JOIN {rows} WHERE source.id = %s",
        [source_id],
    )


def _fill_customers(cr, model, count, values):
    """Customers, and the table bench_customer of their numbers and ids."""
    cr.execute(
        """CREATE TEMP TABLE bench_customer ON COMMIT DROP AS
           SELECT number, nextval('res_partner_id_seq')::int AS id, random() AS draw
             FROM generate_series(1, %s) AS number""",
        [count],
    )
    cr.execute("ANALYZE bench_customer")
    address = "'compta@client' || new.number || '.example'"
    copy_rows(
        cr,
        "res_partner",
        model.id,
        "bench_customer AS new",
        id="new.id",
        commercial_partner_id="new.id",
        name="'Client ' || new.number",
        complete_name="'Client ' || new.number",
        email=address,
        email_normalized=address,
        **values,
    )


def _plan_invoices(cr, customers, items, day, life, latest):
    """The table bench_invoice: what each move, and the line that is owed, will say."""
    cr.execute(
        """CREATE TEMP TABLE bench_invoice ON COMMIT DROP AS
           SELECT plan.*, due - 30 AS issued,
                  CASE WHEN random() < %(partly)s
                       THEN round(amount / 2, 2) ELSE amount END AS residual
             FROM (SELECT drawn.number, nextval('account_move_id_seq')::int AS move_id,
                          nextval('account_move_line_id_seq')::int AS line_id, c.id AS partner_id,
                          CASE WHEN drawn.draw < %(overdue)s
                               THEN %(day)s::date - 1 - floor(%(latest)s * age ^ 2)::int
                               ELSE %(day)s::date + floor(60 * age)::int END AS due,
                          round((20 + 5000 * price ^ 3)::numeric, 2) AS amount
                     FROM (SELECT number, random() AS draw, random() AS age, random() AS price,
                                  1 + floor(%(customers)s * random() ^ 1.5)::int AS customer
                             FROM generate_series(1, %(items)s) AS number) AS drawn
                     JOIN bench_customer c ON c.number = drawn.customer) AS plan""",
        {
            "day": day,
            "latest": latest,
            "customers": customers,
            "items": items,
            "partly": 0.05 if life else 0,
            "overdue": 0.6 if life else 1,
        },
    )


def _plan_credits(cr, day):
    """The table bench_credit: a credit note for 15 % of the customers."""
    cr.execute(
        """CREATE TEMP TABLE bench_credit ON COMMIT DROP AS
           SELECT plan.*, amount AS residual
             FROM (SELECT number, nextval('account_move_id_seq')::int AS move_id,
                          nextval('account_move_line_id_seq')::int AS line_id, id AS partner_id,
                          %(day)s::date AS due, %(day)s::date AS issued,
                          -round((20 + 1500 * random() ^ 2)::numeric, 2) AS amount
                     FROM bench_customer WHERE number %% 100 < 15) AS plan""",
        {"day": day},
    )


def _fill_moves(cr, model, plan, owed=None):
    """Moves of two lines each, as ``model``: what is owed, and what was sold.

    :param owed: further columns of what is owed -> SQL over ``plan``
    """
    cr.execute(f"ANALYZE {plan}")
    name = f"'{model.move_type}/' || plan.number"
    common = {
        "partner_id": "plan.partner_id",
        "date": "plan.issued",
        "invoice_date": "plan.issued",
    }
    values = _get_move_values(name) | common
    copy_rows(cr, "account_move", model.id, f"{plan} AS plan", **values)
    for kind, more in (
        ("payment_term", _get_owed_values() | _get_amounts("plan.amount") | (owed or {})),
        ("product", _get_amounts("(-plan.amount)")),
    ):
        line = model.line_ids.filtered(lambda line, kind=kind: line.display_type == kind)
        values = {"id": "nextval('account_move_line_id_seq')", "move_name": name, **common, **more}
        copy_rows(
            cr, "account_move_line", line.id, f"{plan} AS plan", move_id="plan.move_id", **values
        )


def _get_move_values(name):
    return {
        "id": "plan.move_id",
        "name": name,
        "payment_reference": name,
        "access_token": "NULL",
        "sequence_number": "plan.number",
        "commercial_partner_id": "plan.partner_id",
        "partner_shipping_id": "plan.partner_id",
        "invoice_date_due": "plan.due",
        "payment_state": "CASE plan.residual WHEN plan.amount THEN 'not_paid' ELSE 'partial' END",
        "amount_residual": "abs(plan.residual)",
        "amount_residual_signed": "plan.residual",
        **dict.fromkeys(("amount_untaxed", "amount_total"), "abs(plan.amount)"),
        **dict.fromkeys(("amount_untaxed_signed", "amount_total_signed"), "plan.amount"),
    }


def _get_owed_values():
    return {
        "id": "plan.line_id",
        "date_maturity": "plan.due",
        "amount_residual": "plan.residual",
        "amount_residual_currency": "plan.residual",
    }


def _get_amounts(amount):
    return {
        "debit": f"greatest({amount}, 0)",
        "credit": f"greatest(-{amount}, 0)",
        "balance": amount,
        "amount_currency": amount,
    }
