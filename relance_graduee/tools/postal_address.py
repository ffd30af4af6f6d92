"""Postal addresses as the French post office reads them (NF Z 10-011). Pure Python.

At most six lines of at most 38 characters, no blank line: name, contact, what completes the
street, number and street, locality, postcode and city; a seventh line names the country when
the letter leaves the sender's. Everything is written in capitals without accents nor
punctuation, which the norm asks of the last three lines and recommends for the others.
"""

import re
import unicodedata
from typing import NamedTuple

WIDTH = 38  # characters of a line
LINES = 6  # lines without the country

# fmt: off
# Abbreviations of the norm for a line that is too long. Whole words only.
_SHORTER = {
    "ALLEE": "ALL", "ALLEES": "ALL", "AVENUE": "AV", "BATIMENT": "BAT", "BOULEVARD": "BD",
    "CENTRE": "CTRE", "CHEMIN": "CHE", "COMMERCIAL": "CIAL", "COMPAGNIE": "CIE", "DOCTEUR": "DR",
    "ESCALIER": "ESC", "ETABLISSEMENT": "ETS", "ETABLISSEMENTS": "ETS", "FAUBOURG": "FG",
    "GENERAL": "GAL", "IMMEUBLE": "IMM", "IMPASSE": "IMP", "INDUSTRIEL": "IND",
    "INDUSTRIELLE": "IND", "LIEUTENANT": "LT", "LOTISSEMENT": "LOT", "MADAME": "MME",
    "MARECHAL": "MAL", "MONSIEUR": "M", "NATIONAL": "NAL", "NATIONALE": "NALE", "PLACE": "PL",
    "PRESIDENT": "PDT", "PROFESSEUR": "PR", "QUARTIER": "QUA", "RESIDENCE": "RES", "ROUTE": "RTE",
    "SAINT": "ST", "SAINTE": "STE", "SOCIETE": "STE", "SQUARE": "SQ", "ZONE": "Z",
}
_SMALL = {"DE", "DU", "DES", "LA", "LE", "LES", "ET", "AUX", "AU", "EN", "SUR", "D", "L"}
_LIGATURES = str.maketrans({"Œ": "OE", "œ": "oe", "Æ": "AE", "æ": "ae", "ß": "ss", "Ø": "O",
                            "ø": "o", "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "&": " & ",
                            "º": "o", "°": " "})
# fmt: on


class PostalAddress(NamedTuple):
    """Where somebody is; ``country`` is any value, false when it is not known."""

    street: str = ""
    street2: str = ""
    zip: str = ""
    city: str = ""
    country: object = None

    @property
    def has_street(self):
        return bool(to_capitals(self.street) or to_capitals(self.street2))

    @property
    def is_complete(self):
        """Whether a letter gets there: a street or its complement, and a city."""
        return self.has_street and bool(to_capitals(self.city))


def choose_address(addresses):
    """The address of the first that has what is needed; what it lacks comes from the next.

    A street is never put into another city: without a street of its own the whole next address
    is taken; without a city, that of the next, which is the less precise place of the same.

    :param addresses: list of ``PostalAddress``, the most specific first
    :return: ``PostalAddress``; blank parts are known of none
    """
    found = next((each for each in addresses if each.has_street), None)
    if found is None:
        return addresses[0] if addresses else PostalAddress()
    behind = addresses[addresses.index(found) + 1 :]
    if not to_capitals(found.city):
        town = next((each for each in behind if to_capitals(each.city)), PostalAddress())
        code = found.zip if to_capitals(found.zip) else town.zip
        found = found._replace(zip=code, city=town.city, country=found.country or town.country)
    same = [each for each in addresses if to_capitals(each.city) == to_capitals(found.city)]
    if not to_capitals(found.zip):
        found = found._replace(zip=next((each.zip for each in same if each.zip), ""))
    country = next((each.country for each in (*same, *behind) if each.country), None)
    return found._replace(country=found.country or country)


def to_capitals(text):
    """A text in capitals without accents, punctuation or repeated spaces.

    Letters of other alphabets are kept as they are: nobody is helped by an empty line.
    """
    text = unicodedata.normalize("NFD", (text or "").translate(_LIGATURES))
    text = "".join(each for each in text if not unicodedata.combining(each))
    text = unicodedata.normalize("NFC", text).upper()
    return " ".join(re.sub(r"[^\w&/ ]|_", " ", text).split())


