"""What a run has made, read from the database without Odoo: by customer, without ids that vary."""

from dev.postgres import connect

QUERIES = {
    "runs": "SELECT date, state, mode FROM dunning_run",
    "failures": "SELECT partner_id, message FROM dunning_run_failure",
    "notices": """
        SELECT n.partner_id, n.date, n.state, n.step_id, n.amount_total, n.name IS NULL,
               n.sha256 IS NULL, array_agg((l.move_line_id, l.step_id, l.advances, l.live)::text
                                           ORDER BY l.move_line_id)
          FROM dunning_notice n LEFT JOIN dunning_notice_line l ON l.notice_id = n.id
      GROUP BY n.id""",
    "numbers drawn twice": "SELECT name FROM dunning_notice GROUP BY name HAVING count(name) > 1",
    "deliveries": """
        SELECT partner_id, channel, state, date_planned, date_contact, recipient
          FROM dunning_delivery""",
    "mails": """
        SELECT n.partner_id, m.state, count(*)
          FROM mail_mail m JOIN mail_message msg ON msg.id = m.mail_message_id
     LEFT JOIN dunning_notice n ON n.id = msg.res_id AND msg.model = 'dunning.notice'
      GROUP BY n.partner_id, m.state""",
    "documents": """
        SELECT n.partner_id, count(*)
          FROM ir_attachment a JOIN dunning_notice n ON n.id = a.res_id
         WHERE a.res_model = 'dunning.notice' GROUP BY n.partner_id""",
    "told on the customer": """
        SELECT res_id, count(*) FROM mail_message
         WHERE model = 'res.partner' GROUP BY res_id""",
    "tasks": "SELECT res_model, user_id, count(*) FROM mail_activity GROUP BY 1, 2",
    "steps": """
        SELECT id, dunning_step_id, dunning_step_date, dunning_round
          FROM account_move_line WHERE dunning_step_id IS NOT NULL""",
}


def take_snapshot(database):
    """Title -> sorted rows, as text."""
    with connect(database) as cursor:
        return {title: _read(cursor, query) for title, query in QUERIES.items()}


def _read(cursor, query):
    cursor.execute(query)
    return sorted(map(str, cursor.fetchall()))
