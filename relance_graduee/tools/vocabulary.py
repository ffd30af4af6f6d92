"""Words that a creditor's own French letters must not use. Pure Python.

What looks like a court's act is an offence (Code pénal, article 433-13), what cannot be done
without a court's decision misleads; before a formal notice, its words would already be one.
"""

import re
import unicodedata

COURT_WORDS = (
    "commandement de payer",
    "sommation",
    "huissier",
    "saisie de vos",
    "avant saisie",
    "saisie-attribution",
    "dernier avis avant",
    "avant poursuites",
    "poursuites judiciaires immédiates",
    "dossier n° RG",
    "République française",
    "agios",
)
FORMAL_WORDS = ("mise en demeure", "mettons en demeure", "contentieux")


def simplify(text):
    """``text`` without tags, accents, capitals and double spaces."""
    plain = re.sub(r"<[^>]*>", " ", text or "")
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[\s\u2019']+", " ", plain.lower())


def find_forbidden(text, is_formal_notice):
    """The words of ``text`` that must not be there, as a list.

    :param is_formal_notice: a formal notice may call itself one
    """
    words = COURT_WORDS if is_formal_notice else COURT_WORDS + FORMAL_WORDS
    found = simplify(text)
    return [each for each in words if simplify(each) in found]
