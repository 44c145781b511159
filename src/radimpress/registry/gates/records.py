"""What is known of a candidate before it is asked anything. Neither gate can be overridden."""

from dataclasses import dataclass

from radimpress.registry.evidence.leaks import Leak
from radimpress.registry.gates.ruling import Ruling
from radimpress.registry.lineage.link import Link, State


@dataclass(frozen=True, slots=True)
class Records:
    """The links of a candidate's lineage, and what stands on both sides of its split.

    `clean` is false where `promotion.lineage.clean_commit` lets uncommitted changes pass.
    """

    links: tuple[Link, ...]
    leaks: tuple[Leak, ...]
    clean: bool = True


def lineage(records: Records) -> Ruling:
    """Is it known which code, data and bytes it was made from, and are they those?"""
    loose = [link for link in records.links if link.state is not State.holds]
    return Ruling(
        not loose,
        f"{len(records.links) - len(loose)} of {len(records.links)} links hold",
        "every link" if records.clean else "every link; UNCOMMITTED CHANGES ALLOWED",
        reason="; ".join(f"{link.name} {link.value}: {link.why}" for link in loose),
    )


def leakage(records: Records) -> Ruling:
    """Are the reports that judge it unseen in training?"""
    found = [leak for leak in records.leaks if leak.count]
    return Ruling(
        not found,
        ", ".join(f"{leak.count:,} {leak.what}" for leak in found or records.leaks),
        "none",
        reason="; ".join(leak.detail for leak in found if leak.detail),
    )
