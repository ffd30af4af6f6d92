from odoo import api, models

from ..common.groups import MANAGER_GROUP
from ..worklist.section import Section


class DunningToday(models.Model):
    _inherit = "dunning.today"

    @api.model
    def _get_sections(self):
        """The banner opens the page that ends discovery, which is for managers."""
        section = Section(
            code="discovery",
            place=10,
            label=self.env._("Discovery mode: reminders are proposed, nothing is sent"),
            action="relance_graduee.dunning_go_live_action",
            group=MANAGER_GROUP,
            is_banner=True,
            hint=self._get_discovery_hint(),
        )
        return [*super()._get_sections(), section]

    @api.model
    def _get_discovery_hint(self):
        if self.env.user.has_group(MANAGER_GROUP):
            return self.env._("Read what would happen, then switch to live.")
        return self.env._(
            "Notices can be looked at and corrected. A dunning manager switches to live."
        )

    @api.model
    def _get_shown_sections(self):
        shown = super()._get_shown_sections()
        if self._is_discovery():
            return shown
        return [section for section in shown if section.code != "discovery"]

    @api.model
    def _is_discovery(self):
        return "discovery" in self._get_companies().sudo().mapped("dunning_mode")
