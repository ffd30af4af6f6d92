from odoo import fields, models


class DunningRunFailure(models.Model):
    """A customer whom a run could not serve: who, why, and what the developer needs."""

    _name = "dunning.run.failure"
    _description = "Failure of a dunning run"
    _inherit = ["dunning.company.owned"]
    _order = "id desc"

    run_id = fields.Many2one("dunning.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    partner_id = fields.Many2one("res.partner", string="Customer", ondelete="cascade")
    notice_id = fields.Many2one("dunning.notice", ondelete="cascade", index="btree_not_null")
    message = fields.Text(required=True)
    traceback = fields.Text(groups="base.group_system")
