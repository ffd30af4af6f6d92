import hashlib
import json

from odoo import api, models


class DunningChannel(models.AbstractModel):
    """A channel knows the text that it says of a notice."""

    _inherit = "dunning.channel"

    @api.model
    def _get_text_source(self, step):
        """Where the words of ``step`` for this come from: a record and names of its fields."""
        return step, ()

    @api.model
    def _is_text_edited(self, notice):
        """Whether a person changed the words of this one ``notice``."""
        return notice.is_text_edited

    @api.model
    def _prepare_text_version(self, notice):
        """Which text ``notice`` says this way, to tell texts apart by their effect; {} for none.

        :return: dict: source (model and id), name, lang, text_version (SHA-256 of the text as it
            stands in the source, placeholders unfilled), was_edited
        """
        lang = notice._get_lang()
        source, names = self._get_text_source(notice.step_id.sudo().with_context(lang=lang))
        if not source or not names:
            return {}
        words = json.dumps([str(source[name] or "") for name in names])
        return {
            "source": f"{source._name},{source.id}",
            "name": source.display_name,
            "lang": lang,
            "text_version": hashlib.sha256(words.encode()).hexdigest(),
            "was_edited": self._is_text_edited(notice),
        }
