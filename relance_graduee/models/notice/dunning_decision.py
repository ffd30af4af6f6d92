from odoo import api, models
from odoo.tools import SQL, LazyTranslate

from ..item.fact import Fact
from ..item.hold_reason import OWED, HoldReason

_lt = LazyTranslate(__name__)


class DunningDecision(models.AbstractModel):
    """Notices that were sent or are about to leave make the next step wait.

    One notice at a time, some days between contacts, nothing before the deadline of a formal
    notice, and what a person cancelled is not proposed again at once.
    """

    _inherit = "dunning.decision"

    @api.model
    def _get_flushed_fields(self):
        own = dict.fromkeys(("dunning.notice", "dunning.notice.line", "dunning.delivery"))
        return super()._get_flushed_fields() | own

    @api.model
    def _get_hold_reasons(self):
        sentence = _lt("Proposed: a reminder awaits its approval or its sending")
        proposed = HoldReason("proposed", _lt("Proposed"), 130, sentence, goes_on=True, **OWED)
        return [*super()._get_hold_reasons(), proposed]

    @api.model
    def _get_step_conditions(self):
        proposed = SQL("decided.live_notice_id IS NOT NULL")
        return [*super()._get_step_conditions(), ("proposed", proposed)]

    @api.model
    def _get_facts(self, family):
        return [
            *super()._get_facts(family),
            self._get_live_fact(family),
            self._get_contact_fact(family),
            self._get_formal_fact(family),
        ]

    @api.model
    def _get_live_fact(self, family):
        """Notices that are proposed or approved: one at a time in a currency."""
        return Fact(
            name="notice_id",
            type="int",
            keys=SQL("n.company_id, p.commercial_partner_id, n.currency_id"),
            value=SQL("n.id"),
            source=SQL(
                """dunning_notice n JOIN res_partner p ON p.id = n.partner_id
             WHERE n.state IN ('proposed', 'approved') %s""",
                self._get_partner_filter(family, SQL("n.partner_id")),
            ),
            of_customer=False,
        )

    @api.model
    def _get_contact_fact(self, family):
        """Contacts, as far back as any policy looks."""
        return Fact(
            name="contact_date",
            type="date",
            keys=SQL("d.company_id, p.commercial_partner_id, NULL"),
            value=SQL("d.date_contact"),
            source=SQL(
                """dunning_delivery d JOIN res_partner p ON p.id = d.partner_id
             WHERE d.date_contact > (SELECT min(day) FROM company)
                                    - (SELECT COALESCE(max(min_contact_days), 0)
                                         FROM dunning_policy) %s""",
                self._get_partner_filter(family, SQL("d.partner_id")),
            ),
        )

    @api.model
    def _get_formal_fact(self, family):
        """Formal notices whose deadline has not passed.

        One that did not arrive has no deadline any more: nothing follows it sooner for that.
        """
        return Fact(
            name="formal_deadline",
            type="date",
            keys=SQL("n.company_id, p.commercial_partner_id, NULL"),
            value=SQL("COALESCE(n.answer_deadline, n.printed_deadline)"),
            source=SQL(
                """dunning_notice n JOIN res_partner p ON p.id = n.partner_id
             WHERE n.state = 'sent' AND n.is_formal_notice
               AND (n.answer_deadline >= (SELECT min(day) FROM company)
                    OR n.answer_deadline IS NULL
                       AND n.printed_deadline >= (SELECT min(day) FROM company)) %s""",
                self._get_partner_filter(family, SQL("n.partner_id")),
            ),
        )

    @api.model
    def _get_cancelled_sql(self):
        """Items of a proposal that a person cancelled lately, until they may be proposed again."""
        return SQL(
            """
            SELECT nl.move_line_id, max(n.hold_until) AS hold_until
              FROM dunning_notice n JOIN dunning_notice_line nl ON nl.notice_id = n.id
             WHERE n.state = 'cancelled' AND n.hold_until > (SELECT min(day) FROM company)
               AND nl.move_line_id IS NOT NULL
          GROUP BY nl.move_line_id
            """
        )

    @api.model
    def _get_dated_columns(self):
        return super()._get_dated_columns() | {
            "live_notice_id": SQL("standing.notice_id"),
            "formal_deadline": SQL("standing.formal_deadline"),
            "contact_until": SQL("standing.contact_date + ladder.min_contact_days"),
            "cancelled_until": SQL("cancelled.hold_until"),
        }

    @api.model
    def _get_dated_joins(self):
        return SQL(
            "%s LEFT JOIN (%s) AS cancelled ON cancelled.move_line_id = netted.id",
            super()._get_dated_joins(),
            self._get_cancelled_sql(),
        )

    @api.model
    def _get_go_dates(self):
        return [
            *super()._get_go_dates(),
            SQL("dated.contact_until"),
            SQL("dated.formal_deadline + 1"),
            SQL("dated.cancelled_until"),
        ]

    @api.model
    def _get_joins_conditions(self):
        free = SQL("(decided.cancelled_until IS NULL OR decided.cancelled_until <= decided.day)")
        return [*super()._get_joins_conditions(), free]
