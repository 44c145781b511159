"""One form for texts that mean the same, and one mark for words that were removed."""

import re
import unicodedata

from radimpress.corpus.list_numbers import strip_list_numbers

PLACEHOLDER = "___"  # MIMIC-CXR's own mark

# "____" (MIMIC-CXR, MEDIQA), "XXXX" (Open-i), "[**2101-1-1**]" (MIMIC-III and older releases)
_MARKS = re.compile(
    r"_{2,}|(?<![A-Za-z0-9])(?:X{3,}|x{3,})(?![A-Za-z0-9])|\[\*\*[^\]]{0,200}?\*\*\]"
)
_PUNCTUATION = re.compile(r"[^\w\s]|(?<!_)_(?!_)")


def unify_placeholders(text: str, placeholder: str) -> str:
    """Write every de-identification mark as `placeholder`.

    >>> unify_placeholders("Compared to XXXX, a ____-year-old [**Name**].", "___")
    'Compared to ___, a ___-year-old ___.'
    """
    return _MARKS.sub(lambda _: placeholder, text)


def normalise(text: str) -> str:
    """The form in which two texts are the same text; for fingerprints, not for reading.

    Lower case, placeholders as `___`, no punctuation, no list numbers, single spaces.

    >>> normalise("1. No effusion.  2. XXXX heart-size!")
    'no effusion ___ heart size'
    """
    plain = unify_placeholders(strip_list_numbers(unicodedata.normalize("NFKC", text)), PLACEHOLDER)
    return " ".join(_PUNCTUATION.sub(" ", plain).lower().split())
