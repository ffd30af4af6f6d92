from odoo import api, models
from odoo.exceptions import ValidationError


class DunningCheckedText(models.AbstractModel):
    """A record whose texts are said of notices.

    They are checked whenever they are written, in every language, whoever writes: they hold
    placeholders alone (``dunning.notice._get_placeholders``).
    """

    _name = "dunning.checked.text"
    _description = "Texts of notices"

    @api.model
    def _get_text_names(self):
        """Names of the fields whose texts are said. To extend."""
        return []

    @api.model
    def _get_evaluated_names(self):
        """Names of the fields that Odoo evaluates, never we, with the rights of its user."""
        return []

    @api.model
    def _get_said_fields(self):
        """Names of the fields that say whether the texts are said of notices. To extend."""
        return []

    def _filter_said(self):
        """Those of these whose texts are said of notices. To extend."""
        return self

    @api.model
    def _get_checked_names(self):
        return [*self._get_text_names(), *self._get_evaluated_names()]

    @api.constrains(lambda self: [*self._get_checked_names(), *self._get_said_fields()])
    def _check_texts(self):
        """:raise ValidationError: a text holds something else than placeholders"""
        for source in self._filter_said():
            problems = source._get_text_problems(source._get_checked_names())
            if problems:
                raise ValidationError("\n".join(problems))

    def _get_text_problems(self, names=None):
        """What keeps texts of this record from being said: a list of sentences, often empty.

        :param names: of other fields than those of its texts
        """
        self.ensure_one()
        return [
            self._get_problem_sentence(self._fields[name], lang, problems)
            for name in names or self._get_text_names()
            for lang, text in self._get_stored_texts(name).items()
            if (problems := self._get_problems(self._fields[name], text))
        ]

    def _get_stored_texts(self, name):
        """Language code -> text of this record; None stands for every language."""
        field = self._fields[name]
        if not field.translate:
            return {None: self[name]}
        return field._get_stored_translations(self) or {}

    @api.model
    def _get_problems(self, field, text):
        return self.env["dunning.notice"]._get_problems(text or "", field.type == "html")

    def _get_problem_sentence(self, field, lang, problems):
        name = field._description_string(self.env)
        return self.env._(
            "The text “%(text)s” of “%(owner)s” cannot be said of a customer: %(problems)s",
            text=f"{name} ({lang.lstrip('_')})" if lang else name,
            owner=self.display_name,
            problems=" ".join(problems),
        )
