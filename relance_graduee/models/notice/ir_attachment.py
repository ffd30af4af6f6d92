from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Fields that identify a document and its content.
CONTENT_FIELDS = {
    "raw", "datas", "db_datas", "store_fname", "checksum", "file_size", "name", "type", "url",
    "mimetype", "res_id", "res_model", "res_field", "company_id",
}  # fmt: skip


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        if CONTENT_FIELDS & vals.keys():
            self._check_dunning_proof()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dunning_proof(self):
        self._check_dunning_proof()

    def _check_dunning_proof(self):
        """:raise UserError: the document of a sent notice is a proof, for superuser too"""
        documents = self.filtered(lambda attachment: attachment.res_model == "dunning.notice")
        if not documents:
            return
        notices = self.env["dunning.notice"].sudo()
        own = Domain("attachment_id", "in", documents.ids)
        own |= Domain("copy_attachment_id", "in", documents.ids)
        if notices.search_count(own & Domain("state", "=", "sent"), limit=1):
            raise UserError(self.env._("This document was sent: it is a proof and stays as it is."))
