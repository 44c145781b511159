import pytest
from mlflow.exceptions import MlflowException

from radimpress.registry.versions import Version, champion, find, version
from radimpress.runtime.errors import RadimpressError


def test_a_version_has_four_names(store, versions):
    found = version(store, versions, "3")
    for which in ("challenger", f"models:/{versions}/3", f"models:/{versions}@challenger"):
        assert version(store, versions, which) == found
    assert (found.name, found.number, found.aliases) == (versions, "3", ("challenger",))
    assert found.tags == {"radimpress.note": "c"}
    assert found.source.endswith("/model")
    assert found.run_id
    assert found.uri == f"models:/{versions}/3"


def test_the_hash_of_the_model_is_its_tag_or_unknown():
    tags = {"radimpress.model_sha256": "abc"}
    assert Version("m", "1", "", "", tags=tags).model_sha256 == "abc"
    assert Version("m", "1", "", "").model_sha256 == ""


def test_what_does_not_exist_is_said_with_what_does(store, versions):
    for which, what in (
        ("9", "version 9"),
        ("best", "alias 'best'"),
        (f"models:/{versions}@best", "alias 'best'"),
    ):
        said = rf"has no {what} in .*next: name one .*\(3, 2, 1\)"
        with pytest.raises(RadimpressError, match=said):
            version(store, versions, which)


def test_a_model_that_was_never_registered_says_how_to(store):
    with pytest.raises(
        RadimpressError, match="nobody has no alias 'champion'.*next: run `dvc repro`"
    ):
        version(store, "nobody", "champion")
    assert champion(store, "nobody") is None


def test_there_is_no_champion_until_the_alias_stands_somewhere(store, versions):
    assert champion(store, versions) is None
    store.client.set_registered_model_alias(versions, "champion", "2")
    assert champion(store, versions).number == "2"


def test_a_store_that_fails_is_no_missing_version(store, versions, monkeypatch):
    def down(*_):
        raise MlflowException("down")

    monkeypatch.setattr(store.client, "get_model_version", down)
    with pytest.raises(MlflowException, match="down"):
        find(store, versions, "3")
