from odoo import fields, models


class DunningCallLine(models.TransientModel):
    """One item that a call is about, to tick when the customer contests it.

    A copy, since whoever visits the customer may not read invoices.
    """

    _name = "dunning.call.line"
    _description = "Item that a call is about"

    call_id = fields.Many2one("dunning.call", required=True, ondelete="cascade")
    move_line_id = fields.Many2one("account.move.line", ondelete="cascade", readonly=True)
    number = fields.Char(string="Invoice", readonly=True)
    date_maturity = fields.Date(string="Due date", readonly=True)
    amount = fields.Monetary(string="Owed", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    is_contested = fields.Boolean(string="Contested")
