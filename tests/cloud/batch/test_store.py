import shutil
import stat

import pytest

from radimpress.cloud.batch.store import BucketStore, LocalStore


@pytest.fixture(params=["here", "in S3"])
def store(request, tmp_path, monkeypatch, session):
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    return LocalStore("key") if request.param == "here" else BucketStore(session, "key")


def finish(store, session, name):
    if isinstance(store, LocalStore):
        (store.output / name).write_text("done")
    else:
        session.client("s3").put_object(
            Bucket=session.bucket, Key=f"batch/key/output/{name}", Body=b"done"
        )


def test_what_is_finished_is_known_and_fetched(store, session, tmp_path):
    (tmp_path / "shard").write_text("asked")
    store.put(tmp_path / "shard", "0-a.parquet")
    assert store.finished() == set()
    finish(store, session, "0-a.parquet")
    assert store.finished() == {"0-a.parquet"}
    assert store.fetch("0-a.parquet", tmp_path).read_text() == "done"
    store.discard()
    assert type(store).__name__ == "LocalStore" or store.finished() == set()


def test_a_shard_that_is_there_is_not_uploaded_again(session, tmp_path, loopback):
    (tmp_path / "shard").write_text("asked")
    BucketStore(session, "key").put(tmp_path / "shard", "0-a.parquet")
    before = loopback.calls["s3:PutObject"]
    BucketStore(session, "key").put(tmp_path / "shard", "0-a.parquet")
    assert loopback.calls["s3:PutObject"] == before == 1


def test_shards_here_are_their_owner_s_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    store = LocalStore("key")
    assert store.folder == tmp_path / "data" / "batch" / "key"
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    store.discard()
    assert not store.folder.exists()


def test_a_shard_that_was_being_copied_when_the_process_died_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    store = LocalStore("key")
    (tmp_path / "shard").write_text("asked")

    def die_halfway(source, target):
        target.write_text("as")
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(shutil, "copyfile", die_halfway)
        with pytest.raises(KeyboardInterrupt):
            store.put(tmp_path / "shard", "0-a.parquet")
    assert not list(store.input.glob("*.parquet"))
    store.put(tmp_path / "shard", "0-a.parquet")
    assert (store.input / "0-a.parquet").read_text() == "asked"
