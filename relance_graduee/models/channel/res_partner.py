from odoo import api, fields, models

from ..common.groups import INTERNAL_GROUP


class ResPartner(models.Model):
    """Who gets a copy of a letter, and who accepts registered e-mail."""

    _inherit = "res.partner"

    dunning_accountant_id = fields.Many2one(
        "res.partner",
        string="Public accountant",
        groups=INTERNAL_GROUP,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Of a public body: who pays (comptable assignataire). Letters of the steps that say "
        "so are copied to this contact.",
    )
    lre_consent_date = fields.Date(
        string="Accepts registered e-mail since",
        groups=INTERNAL_GROUP,
        copy=False,
        help="Day of the prior consent that anybody but a professional must have given "
        "(articles L100 and R53-1 to R53-4 of the Code des postes).",
    )

    @api.model
    def _get_dunning_guarded_fields(self):
        names = {"dunning_accountant_id", "lre_consent_date"}
        return super()._get_dunning_guarded_fields() | names
