"""One raw report to background, findings and impression, by either profile."""

from radimpress.config.schema import Profile
from radimpress.corpus import mediqa_profile, robust_profile
from radimpress.corpus.section_record import Sections, Unusable

__all__ = ["Sections", "Unusable", "parse"]


def parse(text: str, profile: Profile) -> Sections:
    """Parse one raw report; total (never raises) and linear in the length of `text`.

    `robust` gives single-spaced text with list numbers and de-identification marks as they stand;
    `mediqa` gives what the official MEDIQA 2021 preparation gives, to the letter.
    """
    if profile is Profile.mediqa:
        return mediqa_profile.parse(text)
    return robust_profile.parse(text)
