from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.groups import ACCOUNTING_GROUPS
from ..common.words import has_words


class DunningNoticeLine(models.Model):
    """An item as a notice tells of it: a copy that outlives the entry it was made from.

    Written by ``dunning.proposal`` in SQL; amounts are in the notice's currency, credits are
    negative. ``claimed``: part of the notice's total; ``advances``: the item takes ``step_id``
    when the notice is sent; ``live``: the notice was not cancelled nor the line taken out.
    """

    _name = "dunning.notice.line"
    _description = "Line of a dunning notice"
    _inherit = ["dunning.company.owned"]
    _order = "notice_id, claimed desc, date_maturity, id"
    _log_access = False

    notice_id = fields.Many2one("dunning.notice", required=True, index=True, ondelete="cascade")
    # Two foreign keys less to check a line: a run writes many.
    company_id = fields.Many2one(related="notice_id.company_id")
    currency_id = fields.Many2one(related="notice_id.currency_id")
    state = fields.Selection(
        related="notice_id.state", groups=ACCOUNTING_GROUPS, string="Notice state"
    )
    move_line_id = fields.Many2one(
        "account.move.line", string="Journal item", index=True, ondelete="set null", readonly=True
    )
    move_id = fields.Many2one(
        related="move_line_id.move_id", groups=ACCOUNTING_GROUPS, string="Invoice"
    )
    number = fields.Char(readonly=True)
    invoice_date = fields.Date(readonly=True)
    date_maturity = fields.Date(string="Due date", readonly=True)
    label = fields.Char(readonly=True)
    order_reference = fields.Char(string="Your order", readonly=True)
    days_late = fields.Integer(readonly=True)
    amount_untaxed = fields.Monetary(string="Net", readonly=True)
    amount_gross = fields.Monetary(string="Gross", readonly=True)
    amount_paid = fields.Monetary(string="Paid", readonly=True)
    amount_residual = fields.Monetary(string="Balance", readonly=True)
    amount_interest = fields.Monetary(string="Late interest", readonly=True)
    amount_indemnity = fields.Monetary(string="Recovery indemnity", readonly=True)
    step_id = fields.Many2one("dunning.step", ondelete="restrict", readonly=True)
    round = fields.Integer(readonly=True)
    claimed = fields.Boolean(readonly=True)
    advances = fields.Boolean(readonly=True, help="The item takes this step; else only listed.")
    live = fields.Boolean(readonly=True)
    removed_reason = fields.Char(string="Taken out because", readonly=True)

    # The database itself refuses to say the same thing twice.
    _said_once = models.UniqueIndex(
        "(move_line_id, step_id, round) WHERE live AND advances",
        "This item already took this step.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_not_fixed(self.env["dunning.notice"].browse(v["notice_id"] for v in vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._check_not_fixed(self.notice_id)
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_sent(self):
        self._check_not_fixed(self.notice_id)

    def _check_not_fixed(self, notices):
        """:raise UserError: what was approved or sent is not changed; the machine alone makes the
        lines of an approved notice anew, of the same items
        """
        states = set(notices.mapped("state"))
        if "sent" in states:
            raise UserError(self.env._("This notice was sent: it can no longer be changed."))
        if "approved" in states:
            notices._check_not_approved()

    def action_open_move(self):
        self.ensure_one()
        return self.move_id._get_records_action() if self.move_id else False

    def action_take_out(self):
        """Open the question: why is this invoice not to be part of this notice?"""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take out of this notice"),
            "res_model": "dunning.take.out",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_ids": self.ids},
        }

    def _take_out(self, reason):
        """Leave these items out of their proposal; they return with the customer's next notice.

        :raise UserError: the notice was approved or sent, or no reason is given
        """
        self.notice_id._check_may_act()
        self.notice_id._check_not_approved()
        if not has_words(reason):
            raise UserError(self.env._("Say why this invoice is taken out."))
        self.sudo().write({"live": False, "claimed": False, "removed_reason": reason})
        for notice, lines in self.grouped("notice_id").items():
            notice._update_totals()
            notice._message_log(
                body=self.env._(
                    "%(numbers)s taken out: %(reason)s",
                    numbers=", ".join(lines.mapped("number")),
                    reason=reason,
                )
            )
