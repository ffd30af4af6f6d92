from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Context key under which ``_open`` puts a thing that no caller from outside can name.
OPENED = "dunning_proof_opened"
_KEY = object()
# Of what is kept these may change: marks of readers, nothing of what was said.
READERS_MARKS = {"pinned_at", "starred_partner_ids"}
# Of a file: what identifies it and what is in it.
CONTENT_FIELDS = {
    "raw", "datas", "db_datas", "store_fname", "checksum", "file_size", "name", "type", "url",
    "mimetype", "res_id", "res_model", "res_field", "company_id", "original_id", "create_uid",
    "create_date", "description",
}  # fmt: skip


class DunningProof(models.AbstractModel):
    """Says what is proof, and refuses to change it: the one place that knows.

    A record is kept once it is in its domain (``_get_domains``). With it are kept what stands on
    it (messages with what they track, files) and the files it names (``_get_document_fields``).
    Nobody writes, deletes or moves any of that, superuser included; it may be added to. What must
    be put right is a new row that names the old one.

    Rooms extend the hooks. Our own code changes what is kept in two cases, by ``_open``: it forgets
    what the law says is to be forgotten, and it notes what became of what waits.
    """

    _name = "dunning.proof"
    _description = "Proof: what is kept as it was"

    # ------------------------------------------------------------
    # WHAT IS KEPT
    # ------------------------------------------------------------

    @api.model
    def _get_domains(self):
        """Model name -> ``Domain`` of its records that are kept. To extend.

        What a person approved is kept too: what leaves is what was approved.
        """
        said = Domain("date_done", "!=", False) | Domain("date_contact", "!=", False)
        return {
            "dunning.notice": Domain("state", "in", ("approved", "sent")),
            "dunning.delivery": said | Domain("notice_id.state", "=", "sent"),
        }

    @api.model
    def _get_document_fields(self):
        """Model name -> its fields that name files which are kept with it. To extend."""
        return {
            "dunning.notice": ("attachment_id", "copy_attachment_id"),
            "dunning.delivery": ("attachment_ids",),
        }

    @api.model
    def _get_message_paths(self):
        """Model name -> its fields that lead to messages which are kept with it. To extend."""
        return {}

    @api.model
    def _filter_kept(self, records):
        """Those of ``records`` that are kept. One query."""
        domain = self._get_domains().get(records._name)
        if domain is None or not records:
            return records.browse()
        found = records.sudo().with_context(active_test=False)
        return found.search(Domain("id", "in", records.ids) & domain).with_env(records.env)

    @api.model
    def _get_kept_messages(self, messages):
        """Those of ``messages`` (``mail.message``) that are kept."""
        kept = self._filter_hung(messages, "model")
        return kept | self._filter_named(messages - kept, self._get_message_paths())

    @api.model
    def _get_kept_files(self, files):
        """Those of ``files`` (``ir.attachment``) that are kept."""
        kept = self._filter_hung(files, "res_model")
        return kept | self._filter_named(files - kept, self._get_document_fields())

    @api.model
    def _filter_hung(self, records, model_field):
        """Those of ``records`` that stand on a kept record. One query a model of theirs."""
        kept = records.browse()
        models_kept = self._get_domains()
        ours = records.sudo().filtered(lambda r: r[model_field] in models_kept and r.res_id)
        for model, own in ours.grouped(model_field).items():
            parents = self._filter_kept(self.env[model].browse(set(own.mapped("res_id"))))
            kept |= own.filtered(lambda r, ids=set(parents.ids): r.res_id in ids)
        return kept.with_env(records.env)

    @api.model
    def _filter_named(self, records, paths):
        """Those of ``records`` that kept records name in fields of ``paths``. A query a model."""
        kept = records.browse()
        for model, names in paths.items():
            if not records:
                break
            named = Domain.OR(Domain(name, "in", records.ids) for name in names)
            owners = self.env[model].sudo().with_context(active_test=False)
            owners = owners.search(named & self._get_domains()[model])
            for name in names:
                kept |= records & owners.mapped(name).with_env(records.env)
        return kept

    # ------------------------------------------------------------
    # REFUSED
    # ------------------------------------------------------------

    @api.model
    def _check_messages(self, messages, names=None):
        """:raise UserError: a kept message would be changed or (``names``: None) deleted"""
        if self._is_opened() or not self._changes(messages, names):
            return
        if self._get_kept_messages(messages):
            raise UserError(
                self.env._(
                    "This message belongs to a reminder that was approved or sent: it stays as it "
                    "is. Write another one that says what is to be put right."
                )
            )

    @api.model
    def _check_files(self, files, names=None):
        """:raise UserError: a kept file would be changed or (``names``: None) deleted"""
        if self._is_opened() or not (names is None or CONTENT_FIELDS & set(names)):
            return
        if self._get_kept_files(files):
            raise UserError(self.env._("This document was sent: it is a proof and stays as it is."))

    @api.model
    def _changes(self, records, names):
        """Whether writing the fields ``names`` (None: deleting) changes what ``records`` say."""
        return names is None or bool(self._get_fixed_names(records) & set(names))

    @api.model
    def _get_fixed_names(self, records):
        """The fields of kept ``records`` that never change: all that is stored, but marks.

        What it inherits of another record (an e-mail of its message) is part of it. Lines of other
        models are looked at there; those of a message are part of what it says.
        """
        return {
            name
            for name, field in records._fields.items()
            if (field.store or field.inherited)
            and field.type != "one2many"
            and name not in READERS_MARKS
        } | {"tracking_value_ids"}

    # ------------------------------------------------------------
    # OPENED
    # ------------------------------------------------------------

    @api.model
    def _open(self, records):
        """``records`` in a context in which they may be changed: for our own code alone.

        The key is a Python object: no call over RPC and no text can name it.
        """
        return records.with_context(**{OPENED: _KEY})

    @api.model
    def _is_opened(self):
        return self.env.context.get(OPENED) is _KEY
