from odoo import api, models
from odoo.tools import SQL


class DunningNotice(models.Model):
    """Whether the words of a notice may still leave, and whether those before it did."""

    _inherit = "dunning.notice"

    # ------------------------------------------------------------
    # AT THE MOMENT IT LEAVES
    # ------------------------------------------------------------

    def _get_stop_sentence(self):
        """Why a message of this notice that still waits does not leave any more, or None.

        Asked of the decision, for every reason: paid or covered meanwhile, or a claimed item is
        left alone since (disputed, paused, insolvent, ...).
        """
        self.ensure_one()
        decision = self.env["dunning.decision"].with_context(dunning_date=False)
        rows = decision._get_rows(self.partner_id.commercial_partner_id.ids, self.company_id.ids)
        owed = {row["id"]: row for row in rows if row["amount_residual"] > 0}
        lines = self.line_ids.filtered(lambda line: line.live and line.advances)
        if not any(owed.get(line.move_line_id.id) for line in lines):
            return self.env._("Everything was paid before it left.")
        claimed = self._get_claimed_lines() | lines
        reasons = {owed[id_]["hold_reason"] for id_ in claimed.move_line_id.ids if id_ in owed}
        alone = reasons & set(decision._get_hold_codes(on_notices=False))
        if not alone and all(self._is_covered(owed, line) for line in lines):
            alone = reasons
        labels = dict(decision._get_hold_selection())
        words = ", ".join(label for code, label in labels.items() if code in alone)
        return words and self.env._("Held before it left: %s.", words)

    def _is_covered(self, owed, line):
        row = owed.get(line.move_line_id.id)
        return not row or row["amount_covered"] >= row["amount_residual"]

    # ------------------------------------------------------------
    # WORDS BEFORE A FORMAL NOTICE
    # ------------------------------------------------------------

    def _get_formal_rows(self):
        """Adds ``words`` to each row: whether its last words left. One query for all."""
        rows = super()._get_formal_rows()
        words = self._get_last_words([row["id"] for own in rows.values() for row in own])
        for own in rows.values():
            for row in own:
                row["words"] = words.get(row["id"])
        return rows

    def _get_last_words(self, line_ids):
        """Journal item id -> ``"left"``, ``"waiting"`` or ``"unsaid"``; none of ours: no key.

        Of the last notice that was sent about it, by the ways that reach the customer. What a
        queue was given has a day to leave.
        """
        if not line_ids:
            return {}
        self.env["dunning.delivery"].flush_model()
        self.env["dunning.notice.line"].flush_model()
        self.flush_model(["state", "date"])
        channels = self.env["dunning.channel"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT last.move_line_id,
                       CASE WHEN bool_or(d.state = 'done' OR given.to_queue AND given.is_new)
                            THEN 'left'
                            WHEN bool_or(given.to_queue) THEN 'waiting' ELSE 'unsaid' END
                  FROM (SELECT DISTINCT ON (said.move_line_id) said.move_line_id, n.id
                          FROM dunning_notice_line said
                          JOIN dunning_notice n ON n.id = said.notice_id
                         WHERE said.move_line_id = ANY(%(ids)s) AND said.live AND said.advances
                           AND n.state = 'sent'
                      ORDER BY said.move_line_id, n.date DESC, n.id DESC) AS last
                  JOIN dunning_delivery d ON d.notice_id = last.id
            CROSS JOIN LATERAL (
                       SELECT d.state = 'todo' AND d.channel = ANY(%(queued)s) AS to_queue,
                              d.create_date > now() AT TIME ZONE 'UTC' - interval '1 day' AS is_new
                       ) AS given
                 WHERE d.channel = ANY(%(reaching)s) AND d.is_accountant_copy IS NOT TRUE
              GROUP BY last.move_line_id
                """,
                ids=line_ids,
                queued=channels._get_channels(is_queued=True),
                reaching=channels._get_channels(reaches_customer=True),
            )
        )
        return dict(rows)

    def _get_formal_refusals(self, rows):
        """Adds earlier words that wait in a queue: they leave, or fail, before."""
        waiting = [r for r in self._get_demanded_rows(rows) if r.get("words") == "waiting"]
        refusals = super()._get_formal_refusals(rows)
        if waiting:
            sentence = self.env._("The reminder before it has not left yet: %s.")
            refusals.append(sentence % self._get_numbers(waiting))
        return refusals

    def _get_formal_doubts(self, rows):
        """Adds earlier words that did not leave."""
        unsaid = [r for r in self._get_demanded_rows(rows) if r.get("words") == "unsaid"]
        return super()._get_formal_doubts(rows) | {"unsaid": unsaid}

    @api.model
    def _get_doubt_sentences(self):
        sentence = self.env._("The reminder before it did not reach anybody: %s.")
        return super()._get_doubt_sentences() | {"unsaid": sentence}
