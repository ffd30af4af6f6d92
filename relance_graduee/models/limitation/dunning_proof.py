from odoo import api, models
from odoo.fields import Domain


class DunningProof(models.AbstractModel):
    """What interrupts is recorded with its documents and its history, erased or not."""

    _inherit = "dunning.proof"

    @api.model
    def _get_domains(self):
        return super()._get_domains() | {"dunning.interruption": Domain.TRUE}

    @api.model
    def _get_document_fields(self):
        return super()._get_document_fields() | {"dunning.interruption": ("attachment_ids",)}
