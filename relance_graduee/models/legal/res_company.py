from odoo import fields, models

from .account_payment_term import TERM_SECTORS


class ResCompany(models.Model):
    """The sector of the company, as far as the law caps its payment terms."""

    _inherit = "res.company"

    dunning_term_sector = fields.Selection(
        TERM_SECTORS,
        string="Legal cap of payment terms",
        default="general",
        required=True,
        help="Your sector, as far as the law caps its payment terms (articles L441-10 and "
        "L441-11 of the Code de commerce).",
    )
