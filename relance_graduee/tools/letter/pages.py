"""Cuts a letter into pages before it is rendered. Pure Python, no ORM.

Debian's wkhtmltopdf (unpatched Qt) repeats no header and no footer and refuses several
documents at once, so the pages are made here: every line is broken, every height known, page
numbers too. The template only draws what it is told, at the place it is told.

A letter is a dict of texts that are already formatted and translated; HTML texts are Markup
and may use p, ul, ol, li, b, i, u, br:

- ``lang``, ``marker`` (unique, printed in the foot of every page), ``mode``, ``place_date``,
  ``subject``, ``salutation``, ``memo_title``: str
- ``sender``: {``name``, ``lines``: [str], ``logo``: data URI or False, ``legal``: str or [str],
  ``contact_lines``: [str]}; ``recipient_lines``: [str]
- ``references``: [(label, value)], ``enclosures``: [str]
- ``body_html`` (before the table), ``closing_html`` (after it)
- ``columns``: [{``key``, ``label``, ``align``: left|right|center, ``width``: mm, none for the
  column that takes what is left}]; ``rows``, ``memo_rows``: [{column key: str, ``kind``:
  item|credit|sum}]; ``totals``: [{``label``, ``amount``, ``strong``: bool}]
- ``payment``: {``title``, ``lines``: [(label, value)], ``qr``: data URI or False, ``note``}
- ``signature``: {``name``, ``capacity``, ``image``: data URI or False}
- ``annexes``: [{``title``, ``html``, ``columns``, ``rows``, ``totals``}], each on a new page

Only ``marker``, ``sender``, ``recipient_lines`` and ``subject`` are required. All lengths are
millimetres on the printed page, from its top left corner, font sizes included.
"""

from .blocks import fit_side, make_units
from .text import DENSITIES, Metrics, clean, shorten, wrap

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
LEFT, WIDTH = 20.0, 170.0
FIRST_TOP, NEXT_TOP, BOTTOM = 108.0, 27.0, 274.0  # of what flows over the pages
# (left, top, width, height) of what stands at a fixed place. The recipient is seen through the
# window of a DL envelope wherever it sits: x 118 to 195, y 60 to 85.
SENDER = (20.0, 14.0, 92.0, 41.0)
LOGO = (20.0, 12.0, 70.0, 17.0)
SENDER_BELOW_LOGO = (20.0, 31.0, 92.0, 24.0)
SIDE = (20.0, 62.0, 90.0, 42.0)
RECIPIENT = (119.0, 60.8, 75.0, 23.6)
MODE = (119.0, 90.0, 71.0, 8.0)
PLACE_DATE = (119.0, 99.0, 71.0, 5.0)
RUNNING_HEAD = (20.0, 14.0, 170.0, 4.0)
FOOT = (20.0, 278.0, 118.0, 8.5)


class PageError(ValueError):
    """A letter holds something that fits on no page."""


class _Filler:
    """Puts units on pages, from top to bottom, in their order.

    ``capacities``: mm of height of the first page and of each next page.
    """

    def __init__(self, first, following):
        self.capacities, self.pages, self.used = (first, following), [[]], 0.0

    @property
    def capacity(self):
        return self.capacities[min(len(self.pages) - 1, 1)]

    def _cost(self, unit, before, used):
        """(space above, height of the repeated head) of a unit that comes after another."""
        head = unit.head if before is None or before.block is not unit.block else 0.0
        return (unit.gap if used else 0.0), head

    def _room(self, group):
        """The height that is used once a group stands on the page."""
        before, used = self._last(), self.used
        for unit in group:
            used += sum(self._cost(unit, before, used)) + unit.height
            before = unit
        return used

    def _last(self):
        return self.pages[-1][-1][0] if self.pages[-1] else None

    def _fits(self, group):
        return self._room(group) <= self.capacity + 0.001

    def _new_page(self):
        self.pages.append([])
        self.used = 0.0

    def _put(self, unit):
        """Puts one unit at the end, on a new page when there is no room left."""
        if not self._fits([unit]):
            self._new_page()
        if not self._fits([unit]):
            raise PageError(f"a block of {unit.height:.0f} mm is higher than a page")
        gap, head = self._cost(unit, self._last(), self.used)
        self.pages[-1].append((unit, self.used + gap))
        self.used += gap + head + unit.height

    def fill(self, group):
        """Puts units that stay together; they are parted only when a whole page is too small."""
        if self.pages[-1] and (group[0].fresh or not self._fits(group)):
            self._new_page()
        for unit in group:
            self._put(unit)


