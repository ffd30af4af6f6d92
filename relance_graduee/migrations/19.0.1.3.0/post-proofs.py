"""What was said before keeps more of itself, and what is wrong with it is told: in the log, and on
each record in words that a manager reads.
"""

import logging
import os

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH = 1000


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env = env(context={"lang": env.company.partner_id.lang})  # its people read what is told
    _keep_receipts(env)
    _keep_emails(env)
    _tell_forged_recorders(env)
    _tell_dated_back(env)
    _tell_lost_documents(env)
    _tell_vanished(env)


def _tell(env, what, records, words):
    """In the log; and on those of ``records`` that were not told before."""
    if not records:
        return
    _logger.info("%s: %s %s", what, len(records), records.ids)
    known = env["mail.message"].search(
        [("model", "=", records._name), ("res_id", "in", records.ids), ("body", "ilike", words)]
    )
    untold = records.browse(set(records.ids) - set(known.mapped("res_id")))
    untold._message_log_batch(bodies=dict.fromkeys(untold.ids, words))


# ------------------------------------------------------------
# KEPT
# ------------------------------------------------------------


def _keep_receipts(env):
    """The answer of the post that is known becomes the first row of its letter."""
    env.cr.execute(
        """INSERT INTO dunning_receipt
                  (delivery_id, company_id, outcome, date, user_id,
                   create_uid, create_date, write_uid, write_date)
           SELECT d.id, d.company_id, d.outcome,
                  COALESCE(d.date_received, d.date_presented, d.date_done),
                  COALESCE(d.write_uid, 1), 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC'
             FROM dunning_delivery d
            WHERE d.outcome IN ('received', 'refused', 'unclaimed', 'unknown', 'lost')
              AND COALESCE(d.date_received, d.date_presented, d.date_done) IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM dunning_receipt r WHERE r.delivery_id = d.id)"""
    )
    if env.cr.rowcount:
        _logger.info("Answers of the post kept as rows: %s", env.cr.rowcount)


def _keep_emails(env):
    """The whole e-mail of what left, as far as Odoo still has it."""
    sent = env["dunning.delivery"].search(
        [("state", "=", "done"), ("mail_id.state", "=", "sent"), ("sent_message", "=", False)]
    )
    for start in range(0, len(sent), BATCH):
        for delivery in sent[start : start + BATCH]:
            message = delivery._prepare_sent_message()
            message["date"] = str(delivery.mail_id.date or "")
            env["dunning.proof"]._open(delivery).sent_message = message
        env.flush_all()
        env.invalidate_all()
    if sent:
        _logger.info("E-mails that left kept with their delivery: %s", len(sent))


# ------------------------------------------------------------
# TOLD
# ------------------------------------------------------------


def _tell_forged_recorders(env):
    """A value by default in the context could name somebody else as who recorded it."""
    env.cr.execute(
        "SELECT id FROM dunning_interruption WHERE user_id IS DISTINCT FROM create_uid"
        " AND create_uid != %s AND notice_id IS NULL",
        [SUPERUSER_ID],
    )
    found = env["dunning.interruption"].browse(id_ for (id_,) in env.cr.fetchall())
    words = env._("The update found: who is noted here is not who recorded it.")
    _tell(env, "Interruptions recorded in the name of somebody else", found, words)


def _tell_dated_back(env):
    """A day in the context could date what was sent; a day of grace for time zones."""
    env.cr.execute(
        """SELECT id FROM dunning_notice
            WHERE state = 'sent' AND date_sent < create_date::date - 1"""
    )
    found = env["dunning.notice"].browse(id_ for (id_,) in env.cr.fetchall())
    words = env._("The update found: it bears a day before the one on which it was made.")
    _tell(env, "Reminders dated before they were made", found, words)


def _tell_lost_documents(env):
    """Missing from the file store, empty there, or hung on another record."""
    env.cr.execute(
        SQL(
            """SELECT n.id, a.store_fname, a.res_model = 'dunning.notice' AND a.res_id = n.id
                 FROM dunning_notice n
                 JOIN ir_attachment a ON a.id IN (n.attachment_id, n.copy_attachment_id)
                WHERE n.state IN ('approved', 'sent')"""
        )
    )
    rows = env.cr.fetchall()
    moved = env["dunning.notice"].browse({id_ for id_, _name, own in rows if not own})
    lost = moved.browse({id_ for id_, name, _own in rows if name and not _has_content(env, name)})
    words = env._("The update found: its document was moved to another record.")
    _tell(env, "Documents of reminders that were moved", moved, words)
    words = env._("The update found: its document is missing from the file store, or empty.")
    _tell(env, "Documents of reminders that are missing", lost, words)


def _has_content(env, name):
    path = env["ir.attachment"]._full_path(name)
    return os.path.exists(path) and os.path.getsize(path) > 0


def _tell_vanished(env):
    """Handed over, never said to have left, and the message is gone from Odoo's queue."""
    env.cr.execute(
        """SELECT DISTINCT notice_id FROM dunning_delivery
            WHERE state = 'todo' AND date_contact IS NOT NULL AND notice_id IS NOT NULL
              AND (channel = 'email' AND mail_id IS NULL OR channel = 'sms' AND sms_id IS NULL)"""
    )
    found = env["dunning.notice"].browse(id_ for (id_,) in env.cr.fetchall())
    words = env._("The update found: a message of it was deleted, and it is not known if it left.")
    _tell(env, "Reminders of which a message was deleted", found, words)
