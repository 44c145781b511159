import pytest

from radimpress.modeling.folder import load_model
from radimpress.modeling.reference import (
    REFERENCE,
    Reference,
    model_sha256,
    read_reference,
    refuse_reference,
    write_reference,
)
from radimpress.runtime.digests import folder_sha256
from radimpress.runtime.errors import RadimpressError

THERE = Reference("s3://bucket/models/x/", {"config.json": "0" * 64, "model.safetensors": "1" * 64})


def test_a_reference_is_read_as_it_was_written(tmp_path):
    write_reference(tmp_path, THERE)
    assert read_reference(tmp_path) == THERE


def test_a_model_folder_is_no_reference(tmp_path, model_folder):
    assert read_reference(model_folder) is None
    refuse_reference(model_folder)


def test_its_sha256_is_that_of_the_downloaded_folder(tmp_path):
    import hashlib

    (tmp_path / "a").write_text("a")
    files = {"a": hashlib.sha256(b"a").hexdigest()}
    assert Reference("s3://b/", files).sha256 == folder_sha256(tmp_path)


def test_loading_one_says_what_to_do(tmp_path):
    write_reference(tmp_path, THERE)
    with pytest.raises(RadimpressError) as caught:
        load_model(tmp_path)
    assert "its weights are at s3://bucket/models/x/" in str(caught.value)
    assert "compute.job.returns=files" in str(caught.value)
    assert "radimpress fetch" in str(caught.value)


def test_the_model_is_the_same_whether_it_is_there_or_referred_to(tmp_path, model_folder):
    assert model_sha256(model_folder) == folder_sha256(model_folder)
    write_reference(tmp_path, THERE)
    assert model_sha256(tmp_path) == THERE.sha256 != folder_sha256(tmp_path)


@pytest.mark.parametrize("text", ["no JSON", "{}", "[]", '{"uri": "s3://b/", "files": 3}'])
def test_a_broken_one_is_named(tmp_path, text):
    (tmp_path / REFERENCE).write_text(text)
    with pytest.raises(RadimpressError, match="is no reference to a model"):
        read_reference(tmp_path)
