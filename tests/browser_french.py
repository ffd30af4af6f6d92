"""What our screens say in French, read from fr.po, and whether English shows through."""

import re

import polib

from dev import places

LABELS = ("model:", "model_terms:ir.ui.view")
NOT_LABELS = ("model:mail.template", "model:sms.template", "model:dunning.step,letter")

TEXT = re.compile(r"<[^>]*>")
HINT = re.compile(r'(?:title|aria-label|placeholder)="([^"]*)"')

_PO = polib.POFile()
for _name in places.our_addons():
    _file = places.ROOT / _name / "i18n" / "fr.po"
    if _file.exists():
        _PO.extend(polib.pofile(str(_file)))


def is_complete():
    """Whether every term is translated: until then an English word is no fault of a screen."""
    return not any(not entry.translated() for entry in _PO if not entry.obsolete)


def french(text):
    """The French of an English source text; itself while nobody has translated it."""
    entry = _PO.find(text)
    return (entry and entry.translated() and entry.msgstr) or text


def english_labels():
    """Our source labels that French says in other words, and that are no French word."""
    entries = [entry for entry in _PO if entry.translated() and _is_label(entry)]
    said = {part for entry in entries for part in _parts(entry.msgstr)}
    return {part for entry in entries for part in _parts(entry.msgid)} - said


def _parts(text):
    """A label as it stands on the screen; of one with tags, what is between and in them."""
    if "<" not in text:
        return {" ".join(text.split())}
    parts = TEXT.split(text) + HINT.findall(text)
    return {" ".join(part.split()) for part in parts} - {""}


def _is_label(entry):
    places_used = [place for place, _line in entry.occurrences]
    return any(
        place.startswith(LABELS) and not place.startswith(NOT_LABELS) for place in places_used
    )
