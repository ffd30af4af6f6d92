"""Text of a letter: how wide it is, where its lines break. Pure Python, no ORM.

Lines are broken here and not by the browser, so that the height of a letter is
known before it is rendered. Lengths are millimetres on the printed paper, font
sizes too (1 pt = 0.3528 mm); widths inside a font are in em (1 em = the font
size). The widths are those of Liberation Sans, which Arial, Helvetica, Arimo
and Nimbus Sans share; another font is allowed for by ``Metrics.widen``.
"""

import functools
import math
import re
import typing
import unicodedata

import lxml.etree
import lxml.html
from markupsafe import Markup, escape

POINT = 25.4 / 72
CSS_PIXEL = 25.4 / 96
ELLIPSIS = "…"
LINE_BREAK = "\u2028"


def _numbers(text):
    return [int(each) for each in text.split()]


# fmt: off
# Advance widths of the characters 32 to 126, in thousandths of an em.
_REGULAR = _numbers("""
278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556
556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778
667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556
556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584
""")
_BOLD = _numbers("""
278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556
556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778
667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611
611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584
""")
# The wider of the two weights, for what is neither ASCII nor a letter with an accent.
_OTHERS = {
    "\xa0": 278, "€": 556, "’": 278, "‘": 278, "“": 500, "”": 500, "«": 556, "»": 556,
    "–": 556, "—": 1000, "…": 1000, "œ": 944, "Œ": 1000, "æ": 889, "Æ": 1000, "°": 400,
    "№": 1115, "·": 278, "•": 350, "ß": 611, "ø": 611, "Ø": 778, "ł": 278, "Ł": 611,
    "ª": 370, "º": 365, "²": 333, "³": 333, "¹": 333, "×": 584, "−": 584, "£": 556, "§": 556,
    "ì": 278, "í": 278, "î": 278, "ï": 278, "ĩ": 278, "ī": 278, "ĭ": 278,
    "ď": 719, "ľ": 385, "ť": 479, "\xad": 0, "\u200b": 0,
}
# fmt: on
_UNKNOWN, _IDEOGRAM = 800, 1000
# Spaces that Liberation Sans does not have; they would be taken from another font.
_SPACES = str.maketrans({"\u202f": "\xa0", "\u2007": "\xa0", "\u2009": "\xa0", "\t": " "})
_CONTROLS = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")


class Density(typing.NamedTuple):
    """Measures by which a letter is set; font sizes in points, all else in mm."""

    body: float = 9.75
    pitch: float = 4.7  # height of a line of the body
    paragraph_gap: float = 2.3
    list_gap: float = 0.9
    section_gap: float = 4.6
    table_gap: float = 3.4
    end_gap: float = 7.0
    cell_top: float = 0.85
    label_lines: int = 2  # of the free text column of a table


DENSITIES = (
    Density(),
    Density(9.2, 4.2, 1.7, 0.5, 3.2, 2.6, 4.6, 0.65),
    Density(9.2, 4.2, 1.7, 0.5, 3.2, 2.6, 4.6, 0.65, label_lines=1),
)


class Metrics(typing.NamedTuple):
    """Effect of one machine's printing on text, and the measures by which a letter is set.

    ``pixel``: mm on paper of one CSS pixel. Fonts are drawn in whole pixels, so sizes are
    rounded to them here already. ``widen``, ``widen_bold``: how much wider than Liberation
    Sans the font of that machine is (1.0 = Liberation Sans itself).
    """

    pixel: float = CSS_PIXEL
    widen: float = 1.0
    widen_bold: float = 1.0
    density: Density = DENSITIES[0]

    def font(self, points):
        """The printable size, in mm, nearest to a size in points."""
        return max(1, round(points * POINT / self.pixel)) * self.pixel

    def length(self, millimetres):
        """A height rounded up to whole pixels, so that rounded heights add up exactly."""
        return math.ceil(round(millimetres / self.pixel, 3)) * self.pixel

    def width(self, text, size, bold=False):
        """The width in mm of a text of one line set in ``size`` mm."""
        return em_width(text, bold) * size * (self.widen_bold if bold else self.widen)


