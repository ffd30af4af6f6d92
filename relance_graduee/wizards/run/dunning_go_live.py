from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...models.common.groups import MANAGER_GROUP
from ...models.common.words import labelled
from ...models.item.dunning_item import AGE_BUCKETS

# Hold reasons of items that would leave: none, or only proposed until now.
LEAVING = SQL("(hold_reason IS NULL OR hold_reason = 'proposed')")


class DunningGoLive(models.TransientModel):
    """Summary of the first live run, to read and confirm."""

    _name = "dunning.go.live"
    _description = "Switch the dunning mode"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    mode = fields.Selection(related="company_id.dunning_mode")
    bank_warning = fields.Char(related="company_id.dunning_bank_warning")
    misconfiguration = fields.Text(related="company_id.dunning_misconfiguration")
    age_ids = fields.One2many("dunning.go.live.age", "wizard_id", compute="_compute_lines")
    channel_summary = fields.Text(string="Tomorrow", compute="_compute_channel_summary")
    old_count = fields.Integer(
        string="Old items without any step",
        compute="_compute_old_count",
        help="More than 60 days late: each of their notices waits for a person.",
    )

    @api.depends("company_id")
    def _compute_lines(self):
        for wizard in self:
            currency = {"currency_id": wizard.currency_id.id}
            wizard.age_ids = self.env["dunning.go.live.age"].create(
                [{**age, **currency} for age in wizard._prepare_ages()]
            )

    def _get_rows(self, select, group):
        """Read the decision for the next working day, grouped."""
        self._check_own_company()
        company = self.company_id
        tomorrow = company._get_dunning_today() + timedelta(days=1)
        day = company._add_dunning_working_days(tomorrow, 0)
        decision = self.env["dunning.decision"].with_context(dunning_date=day)
        return self.env.execute_query_dict(
            SQL(
                "SELECT %s FROM (%s) AS decision GROUP BY %s",
                select,
                decision._get_query(company_ids=company.ids),
                group,
            )
        )

    def _check_own_company(self):
        """:raise AccessError: the user works neither in the company nor in one of its branches"""
        if self.company_id not in self.env.user.company_ids.sudo().root_id and not self.env.su:
            raise AccessError(self.env._("You have no access to this company."))

    def _prepare_ages(self):
        """Amount and number by age, and the step from which each age would start."""
        age = self.env["dunning.item"]._get_age_sql()
        rows = self._get_rows(
            SQL(
                """%(age)s AS age, count(*) AS item_count, SUM(amount_residual_company) AS amount,
                   count(*) FILTER (WHERE joins AND %(leaving)s) AS ready_count,
                   mode() WITHIN GROUP (ORDER BY next_step_id) AS step_id""",
                age=age,
                leaving=LEAVING,
            ),
            age,
        )
        order = [code for code, _label in AGE_BUCKETS]
        return sorted(rows, key=lambda row: order.index(row["age"]))

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_channel_summary(self):
        labels = dict(
            self.env["dunning.delivery"]._fields["channel"]._description_selection(self.env)
        )
        for wizard in self:
            counts = wizard._get_channel_counts()
            wizard.channel_summary = "\n".join(
                labelled(self.env, labels[code], count) for code, count in counts.items()
            ) or self.env._("Nothing would leave tomorrow.")

    def _get_channel_counts(self):
        """Channel code -> how many customers would be contacted that way tomorrow."""
        rows = self._get_rows(
            SQL(
                """partner_id, currency_id,
                   (array_agg(next_step_id ORDER BY next_rank DESC)
                       FILTER (WHERE joins AND %s))[1] AS step_id,
                   bool_or(is_old AND joins) AS is_old""",
                LEAVING,
            ),
            SQL("partner_id, currency_id"),
        )
        counts = {}
        steps = self.env["dunning.step"].browse(row["step_id"] for row in rows if row["step_id"])
        automatic = {step.id for step in steps if step._is_automatic()}
        for row in rows:
            if row["step_id"] in automatic and not row["is_old"]:
                for code in steps.browse(row["step_id"])._get_channels():
                    counts[code] = counts.get(code, 0) + 1
        return counts

    @api.depends("company_id")
    def _compute_old_count(self):
        for wizard in self:
            rows = wizard._get_rows(
                SQL("count(*) FILTER (WHERE is_old AND joins) AS old_count"), SQL("()")
            )
            wizard.old_count = rows[0]["old_count"] if rows else 0

    def action_go_live(self):
        return self._set_mode("live")

    def action_go_discovery(self):
        return self._set_mode("discovery")

    def _set_mode(self, mode):
        """:raise AccessError: only a dunning manager may decide this
        :raise UserError: our own settings would keep everything from leaving
        """
        self.ensure_one()
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("Only dunning managers may do this."))
        self._check_own_company()
        problems = self.company_id._get_dunning_misconfigurations() if mode == "live" else []
        if problems:
            raise UserError("\n".join(problems))
        self.company_id.sudo().dunning_mode = mode
        return {"type": "ir.actions.client", "tag": "reload"}


class DunningGoLiveAge(models.TransientModel):
    _name = "dunning.go.live.age"
    _description = "Open amounts by age"

    wizard_id = fields.Many2one("dunning.go.live", ondelete="cascade")
    currency_id = fields.Many2one("res.currency", readonly=True)
    age = fields.Selection(AGE_BUCKETS, readonly=True)
    item_count = fields.Integer(string="Items", readonly=True)
    amount = fields.Monetary(readonly=True)
    ready_count = fields.Integer(string="Ready tomorrow", readonly=True)
    step_id = fields.Many2one("dunning.step", string="Would start with", readonly=True)
