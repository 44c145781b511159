import subprocess

import pytest

from radimpress.registry.evidence.provenance import Asked, trace
from radimpress.registry.lineage.git_repository import GitRepository
from radimpress.registry.lineage.link import State
from radimpress.registry.lineage.recorded import Sources
from radimpress.runtime.digests import file_md5, folder_sha256
from radimpress.tracking.dvc_lock import lock_md5

ASKED = Asked("test", clean=True)


@pytest.fixture
def tags(clinic):
    commit = subprocess.check_output(
        ["git", "rev-parse", "HEAD"], cwd=clinic.root, text=True
    ).strip()
    plain = {
        "model_sha256": folder_sha256(clinic.finetuned),
        "key": "k",
        "content": "c",
        "git_commit": commit,
        "git_dirty": "false",
        "dvc_lock_md5": lock_md5((clinic.root / "dvc.lock").read_text()),
        "config_fingerprint": "f",
        "foundation_sha256": "f",
    }
    for name in ("train", "validation", "test"):
        plain[f"split.{name}_md5"] = file_md5(clinic.splits / f"{name}.parquet")
    return {f"radimpress.{key}": value for key, value in plain.items()}


@pytest.fixture
def traced(clinic, store):
    def run(tags, asked=ASKED, folder=None):
        commit = tags.get("radimpress.git_commit", "")
        sources = Sources(store, GitRepository(clinic.root), "", commit)
        return trace(tags, folder or clinic.finetuned, sources, asked)

    return run


def loose(provenance):
    return [link.name for link in provenance.links if link.state is not State.holds]


def test_what_was_registered_here_holds_link_by_link(traced, tags):
    found = traced(tags)
    assert loose(found) == []
    assert found.measurable
    assert [link.name for link in found.links] == [
        *("tags", "commit", "dvc.lock", "code"),
        *("train data", "validation data", "test data"),
        *("foundation", "model"),
    ]


@pytest.mark.parametrize(
    ("tag", "value", "broken", "measurable"),
    [
        ("key", "", ["tags"], True),
        ("git_commit", "f" * 40, ["commit", "code"], True),
        ("git_commit", "", ["tags", "commit", "code"], True),
        ("git_commit", "--help", ["commit", "code"], True),
        ("git_dirty", "true", ["commit"], True),
        ("git_dirty", "", ["tags", "commit"], True),
        ("dvc_lock_md5", "0" * 32, ["dvc.lock"], True),
        ("split.train_md5", "0" * 32, ["train data"], True),
        ("split.test_md5", "0" * 32, ["test data"], False),
        ("split.test_md5", "", ["tags", "test data"], False),
        ("model_sha256", "0" * 64, ["model"], False),
        ("model_sha256", "", ["tags", "model"], False),
    ],
)
def test_a_link_that_does_not_hold_is_named(traced, tags, tag, value, broken, measurable):
    found = traced(tags | {f"radimpress.{tag}": value})
    assert loose(found) == broken
    assert found.measurable is measurable


def test_uncommitted_changes_are_allowed_in_a_rehearsal(traced, tags):
    dirty = tags | {"radimpress.git_dirty": "true"}
    found = traced(dirty, Asked("test", clean=False))
    assert loose(found) == []
    said = next(link.why for link in found.links if link.name == "commit")
    assert "nothing was uncommitted" not in said
    assert "let pass by promotion.lineage.clean_commit" in said


def test_a_lock_that_moved_on_is_found_at_the_commit(traced, tags, clinic):
    (clinic.root / "dvc.lock").write_text("schema: '2.0'\nstages: {train: {}}\n")
    assert loose(traced(tags)) == []


def test_a_missing_model_is_a_broken_link_and_no_crash(traced, tags, clinic):
    found = traced(tags, folder=clinic.root / "nowhere")
    assert loose(found) == ["model"]
    assert not found.measurable


def test_another_foundation_than_the_registered_one_is_named(traced, tags, clinic):
    folder = clinic.root / "models" / "foundation"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"base")
    assert loose(traced(tags)) == ["foundation"]
    assert loose(traced(tags | {"radimpress.foundation_sha256": folder_sha256(folder)})) == []


def test_an_external_test_split_needs_its_own_hash(traced, tags, clinic):
    (clinic.splits / "test_other.parquet").write_bytes(
        (clinic.splits / "test.parquet").read_bytes()
    )
    asked = Asked("test_other", clean=True)
    assert loose(traced(tags, asked)) == ["tags", "test_other data"]
    md5 = file_md5(clinic.splits / "test_other.parquet")
    assert loose(traced(tags | {"radimpress.split.test_other_md5": md5}, asked)) == []
