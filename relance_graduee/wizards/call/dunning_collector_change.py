from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...models.common.groups import MANAGER_GROUP


class DunningCollectorChange(models.TransientModel):
    """Hands over what a collector follows, customers and open tasks, to somebody else at once."""

    _name = "dunning.collector.change"
    _description = "Replace a collector"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id
    )
    old_user_id = fields.Many2one(
        "res.users", string="Who leaves", required=True, context={"active_test": False}
    )
    new_user_id = fields.Many2one(
        "res.users", string="Who follows", required=True, domain="[('share', '=', False)]"
    )
    customer_count = fields.Integer(string="Customers", compute="_compute_counts")
    task_count = fields.Integer(string="Open calls, visits and tasks", compute="_compute_counts")

    @api.depends("company_id", "old_user_id")
    def _compute_counts(self):
        for change in self:
            change.customer_count = len(change._get_customers())
            change.task_count = len(change._get_deliveries()) + len(change._get_activities())

    # ------------------------------------------------------------
    # OF WHO LEAVES
    # ------------------------------------------------------------

    def _get_customers(self):
        """The customers followed in this company, archived ones too."""
        partners = self.env["res.partner"].sudo().with_company(self.company_id.root_id)
        if not self.old_user_id:
            return partners
        return partners.with_context(active_test=False).search(
            [("dunning_user_id", "=", self.old_user_id.id)]
        )

    def _get_deliveries(self):
        """The calls, visits and letters that wait."""
        return (
            self.env["dunning.delivery"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.root_id.id),
                    ("user_id", "=", self.old_user_id.id),
                    ("state", "in", ("todo", "failed")),
                ]
            )
        )

    def _get_activities(self):
        """The open tasks on notices of this company and on the customers handed over."""
        notices = self.env["dunning.notice"].sudo()
        tasks = self.env["mail.activity"].sudo()
        own = tasks.search(
            [("user_id", "=", self.old_user_id.id), ("res_model", "in", self._get_task_models())]
        )
        told = own.filtered(lambda task: task.res_model == notices._name)
        mine = notices.search(
            [("id", "in", told.mapped("res_id")), ("company_id", "=", self.company_id.root_id.id)]
        )
        customers = self._get_customers()
        return own.filtered(
            lambda task: task.res_id in (mine if task.res_model == notices._name else customers).ids
        )

    @api.model
    def _get_task_models(self):
        return ["dunning.notice", "res.partner"]

    # ------------------------------------------------------------
    # HAND OVER
    # ------------------------------------------------------------

    def action_replace(self):
        """Hand over the customers, and the calls, visits and tasks that wait.

        :raise AccessError: the user is no dunning manager of this company
        :raise UserError: who follows cannot be asked in this company
        """
        self.ensure_one()
        self._check_may_replace()
        activities, deliveries = self._get_activities(), self._get_deliveries()
        self._get_customers().write({"dunning_user_id": self.new_user_id.id})
        deliveries.write({"user_id": self.new_user_id.id})
        activities.write({"user_id": self.new_user_id.id})
        return {"type": "ir.actions.act_window_close"}

    def _check_may_replace(self):
        user, company = self.env.user, self.company_id.sudo().root_id
        is_manager = self.env.su or user.has_group(MANAGER_GROUP)
        if not is_manager or (company not in user.company_ids.root_id and not self.env.su):
            raise AccessError(self.env._("Only dunning managers may do this."))
        if self.new_user_id == self.old_user_id:
            raise UserError(self.env._("Choose somebody else."))
        if not company._filter_dunning_able(self.new_user_id):
            raise UserError(
                self.env._(
                    "%s cannot follow customers here: archived, or without access to the company.",
                    self.new_user_id.sudo().name,
                )
            )
