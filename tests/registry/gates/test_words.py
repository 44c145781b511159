from math import nan

import pytest

from radimpress.metrics.significance import Estimate, PairedTest
from radimpress.registry.gates import words

TEST = PairedTest(-0.013, -0.0321, 0.0064, 0.2)
ESTIMATE = Estimate(0.071, 0.045, 0.1, 311)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (words.plain(0.81236), "0.8124"),
        (words.signed(0.0124), "+0.0124"),
        (words.share(0.071), "7.1%"),
        (words.points(-0.013), "-1.3 points"),
        (words.bounds(ESTIMATE), "[0.0450, 0.1000]"),
        (words.share_bounds(ESTIMATE), "[4.5%, 10.0%]"),
        (words.signed_bounds(TEST), "[-0.0321, +0.0064]"),
        (words.point_bounds(TEST), "[-3.2, +0.6] points"),
        (words.plain(nan), "undefined"),
        (words.signed(nan), "undefined"),
        (words.share(nan), "undefined"),
        (words.points(nan), "undefined"),
    ],
)
def test_numbers_are_written_alike_everywhere(written, expected):
    assert written == expected
