from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..worklist.section import Section

# A message that came back longer ago than this is no longer news.
FAILED_DAYS = 30


class DunningToday(models.Model):
    _inherit = "dunning.today"

    @api.model
    def _get_sections(self):
        return [
            *super()._get_sections(),
            self._prepare_delivery_section(
                code="undelivered",
                place=20,
                label=self.env._("E-mails that came back, letters not posted"),
                action="relance_graduee.dunning_delivery_undelivered_action",
                is_alert=True,
            ),
            self._prepare_delivery_section(
                code="letters",
                place=50,
                label=self.env._("Letters to print and post"),
                action="relance_graduee.dunning_delivery_letter_action",
            ),
            self._prepare_delivery_section(
                code="handover",
                place=80,
                label=self.env._("Files to hand over"),
                action="relance_graduee.dunning_delivery_handover_action",
            ),
        ]

    @api.model
    def _prepare_delivery_section(self, code, **values):
        return Section(
            code=code,
            model="dunning.delivery",
            domain=f"_get_{code}_domain",
            context={"create": False},
            **values,
        )

    @api.model
    def _get_undelivered_domain(self):
        """Messages that reached nobody by any way, about something still owed; late letters."""
        day = self.env.company._get_dunning_day()
        came_back = (
            Domain("state", "=", "failed")
            & Domain("date_planned", ">=", day - timedelta(days=FAILED_DAYS))
            & Domain("notice_id.line_ids", "any", self._get_open_line_domain())
            & ~Domain("notice_id.delivery_ids", "any", [("date_contact", "!=", False)])
        )
        return came_back | self._get_to_post_domain() & Domain("date_planned", "<", day)

    @api.model
    def _get_letters_domain(self):
        day = self.env.company._get_dunning_day()
        return self._get_to_post_domain() & Domain("date_planned", ">=", day)

    @api.model
    def _get_to_post_domain(self):
        return Domain("state", "=", "todo") & Domain("is_posted", "=", True)

    @api.model
    def _get_handover_domain(self):
        return Domain("state", "=", "todo") & Domain("channel", "=", "handover")