class Paragraph(typing.NamedTuple):
    """``runs``: [(text, style)], style a subset of "biu" in that order, a LINE_BREAK character
    in the text where a new line begins; ``depth``: 0, 1 in a list, 2 in a list of a list;
    ``bullet``: what stands before the first line, or ""."""

    runs: list
    depth: int = 0
    bullet: str = ""


def _character_width(character, bold):
    code = ord(character)
    if 32 <= code <= 126:
        return (_BOLD if bold else _REGULAR)[code - 32]
    if character in _OTHERS:
        return _OTHERS[character]
    base = unicodedata.normalize("NFD", character)[0]
    if base != character:
        return _character_width(base, bold)
    if unicodedata.combining(character):
        return 0
    return _IDEOGRAM if unicodedata.east_asian_width(character) in "WF" else _UNKNOWN


_character_width = functools.lru_cache(maxsize=4096)(_character_width)


@functools.lru_cache(maxsize=32768)
def em_width(text, bold=False):
    """The width of a text in em of Liberation Sans (never less than the truth)."""
    return sum(_character_width(character, bold) for character in text) / 1000


def clean(text):
    """Plain text as it can be printed: str of anything, no control characters, None as ""."""
    if text is None or text is False:
        return ""
    text = str(text)
    if not (text.isascii() and text.isprintable()):
        text = _CONTROLS.sub("", text.translate(_SPACES))
    return text.strip(" \n\r")


# ------------------------------------------------------------------ HTML to paragraphs

_BLOCKS = {
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "table",
    "tr",
    "section",
    "blockquote",
    "pre",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
}
_STYLES = {
    "b": "b",
    "strong": "b",
    "i": "i",
    "em": "i",
    "u": "u",
    "h1": "b",
    "h2": "b",
    "h3": "b",
    "h4": "b",
    "h5": "b",
    "h6": "b",
}
_IGNORED = {"script", "style", "head", "title", "template", "noscript"}


class _Reader:
    """Walks a tree of HTML and collects its paragraphs; knows bold, italic, underlined,
    line breaks and lists, and takes everything else for plain text."""

    def __init__(self):
        self.paragraphs, self.runs, self.depth, self.bullet = [], [], 0, ""

    def flush(self):
        if "".join(text for text, _style in self.runs).strip(" \t\r\n" + LINE_BREAK):
            self.paragraphs.append(Paragraph(self.runs, self.depth, self.bullet))
            self.bullet = ""
        self.runs = []

    def say(self, text, style):
        if text:
            self.runs.append((str(text).translate(_SPACES), style))

    def walk(self, node, style=""):
        if not isinstance(node.tag, str) or node.tag in _IGNORED:
            return
        style = "".join(sorted(set(style + _STYLES.get(node.tag, ""))))
        if node.tag in _BLOCKS:
            self.flush()
        self.say(LINE_BREAK if node.tag == "br" else node.text, style)
        if node.tag in ("ul", "ol"):
            self.walk_list(node, style)
        else:
            self.walk_children(node, style)
        if node.tag in _BLOCKS:
            self.flush()

    def walk_children(self, node, style):
        for child in node:
            self.walk(child, style)
            self.say(" " if child.tag in ("td", "th") else "", style)
            self.say(child.tail, style)

    def walk_list(self, node, style):
        self.depth += 1
        for number, child in enumerate((each for each in node if each.tag == "li"), 1):
            self.bullet = f"{number}." if node.tag == "ol" else "–"
            self.walk(child, style)
        self.depth -= 1
        self.bullet = ""


def read_paragraphs(html):
    """The paragraphs of a piece of HTML, as [Paragraph]; broken markup is repaired.

    :raise TypeError: when ``html`` is neither text nor empty
    """
    if not html:
        return []
    if not isinstance(html, str):
        raise TypeError(f"the text of a letter must be HTML, not {type(html).__name__}")
    text = _CONTROLS.sub(" ", str(html))
    reader = _Reader()
    try:
        reader.walk(lxml.html.fragment_fromstring(text, create_parent="div"))
    except lxml.etree.ParserError:
        return []
    return reader.paragraphs


# ------------------------------------------------------------------ paragraphs to lines


def _words(runs):
    """The words of runs, each a list of (text, style); None stands for a line break."""
    word = []
    for text, style in runs:
        for piece in re.findall(rf"{LINE_BREAK}|[ \t\r\n]+|[^ \t\r\n{LINE_BREAK}]+", text):
            if piece[0] not in " \t\r\n" + LINE_BREAK:
                word.append((piece, style))
                continue
            if word:
                yield word
            word = []
            if piece == LINE_BREAK:
                yield None
    if word:
        yield word


