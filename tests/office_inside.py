"""What the tests from outside do inside Odoo (see ``office_launcher``)."""

from benchmarks import data
from dev.clock import clock

# What is later and was never reminded waits for a person: here most e-mails are to leave.
LATEST_DAYS = 55


def prepare(env, customers, invoices):
    """A live company of which ``customers`` customers owe ``invoices`` invoices, all overdue."""
    data.prepare_company(env).write({"dunning_mode": "live", "dunning_bank_days": 0})
    policy, day = _create_policy(env), data.find_working_day(env)
    data.fill(
        env,
        int(customers),
        int(invoices),
        day,
        life=False,
        latest=LATEST_DAYS,
        dunning_policy_id=policy.id,
    )


def _create_policy(env):
    """E-mails with a document, in few words: texts are not what is tested here."""
    template = env["mail.template"].create(
        {
            "name": "Office",
            "model_id": env["ir.model"]._get_id("dunning.notice"),
            "subject": "Compte {{ object.text_reference }}",
            "body_html": '<p><t t-out="object.text_amount"/></p>',
        }
    )
    policy = env["dunning.policy"].create({"name": "Office", "is_manual": True})
    step = {"policy_id": policy.id, "send_email": True, "mail_template_id": template.id}
    env["dunning.step"].create(
        [
            {**step, "name": "E-mail", "sequence": 1, "delay_days": 3},
            {**step, "name": "Once more", "sequence": 2, "delay_days": 12, "wait_days": 7},
        ]
    )
    return policy


def launch(env):
    """The day's run, for the last working day."""
    day = data.find_working_day(env)
    with clock(env, day):
        runs = env["dunning.run"].launch(date=day, companies=env.company)
    assert runs.mapped("state") == ["done"], runs.log
    assert not runs.failure_ids, runs.failure_ids.mapped("traceback")


def uninstall(env, *names):
    """Uninstall modules, with whatever depends on them."""
    env["ir.module.module"].search([("name", "in", names)]).button_immediate_uninstall()


def launch_in_discovery(env):
    """The day's run of a company that was just set up: proposals, nothing sent."""
    assert env.company.dunning_mode == "discovery"
    launch(env)
