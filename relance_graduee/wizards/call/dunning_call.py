from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.common.groups import INTERNAL_GROUP, USER_GROUP
from ...models.item.dunning_item import DAY

# Fields of the delivery that the form shows.
SHOWN_FIELDS = (
    "partner_id", "contact_id", "channel", "phone", "call_script", "last_contacts",
    "called_today", "amount_owed", "days_late",
)  # fmt: skip


class DunningCall(models.TransientModel):
    """Report of a call or visit.

    Everybody may open such a form, and name any delivery: it shows one only to who may read it.
    Related fields would not do: they read as superuser.
    """

    _name = "dunning.call"
    _inherit = ["dunning.answer"]
    _description = "Outcome of a call or visit"

    delivery_id = fields.Many2one("dunning.delivery", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Customer", compute="_compute_shown")
    contact_id = fields.Many2one("res.partner", string="Person", compute="_compute_shown")
    channel = fields.Selection(selection="_get_channel_selection", compute="_compute_shown")
    phone = fields.Char(compute="_compute_shown")
    call_script = fields.Text(compute="_compute_shown")
    last_contacts = fields.Text(compute="_compute_shown")
    called_today = fields.Char(compute="_compute_shown")
    amount_owed = fields.Monetary(string="Owed", compute="_compute_shown", help="Open today.")
    days_late = fields.Integer(compute="_compute_shown")
    also_closed = fields.Char(
        compute="_compute_also_closed", compute_sudo=True, groups=INTERNAL_GROUP
    )
    line_ids = fields.One2many("dunning.call.line", "call_id", string="What is contested")
    has_notice = fields.Boolean(
        compute="_compute_has_notice", compute_sudo=True, groups=INTERNAL_GROUP
    )
    accepts_date = fields.Boolean(
        string="We accept this date",
        groups=USER_GROUP,
        help="Until then these invoices do not hold deliveries. A collector accepts 15 days, a "
        "dunning manager 30, unless the settings say otherwise.",
    )
    send_duplicate = fields.Boolean(
        string="Send a certified duplicate of the invoices by e-mail",
        help="Overprinted and dated; the due date does not change.",
    )

    @api.model
    def _get_channel_selection(self):
        return self.env["dunning.channel"]._get_selection()

    @api.model_create_multi
    def create(self, vals_list):
        calls = super().create(vals_list)
        for call in calls:
            call.delivery_id._check_may_act()
        for call in calls.filtered(lambda each: not each.line_ids):
            call._fill_lines()
        return calls

    def _fill_lines(self):
        """The items that are talked about: one to tick when it is contested."""
        delivery = self.delivery_id.sudo()
        items = delivery._get_contestable_items(self.date)
        self.env["dunning.call.line"].create(
            [
                {
                    "call_id": self.id,
                    "move_line_id": item["line"].move_line_id.id,
                    "number": item["line"].number,
                    "date_maturity": item["line"].date_maturity,
                    "amount": item["amount"],
                    "currency_id": item["line"].notice_id.currency_id.id,
                    "is_contested": len(items) == 1,
                }
                for item in items
            ]
        )

    def _get_readable_delivery(self):
        """The delivery, as superuser, or none if the user may not read it."""
        return self.delivery_id.sudo(False)._filtered_access("read").sudo()

    @api.depends("delivery_id")
    @api.depends_context("uid", "lang", *DAY)
    def _compute_shown(self):
        for call in self:
            delivery = call._get_readable_delivery()
            call.update({name: delivery[name] for name in SHOWN_FIELDS})

    @api.depends("delivery_id")
    def _compute_currency_id(self):
        for call in self:
            call.currency_id = call._get_readable_delivery().currency_id

    @api.depends("delivery_id")
    def _compute_has_notice(self):
        for call in self:
            call.has_notice = bool(call._get_readable_delivery()._get_told_notice())

    @api.depends("delivery_id", "date")
    def _compute_also_closed(self):
        """Names of the notices whose calls this one closes as well."""
        for call in self:
            delivery = call._get_readable_delivery()
            siblings = delivery and delivery._get_siblings(call.date)
            names = (sibling._get_told_notice().display_name for sibling in siblings or ())
            call.also_closed = ", ".join(names)

    def action_close(self):
        """Close the call, and with it what else was planned for the customer.

        :raise UserError: the outcome, its date, or which invoices are contested is missing
        """
        self.ensure_one()
        if not self.outcome:
            raise UserError(self.env._("Choose what was said."))
        delivery = self.delivery_id
        delivery._check_may_act()
        notice = delivery.sudo()._get_told_notice()
        if self.outcome == "contests":
            delivery.sudo().contested_line_ids = self._get_contested_lines()
        if self.send_duplicate and not notice:
            raise UserError(self.env._("No notice tells which invoices are to be sent again."))
        named = delivery.sudo()._get_named_lines(self.date)
        self._record_on(delivery)
        self._accept(named)
        if self.send_duplicate and self.outcome == "not_received":
            notice._send_duplicates()
        return {"type": "ir.actions.act_window_close"}

    def _accept(self, lines):
        """Accept the date that the customer gave for ``lines``, if that was ticked."""
        if self.outcome == "will_pay" and self.sudo().accepts_date:
            reason = self.env._("Announced in an exchange with the customer")
            lines.sudo(False)._accept_dunning(self.outcome_date, self.note or reason)

    def _get_contested_lines(self):
        """The items that were ticked; the only one needs no tick.

        :return: ``account.move.line``
        :raise UserError: there are several and none was ticked
        """
        lines = self.line_ids.sudo()
        chosen = lines if len(lines) == 1 else lines.filtered("is_contested")
        if lines and not chosen:
            raise UserError(self.env._("Tick the invoices that are contested."))
        return chosen.move_line_id
