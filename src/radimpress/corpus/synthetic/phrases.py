"""Grammar: patterns and findings to phrases and sentences."""

import re
from collections.abc import Mapping, Sequence

from radimpress.corpus.synthetic.devices import Device, Tip
from radimpress.corpus.synthetic.observations import Change, Finding, Severity, Side, Site
from radimpress.corpus.synthetic.style import FLUID, Noun

ORDINALS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
)


def side_word(sides: Sequence[Side]) -> str:
    """`left`, `right`, `bilateral`, or nothing."""
    return sides[0].value if len(sides) == 1 else "bilateral" if sides else ""


def noun_phrase(noun: Noun, finding: Finding, sizes: Mapping[Severity, str]) -> str:
    """The noun filled in, without article: `small left pleural effusion`.

    A resolved finding has no size. `sizes` are the words for fluid and air; other observations are
    mild, moderate or severe.
    """
    both = len(finding.sides) == 2
    pattern = noun.two if both and noun.two is not None else noun.one
    number = finding.number or 0
    return _single_spaced(
        pattern.format(
            size=_size(finding, sizes),
            side=side_word(finding.sides),
            placed=_placed(finding),
            place=_place(finding),
            number=number,
            ordinal=ORDINALS[number - 1] if 0 < number <= len(ORDINALS) else "",
        )
    )


def fill(pattern: str, phrase: str, counted: bool, plural: bool) -> str:
    """A sentence pattern with its noun phrase, article and verbs; not capitalised yet."""
    article = "" if not counted or plural else _article(phrase)
    return _single_spaced(
        pattern.format(
            np=phrase,
            a_np=f"{article} {phrase}",
            **{"is": "are" if plural else "is", "has": "have" if plural else "has"},
        )
    )


def with_tail(text: str, tail: str) -> str:
    """Put ", which ..." before the full stop."""
    return f"{text.removesuffix('.')}{tail}." if tail else text


def sentence(text: str) -> str:
    """First letter in capitals, single spaces."""
    text = _single_spaced(text)
    return text[:1].upper() + text[1:]


def listed(phrases: Sequence[str], word: str) -> str:
    """`a, b and c`."""
    if len(phrases) < 2:
        return "".join(phrases)
    return f"{', '.join(phrases[:-1])} {word} {phrases[-1]}"


def is_plural(noun: Noun, finding: Finding) -> bool:
    """Whether verbs stand in the plural: things that can be counted, on both sides."""
    return noun.counted and len(finding.sides) == 2


def greater_side(finding: Finding) -> str:
    """`, left greater than right` where the finding tells it."""
    if finding.greater is None:
        return ""
    lesser = Side.RIGHT if finding.greater is Side.LEFT else Side.LEFT
    return f", {finding.greater.value} greater than {lesser.value}"


def device_phrase(pattern: str, device: Device, tips: Mapping[Tip, str]) -> str:
    """A device pattern filled with its side, tip, distance ("4.2"), and "new" where it is."""
    return pattern.format(
        new="new" if device.change is Change.NEW else "",
        side=device.side.value if device.side else "",
        tip=tips[device.tip] if device.tip else "",
        cm=f"{(device.tenths or 0) / 10:.1f}",
    )


def _size(finding: Finding, sizes: Mapping[Severity, str]) -> str:
    if finding.severity is None or finding.change is Change.RESOLVED:
        return ""
    return sizes[finding.severity] if finding.observation in FLUID else finding.severity.value


def _placed(finding: Finding) -> str:
    side = side_word(finding.sides)
    if finding.site is Site.BASE:
        return "bibasilar" if side == "bilateral" else f"{side} basilar"
    return f"{side} {finding.site.value}" if finding.site else side


def _place(finding: Finding) -> str:
    side = side_word(finding.sides)
    site = "lung base" if finding.site is Site.BASE else finding.site.value if finding.site else ""
    return f"both {site}s" if side == "bilateral" else f"the {side} {site}"


def _article(phrase: str) -> str:
    return "an" if re.match(r"[aeio]|8|11\b|18\b", phrase) else "a"


def _single_spaced(text: str) -> str:
    return " ".join(text.split())
