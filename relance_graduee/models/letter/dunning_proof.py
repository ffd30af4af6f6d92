from odoo import api, models


class DunningProof(models.AbstractModel):
    """Enclosures are kept with their notice."""

    _inherit = "dunning.proof"

    @api.model
    def _get_document_fields(self):
        fields = super()._get_document_fields()
        return fields | {"dunning.notice": (*fields["dunning.notice"], "enclosure_ids")}
