"""Raw reports to background, findings and impression, by either profile."""

from collections.abc import Sequence

from radimpress.config.schema import Profile
from radimpress.corpus import robust_profile
from radimpress.corpus.section_record import Sections, Unusable

__all__ = ["Sections", "Unusable", "parse", "parse_all"]


def parse(text: str, profile: Profile) -> Sections:
    """Parse one raw report; total (never raises) and linear in the length of `text`.

    `robust` gives single-spaced text with list numbers and de-identification marks as they stand;
    `mediqa` gives what the official MEDIQA 2021 preparation gives, to the letter.
    """
    return parse_all([text], profile)[0]


def parse_all(texts: Sequence[str], profile: Profile) -> list[Sections]:
    """What `parse` makes of each text; `mediqa` takes many of them at once in less time."""
    if profile is Profile.mediqa:
        from radimpress.corpus import mediqa_profile  # numpy: a third of a short command

        return mediqa_profile.parse_all(texts)
    return [robust_profile.parse(text) for text in texts]
