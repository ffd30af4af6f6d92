from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..common.groups import USER_GROUP
from ..common.words import has_words
from ..item.dunning_counterpart import WRITTEN_OFF

KINDS = [("interest", "Late interest"), ("indemnity", "Recovery indemnity")]
STATES = [
    ("accrued", "Accrued"),
    ("claimed", "Claimed"),
    ("paid", "Paid"),
    ("waived", "Waived"),
]


class DunningPenalty(models.Model):
    """The ledger of penalties: debts of a late instalment beyond its principal.

    One row an instalment and kind. It is reckoned in the background and whenever a notice needs
    it, survives the payment of the invoice, and books nothing: accounting entries are made by a
    person alone (C. com. L441-10 II and D441-5; CCP L2192-13, D2192-35; C. civ. 1231-6).

    ``amount_accrued`` up to ``accrued_until`` = ``amount_paid`` + ``amount_waived`` +
    ``amount_due`` + what of a debit note was written off, all in the currency of the invoice.
    ``is_final``: the invoice is paid, nothing more accrues. Nothing is written but by the methods
    of this model.
    """

    _name = "dunning.penalty"
    _description = "Penalty for late payment"
    _inherit = ["dunning.company.owned"]
    _order = "date_maturity desc, id"
    _rec_name = "number"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True,
        ondelete="restrict",
    )  # fmt: skip
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    move_line_id = fields.Many2one(
        "account.move.line", string="Journal item", readonly=True, index=True, ondelete="set null"
    )
    move_id = fields.Many2one(
        "account.move", string="Invoice", readonly=True, index=True, ondelete="set null"
    )
    number = fields.Char(string="Invoice number", readonly=True)
    invoice_date = fields.Date(readonly=True)
    date_maturity = fields.Date(string="Due date", readonly=True, index=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    state = fields.Selection(
        STATES, compute="_compute_amounts", store=True, index=True, default="accrued"
    )
    amount_accrued = fields.Monetary(string="Accrued", readonly=True)
    accrued_until = fields.Date(string="Reckoned up to", readonly=True)
    is_final = fields.Boolean(
        string="Invoice paid", readonly=True, help="The invoice is paid: nothing more accrues."
    )
    missing = fields.Char(
        string="Missing rate",
        readonly=True,
        help="The semester whose rate is missing: the interest stands where it was last reckoned.",
    )
    sheet = fields.Json(readonly=True, prefetch=False)  # large, and seldom asked for
    checked_at = fields.Datetime(readonly=True)
    amount_claimed = fields.Monetary(string="Claimed", readonly=True)
    claimed_on = fields.Date(readonly=True)
    notice_id = fields.Many2one(
        "dunning.notice",
        string="Claimed by",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    amount_booked = fields.Monetary(
        string="Paid outside debit notes", readonly=True, help="What a person noted as paid."
    )
    booked_on = fields.Date(readonly=True)
    amount_paid = fields.Monetary(string="Paid", compute="_compute_amounts", store=True)
    amount_noted = fields.Monetary(
        string="On debit notes",
        compute="_compute_amounts",
        store=True,
        help="Stands on debit notes that are not cancelled, paid or not.",
    )
    amount_waived = fields.Monetary(string="Waived", readonly=True)
    is_waived = fields.Boolean(
        readonly=True, help="Also what would still accrue: nothing of it is ever claimed."
    )
    waived_by = fields.Many2one("res.users", readonly=True)
    waived_on = fields.Date(readonly=True)
    waive_reason = fields.Char(readonly=True)
    amount_due = fields.Monetary(string="Still due", compute="_compute_amounts", store=True)
    to_attach = fields.Boolean(
        string="With the next reminder",
        readonly=True,
        help="Claimed by the customer's next reminder, whatever its step.",
    )
    attached_notice_id = fields.Many2one(
        "dunning.notice", readonly=True, index="btree_not_null", ondelete="set null"
    )
    debit_line_ids = fields.One2many("account.move.line", "dunning_penalty_id", readonly=True)

    _line_kind_uniq = models.UniqueIndex(
        "(move_line_id, kind)", "This instalment already has a penalty of this kind."
    )

    _attached_idx = models.Index("(partner_id) WHERE to_attach")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends(
        "amount_accrued",
        "amount_booked",
        "amount_waived",
        "is_waived",
        "amount_claimed",
        "debit_line_ids.parent_state",
        "debit_line_ids.price_total",
        "debit_line_ids.move_id.amount_residual",
        "debit_line_ids.move_id.payment_state",
    )
    def _compute_amounts(self):
        notes = self.debit_line_ids.filtered(lambda line: line._is_live_penalty())
        settled = notes and self.env["dunning.counterpart"]._get_settled(notes.move_id)
        lost = {note.id: settled[note.id].get(WRITTEN_OFF, 0) for note in notes.move_id}
        for penalty in self:
            penalty._update_amounts(penalty.debit_line_ids & notes, lost)

    def _update_amounts(self, notes, lost):
        """:param lost: id of a debit note -> what of it was written off"""
        self.ensure_one()
        currency = self.currency_id
        parts = [line._get_settled_penalty(lost[line.move_id.id]) for line in notes]
        paid = self.amount_booked + sum(paid for paid, _lost in parts)
        given_up = self.amount_waived + sum(written_off for _paid, written_off in parts)
        left = currency.round(self.amount_accrued - paid - given_up)
        self.amount_noted = sum(notes.mapped("price_total"))
        self.amount_paid = currency.round(paid)
        self.amount_due = 0 if self.is_waived else max(left, 0)
        self.state = self._get_state(notes, given_up)

    def _get_state(self, notes, given_up):
        """The code of ``STATES`` that the amounts of this penalty and its debit notes say."""
        self.ensure_one()
        if not self.amount_due and (self.is_waived or given_up):
            return "waived"
        if not self.amount_due and self.amount_paid:
            return "paid"
        if self.amount_claimed or any(line.parent_state == "posted" for line in notes):
            return "claimed"
        return "accrued"

    @api.depends("number", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for penalty in self:
            penalty.display_name = f"{penalty.number or ''} – {labels.get(penalty.kind, '')}"

    # ------------------------------------------------------------
    # DECISIONS OF A PERSON
    # ------------------------------------------------------------

    def _check_may_act(self):
        """:raise AccessError: only collectors decide about penalties"""
        if not self.env.su and not self.env.user.has_group(USER_GROUP):
            raise AccessError(self.env._("Only collectors may do this."))
        self.check_access("read")

    def _get_claimable(self):
        """The amount that is due and stands on no unpaid debit note."""
        self.ensure_one()
        unpaid = self.amount_noted - (self.amount_paid - self.amount_booked)
        return max(self.currency_id.round(self.amount_due - unpaid), 0)

    def _waive(self, reason, also_future):
        """Give up what is due of these penalties; nothing is booked.

        :param also_future: also what would still accrue
        :raise UserError: no reason; or a debit note claims it, which has to be credited first
        """
        self._check_may_act()
        if not has_words(reason):
            raise UserError(self.env._("Say why: the reason is kept with the documents."))
        noted = self.filtered(lambda p: p.amount_due and p._get_claimable() < p.amount_due)
        if noted:
            notes = noted.sudo().debit_line_ids.move_id.mapped("display_name")
            raise UserError(
                self.env._("Credit or delete the debit notes first: %s", ", ".join(notes))
            )
        for penalty in self.sudo().filtered(lambda p: p.amount_due or also_future):
            penalty.write(
                {
                    "amount_waived": penalty.amount_waived + penalty.amount_due,
                    "is_waived": also_future,
                    "waived_by": self.env.user.id,
                    "waived_on": penalty.company_id._get_dunning_today(),
                    "waive_reason": reason,
                    "to_attach": False,
                }
            )
        self._trace(self.env._("Waived. Reason: %s", reason))

    def action_restore(self):
        """Take a waiver back: the penalty is due again."""
        self._check_may_act()
        waived = self.filtered(lambda p: p.is_waived or p.amount_waived)
        waived.sudo().write(
            {
                "amount_waived": 0,
                "is_waived": False,
                "waived_by": False,
                "waived_on": False,
                "waive_reason": False,
            }
        )
        waived._trace(self.env._("No longer waived"))

    def _book(self, day, reason):
        """Note what is due of these penalties as paid, where the money is booked already.

        :raise UserError: no reason
        """
        self._check_may_act()
        if not has_words(reason):
            raise UserError(self.env._("Say why: the reason is kept with the documents."))
        for penalty in self.sudo():
            penalty.write(
                {
                    "amount_booked": penalty.amount_booked + penalty._get_claimable(),
                    "booked_on": day,
                    "to_attach": False,
                }
            )
        self._trace(self.env._("Paid. Reason: %s", reason))

    def _trace(self, what):
        """Note on each invoice who decided what about its penalties."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        bodies = {
            penalty.move_id.id: self.env._(
                "%(kind)s: %(what)s", kind=kinds[penalty.kind], what=what
            )
            for penalty in self
            if penalty.move_id
        }
        self.move_id.sudo()._message_log_batch(bodies=bodies)

    def action_attach(self):
        """Claim these with the customer's next reminder, or no longer.

        :raise UserError: nothing is due
        """
        self._check_may_act()
        if not any(self.mapped("amount_due")):
            raise UserError(self.env._("Nothing is due here."))
        due = self.filtered("amount_due").sudo()
        due.write({"to_attach": not all(due.mapped("to_attach")), "attached_notice_id": False})

    def action_change(self):
        """Open the form in which the change named by the context is decided."""
        self._check_may_act()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Penalties due"),
            "res_model": "dunning.penalty.change",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_penalty_ids": self.ids,
                "default_change": self.env.context.get("dunning_change", "claim"),
            },
        }

    def action_update(self):
        """Reckon anew: the customers of these penalties; without any, everybody."""
        self._check_may_act()
        if not self:
            self.sudo()._cron_accrue()
            return True
        for company, penalties in self.sudo().grouped("company_id").items():
            partner_ids = penalties.partner_id.commercial_partner_id.ids
            penalties._accrue(company, partner_ids, company._get_dunning_today())
        return True

    def action_open_move(self):
        self.ensure_one()
        return self.move_id._get_records_action() if self.move_id else False

    def _get_sheets(self):
        """For the page: title and sheet (see ``dunning.sheet``), by customer and currency."""
        return [
            {
                "title": partner.display_name,
                "sheet": self.env["dunning.sheet"]._prepare_sheet(
                    [penalty._prepare_detail() for penalty in penalties],
                    currency,
                    partner._get_customer_kind(),
                ),
            }
            for (partner, currency), penalties in self.grouped(
                lambda p: (p.partner_id, p.currency_id)
            ).items()
        ]

    def _prepare_detail(self):
        """Values of one penalty for the sheet, as a notice keeps them."""
        return {
            "kind": self.kind,
            "number": self.number,
            "amount": str(self.currency_id.round(self.amount_due)),
            "missing": self.missing,
            "sheet": self.sheet,
            "date_maturity": self.date_maturity and str(self.date_maturity),
        }

    def action_open_sheet(self):
        """The calculation sheet of these penalties, as a page to read and print."""
        return self.env.ref("relance_graduee.dunning_sheet_report").report_action(self)