def shorten_line(line, width=WIDTH, *, is_name=False):
    """A line of at most ``width`` characters.

    In this order, as far as needed, from the left: usual abbreviations (AVENUE: AV); small
    words (DE, LA) left out; in a street or a city the words inside cut to their initial, since
    the last one tells them apart, in a name whole words left out in the middle, since its
    beginning and its end do; at last the end cut off. Words with a figure are never cut to an
    initial.
    """
    words = line.split()
    for change in (
        (_abbreviate, _drop_small) if is_name else (_abbreviate, _drop_small, _to_initial)
    ):
        words = _apply(change, words, width)
    if is_name:
        words = _drop_inside(words, width)
    return " ".join(words)[:width].rstrip()


def _drop_inside(words, width):
    """Leaves "& CIE" out, then whole words of the middle, until the name fits."""
    if len(" ".join(words)) > width and words[-2:] == ["&", "CIE"]:
        words = words[:-2]
    while len(words) > 2 and len(" ".join(words)) > width:
        middle = len(words) // 2
        words = words[:middle] + words[middle + 1 :]
    return words


def split_name(name, count):
    """A name in capitals over at most ``count`` lines, shortened as little as needed.

    :return: list of str, each of at most ``WIDTH`` characters
    """
    words = name.split()
    if count < 2 or len(name) <= WIDTH:
        return [shorten_line(name, is_name=True)] if name else []
    for change in (None, _abbreviate, _drop_small):
        shorter = words if change is None else [change(words, n) for n in range(len(words))]
        words = [word for word in shorter if word]
        lines = _wrap(words)
        if len(lines) <= count:
            return lines
    lines = _wrap(words)
    while len(lines) > count and len(words) > 2:
        middle = len(words) // 2
        words = words[:middle] + words[middle + 1 :]
        lines = _wrap(words)
    return lines[:count]


def _wrap(words):
    """Words over lines of ``WIDTH`` characters; a word that is longer is cut."""
    lines = []
    for word in words:
        if lines and len(lines[-1]) + 1 + len(word) <= WIDTH:
            lines[-1] += f" {word}"
        else:
            lines.append(word[:WIDTH])
    return lines


def _abbreviate(words, number):
    return _SHORTER.get(words[number], words[number])


def _drop_small(words, number):
    return "" if number and words[number] in _SMALL else words[number]


def _to_initial(words, number):
    inside = 0 < number < len(words) - 1
    is_word = words[number].isalpha() and words[number] not in _SHORTER.values()
    return words[number][0] if inside and is_word else words[number]


def _apply(change, words, width):
    """Changes one word after the other until the line fits."""
    changed = list(words)
    for number in range(len(words)):
        if len(" ".join(filter(None, changed))) <= width:
            break
        changed[number] = change(words, number)
    return [word for word in changed if word]


def _split(text):
    """A field in which lines were typed, as lines in capitals."""
    return [line for line in map(to_capitals, (text or "").splitlines()) if line]


def _city_line(zip_code, city):
    """The line of postcode and city: of a long city, the postcode is kept whole."""
    zip_code, city = to_capitals(zip_code), to_capitals(city)
    room = WIDTH - len(zip_code) - 1
    return f"{zip_code} {shorten_line(city, room)}".strip()[:WIDTH].rstrip()


def format_postal_lines(
    name, contact=None, street=None, street2=None, zip_code=None, city=None, country=None
):
    """The lines of a postal address.

    :param name: who receives it: the company, or the person
    :param contact: "à l'attention de", or the service; left out when it says the name again
    :param street, street2: number and street, and what completes it (building, locality); may
        hold several lines
    :param country: its name when it is not the sender's, else None
    :return: list of str, at most 6 lines (7 with a country) of at most 38 characters, none
        blank; a long name takes two where one is free
    """
    last = [line for line in (_city_line(zip_code, city),) if line]
    abroad = [shorten_line(line) for line in _split(country)[:1]]
    named = to_capitals(name)
    reader = [line for line in _split(contact)[:1] if line not in (named, *_split(name))]
    # the street stands right above the city: sorting machines read from below
    below = _is_locality(street2)
    where = _split(street) + _split(street2) if below else _split(street2) + _split(street)
    room = LINES - min(len(named), 1) - len(reader) - len(last)
    where = where[-room:] if len(where) > room else where
    return [
        *split_name(named, 1 + min(room - len(where), 1)),
        *(shorten_line(line, is_name=True) for line in reader),
        *(shorten_line(line) for line in where),
        *last,
        *abroad,
    ]


def _is_locality(street2):
    """Whether the second line of a street belongs below it (BP, CS, lieu-dit)."""
    return bool(
        re.match(r"(BP|CS|TSA|CEDEX|LIEU DIT|LIEUDIT|BOITE POSTALE)\b", to_capitals(street2))
    )
