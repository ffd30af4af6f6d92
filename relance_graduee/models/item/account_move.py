from odoo import api, fields, models

from ..common.groups import ACCOUNTING_GROUPS
from .hold_reason import get_hold_selection

# Documents that a label may name, as ``_dunning_number_idx`` of ``account.move`` finds them.
NAMED_MOVES = (
    "state = 'posted' AND move_type IN ('out_invoice', 'out_receipt')"
    " AND payment_state IN ('not_paid', 'partial')"
)
# A number or reference without the signs that banks change or leave out.
NUMBER = "upper(regexp_replace({}, '[^A-Za-z0-9]+', '', 'g'))"


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
        get_hold_selection,
        string="Why no reminder",
        compute="_compute_dunning",
        search="_search_dunning_hold_reason",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_detail = fields.Char(
        string="Reminders", compute="_compute_dunning", groups=ACCOUNTING_GROUPS
    )
    dunning_needs_attention = fields.Boolean(
        string="Needs attention", compute="_compute_dunning", groups=ACCOUNTING_GROUPS
    )

    _dunning_stopped_idx = models.Index("(id) WHERE payment_state IN ('blocked', 'in_payment')")
    # Numbers and references that labels of bank lines name: ``dunning.decision._get_named_sql``.
    _dunning_number_idx = models.Index(f"({NUMBER.format('name')}) WHERE {NAMED_MOVES}")
    _dunning_reference_idx = models.Index(
        f"({NUMBER.format('payment_reference')}) WHERE {NAMED_MOVES}"
    )

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
            move.update(move._prepare_dunning_vals(item))

    def _prepare_dunning_vals(self, item):
        """Values that this invoice shows of its open ``item``, which may be empty. To extend."""
        warning = self.env["dunning.decision"]._get_hold_codes(warns=True)
        return {
            "dunning_next_date": item.next_date,
            "dunning_hold_reason": item.hold_reason,
            "dunning_detail": item.hold_detail,
            "dunning_needs_attention": item.hold_reason in warning,
        }

    def _get_dunning_items(self):
        """The ``dunning.item`` that speaks for each of these moves, by move id."""
        moves = self.filtered(lambda move: move.state == "posted" and move.is_invoice())
        if not moves:
            return {}
        items = (
            self.env["dunning.item"]
            .with_context(dunning_partner_ids=moves.commercial_partner_id.ids)
            .search([("move_id", "in", moves.ids)])
        )
        return {move.id: item for move, item in items._get_speaking("move_id").items()}

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

    def action_undispute_dunning(self):
        """Ask why the dispute about this invoice is over."""
        self.ensure_one()
        items = self.env["dunning.item"].with_context(
            dunning_partner_ids=self.commercial_partner_id.ids
        )
        return items.search([("move_id", "=", self.id)]).action_undispute()