def group_units(units):
    """Units linked by ``keep``, as lists: [[Unit]]."""
    group = []
    for unit in units:
        group.append(unit)
        if not unit.keep:
            yield group
            group = []
    if group:
        yield group


def fill_pages(units, first, following):
    """Distributes units over pages.

    :param units: [Unit] in reading order
    :param first, following: usable height in mm of the first page and of each next one
    :return: [[(Unit, top in mm from the top of the usable height)]], one list a page; the
        first may be empty when the first unit does not fit on it
    :raise PageError: a unit is higher than a page
    """
    filler = _Filler(first, following)
    for group in group_units(units):
        filler.fill(group)
    return filler.pages


def blocks_of(placed, top):
    """The units of one page gathered into blocks for the template.

    :return: [{``kind``, ``top``, ``height``, ``parts``: [dict], and what the units share}]
    """
    blocks, last = [], None
    for unit, offset in placed:
        if last is None or unit.block is not last.block:
            blocks.append(
                {
                    **unit.block,
                    "kind": unit.kind,
                    "parts": [],
                    "top": top + offset,
                    "head": unit.head,
                }
            )
        start = blocks[-1]["top"]
        here = top + offset + (unit.head if not blocks[-1]["parts"] else 0.0)
        blocks[-1]["parts"].append({**unit.data, "offset": here - start})
        blocks[-1]["height"] = here + unit.height - start
        last = unit
    return blocks


def fit_lines(lines, place, points, metrics, *, leading=1.3, bold=False, least=6.0):
    """Sets lines of text in a rectangle: smaller type, then an ellipsis, when they are too wide
    or too many.

    :param lines: [str]
    :param place: (left, top, width, height) in mm
    :param points: the preferred font size, ``least`` the smallest before texts are cut
    :return: {``left``, ``top``, ``width``, ``height``, ``size``, ``pitch``, ``lines``: [str]}
    """
    left, top, width, height = place
    lines = [text for text in (clean(line).replace("\n", " ") for line in lines) if text]
    size, smallest = metrics.font(points), metrics.font(least)
    widest = max((metrics.width(line, 1.0, bold) for line in lines), default=0.0)
    while size > smallest + 0.001 and (widest * size > width or len(lines) * size * 1.1 > height):
        size -= metrics.pixel
    pitch = min(size * leading, height / max(1, len(lines)))
    pitch = int(pitch / metrics.pixel + 0.001) * metrics.pixel
    lines = [shorten(line, width, size, metrics, bold=bold) for line in lines]
    return {
        "left": left,
        "top": top,
        "width": width,
        "height": len(lines) * pitch,
        "size": size,
        "pitch": pitch,
        "lines": lines,
    }


def _wrapped(lines, place, points, metrics, **options):
    """Like ``fit_lines``, but long lines are wrapped at the preferred size first."""
    size = metrics.font(points)
    wrapped = [
        part
        for line in lines
        for part in wrap(line, place[2], size, metrics, bold=options.get("bold", False))
    ]
    return fit_lines(wrapped, place, points, metrics, **options)


def _as_lines(value):
    """A text or a list of texts, as a list."""
    return value.splitlines() if isinstance(value, str) else list(value or [])


