"""What the tests from outside do inside Odoo (see ``office_launcher``)."""

from benchmarks import data

# What is later and was never reminded waits for a person: here most e-mails are to leave.
LATEST_DAYS = 55


def prepare(env, customers, invoices):
    """A live company of which ``customers`` customers owe ``invoices`` invoices, all overdue."""
    data.prepare_company(env).write({"dunning_mode": "live", "dunning_bank_days": 0})
    # Odoo makes the PDF of an invoice in half a second: not what is tested here.
    env["dunning.step"].search([]).write({"attach_invoices": False})
    day = data.find_working_day(env)
    data.fill(env, int(customers), int(invoices), day, life=False, latest=LATEST_DAYS)


def launch(env):
    """The day's run, for the last working day."""
    runs = env["dunning.run"].launch(date=data.find_working_day(env), companies=env.company)
    assert runs.mapped("state") == ["done"], runs.log
    assert not runs.failure_ids, runs.failure_ids.mapped("traceback")


def uninstall(env, *names):
    """Uninstall modules, with whatever depends on them."""
    env["ir.module.module"].search([("name", "in", names)]).button_immediate_uninstall()
