"""French company numbers. Pure Python."""

import re


def get_digits(text):
    """``text`` without spaces and dots."""
    return re.sub(r"[\s.]", "", text or "")


def is_siren(text):
    """Whether ``text`` holds a SIREN or SIRET number (9 or 14 digits, Luhn's check)."""
    digits = get_digits(text)
    if not re.fullmatch(r"\d{9}|\d{14}", digits):
        return False
    doubled = [
        int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits[:9]))
    ]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def format_siren(text):
    """The SIREN in a SIREN or SIRET number, in groups of three digits."""
    siren = get_digits(text)[:9]
    return "\N{NO-BREAK SPACE}".join(siren[place : place + 3] for place in (0, 3, 6))