def _fit_sender(sender, metrics):
    """{``logo``: place or None, ``name``, ``lines``: fitted} of the letterhead."""
    left, top, width, height = SENDER_BELOW_LOGO if sender.get("logo") else SENDER
    points = 9.5 if sender.get("logo") else 15.0
    name = fit_lines(
        [sender["name"]],
        (left, top, width, 8.0),
        points,
        metrics,
        bold=True,
        leading=1.25,
        least=9.0,
    )
    below = name["height"] + (0.6 if sender.get("logo") else 1.6)
    lines = _wrapped(
        sender.get("lines") or [],
        (left, top + below, width, height - below),
        8.25,
        metrics,
        leading=1.35,
    )
    return {"logo": LOGO if sender.get("logo") else None, "name": name, "lines": lines}


def _fit_first(letter, metrics, side):
    """Fixed places of the first page; ``side``: the lines left of the window."""
    return {
        "sender": _fit_sender(letter["sender"], metrics),
        "recipient": fit_lines(letter["recipient_lines"], RECIPIENT, 10.0, metrics, least=4.0),
        "side": side,
        "mode": _wrapped([letter.get("mode") or ""], MODE, 8.25, metrics, bold=True),
        "place_date": fit_lines([letter.get("place_date") or ""], PLACE_DATE, 9.75, metrics),
    }


def _running_head(letter, metrics):
    """The line at the top of the second and later pages: {size, pitch, left, right, …}."""
    left, top, width, height = RUNNING_HEAD
    size = metrics.font(7.5)
    to = clean((letter["recipient_lines"] or [""])[0])
    return {
        "left": left,
        "top": top,
        "width": width,
        "size": size,
        "pitch": metrics.length(height),
        "from": shorten(clean(letter["sender"]["name"]), width / 2 - 3, size, metrics, bold=True),
        "to": shorten(to, width / 2 - 3, size, metrics),
    }


def _fill_letter(letter, references, metrics):
    """Place the flowing content on as few pages as possible, no more closely set than needed.

    ``references``: those that found no room beside the window.
    """
    best = None
    for density in DENSITIES:
        units = make_units(letter, references, WIDTH, metrics._replace(density=density))
        filled = fill_pages(units, BOTTOM - FIRST_TOP, BOTTOM - NEXT_TOP)
        best = filled if best is None or len(filled) < len(best) else best
        if len(best) == 1:
            break
    return best


def cut_letter(letter, metrics=None):
    """The pages of one letter, set more closely when that saves a page.

    :param letter: dict, see the module
    :param metrics: ``letter_text.Metrics`` of the machine that prints
    :return: [page], each {``number``, ``count``, ``marker``, ``blocks``: [dict] with ``kind``,
        ``top``, ``height`` and ``parts`` (see ``letter_blocks``), ``first``: dict of fitted
        texts on page 1 and None after it, ``running``: dict from page 2 on, ``foot``: dict}
    :raise KeyError: a required key is missing; :raise TypeError: a text is not a text;
    :raise PageError: something fits on no page
    """
    metrics = metrics or Metrics()
    side, overflow = fit_side(letter, SIDE, metrics)
    filled = _fill_letter(letter, overflow, metrics)
    foot = _wrapped(
        _as_lines(letter["sender"].get("legal")), FOOT, 6.4, metrics, leading=1.3, least=5.0
    )
    foot |= {"page_size": metrics.font(6.9), "page_pitch": metrics.length(3.4)}
    first, running = _fit_first(letter, metrics, side), _running_head(letter, metrics)
    return [
        {
            "number": number,
            "count": len(filled),
            "marker": letter["marker"],
            "foot": foot,
            "first": first if number == 1 else None,
            "running": None if number == 1 else running,
            "blocks": blocks_of(placed, FIRST_TOP if number == 1 else NEXT_TOP),
        }
        for number, placed in enumerate(filled, 1)
    ]
