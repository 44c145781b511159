from pathlib import Path

import pytest

from radimpress.cloud.planning.known_corpora import ASSUMED, TOKENS_A_WORD


def test_the_names_are_those_of_conf_data(root: Path) -> None:
    assert set(ASSUMED) <= {path.stem for path in (root / "conf/data").glob("*.yaml")}


def test_lengths_are_positive_tokens_and_sources_longer_than_targets() -> None:
    for known in ASSUMED.values():
        assert known.source[0] > known.target[0] > 0
        assert known.train > known.test > 0
    assert ASSUMED["synthetic"].source[0] == pytest.approx(48 * TOKENS_A_WORD)
