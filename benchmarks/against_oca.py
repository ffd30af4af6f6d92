"""Our run against OCA's account_credit_control 19.0, from "nothing decided" to "lines persisted".

Both on one database: open invoices of the same customers, all overdue, never reminded. Theirs:
``credit.control.run.generate_credit_lines()``, which writes credit control lines. Ours:
``dunning.run.launch()`` in mode discovery, the whole of it: decide, write notices and their
lines, commit every batch, count what is held. Both start each time from an empty table.
Compared are seconds a line (wall time, median of three after a warm-up) and SQL statements.
"""

from functools import partial

from odoo.tools import SQL

from . import data, measure

CUSTOMERS = 2000
MIN_RATIO, ASKED_ITEMS = 30, 20_000
# As in their shipped policy: nothing but the days, from the due date.
PEER_LEVELS = ((1, "net_days", 5), (2, "previous_date", 15), (3, "previous_date", 10))


def fill(env, items):
    """So many overdue invoices of ``CUSTOMERS`` customers."""
    day = data.find_working_day(env)
    data.prepare_company(env).write({"dunning_mode": "discovery", "dunning_bank_days": 0})
    data.fill(env, CUSTOMERS, int(items), day, life=False)
    _create_peer_policy(env)
    env.cr.commit()


def _create_peer_policy(env):
    account = (
        env["account.move.line"]
        .search([("account_type", "=", "asset_receivable"), ("reconciled", "=", False)], limit=1)
        .account_id
    )
    policy = env["credit.control.policy"].create(
        {"name": "Bench", "company_id": env.company.id, "account_ids": [(6, 0, account.ids)]}
    )
    template = env["mail.template"].search(
        [("model", "=", "credit.control.communication")], limit=1
    )
    env["credit.control.policy.level"].create(
        [
            {
                "name": f"Level {level}",
                "policy_id": policy.id,
                "level": level,
                "computation_mode": mode,
                "delay_days": days,
                "email_template_id": template.id,
                "channel": "email",
                "custom_text": "Text",
                "custom_mail_text": "Text",
            }
            for level, mode, days in PEER_LEVELS
        ]
    )
    env.company.credit_policy_id = policy


def run(env, items):
    """Measure both in turn; prints the figures and whether they are met."""
    day, items = data.find_working_day(env), int(items)
    print(f"{items} open invoices of {CUSTOMERS} customers:")
    subjects = {
        "OCA": (_forget_theirs, *_get_theirs(env, day)),
        "ours": (_forget_ours, *_get_ours(env, day)),
    }
    (theirs, _count), (ours, count) = _measure(env, subjects)
    # With few lines, a notice costs what its one line does; lines are what is compared.
    if items >= ASKED_ITEMS:
        measure.verdict("ours faster a line", theirs / ours, MIN_RATIO, " times", at_least=True)
    else:
        print(f"    ours faster a line: {theirs / ours:.3g} times")
    measure.note("statements", items, count)


def _measure(env, subjects):
    """List of (seconds a line, statements), printed; the subjects take turns.

    :param subjects: label -> functions that forget, work, and count the lines afterwards
    """

    def counting(do):
        counted = []
        with measure.statements(env.cr, counted):
            do()
        return counted[0]

    works = [
        (partial(counting, do), partial(forget, env)) for forget, do, _count in subjects.values()
    ]
    figures = []
    for (label, subject), (seconds, statements) in zip(
        subjects.items(), measure.timed_in_turn(*works)
    ):
        lines = subject[-1]()
        print(
            f"    {label}: {lines} lines in {seconds:.2f} s, {seconds / lines * 1000:.3f} ms and "
            f"{statements / lines:.3f} statements a line ({statements} in all)"
        )
        figures.append((seconds / lines, statements))
    return figures


def _get_theirs(env, day):
    def work():
        run = env["credit.control.run"].create({"date": day})
        run.generate_credit_lines()
        env.flush_all()
        env.cr.commit()

    return work, lambda: env["credit.control.line"].search_count([])


def _get_ours(env, day):
    def work():
        env["dunning.run"].launch(day, env.company)

    return work, lambda: env["dunning.notice.line"].search_count([])


def _forget(env, *tables):
    """Empty these tables and the caches, as at the start of a process.

    Not by TRUNCATE, whose CASCADE follows references to the companies themselves.
    """
    env.flush_all()
    env.invalidate_all()
    for table in tables:
        env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
    env.cr.commit()


def _forget_theirs(env):
    _forget(env, "credit_control_line", "credit_control_communication", "credit_control_run")


def _forget_ours(env):
    _forget(env, "dunning_notice", "dunning_run")
