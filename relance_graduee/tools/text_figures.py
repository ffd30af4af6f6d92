"""Figures in a text that a person edits: shown with today's values, made anew when it leaves.

A *rendered* text carries each value between characters that no text uses (``mark_values``). For a
person they become elements of a class of their own (HTML, ``to_editable``) or a name in brackets
(plain text, ``to_plain``); when the text leaves, ``fill`` and ``fill_plain`` put in the values of
the moment. Pure Python, no ORM.
"""

import re

from lxml import etree, html
from markupsafe import Markup, escape

# Of Unicode's private use area: they survive rendering, escaping and the sanitizer.
START, MIDDLE, END = "\ue0f1", "\ue0f2", "\ue0f3"
MARKED = re.compile(f"{START}([^{MIDDLE}]*){MIDDLE}([^{END}]*){END}")
TAG = re.compile(r"<[^>]*>")
CLASS = "dunning_figure"
# Seen as a field of a form, and left alone by the editor.
STYLE = "background-color: #eef1f4;"


def mark_values(values, names):
    """``values`` (name -> str), with those of ``names`` that are not empty marked."""
    return {
        name: f"{START}{name}{MIDDLE}{value}{END}" if name in names and value else value
        for name, value in values.items()
    }


def to_editable(text):
    """Rendered HTML with each marked value as an element that says its name; Markup."""
    text = TAG.sub(lambda tag: MARKED.sub(r"\2", tag.group()), str(text))
    return Markup(MARKED.sub(lambda found: _make_element(*found.groups()), text))


def _make_element(name, value):
    return (
        f'<span class="{CLASS} {CLASS}_{name} o-contenteditable-false" contenteditable="false" '
        f'style="{STYLE}">{value}</span>'
    )


def make_block(name, content):
    """A whole block (a table) that is made anew: Markup."""
    return Markup(
        '<div class="%s %s_%s o-contenteditable-false" contenteditable="false">%s</div>'
    ) % (
        CLASS,
        CLASS,
        name,
        content,
    )


def to_plain(text, labels):
    """Rendered plain text with each marked value as its label in brackets.

    :param labels: name -> label
    """
    return MARKED.sub(lambda found: f"[{labels[found.group(1)]}]", text)


def fill_plain(text, values, labels):
    """An edited plain text with its bracketed labels replaced by the values of the moment."""
    for name, label in labels.items():
        text = text.replace(f"[{label}]", values.get(name) or "")
    return text


def fill(text, values, keep=False):
    """An edited HTML text with its figures made anew; Markup.

    :param values: name -> str, or Markup for a block; a figure without name or value is emptied
    :param keep: leave the elements, so that the result can be filled again
    """
    root = html.fragment_fromstring(str(text), create_parent="div")
    for element in root.xpath(f'.//*[contains(concat(" ", @class, " "), " {CLASS} ")]'):
        if element.getparent() is not None:
            _fill_element(element, values, keep)
    return Markup(_get_inner(root))


def _fill_element(element, values, keep):
    value = values.get(_get_name(element)) or ""
    content = value if isinstance(value, Markup) else escape(value)
    fresh = html.fragment_fromstring(str(content), create_parent=element.tag)
    tail = element.tail
    attributes = dict(element.attrib)
    element.clear()
    element.tail, element.text = tail, fresh.text
    element.extend(list(fresh))
    if keep:
        element.attrib.update(attributes)
    else:
        element.drop_tag()


def _get_name(element):
    prefix = f"{CLASS}_"
    return next(
        (word[len(prefix) :] for word in element.get("class").split() if word.startswith(prefix)),
        "",
    )


def get_own_words(text):
    """The words of an edited HTML text without its figures."""
    root = html.fragment_fromstring(str(text or ""), create_parent="div")
    for element in root.xpath(f'.//*[contains(concat(" ", @class, " "), " {CLASS} ")]'):
        if element.getparent() is not None:
            tail = element.tail
            element.clear()
            element.tail = tail
    return " ".join("".join(root.itertext()).split())


def _get_inner(root):
    parts = [str(escape(root.text or ""))]
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in root]
    return "".join(parts).replace("&nbsp;", "\xa0")


def stands_in(words, text):
    """Whether ``words`` (a figure, as it is printed) stand in ``text``, however it is spaced."""
    variants = {_squeeze(words), re.sub(r"[.,]00(?!\d)", "", _squeeze(words))}
    text = _squeeze(text)
    return any(
        re.search(rf"(?<!\d){re.escape(variant)}(?!\d)", text) for variant in variants if variant
    )


def _squeeze(text):
    return "".join(text.split())
