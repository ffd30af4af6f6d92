from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..common.groups import ACCOUNTING_GROUPS


class AccountMoveLine(models.Model):
    """A line of a debit note: which penalty it claims, and what was paid of it."""

    _inherit = "account.move.line"

    dunning_penalty_id = fields.Many2one(
        "dunning.penalty",
        string="Penalty",
        groups=ACCOUNTING_GROUPS,
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The line of a debit note that claims it.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"dunning_penalty_id"}

    def _is_live_penalty(self):
        """Whether this line of a debit note still claims something: not cancelled nor undone."""
        self.ensure_one()
        return self.parent_state != "cancel" and self.move_id.payment_state != "reversed"

    def _get_settled_penalty(self, written_off):
        """What was paid of this line of a debit note, in proportion to the whole.

        :param written_off: what of the note was written off: nobody paid that
        :return: (paid, written off)
        """
        self.ensure_one()
        note = self.move_id
        if note.state != "posted" or not note.amount_total:
            return 0.0, 0.0
        paid = note.amount_total - note.amount_residual - written_off
        share = self.price_total / note.amount_total
        return self.currency_id.round(paid * share), self.currency_id.round(written_off * share)

    @api.constrains("tax_ids", "dunning_penalty_id")
    def _check_penalty_without_tax(self):
        """Penalties are damages, outside the scope of VAT (CGI 256): no tax, not even at 0 %."""
        if any(line.dunning_penalty_id and line.tax_ids for line in self):
            raise ValidationError(self.env._("A debit note of penalties bears no tax at all."))
