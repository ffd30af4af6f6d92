"""Texts with more than placeholders and releases beyond the limits are told; reasons leave the
chatter that companies share; items put back long ago begin a round.
"""

import logging
import re

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, html2plaintext, plaintext2html

_logger = logging.getLogger(__name__)

# What stood in the chatter of the customer until now, in the languages that it was written in.
SENTENCES = {
    "pause": ("Reminders paused until", "Relances en pause jusqu'au"),
    "resume": ("Reminders resumed", "Reprise des relances"),
    "hold": ("Deliveries held until", "Livraisons bloquées jusqu'au"),
}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    _tell_texts(env)
    _tell_of_releases(env)
    _move_reasons(env)
    _begin_rounds(env)
    _forget_penalties_of_losses(env)
    _tell_of_customers(env)


def _tell_texts(env):
    """What is no longer filled in, in the log and on the ladder of each such text."""
    for name in sorted(env.registry.descendants(["dunning.checked.text"], "_inherit")):
        if env[name]._abstract:
            continue
        for source in env[name].with_context(active_test=False).search([])._filter_said():
            for problem in source._get_text_problems():
                _logger.info("A text with more than placeholders: %s", problem)
    env["dunning.policy"].with_context(active_test=False).search([])._note_text_problems()


def _tell_of_releases(env):
    releases = env["dunning.release"]._tell_beyond_limits()
    if releases:
        _logger.info(
            "%s open releases are beyond their granter's limits: %s", len(releases), releases.ids
        )


def _forget_penalties_of_losses(env):
    """A loss counted as a late payment: what was only reckoned goes, what was claimed is told."""
    forgotten, claimed = env["dunning.penalty"]._forget_given_up()
    if forgotten:
        _logger.info("%s penalties of items that nobody paid are forgotten", forgotten)
    if claimed:
        _logger.info("Penalties claimed of items that nobody paid, to look at: %s", claimed.ids)


def _tell_of_customers(env):
    """Pauses, ladders and people that nobody entitled is known to have chosen; new holds."""
    for company, customers in env["res.partner"]._tell_of_found().items():
        _logger.info(
            "Something was found of %s customers of %s: see their decisions",
            len(customers),
            company.name,
        )


def _move_reasons(env):
    """Each reason becomes a row of the company of who wrote it; the sentence stays without it."""
    found = [
        (message, *parts)
        for message in _get_messages(env)
        for parts in [_parse(html2plaintext(message.body))]
        if parts
    ]
    if not found:
        return
    vals_list = [_prepare_note(message, kind, reason) for message, kind, _said, reason in found]
    env["dunning.customer.note"].with_context(mail_create_nolog=True)._keep(vals_list)
    _rewrite(env, [(message.id, plaintext2html(said)) for message, _kind, said, _reason in found])
    _logger.info(
        "The reasons of %s pauses and holds were moved from the chatter of customers to decisions "
        "of the company of who wrote them.",
        len(found),
    )


def _get_messages(env):
    words = [word for words in SENTENCES.values() for word in words]
    apostrophes = [word.replace("'", "&#39;") for word in words if "'" in word]
    patterns = [f"%{word}%" for word in (*words, *apostrophes)]
    env.cr.execute(
        SQL(
            """SELECT id FROM mail_message
                WHERE model = 'res.partner' AND message_type = 'notification'
                  AND body LIKE ANY(%s) ORDER BY id""",
            patterns,
        )
    )
    return env["mail.message"].browse(id_ for (id_,) in env.cr.fetchall())


def _parse(text):
    """(kind, what is still said, reason) of a sentence in the chatter, or None."""
    text = text.strip()
    for kind, beginnings in SENTENCES.items():
        for beginning in beginnings:
            said = re.fullmatch(rf"({re.escape(beginning)}.*?)\s*: (.*)", text, re.DOTALL)
            if said:
                return kind, f"{said[1]}.", said[2]
    return None


def _prepare_note(message, kind, reason):
    author = message.create_uid
    return {
        "partner_id": message.env["res.partner"].browse(message.res_id).commercial_partner_id.id,
        "company_id": (author.company_id or message.env.company).root_id.id,
        "kind": kind,
        "date_until": False,
        "reason": reason,
        "user_id": author.id,
        "date": message.date,
    }


def _rewrite(env, bodies):
    """Past the ORM: who wrote it and when stay as they are."""
    env.cr.execute(
        SQL(
            """UPDATE mail_message m SET body = said.body
                 FROM unnest(%s, %s) AS said (id, body) WHERE m.id = said.id""",
            [id_ for id_, _body in bodies],
            [str(body) for _id, body in bodies],
        )
    )
    env["mail.message"].invalidate_model(["body"])


def _begin_rounds(env):
    """Items that 19.0.1.0.0 put back on their ladder without beginning a new round.

    What lies ahead counted as said already: the database refused it, and the customer failed
    every day.
    """
    env.flush_all()
    rows = env.execute_query(
        SQL(
            """
            UPDATE account_move_line l SET dunning_round = said_ahead.round + 1
              FROM (SELECT l.id, max(said.round) AS round
                      FROM dunning_notice_line said
                      JOIN dunning_notice n ON n.id = said.notice_id AND n.state = 'sent'
                      JOIN dunning_step s ON s.id = said.step_id
                      JOIN account_move_line l ON l.id = said.move_line_id
                 LEFT JOIN dunning_step taken ON taken.id = l.dunning_step_id
                     WHERE said.live AND said.advances AND l.reconciled IS NOT TRUE
                       AND said.round >= COALESCE(l.dunning_round, 0)
                       AND (taken.id IS NULL
                            OR s.policy_id = taken.policy_id
                               AND (s.sequence, s.id) > (taken.sequence, taken.id))
                  GROUP BY l.id) AS said_ahead
             WHERE l.id = said_ahead.id
         RETURNING l.id
            """
        )
    )
    env.invalidate_all()
    lines = env["account.move.line"].browse(line_id for (line_id,) in rows)
    for line in lines:
        _logger.info("%s was put back on its ladder: a new round begins", line.display_name)
    body = env._("Put back on its ladder in an earlier version: what lies ahead may be said again.")
    if lines:
        lines.move_id._message_log_batch(bodies=dict.fromkeys(lines.move_id.ids, body))
