"""``make i18n``: the template of the terms, and the translations brought up to date with it."""

import polib

from . import addons, odoo, places
from .console import say

LANGUAGE = "fr"


def update(database):
    """Export each add-on's .pot and merge its French; report what is left to translate."""
    addons.develop(database)
    for name in places.our_addons():
        folder = places.ROOT / name / "i18n"
        folder.mkdir(exist_ok=True)
        odoo.run(places.logs() / "i18n.log", "i18n", "export", "-d", database, name)
        template = _without_dates(folder / f"{name}.pot")
        _merge(template, folder / f"{LANGUAGE}.po")


def _without_dates(path):
    """The exported template, without the dates that would change it each time."""
    template = polib.pofile(path, wrapwidth=78)
    for field in ("POT-Creation-Date", "PO-Revision-Date"):
        template.metadata.pop(field, None)
    template.save()
    return template


def _merge(template, path):
    """New terms come in empty, those that are gone become obsolete; the order is the template's."""
    if path.exists():
        translation = polib.pofile(path, wrapwidth=78)
    else:
        translation = polib.POFile(wrapwidth=78)
        translation.metadata = {**template.metadata, "Language": LANGUAGE}
    translation.merge(template)
    translation.save(path)
    say(
        f"{path.relative_to(places.ROOT)}: {len(translation.translated_entries())} translated, "
        f"{len(translation.untranslated_entries())} untranslated, "
        f"{len(translation.fuzzy_entries())} fuzzy, "
        f"{len(translation.obsolete_entries())} obsolete"
    )
