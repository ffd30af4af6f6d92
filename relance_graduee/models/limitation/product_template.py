from odoo import fields, models
from odoo.tools import SQL

from ..common.groups import INTERNAL_GROUP


class ProductTemplate(models.Model):
    _inherit = "product.template"

    dunning_is_carriage = fields.Boolean(
        string="Carriage of goods",
        groups=INTERNAL_GROUP,
        help="Claims that arise from a contract of carriage are time-barred after one year "
        "(article L133-6 of the Code de commerce).",
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("dunning_is_carriage"):
            self._flag_open_invoices()
        return result

    def _flag_open_invoices(self):
        """Flag the unpaid invoices of these products: their time is shorter than was thought."""
        self.env["account.move.line"].flush_model(["product_id", "move_id"])
        self.env["account.move"].flush_model(["payment_state", "dunning_is_carriage"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move m SET dunning_is_carriage = true
                  FROM account_move_line l JOIN product_product p ON p.id = l.product_id
                 WHERE p.product_tmpl_id = ANY(%s) AND m.id = l.move_id
                   AND m.state = 'posted' AND m.payment_state NOT IN ('paid', 'reversed')
                   AND m.dunning_is_carriage IS NOT TRUE
                """,
                self.ids,
            )
        )
        self.env["account.move"].invalidate_model(["dunning_is_carriage"])
