from odoo import api, models
from odoo.tools import SQL


class DunningNotice(models.Model):
    """Time-barred items are not demanded: of a consumer never, of others if a manager decides.

    A formal notice interrupts nothing, except as a written claim to a public body.
    """

    _inherit = "dunning.notice"

    # ------------------------------------------------------------
    # MAY IT BE DEMANDED?
    # ------------------------------------------------------------

    def _get_nothing_left_refusal(self, rows):
        refusal = super()._get_nothing_left_refusal(rows)
        if not refusal or all(row["hold_reason"] != "time_barred" for row in rows):
            return refusal
        return self.env._(
            "The debt of a consumer is time-barred: demanding it would be misleading "
            "(articles L218-2 and L121-2 of the Code de la consommation)."
        )

    def _get_formal_doubts(self, rows):
        day = self._get_day()
        demanded = self._get_demanded_rows(rows)
        barred = [row for row in demanded if row["limitation_date"] <= day]
        return super()._get_formal_doubts(rows) | {"barred": barred}

    @api.model
    def _get_doubt_sentences(self):
        barred = self.env._("Time-barred, the customer may refuse to pay: %s.")
        return super()._get_doubt_sentences() | {"barred": barred}

    # ------------------------------------------------------------
    # INTERRUPTION
    # ------------------------------------------------------------

    def _after_sent(self, day):
        result = super()._after_sent(day)
        self._record_written_claims(day)
        return result

    def _record_written_claims(self, day):
        """The period of each claimed item begins anew (loi 68-1250, article 2).

        Once for each formal notice to a public body among these notices, which were just sent.
        """
        claims = self.filtered(lambda n: n.is_formal_notice and n._get_customer_kind() == "public")
        vals_list = [
            {
                "partner_id": notice.partner_id.commercial_partner_id.id,
                "company_id": notice.company_id.id,
                "move_line_ids": [(6, 0, lines.ids)],
                "kind": "written_claim",
                "date": day,
                "evidence": notice.name,
                "notice_id": notice.id,
                "attachment_ids": [(6, 0, notice.attachment_id.ids)],
            }
            for notice in claims
            if (lines := notice._get_claims_in_time(day))
        ]
        self.env["dunning.interruption"].sudo().create(vals_list)

    def _get_claims_in_time(self, day):
        """The claimed items that are not time-barred on ``day``."""
        lines = self._get_claimed_lines().filtered(lambda line: line.amount_residual > 0)
        rows = self.env["dunning.decision"]._get_rows(
            self.partner_id.ids,
            self.company_id.ids,
            SQL("id = ANY(%s) AND limitation_date > %s", lines.move_line_id.ids, day),
            shown=True,
        )
        return lines.move_line_id.browse(row["id"] for row in rows)
