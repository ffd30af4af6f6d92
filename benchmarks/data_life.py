"""What months of reminders leave behind in the data: steps, contacts, pauses, proposals."""

NEVER = "2999-12-31"
LIVE_PERCENT = 5


def fill(env, day):
    """Steps taken, what holds items and customers, contacts of the last days.

    Reads the temporary tables of ``data.fill``: bench_customer, bench_invoice.
    """
    _fill_places(env, day)
    _fill_holds(env)
    _fill_contacts(env, day)


def _fill_places(env, day):
    """70 % of the items that are late enough took the last step before their age."""
    policy = env.ref("relance_graduee.policy_progressive")
    steps = policy.step_ids.filtered(lambda step: step.delay_days <= 45)
    env.cr.execute(
        """UPDATE account_move_line l
              SET dunning_step_id = taken.id, dunning_step_date = taken.date
             FROM (SELECT DISTINCT ON (plan.line_id) plan.line_id, step.id,
                          plan.due + step.days + 2 AS date
                     FROM bench_invoice plan
                     JOIN unnest(%s, %s) AS step(id, days)
                       ON plan.due + step.days + 3 < %s
                    WHERE plan.number %% 10 < 7
                 ORDER BY plan.line_id, step.days DESC) AS taken
            WHERE l.id = taken.line_id""",
        [steps.ids, steps.mapped("delay_days"), day],
    )


def _fill_holds(env):
    """1 % of the items disputed, 1 % excluded; 1 % of the customers paused."""
    env.cr.execute(
        """UPDATE account_move_line l
              SET dunning_disputed = plan.number % 100 = 11,
                  no_followup = plan.number % 100 = 13
             FROM bench_invoice plan
            WHERE l.id = plan.line_id AND plan.number % 100 IN (11, 13)"""
    )
    env.cr.execute(
        """UPDATE res_partner p SET dunning_paused_until = jsonb_build_object(%s::text, %s::text)
             FROM bench_customer c WHERE c.id = p.id AND c.number %% 100 = 17""",
        [env.company.id, NEVER],
    )


def _fill_contacts(env, day):
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
