from odoo import api, models
from odoo.tools import is_html_empty


class DunningChannel(models.AbstractModel):
    """A way to reach a customer. Each is one small model ``dunning.channel.<code>``, in one file.

    Its attributes say what it is; ``_get_channels`` finds the channels of a kind. Nobody keeps a
    list of channels elsewhere: a new one appears in every selection, list and rule by being
    there. What a channel does with a reminder stands in ``notice/dunning_channel.py``.
    """

    _name = "dunning.channel"
    _description = "Dunning channel"

    _channel_code = None
    # A lazy translation (``_lt``), and the place among the others: 10, 20, ...
    _label = None
    _place = 1000
    # The field of a step that asks for it, and the field that holds its text, if it has one.
    _step_flag = None
    _text_field = None
    # The customer gets something to read.
    _is_written = False
    # Handed over by a person: its notice is sent when that person says it is done.
    _by_person = False
    # Posted by a person, who says when; the machine has printed it, or a provider takes it.
    _is_posted = False
    _is_printed = False
    # Followed by a number until its receipt is back: what a formal notice stands on.
    _is_proof = False
    # Handed over to a queue of Odoo's, which says what became of it.
    _is_queued = False
    # Can be tried again once the address or number is mended.
    _may_retry = False
    # Of a formal notice, it repeats what proves it by another way.
    _is_copy = False
    # The customer hears of it. Without, nothing is said: the file changes hands inside.
    _reaches_customer = True

    @api.model
    def _get_channels(self, **kind):
        """The codes of all channels, in their order, or of those of a kind.

        :param kind: attributes without their underscore: ``is_posted=True, is_proof=False``
        """
        models_ = [self.env[n] for n in self.env.registry if n.startswith("dunning.channel.")]
        return [
            model._channel_code
            for model in sorted(models_, key=lambda model: (model._place, model._name))
            if all(getattr(model, f"_{name}") == value for name, value in kind.items())
        ]

    @api.model
    def _get_channel(self, code):
        """The model of the channel ``code``; this one for the channel of a removed add-on."""
        name = f"dunning.channel.{code}"
        return self.env[name if name in self.env else "dunning.channel"]

    @api.model
    def _get_selection(self, **kind):
        """Code and label of channels, in the user's language, as a selection field takes them."""
        labels = ((code, self._get_channel(code)._label) for code in self._get_channels(**kind))
        return [(code, self.env._(label) if label else code) for code, label in labels]

    @api.model
    def _get_step_fields(self):
        """The fields of a step by which channels are asked for."""
        flags = (self._get_channel(code)._step_flag for code in self._get_channels())
        return [flag for flag in flags if flag]

    @api.model
    def _get_text_fields(self):
        """The fields of a step that hold a text of a channel."""
        names = (self._get_channel(code)._text_field for code in self._get_channels())
        return list(dict.fromkeys(filter(None, names)))

    @api.model
    def _is_text_missing(self, step):
        """Whether ``step`` has no text for this: a cleared editor leaves an empty paragraph."""
        return bool(self._text_field) and is_html_empty(step[self._text_field])
