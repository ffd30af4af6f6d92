"""What months of reminders leave behind in the data: steps, contacts, pauses, proposals."""

NEVER = "2999-12-31"
LIVE_PERCENT = 5
FILLED_TABLES = ("dunning_delivery", "dunning_notice", "dunning_notice_line")


def plan(env, day):
    """Further columns of the temporary table bench_invoice: steps taken, what holds an item.

    70 % of the items that are late enough took the last step before their age; 1 % are disputed
    and 1 % excluded.
    """
    policy = env.ref("relance_graduee.policy_progressive")
    steps = policy.step_ids.filtered(lambda step: step.delay_days <= 45)
    env.cr.execute(
        """ALTER TABLE bench_invoice ADD step_id int, ADD step_date date,
                 ADD disputed boolean, ADD excluded boolean;
           UPDATE bench_invoice plan
              SET step_id = taken.id, step_date = taken.date,
                  disputed = plan.number %% 100 = 11, excluded = plan.number %% 100 = 13
             FROM (SELECT DISTINCT ON (late.line_id) late.line_id, step.id,
                          late.due + step.days + 2 AS date
                     FROM bench_invoice late
                LEFT JOIN unnest(%s, %s) AS step(id, days)
                       ON late.due + step.days + 3 < %s AND late.number %% 10 < 7
                 ORDER BY late.line_id, step.days DESC NULLS LAST) AS taken
            WHERE plan.line_id = taken.line_id""",
        [steps.ids, steps.mapped("delay_days"), day],
    )


def get_owed_values():
    """Column of the line that is owed -> SQL over ``plan``."""
    return {
        "dunning_step_id": "plan.step_id",
        "dunning_step_date": "plan.step_date",
        "dunning_disputed": "plan.disputed",
        "no_followup": "plan.excluded",
    }


def get_customer_values(env):
    """Column of the customer -> SQL over ``new``: kinds, and 1 % paused."""
    return {
        "customer_kind": """CASE WHEN new.draw < 0.90 THEN 'business'
                                 WHEN new.draw < 0.95 THEN 'public' ELSE 'consumer' END""",
        "dunning_paused_until": f"""CASE WHEN new.number %% 100 = 17
                                         THEN '{{"{env.company.id}": "{NEVER}"}}'::jsonb END""",
    }


def fill_contacts(env, day):
    """8 % of the customers were called on one of the last three days."""
    env.cr.execute(
        """INSERT INTO dunning_delivery (partner_id, company_id, currency_id, channel, state,
                                         outcome, date_planned, date_done, date_contact)
           SELECT id, %(company)s, %(currency)s, 'phone', 'done', 'other', date, date, date
             FROM bench_customer, LATERAL (SELECT %(day)s::date - number %% 3 AS date) AS called
            WHERE number %% 100 BETWEEN 20 AND 27""",
        {"company": env.company.id, "currency": env.company.currency_id.id, "day": day},
    )


def propose(env, day):
    """Customers who have a proposal that waits: written by the add-on itself, and committed."""
    env = env(context={**env.context, "dunning_date": day})
    ready = env["dunning.decision"]._get_ready_partner_ids(env.company)
    step = 100 // LIVE_PERCENT
    run = env["dunning.run"]
    env["dunning.proposal"]._create_notices(env.company, ready[::step], run)
    env.flush_all()
    env.cr.commit()
