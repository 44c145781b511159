import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from radimpress.serving.facts import packaged_facts, registered_facts, scores, titled
from radimpress.serving.served_model import Example, Facts, Score

EFFUSION = "Small left pleural effusion."
CLEAR = "The lungs are clear. No effusion."


def test_scores_are_those_of_the_test_split_with_their_bounds():
    metrics = {
        "test/rougeL": 0.8,
        "test_interval/rougeL_low": 0.7,
        "test_interval/rougeL_high": 0.9,
        "test/rouge1": 0.85,
        "test_abnormal/rougeL": 0.6,
        "val/loss": 1.0,
    }
    assert scores(metrics, 300) == {
        "rouge1": Score(0.85, None, None, 300),
        "rougeL": Score(0.8, 0.7, 0.9, 300),
    }


def test_examples_are_titled_by_what_they_show_and_differ():
    found = titled([EFFUSION, EFFUSION, CLEAR, "Cardiomegaly with edema."])
    assert found == (
        Example("Pleural Effusion", EFFUSION),
        Example("No Finding", CLEAR),
        Example("Cardiomegaly and Edema", "Cardiomegaly with edema."),
    )


def test_a_folder_without_lineage_is_private():
    assert packaged_facts({}) == Facts(access="private", trained_on=None)
    lineage = {"radimpress.access": "public", "radimpress.corpus": "synthetic"}
    assert packaged_facts(lineage) == Facts(access="public", trained_on="synthetic")


@pytest.fixture
def make_version(store, experiment, config, tmp_path):
    """Registers a version whose run holds scores, and examples where `access` has them logged."""

    def make(access, run_id=None):
        client = store.client
        run = client.create_run(experiment, tags={"radimpress.access": access}).info.run_id
        client.log_metric(run, "test/rougeL", 0.8)
        client.log_param(run, "corpus", "synthetic")
        table = pa.table({"study_id": ["a", "b", "c"]})
        pq.write_table(table, tmp_path / "test.parquet")
        client.log_artifact(run, str(tmp_path / "test.parquet"), "scores")
        columns = {"study_id": ["a"], "findings": [EFFUSION]}
        client.log_dict(
            run,
            {"columns": list(columns), "data": [[v[0] for v in columns.values()]]},
            "examples_test.json",
        )
        name = config.tracking.registered_model
        client.create_registered_model(name)
        made = client.create_model_version(name, "x", run_id if run_id is not None else run)
        client.update_model_version(name, made.version, description="# Card")
        return client.get_model_version(name, made.version)

    return make


def test_a_registered_version_knows_its_scores_corpus_card_and_examples(store, make_version):
    facts = registered_facts(store, make_version("public"))
    assert facts.scores == {"rougeL": Score(0.8, None, None, 3)}
    assert facts.trained_on == "synthetic"
    assert facts.access == "public"
    assert facts.card == "# Card"
    assert facts.examples == (Example("Pleural Effusion", EFFUSION),)


def test_a_private_corpus_shows_no_example_even_if_there_is_one(store, make_version):
    facts = registered_facts(store, make_version("credentialed"))
    assert facts.examples == ()
    assert facts.access == "credentialed"


def test_a_version_whose_run_is_gone_still_has_its_card(store, make_version):
    version = make_version("public", run_id="0" * 32)
    assert registered_facts(store, version) == Facts(card="# Card")
