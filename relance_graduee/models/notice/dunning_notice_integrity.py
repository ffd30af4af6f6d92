import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.files import get_content
from ..common.groups import ACCOUNTING_GROUPS


class DunningNotice(models.Model):
    """Whether a document is still the one that was made: looked at before every hand-over.

    A file may be missing from the file store, or have been changed there: Odoo then reads nothing,
    or what is there now. Neither leaves, and the proof says that it is broken.
    """

    _inherit = "dunning.notice"

    document_warning = fields.Char(
        compute="_compute_document_warning", compute_sudo=True, groups=ACCOUNTING_GROUPS
    )

    @api.depends("attachment_id", "copy_attachment_id", "sha256")
    @api.depends_context("lang")
    def _compute_document_warning(self):
        """Reads the files: shown on one notice, never in a list."""
        for notice in self:
            documents = notice.attachment_id | notice.copy_attachment_id
            notice.document_warning = notice._get_broken_words(documents)

    def _get_broken_words(self, files):
        """A sentence that names those of ``files`` that are not as they were made, or False."""
        broken = files.sudo().filtered(lambda file: not self._is_whole(file))
        if not broken:
            return False
        return self.env._(
            "This file is missing or is no longer what was made, so it does not leave: %s. Ask the "
            "administrator to restore it from a backup.",
            ", ".join(broken.mapped("name")),
        )

    def _is_whole(self, file):
        """Whether the content is there, and has the fingerprint that was noted of it."""
        content = get_content(file)
        if not content or hashlib.sha1(content).hexdigest() != file.checksum:
            return False
        if file != self.attachment_id or not self.sha256:
            return True
        return hashlib.sha256(content).hexdigest() == self.sha256

    def _check_files(self, files):
        """:raise UserError: one of ``files`` is not as it was made"""
        words = self._get_broken_words(files)
        if words:
            raise UserError(words)
        return files
