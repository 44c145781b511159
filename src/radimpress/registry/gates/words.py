"""Numbers as the gates write them."""

from math import isfinite

from radimpress.metrics.significance import Estimate, PairedTest


def plain(value: float) -> str:
    """A score: 0.8124."""
    return f"{value:.4f}" if isfinite(value) else "undefined"


def signed(value: float) -> str:
    """A difference of scores: +0.0124."""
    return f"{value:+.4f}" if isfinite(value) else "undefined"


def share(value: float) -> str:
    """A share of reports: 7.1%."""
    return f"{value:.1%}" if isfinite(value) else "undefined"


def points(value: float) -> str:
    """A difference of shares: +1.3 points."""
    return f"{100 * value:+.1f} points" if isfinite(value) else "undefined"


def bounds(found: Estimate) -> str:
    """The interval of a score."""
    return f"[{plain(found.low)}, {plain(found.high)}]"


def share_bounds(found: Estimate) -> str:
    """The interval of a share."""
    return f"[{share(found.low)}, {share(found.high)}]"


def signed_bounds(test: PairedTest) -> str:
    """The interval of a difference of scores."""
    return f"[{signed(test.low)}, {signed(test.high)}]"


def point_bounds(test: PairedTest) -> str:
    """The interval of a difference of shares."""
    return f"[{100 * test.low:+.1f}, {100 * test.high:+.1f}] points"
