from odoo import api, models
from odoo.tools import SQL

from ..item.account_move_line import STEP_FIELDS


class AccountMoveLine(models.Model):
    """Instalments advance by what was sent."""

    _inherit = "account.move.line"

    @api.model
    def _advance_dunning(self, notices, day):
        """Advance the items of ``notices`` (sent on ``day``) to the steps they took. One UPDATE."""
        notices.line_ids.flush_recordset()
        self.flush_model(STEP_FIELDS)
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move_line l
                   SET dunning_step_id = said.step_id, dunning_step_date = %s,
                       dunning_round = said.round
                  FROM dunning_notice_line said
                 WHERE said.notice_id = ANY(%s) AND said.live AND said.advances
                   AND l.id = said.move_line_id
                """,
                day,
                notices.ids,
            )
        )
        self.invalidate_model(STEP_FIELDS)

    @api.model
    def _begin_dunning_rounds(self, policies):
        """The ladders of ``policies`` were put in another order: a step that was said and lies
        ahead again may be said again. One UPDATE, of the open items that this concerns.
        """
        self.env["dunning.step"].flush_model()
        self.flush_model(STEP_FIELDS)
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move_line l
                   SET dunning_round = COALESCE(l.dunning_round, 0) + 1
                  FROM dunning_step taken
                 WHERE taken.policy_id = ANY(%s) AND l.dunning_step_id = taken.id
                   AND l.reconciled IS NOT TRUE
                   AND EXISTS (SELECT 1 FROM dunning_notice_line said
                                 JOIN dunning_step s ON s.id = said.step_id
                                WHERE said.move_line_id = l.id AND said.live AND said.advances
                                  AND said.round = COALESCE(l.dunning_round, 0)
                                  AND s.policy_id = taken.policy_id
                                  AND (s.sequence, s.id) > (taken.sequence, taken.id))
                """,
                policies.ids,
            )
        )
        self.invalidate_model(STEP_FIELDS)
