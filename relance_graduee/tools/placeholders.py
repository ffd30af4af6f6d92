"""Placeholders in texts that a person may write: found, checked, filled. Nothing is evaluated.

A text names plain values, nothing else:

- in any text ``{{ text_amount }}``, ``{{ object.text_amount }}`` or, with words for an empty
  value, ``{{ object.text_amount ||| the sum due }}``;
- in HTML also ``<t t-out="object.text_amount"/>`` (``t-esc`` is the same; its content stands for
  an empty value), on any element, and ``t-if="object.text_amount"``: only if there is a value.

All else that Odoo's two template languages know is refused. Pure Python, no ORM.
"""

import html
import re
from typing import NamedTuple

import lxml.html
from lxml import etree
from markupsafe import Markup, escape

INLINE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
NAME = re.compile(r"\s*(?:object\.)?([a-z][a-z0-9_]*)\s*")
DEFAULT = "|||"
OUT = ("t-out", "t-esc")
IF = "t-if"
ATTRIBUTE = re.compile(r"[A-Za-z_:][\w:.-]*")
# What a comment must not hide: no part of it is ever said.
HIDDEN = re.compile(r"\{\{|\bt-[a-z-]+\s*=|\bobject\.")
# Their text is no HTML: a value in it could not be made harmless.
RAW = {"script", "style"}
VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
}  # fmt: skip


class Problem(NamedTuple):
    """Why a text cannot be filled.

    kind: ``unknown`` (a name that is no placeholder), ``code`` (an expression, or what could be
    one), ``open`` (``{{`` without its end), ``place`` (a placeholder where none can stand).
    """

    kind: str
    words: str


class PlaceholderError(ValueError):
    """A text that cannot be filled; ``problems`` is its list of ``Problem``."""

    def __init__(self, problems):
        super().__init__(", ".join(problem.words for problem in problems))
        self.problems = problems


class Use(NamedTuple):
    """A place of a text that names a placeholder; ``name`` is None if it is anything else."""

    name: str | None
    code: str
    default: str = ""


def find_placeholders(text, is_html):
    """The set of names that ``text`` uses, known or not."""
    return {found.name for found in _read(text, is_html) if isinstance(found, Use) and found.name}


def check(text, known, is_html):
    """List of ``Problem``, each once, in the order of the text.

    :param known: names of the placeholders that may stand in it
    """
    problems = []
    for found in _read(text, is_html):
        if isinstance(found, Problem):
            problems.append(found)
        elif found.name is None:
            problems.append(Problem("code", found.code))
        elif found.name not in known:
            problems.append(Problem("unknown", found.name))
    return list(dict.fromkeys(problems))


def render(text, values, is_html):
    """``text`` with its placeholders filled: str, or Markup for HTML.

    :param values: name -> str, or Markup for a block, which stands in HTML alone
    :raise PlaceholderError: it holds something else than placeholders of ``values``
    """
    known = {name for name, value in values.items() if is_html or not isinstance(value, Markup)}
    problems = check(text, known, is_html)
    if problems:
        raise PlaceholderError(problems)
    if not is_html:
        return "".join(_fill_inline(text, values, str))
    return Markup(_write_inner(_parse(text), values))


# ------------------------------------------------------------
# READ
# ------------------------------------------------------------


def _read(text, is_html):
    """Each ``Use`` and ``Problem`` of a text, in its order."""
    if not is_html:
        yield from _read_inline(text)
        return
    try:
        root = _parse(text)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        yield Problem("code", str(error).partition("\n")[0])
        return
    if "<?" in str(text):
        yield Problem("code", "<?")
    for node in root.iter():
        yield from _read_node(node)
        if node is not root:
            yield from _read_inline(node.tail or "")


def _parse(text):
    return lxml.html.fragment_fromstring(str(text), create_parent="div")


def _read_node(node):
    if node.tag is etree.Comment:
        if HIDDEN.search(node.text or ""):
            yield Problem("code", f"<!--{node.text}-->")
    elif not isinstance(node.tag, str):
        yield Problem("code", str(node))
    else:
        yield from _read_attributes(node)
        found = list(_read_inline(node.text or ""))
        if node.tag in RAW and found:
            yield Problem("place", f"<{node.tag}>")
        yield from found


def _read_attributes(node):
    outs = [name for name in OUT if name in node.attrib]
    for name, value in node.attrib.items():
        if name in (*outs[:1], IF):
            yield _read_use(value, f'{name}="{value}"', default=False)
        elif name.startswith("t-"):
            yield Problem("code", f'{name}="{value}"')
        elif "{{" in value:
            yield Problem("place", f'{name}="{value}"')
    if outs and _has_placeholder(node):
        yield Problem("place", f'{outs[0]}="{node.get(outs[0])}"')


def _has_placeholder(node):
    """Whether one stands in the content of an element."""
    below = [child for child in node.iterdescendants() if isinstance(child.tag, str)]
    return "{{" in "".join(node.itertext()) or any(
        name.startswith("t-") for child in below for name in child.attrib
    )


def _read_inline(text):
    """Each ``Use`` and ``Problem`` of a plain text."""
    for part in _split(str(text)):
        if isinstance(part, Use):
            yield part
        elif "{{" in part:
            yield Problem("open", part[part.index("{{") :][:40])


def _split(text):
    """The parts of a plain text: str, or ``Use``."""
    end = 0
    for found in INLINE.finditer(text):
        yield text[end : found.start()]
        yield _read_use(found.group(1), found.group())
        end = found.end()
    yield text[end:]


def _read_use(expression, code, default=True):
    words = ""
    if default:
        expression, _sign, words = expression.partition(DEFAULT)
    found = NAME.fullmatch(expression)
    return Use(found and found.group(1), code, words.strip())


# ------------------------------------------------------------
# WRITE
# ------------------------------------------------------------


def _fill_inline(text, values, write):
    """The parts of a plain text that was checked, filled.

    :param write: makes words those of the text around: ``str``, or ``escape`` in HTML
    """
    for part in _split(str(text)):
        if isinstance(part, Use):
            yield str(write(values[part.name] or part.default))
        else:
            yield part if write is str else html.escape(part, quote=False)


def _write_inner(node, values):
    """What stands in an element."""
    if node.tag in RAW:
        return node.text or ""
    parts = ["".join(_fill_inline(node.text or "", values, escape))]
    for child in node:
        parts.append(_write_node(child, values))
        parts.extend(_fill_inline(child.tail or "", values, escape))
    return "".join(parts)


def _write_node(node, values):
    """An element with what stands in it; comments are left out."""
    if not isinstance(node.tag, str):
        return ""
    if IF in node.attrib and not _get_value(node, IF, values):
        return ""
    inner = _write_content(node, values)
    if node.tag == "t":
        return inner
    attributes = "".join(
        f' {name}="{html.escape(value)}"'
        for name, value in node.attrib.items()
        if not name.startswith("t-") and ATTRIBUTE.fullmatch(name)
    )
    end = "" if node.tag in VOID else f"{inner}</{node.tag}>"
    return f"<{node.tag}{attributes}>{end}"


def _write_content(node, values):
    """The value that an element asks for, else its own content."""
    for name in OUT:
        value = name in node.attrib and _get_value(node, name, values)
        if value:
            return str(escape(value))
    return _write_inner(node, values)


def _get_value(node, attribute, values):
    return values[_read_use(node.get(attribute), "", default=False).name]
