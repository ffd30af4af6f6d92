"""Our run against OCA's account_credit_control 19.0, from "nothing decided" to "lines persisted".

Both on one database: open invoices of the same customers, all overdue, never reminded. Theirs:
``credit.control.run.generate_credit_lines()``, which writes credit control lines. Ours:
``dunning.run.launch()`` in mode discovery, the whole of it: decide, write notices and their
lines, commit every batch, count what is held. Both start each time from an empty table.
Compared are seconds a line (wall time, median of three after a warm-up) and SQL statements.
"""

from odoo.tools import SQL

from . import data, measure

CUSTOMERS = 2000
MIN_RATIO = 30
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
    day = data.find_working_day(env)
    print(f"{items} open invoices of {CUSTOMERS} customers:")
    theirs, _count = _measure(
        env, "OCA", lambda: _forget_theirs(env), lambda: _run_theirs(env, day)
    )
    ours, count = _measure(env, "ours", lambda: _forget_ours(env), lambda: _run_ours(env, day))
    measure.verdict("ours faster a line", theirs / ours, MIN_RATIO, " times", at_least=True)
    measure.note("statements", items, count)


def _measure(env, label, forget, work):
    """(seconds a line, statements), printed.

    :param work: returns how many lines it wrote
    """
    counted = []

    def counting():
        with measure.statements(env.cr, counted):
            return work()

    seconds, lines = measure.timed(counting, before=forget)
    print(
        f"    {label}: {lines} lines in {seconds:.2f} s, {seconds / lines * 1000:.3f} ms and "
        f"{counted[-1] / lines:.3f} statements a line ({counted[-1]} in all)"
    )
    return seconds / lines, counted[-1]


def _forget_theirs(env):
    env.cr.execute("DELETE FROM credit_run_policy_rel; DELETE FROM credit_control_line")
    env.cr.execute("DELETE FROM credit_control_communication; DELETE FROM credit_control_run")
    _fresh(env)


def _run_theirs(env, day):
    run = env["credit.control.run"].create({"date": day})
    run.generate_credit_lines()
    env.flush_all()
    env.cr.commit()
    return len(run.line_ids)


def _forget_ours(env):
    env.cr.execute("DELETE FROM dunning_notice_line; DELETE FROM dunning_notice")
    env.cr.execute("DELETE FROM dunning_run")
    _fresh(env)


def _run_ours(env, day):
    run = env["dunning.run"].launch(day, env.company)
    return env.execute_query(
        SQL(
            """SELECT count(*) FROM dunning_notice_line l JOIN dunning_notice n
                   ON n.id = l.notice_id WHERE n.run_id = %s""",
            run.id,
        )
    )[0][0]


def _fresh(env):
    """Empty caches and clean tables, as at the start of a process."""
    env.invalidate_all(flush=False)
    data.vacuum(env.cr)
