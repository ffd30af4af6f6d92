from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..common.groups import MANAGER_GROUP
from ..worklist.section import Section
from .dunning_run_trouble import HANGING_HOURS


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
        return [*super()._get_sections(), section, *self._get_trouble_sections()]

    @api.model
    def _get_trouble_sections(self):
        """What no reminder tells of: runs that failed or hang, customers who were not served."""
        return [
            Section(
                code="failed_runs",
                place=200,
                label=self.env._("Runs that failed, hang or did not begin"),
                model="dunning.run",
                domain="_get_failed_runs_domain",
                action="relance_graduee.dunning_run_action",
                nothing=self.env._("The last run, if it failed, stopped halfway or never began."),
                is_alert=True,
            ),
            Section(
                code="not_served",
                place=210,
                label=self.env._("Customers whom the last run could not serve"),
                model="dunning.run.failure",
                domain="_get_not_served_domain",
                action="relance_graduee.dunning_run_failure_action",
                context={"create": False},
                is_alert=True,
            ),
        ]

    @api.model
    def _get_failed_runs_domain(self):
        limit = fields.Datetime.now() - timedelta(hours=HANGING_HOURS)
        hanging = Domain("date_alive", "=", False) | Domain("date_alive", "<", limit)
        failed = Domain("state", "=", "failed") | Domain("state", "=", "running") & hanging
        for company in self._get_companies():
            if self.env["dunning.run"]._is_due(company):
                # the last one, of a day before: today's did not begin, and nobody noted it
                before = Domain("date", "<", company._get_dunning_today())
                failed |= Domain("company_id", "=", company.id) & before
        return Domain("id", "in", self._get_last_run_ids()) & failed

    @api.model
    def _get_not_served_domain(self):
        return (
            Domain("run_id", "in", self._get_last_run_ids())
            & Domain("partner_id", "!=", False)
            & Domain("notice_id", "=", False)
        )

    @api.model
    def _get_last_run_ids(self):
        """The last run of each company: of those before it nothing is left to do."""
        self.env["dunning.run"].flush_model(["company_id", "date"])
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (company_id) id FROM dunning_run
                    WHERE company_id = ANY(%s) ORDER BY company_id, date DESC, id DESC""",
                self._get_companies().ids,
            )
        )
        return [run_id for (run_id,) in rows]

    @api.model
    def _get_own_domain(self, model):
        """A run is everybody's."""
        return Domain.TRUE if model == "dunning.run" else super()._get_own_domain(model)

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
