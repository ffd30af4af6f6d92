from odoo import api, fields, models

from ..common.groups import ACCOUNTING_GROUPS
from .dunning_decision import HOLD_REASONS


class AccountMove(models.Model):
    _inherit = "account.move"

    dunning_step_id = fields.Many2one(
        "dunning.step",
        string="Last dunning step",
        compute="_compute_dunning_step_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_next_date = fields.Date(
        string="Next reminder on",
        compute="_compute_dunning",
        search="_search_dunning_next_date",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_hold_reason = fields.Selection(
        HOLD_REASONS,
        string="Why no reminder",
        compute="_compute_dunning",
        search="_search_dunning_hold_reason",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_detail = fields.Char(
        string="Reminders", compute="_compute_dunning", groups=ACCOUNTING_GROUPS
    )
    dunning_limitation_date = fields.Date(
        string="Time-barred on", compute="_compute_dunning", groups=ACCOUNTING_GROUPS
    )
    dunning_notice_count = fields.Integer(
        compute="_compute_dunning_notice_count", groups=ACCOUNTING_GROUPS
    )
    dunning_delivery_ids = fields.Many2many(
        "dunning.delivery",
        string="Story",
        compute="_compute_dunning_delivery_ids",
        groups=ACCOUNTING_GROUPS,
    )

    _dunning_stopped_idx = models.Index("(id) WHERE payment_state IN ('blocked', 'in_payment')")

    @api.depends("line_ids.dunning_step_id")
    def _compute_dunning_step_id(self):
        for move in self:
            steps = move.line_ids.dunning_step_id
            move.dunning_step_id = steps.sorted(lambda s: (s.sequence, s.id))[-1:]

    @api.depends("line_ids.reconciled", "line_ids.amount_residual", "line_ids.no_followup", "state")
    @api.depends_context("dunning_date", "lang")
    def _compute_dunning(self):
        """From the open item of the invoice whose next step comes first."""
        items = self._get_dunning_items()
        for move in self:
            item = items.get(move.id, self.env["dunning.item"])
            move.dunning_next_date = item.next_date
            move.dunning_hold_reason = item.hold_reason
            move.dunning_detail = item.hold_detail
            move.dunning_limitation_date = item.limitation_date

    def _get_dunning_items(self):
        """The ``dunning.item`` that decides for each of these moves, by move id."""
        moves = self.filtered(lambda move: move.state == "posted" and move.is_invoice())
        if not moves:
            return {}
        items = (
            self.env["dunning.item"]
            .with_context(dunning_partner_ids=moves.commercial_partner_id.ids)
            .search([("move_id", "in", moves.ids)])
        )
        rank = {code: n for n, (code, _label) in enumerate(HOLD_REASONS)}
        first = items.sorted(
            lambda i: (
                i.hold_reason not in (False, "waiting", "not_due", "proposed"),
                i.next_date or fields.Date.to_date("9999-12-31"),
                rank.get(i.hold_reason, -1),
            ),
            reverse=True,
        )
        return {item.move_id.id: item for item in first}

    @api.model
    def _search_dunning_next_date(self, operator, value):
        return self._search_dunning_items([("next_date", operator, value)])

    @api.model
    def _search_dunning_hold_reason(self, operator, value):
        return self._search_dunning_items([("hold_reason", operator, value)])

    @api.model
    def _search_dunning_items(self, domain):
        query = self.env["dunning.item"]._search(domain)
        return [("id", "in", query.subselect("move_id"))]

    def _compute_dunning_notice_count(self):
        groups = self.env["dunning.notice.line"]._read_group(
            [("move_id", "in", self.ids), ("live", "=", True)],
            ["move_id"],
            ["notice_id:count_distinct"],
        )
        counts = {move.id: count for move, count in groups}
        for move in self:
            move.dunning_notice_count = counts.get(move.id, 0)

    def _compute_dunning_delivery_ids(self):
        """What was sent and said about each invoice, oldest first: by its notices, and with its
        customer outside the ladder since its date.
        """
        notices = dict(
            self.env["dunning.notice.line"]._read_group(
                [("move_id", "in", self.ids), ("live", "=", True)],
                ["move_id"],
                ["notice_id:recordset"],
            )
        )
        outside = self.env["dunning.delivery"].search(
            [
                ("partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "in", self.company_id.root_id.ids),
                ("notice_id", "=", False),
            ]
        )
        for move in self:
            story = notices.get(move, self.env["dunning.notice"]).delivery_ids
            story |= outside.filtered(move._is_dunning_told)
            move.dunning_delivery_ids = story.sorted(lambda d: (d.date_planned, d.id))

    def _is_dunning_told(self, delivery):
        """Whether this contact with the customer, outside the ladder, may be about the invoice."""
        return (
            delivery.partner_id.commercial_partner_id == self.commercial_partner_id
            and delivery.company_id == self.company_id.root_id
            and delivery.date_planned >= (self.invoice_date or self.date)
        )

    def action_open_dunning_notices(self):
        """The notices that name this invoice, the newest first."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reminders of %s", self.name),
            "res_model": "dunning.notice",
            "view_mode": "list,form",
            "domain": [("line_ids.move_id", "=", self.id)],
            "context": {"create": False},
        }

    def action_undispute_dunning(self):
        """Ask why the dispute about this invoice is over."""
        self.ensure_one()
        items = self.env["dunning.item"].with_context(
            dunning_partner_ids=self.commercial_partner_id.ids
        )
        return items.search([("move_id", "=", self.id)]).action_undispute()

    def _make_dunning_pdf(self):
        """Make and keep the invoice's own PDF, as sending the invoice would."""
        self.ensure_one()
        report = self.env["account.move.send"]._get_default_pdf_report_id(self)
        content, _type = self.env["ir.actions.report"].sudo()._render_qweb_pdf(report, self.ids)
        self.env["ir.attachment"].sudo().create(
            {
                "name": self._get_invoice_report_filename(),
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        self.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])
