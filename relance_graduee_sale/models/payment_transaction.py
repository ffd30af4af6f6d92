from odoo import models
from odoo.exceptions import UserError

from .sale_order import is_order_held


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        # EXTENDS sale: a deposit of a customer on hold is kept, its order waits for a person
        confirmed = self.env["sale.order"]
        for transaction in self:
            try:
                with self.env.cr.savepoint():
                    confirmed |= super(
                        PaymentTransaction, transaction
                    )._check_amount_and_confirm_order()
            except UserError as error:
                if not is_order_held(error):
                    raise
                transaction.sale_order_ids._put_in_review()
        return confirmed
