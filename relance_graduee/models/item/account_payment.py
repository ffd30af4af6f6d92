from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    # Few payments are; their entries stay in the books: ``dunning.counterpart``.
    _dunning_void_idx = models.Index("(id, move_id) WHERE state IN ('rejected', 'canceled')")
