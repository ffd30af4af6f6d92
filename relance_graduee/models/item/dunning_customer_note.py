from odoo import api, fields, models
from odoo.exceptions import UserError

NOTE_KINDS = [("pause", "Reminders paused"), ("resume", "Reminders resumed")]


class DunningCustomerNote(models.Model):
    """What a company decided or asked about a customer, and why.

    Customers are shared by companies, and every employee reads their chatter: there it says that
    something was decided, here why. Rows are of one company, written by the decision itself, and
    never changed or deleted; what time makes forget is erased (``dunning.retention``).
    """

    _name = "dunning.customer.note"
    _inherit = ["mail.thread", "mail.activity.mixin", "dunning.company.owned"]
    _description = "Decision about a customer"
    _order = "id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, readonly=True,
        ondelete="cascade",
    )  # fmt: skip
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    kind = fields.Selection(NOTE_KINDS, string="What", required=True, readonly=True)
    date_until = fields.Date(string="Until", readonly=True)
    reason = fields.Text(string="Because", readonly=True)
    user_id = fields.Many2one("res.users", string="By", readonly=True)
    date = fields.Datetime(string="On", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        raise UserError(self.env._("Decisions about a customer are kept when they are taken."))

    def write(self, vals):
        if any(not name.startswith(("activity_", "message_")) for name in vals):
            raise UserError(self.env._("What was decided, and why, is not changed afterwards."))
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_never(self):
        raise UserError(self.env._("Decisions about a customer are not deleted."))

    @api.model
    def _log(self, partners, kind, reason, until=False):
        """Keep a decision about these customers, for the root of the company in context.

        :param until: the last day it holds
        """
        vals = {
            "company_id": self.env.company.sudo().root_id.id,
            "kind": kind,
            "date_until": until,
            "reason": reason,
            "user_id": self.env.uid,
            "date": fields.Datetime.now(),
        }
        return self._keep(
            [{**vals, "partner_id": partner.id} for partner in partners.commercial_partner_id]
        )

    @api.model
    def _keep(self, vals_list):
        """Write these rows down, past our own ``create``, which refuses."""
        past_ours = super(DunningCustomerNote, self.sudo())
        return past_ours.create(vals_list)

    def _erase(self):
        """Forget why: the time for which notes on persons are kept is over."""
        past_ours = super(DunningCustomerNote, self.sudo())
        return past_ours.write({"reason": False})
