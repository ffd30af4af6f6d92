"""Small pieces of sentences, as each language writes them."""

import re
import unicodedata

import psycopg2
from markupsafe import Markup

from odoo.exceptions import UserError
from odoo.tools import format_date


def labelled(env, label, value):
    """``label: value`` as the language of ``env`` writes it (French puts a space before ':')."""
    return env._("%(label)s: %(value)s", label=label, value=value)


def in_words(env, error):
    """An exception or text as people may read it: never the database's own text, which has
    tables, keys and values of others in it.
    """
    if isinstance(error, (UserError, str)):
        return str(error)
    if isinstance(error, psycopg2.Error):
        return env._("the database refused it; the details are in the server's log")
    return f"{type(error).__name__}: {error}"


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


# Letters and marks that show nothing, though Unicode does not call them spaces: fillers of
# Hangul, the blank of Braille.
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
# Kinds of signs that a reader sees: letters, numbers, punctuation, symbols.
_SEEN = ("L", "N", "P", "S")


def has_words(text):
    """Whether a reader sees anything of ``text``: spaces, controls and zero-width signs are none.

    :param text: str or None
    """
    return any(
        sign not in _BLANKS and unicodedata.category(sign).startswith(_SEEN) for sign in text or ""
    )


def one_line(text):
    """``text`` as it may stand in a header, a subject or a task: one line of signs that show.

    Line breaks and controls become a space; zero-width signs and those that turn the direction
    of writing disappear.

    :param text: str or None
    """
    signs = (
        " " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign
        for sign in text or ""
        if unicodedata.category(sign) not in ("Cf", "Cs") and sign not in _BLANKS
    )
    return re.sub(" +", " ", "".join(signs)).strip()


def file_name(text):
    """``text`` as the name of a file: one line, no sign that means something in a path."""
    return re.sub(r'[/\\:*?"<>|]+', "-", one_line(text)).strip(". ")[:200]
