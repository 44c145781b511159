from pathlib import Path

from radimpress.modeling.shards import Shards, Written

OUTPUTS = [Written("No effusion.", truncated=False), Written("Ü", truncated=True)]


def test_a_finished_batch_comes_back(tmp_path: Path) -> None:
    Shards(tmp_path / "kept").write(7, OUTPUTS)
    assert Shards(tmp_path / "kept").read(7) == OUTPUTS


def test_an_unfinished_batch_is_none(tmp_path: Path) -> None:
    assert Shards(tmp_path / "kept").read(0) is None


def test_discarding_leaves_nothing_and_may_be_repeated(tmp_path: Path) -> None:
    shards = Shards(tmp_path / "kept")
    shards.write(0, OUTPUTS)
    shards.discard()
    shards.discard()
    assert list(tmp_path.iterdir()) == []
