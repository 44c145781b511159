"""One form for texts that mean the same, and one mark for words that were removed."""

import re
import string
import unicodedata

from radimpress.corpus.list_numbers import strip_list_numbers

PLACEHOLDER = "___"  # MIMIC-CXR's own mark

# "____" (MIMIC-CXR, MEDIQA), "XXXX" (Open-i), "[**2101-1-1**]" (MIMIC-III and older releases)
_MARKS = re.compile(
    r"_{2,}|(?<![A-Za-z0-9])(?:X{3,}|x{3,})(?![A-Za-z0-9])|\[\*\*[^\]]{0,200}?\*\*\]"
)
_MAYBE_MARK = ("__", "XXX", "xxx", "[**")  # looked for first: most texts hold no mark
_PUNCTUATION = re.compile(r"[^\w\s]")
_LONE_UNDERSCORE = re.compile(r"(?<!_)_(?!_)")
_ASCII_PUNCTUATION = str.maketrans(dict.fromkeys(string.punctuation.replace("_", ""), " "))


def unify_placeholders(text: str, placeholder: str) -> str:
    """Write every de-identification mark as `placeholder`.

    >>> unify_placeholders("Compared to XXXX, a ____-year-old [**Name**].", "___")
    'Compared to ___, a ___-year-old ___.'
    """
    if not any(mark in text for mark in _MAYBE_MARK):
        return text
    return _MARKS.sub(lambda _: placeholder, text)


def normalise(text: str) -> str:
    """The form in which two texts are the same text; for fingerprints, not for reading.

    Lower case, placeholders as `___`, no punctuation, no list numbers, single spaces.

    >>> normalise("1. No effusion.  2. XXXX heart-size!")
    'no effusion ___ heart size'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = unify_placeholders(strip_list_numbers(text), PLACEHOLDER)
    text = text.translate(_ASCII_PUNCTUATION) if text.isascii() else _PUNCTUATION.sub(" ", text)
    if "_" in text:
        text = _LONE_UNDERSCORE.sub(" ", text)
    return " ".join(text.lower().split())