def _chop(word, width, measure):
    """Cuts a word that is wider than a line, after one of "/-_.@" when there is one."""
    for text, style in word:
        while measure([(text, style)]) > width:
            end = 1
            while measure([(text[: end + 1], style)]) <= width:
                end += 1
            breaks = [n + 1 for n in range(end // 2, end) if text[n] in "/-_.@"]
            end = breaks[-1] if breaks else end
            yield [(text[:end], style)]
            text = text[end:]
        if text:
            yield [(text, style)]


def _joined(line):
    """A line of words gathered into [(text, style)] with as few pieces as possible."""
    pieces = []
    for word in line:
        spaced = [(" ", pieces[-1][1] if pieces[-1][1] == word[0][1] else "")] if pieces else []
        for text, style in spaced + word:
            if pieces and pieces[-1][1] == style:
                pieces[-1] = (pieces[-1][0] + text, style)
            else:
                pieces.append((text, style))
    return pieces


def break_runs(runs, width, size, metrics):
    """Breaks runs into lines no wider than ``width`` mm, as [[(text, style)]].

    The break is greedy, so a font that is narrower than the metrics never needs more lines.
    """

    def measure(word):
        if len(word) == 1:
            return metrics.width(word[0][0], size, "b" in word[0][1])
        return sum(metrics.width(text, size, "b" in style) for text, style in word)

    space = measure([(" ", "b")])
    lines, line, used = [], [], 0.0
    for word in _words(runs):
        if word is None:
            lines.append(line)
            line, used = [], 0.0
            continue
        pieces = [word] if measure(word) <= width else _chop(word, width, measure)
        for number, piece in enumerate(pieces):
            needed = measure(piece)
            if line and (number or used + space + needed > width):
                lines.append(line)
                line, used = [], 0.0
            used += needed + (space if line else 0.0)
            line = line + [piece]
    return [_joined(each) for each in (lines + [line] if line else lines)]


def wrap(text, width, size, metrics, *, bold=False, most=None):
    """Breaks plain text into lines of at most ``width`` mm, as [str].

    ``most``: no more than that many lines; the last then ends in an ellipsis.
    """
    text = clean(text)
    if "\n" not in text and metrics.width(text, size, bold) <= width:
        return [text] if text else []
    lines = _wrap(text, width, size, metrics._replace(density=DENSITIES[0]), bold)
    if most and len(lines) > most:
        last = shorten(f"{lines[most - 1]} {lines[most]}", width, size, metrics, bold=bold)
        lines = [*lines[: most - 1], last]
    return list(lines)


@functools.lru_cache(maxsize=8192)
def _wrap(text, width, size, metrics, bold):
    """The lines of a text; labels come back in many rows, and at every density."""
    runs = [(text.replace("\n", LINE_BREAK), "b" if bold else "")]
    return [
        "".join(part for part, _style in line) for line in break_runs(runs, width, size, metrics)
    ]


def shorten(text, width, size, metrics, *, bold=False):
    """The text when it fits on one line of ``width`` mm, else its beginning and "…".

    The cut is between two words unless that would lose more than a third of the line.
    """
    if metrics.width(text, size, bold) <= width:
        return text
    text = text.rstrip(ELLIPSIS)
    while text and metrics.width(text + ELLIPSIS, size, bold) > width:
        text = text[:-1]
    words = text.rpartition(" ")[0]
    text = words if len(words) * 3 >= len(text) * 2 else text
    return text.rstrip(" ,;:.-–(/") + ELLIPSIS


def line_html(fragments):
    """One line [(text, style)] as Markup; only <b>, <i> and <u> are ever written."""
    html = Markup()
    for text, style in fragments:
        piece = escape(text)
        for tag in style:
            piece = Markup("<%s>%s</%s>") % (tag, piece, tag)
        html += piece
    return html


def paragraph_lines(paragraph, width, size, metrics):
    """The lines of a paragraph as [Markup], for a column of ``width`` mm."""
    return [line_html(line) for line in break_runs(paragraph.runs, width, size, metrics)]
