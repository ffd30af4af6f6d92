"""Small pieces of sentences, as each language writes them."""

import re

from markupsafe import Markup

from odoo.tools import format_date


def labelled(env, label, value):
    """``label: value`` as the language of ``env`` writes it (French puts a space before ':')."""
    return env._("%(label)s: %(value)s", label=label, value=value)


def long_date(env, date, lang=None):
    """``3 March 2026`` in the language of ``env``, or in ``lang``; French writes ``1er mars``."""
    text = format_date(env, date, lang_code=lang, date_format="long")
    is_french = (lang or env.lang or "").startswith("fr")
    return re.sub(r"^1(?=\s)", "1er", text) if is_french else text


def plain_to_html(text):
    """A text that somebody typed, as HTML that shows it sign by sign: no link, no element.

    :param text: str, or ``Markup``, which is returned as it is; None and "" give ""
    """
    if isinstance(text, Markup):
        return text
    return Markup("<br/>").join((text or "").splitlines())
