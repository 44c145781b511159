import pytest

from radimpress.report.run_choice import choose, scores_of
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.runs import RunRecord, ensure_run


@pytest.fixture
def record(store, experiment):
    def record(system, key):
        return ensure_run(
            store, experiment, RunRecord(system, f"{system} {key}", key, {}, {}, {}, "")
        )

    return record


@pytest.fixture
def ids(store, config):
    def ids(*wanted):
        return [chosen.run.info.run_id for chosen in choose(store, config, wanted)]

    return ids


def test_a_run_is_named_by_id_name_or_system_and_the_newest_is_taken(record, ids):
    old, new = record("finetuned", "a"), record("finetuned", "b")
    other = record("constant", "c")
    assert ids("finetuned") == [new]
    assert ids("finetuned a", old, other) == [old, old, other]
    assert ids() == [new, other]


def test_a_version_is_named_by_number_alias_or_uri_and_says_so(record, ids, store, config):
    name = config.tracking.registered_model
    first, second = record("finetuned", "a"), record("finetuned", "b")
    store.client.create_registered_model(name)
    for run in (first, second):
        store.client.create_model_version(name, f"runs:/{run}/model", run, await_creation_for=0)
    store.client.set_registered_model_alias(name, "champion", "1")
    store.client.set_registered_model_alias(name, "challenger", "2")
    assert ids("champion", "challenger", "1") == [first, second, first]
    assert ids(f"models:/{name}@challenger", f"models:/{name}/1") == [second, first]
    assert choose(store, config, ["champion"])[0].label == "version 1: finetuned a"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nobody", "no finished run 'nobody'; next: name one of: constant b; or a version number"),
        ("champion", "has no alias 'champion'"),
        ("7", "has no version 7"),
        ("models:/nobody@champion", "nobody has no alias 'champion'"),
    ],
    ids=["name", "alias", "number", "uri"],
)
def test_what_is_unknown_is_told_with_what_is_known(record, ids, name, message):
    record("constant", "b")
    with pytest.raises(RadimpressError, match=message):
        ids(name)


def test_a_run_without_scores_of_the_split_says_what_to_do(record, store, config):
    record("constant", "b")
    with pytest.raises(RadimpressError, match="holds no scores of split 'test'; next: name anoth"):
        scores_of(store, choose(store, config, [])[0], "test")
