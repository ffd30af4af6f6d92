from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_date

from ..common.today import as_of_today
from ..common.words import has_words

INTERRUPTIONS = [
    ("acknowledgement", "Acknowledgement by the customer"),
    ("payment", "Part payment (possible acknowledgement)"),
    ("court", "Claim before a court"),
    ("enforcement", "Protective or enforcement measure"),
    ("title", "Judgment or other enforceable title"),
    ("written_claim", "Written claim to a public body"),
    ("mediation", "Mediation or conciliation (suspends)"),
]
# What lasts, and has an end.
LASTING = ("court", "mediation")


class DunningInterruption(models.Model):
    """An event that interrupts the limitation period (it begins anew), with its evidence.

    A closed list: acknowledgement (C. civ. 2240), court claim (2241), protective or enforcement
    measure (2244), and for public bodies a written claim (loi 68-1250, article 2). A court claim
    interrupts until the proceedings end (2242); a judgment may be enforced for ten years (CPCE
    L111-4). A reminder or a formal notice to anybody else is none (Cass. com. 18/05/2022,
    20-23.204). A payment may be one: it adds a possible date and moves nothing. A mediation that
    both agreed to suspends the period, of which six months at least are left when it ends (2238).
    A court claim that fails interrupted nothing (2243): it is erased, with the reason.
    """

    _name = "dunning.interruption"
    _description = "Interruption of the limitation period"
    _inherit = ["dunning.company.owned", "dunning.dated", "mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company.root_id
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        "dunning_interruption_line_rel",
        "interruption_id",
        "line_id",
        string="Open items",
        required=True,
        domain="[('account_type', '=', 'asset_receivable'), ('parent_state', '=', 'posted'),"
        " ('reconciled', '=', False), ('partner_id', 'child_of', partner_id)]",
    )
    kind = fields.Selection(INTERRUPTIONS, string="What happened", required=True, tracking=True)
    date = fields.Date(required=True, tracking=True, default=fields.Date.context_today)
    date_end = fields.Date(
        string="Proceedings ended on",
        tracking=True,
        help="A claim before a court interrupts until the proceedings end. Empty: reckoned "
        "prudently from the day of the claim. A mediation suspends until it ends. Empty: nothing "
        "is added yet.",
    )
    evidence = fields.Char(
        required=True,
        help="Which document proves it: signed letter, e-mail, writ, payment, with its date.",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Documents")
    notice_id = fields.Many2one(
        "dunning.notice", string="By the notice", readonly=True, copy=False, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Recorded by",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    active = fields.Boolean(default=True, readonly=True, copy=False)
    erased_reason = fields.Char(string="Erased because", readonly=True, copy=False, tracking=True)
    corrects_id = fields.Many2one(
        "dunning.interruption",
        string="Puts right",
        copy=False,
        ondelete="restrict",
        domain="[('active', '=', False), ('partner_id', '=', partner_id)]",
        help="The record that was erased, of which this is the right one.",
    )

    _active_idx = models.Index("(partner_id) WHERE active")

    @api.depends("kind", "date", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for interruption in self:
            date = interruption.date
            interruption.display_name = " – ".join(
                filter(
                    None,
                    (
                        interruption.partner_id.display_name,
                        labels.get(interruption.kind),
                        format_date(self.env, date) if date else "",
                    ),
                )
            )

    # ------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_written_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_written_fields(vals)
        if self._is_kept_written(vals):
            raise UserError(
                self.env._("What was recorded stays: erase it, with a reason, and record it anew.")
            )
        before = {own: own.attachment_ids for own in self.sudo()}
        result = super().write(vals)
        if any(files - own.attachment_ids for own, files in before.items()):
            raise UserError(
                self.env._("These documents are proofs: add another one, none is taken away.")
            )
        return result

    def _is_kept_written(self, vals):
        """Whether ``vals`` are more than an end of proceedings, a document or an erasure."""
        free = {"attachment_ids"}
        if all(own.active and not own.erased_reason for own in self):
            free |= {"active", "erased_reason"}
        if not any(own.date_end for own in self):
            free.add("date_end")
        names = {name for name in vals if not name.startswith(("message_", "activity_"))}
        return bool(names - free)

    def _check_written_fields(self, vals):
        """:raise UserError: what is recorded stays; it is erased with a reason (``_erase``)"""
        if {"active", "erased_reason", "notice_id", "user_id"} & vals.keys():
            raise UserError(self.env._("An interruption is erased by its button, with a reason."))

    @api.ondelete(at_uninstall=True)
    def _unlink_except_recorded(self):
        raise UserError(self.env._("What was recorded stays: erase it, with a reason."))

    @api.constrains("date", "date_end", "kind", "move_line_ids", "partner_id", "company_id")
    def _check_interruption(self):
        for interruption in self.filtered("active"):
            interruption._check_date()
            interruption._check_items()
            interruption._check_kind()
        self.filtered("active")._check_in_time()

    def _check_date(self):
        if self.date > self.company_id._get_dunning_today():
            raise ValidationError(self.env._("What interrupts lies in the past."))
        if not self.date_end:
            return
        if self.kind not in LASTING:
            raise ValidationError(
                self.env._("Only a claim before a court, or a mediation, has an end.")
            )
        if not self.date <= self.date_end <= self.company_id._get_dunning_today():
            raise ValidationError(self.env._("Proceedings end after they began, and in the past."))

    @api.constrains("corrects_id", "partner_id", "company_id")
    def _check_corrected(self):
        """:raise ValidationError: it names something else than an erased record of the customer"""
        for interruption in self.filtered("corrects_id"):
            corrected = interruption.corrects_id
            if (
                corrected.active
                or corrected.company_id != interruption.company_id
                or corrected.partner_id.commercial_partner_id
                != interruption.partner_id.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._("Only what was erased of the same customer is put right.")
                )

    def _check_items(self):
        if not self.move_line_ids:
            raise ValidationError(self.env._("Choose the items whose period was interrupted."))
        customer = self.partner_id.commercial_partner_id
        lines = self.move_line_ids.sudo()
        if (
            lines.partner_id.commercial_partner_id - customer
            or lines.company_id.root_id - self.company_id.root_id
            or any(line.account_id.account_type != "asset_receivable" for line in lines)
        ):
            raise ValidationError(
                self.env._("The items are not all receivables of %s.", customer.display_name)
            )

    def _check_kind(self):
        kind = self.partner_id.commercial_partner_id._get_customer_kind()
        if self.kind == "written_claim" and kind != "public":
            raise ValidationError(
                self.env._(
                    "A written claim interrupts for public bodies only: for %s a formal notice, "
                    "even registered, interrupts nothing.",
                    self.partner_id.display_name,
                )
            )

    def _check_in_time(self):
        """:raise ValidationError: an item was time-barred before"""
        self.flush_recordset()
        partners = self.partner_id.commercial_partner_id
        rows = as_of_today(self.env["dunning.decision"])._get_rows(
            partners.ids, where=SQL("id = ANY(%s)", self.move_line_ids.ids), shown=True
        )
        barred = {row["id"]: row["limitation_date"] for row in rows if row["limitation_date"]}
        for interruption in self:
            late = interruption.move_line_ids.filtered(
                lambda line, day=interruption.date: line.id in barred and barred[line.id] <= day
            )
            if late:
                raise ValidationError(
                    self.env._(
                        "%(items)s: time-barred since %(date)s. What comes after does not revive "
                        "a claim, unless the customer waives it without any doubt.",
                        items=", ".join(late.move_id.mapped("name")),
                        date=format_date(self.env, barred[late[0].id]),
                    )
                )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def _erase(self, reason):
        """The claim failed, or it was recorded by mistake (C. civ. 2243).

        :raise UserError: no reason
        """
        self.check_access("write")
        if not has_words(reason):
            raise UserError(self.env._("Say why: the reason is kept with the documents."))
        self.sudo().write({"active": False, "erased_reason": reason})

    def action_correct(self):
        """Open the form in which an erased record is recorded anew, as it is right.

        :raise AccessError: the user records none
        """
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Put right: %s", self.display_name),
            "res_model": self._name,
            "view_mode": "form",
            "context": {
                "default_corrects_id": self.id,
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_kind": self.kind,
                "default_date": fields.Date.to_string(self.date),
                "default_evidence": self.evidence,
                "default_move_line_ids": self.move_line_ids.ids,
            },
        }

    def action_erase(self):
        """Ask why it is erased."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Erase"),
            "res_model": "dunning.interruption.erase",
            "view_mode": "form",
            "target": "new",
            "context": {"default_interruption_ids": self.ids},
        }
