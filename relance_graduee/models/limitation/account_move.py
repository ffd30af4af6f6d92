from odoo import fields, models

from ..common.groups import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    """Until when an invoice may be claimed in court.

    What is owed for carriage is time-barred after one year.
    """

    _inherit = "account.move"

    dunning_limitation_date = fields.Date(
        string="Time-barred on", compute="_compute_dunning", groups=ACCOUNTING_GROUPS
    )
    dunning_is_carriage = fields.Boolean(
        string="Carriage of goods",
        groups=ACCOUNTING_GROUPS,
        copy=False,
        tracking=True,
        help="Claims that arise from a contract of carriage are time-barred after one year "
        "(article L133-6 of the Code de commerce). Set by the products when the invoice is "
        "confirmed.",
    )

    # The few invoices whose claim counts from another day, or for less time.
    _dunning_early_idx = models.Index(
        "(id) INCLUDE (delivery_date, dunning_is_carriage)"
        " WHERE dunning_is_carriage OR delivery_date < invoice_date"
    )

    def _prepare_dunning_vals(self, item):
        vals = super()._prepare_dunning_vals(item)
        return {**vals, "dunning_limitation_date": item.limitation_date}

    def _post(self, soft=True):
        posted = super()._post(soft)
        carriage = posted.filtered(
            lambda move: (
                not move.dunning_is_carriage
                and any(move.invoice_line_ids.product_id.mapped("dunning_is_carriage"))
            )
        )
        if carriage:
            carriage.dunning_is_carriage = True
        return posted
