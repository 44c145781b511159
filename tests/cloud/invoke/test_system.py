import pytest

from radimpress.baselines.system import System
from radimpress.cloud.invoke.client import EndpointClient
from radimpress.cloud.invoke.system import EndpointSystem, endpoint_systems, summarize_remotely
from radimpress.config.schema import Config, Generation
from radimpress.corpus.report import Prediction, Report
from radimpress.modeling.generate_stage import Remote
from radimpress.modeling.recipe import Decoding
from radimpress.modeling.requests import Requests
from radimpress.runtime.errors import RadimpressError


@pytest.fixture(autouse=True)
def _answers_here(tmp_path, monkeypatch):
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))


def report(study: str, findings: str) -> Report:
    return Report(study, "patient", "synthetic", "cough", findings, "SECRET REFERENCE")


REPORTS = [report("a", "clear."), report("b", ""), report("c", "wet.")]


@pytest.fixture
def system(session, stand_in):
    return EndpointSystem("remote", EndpointClient(session, "stand-in"), Decoding(64, 2))


def test_an_endpoint_is_a_system_that_says_what_answered(system):
    assert isinstance(system, Remote)
    of: System = system
    assert of.generate(REPORTS) == [
        Prediction("a", "1: CLEAR."),
        Prediction("b", ""),
        Prediction("c", "1: WET."),
    ]
    assert system.served == {
        "endpoint": "stand-in",
        "name": "radimpress",
        "version": "1",
        "fingerprint": "f" * 64,
    }


def test_it_is_asked_for_the_comparison_s_decoding_and_never_sees_references(system, stand_in):
    system.generate(REPORTS)
    assert stand_in.requests[0] == {
        "findings": stand_in.requests[0]["findings"],
        "background": "cough",
        "study_id": stand_in.requests[0]["study_id"],
        "max_new_tokens": 64,
        "num_beams": 2,
        "statements": False,
    }
    assert "SECRET" not in str(stand_in.requests)


def test_reports_of_the_same_study_keep_their_places(system):
    twice = [report("a", "clear."), report("a", "wet.")]
    assert [p.prediction for p in system.generate(twice)] == ["1: CLEAR.", "1: WET."]


def test_an_interrupted_run_asks_only_what_is_missing(system, stand_in, model_error, tmp_path):
    stand_in.troubles["c"] = [model_error(400)]
    with pytest.raises(RadimpressError, match=r"1 of 2 reports: c \(status 400\)"):
        system.generate(REPORTS)
    assert [p.prediction for p in system.generate(REPORTS)] == ["1: CLEAR.", "", "1: WET."]
    assert stand_in.asked == {"a": 1, "c": 2}
    system.discard()
    assert not list(tmp_path.rglob("*.jsonl"))


def test_what_another_configuration_answered_is_asked_again(session, system, stand_in):
    system.generate(REPORTS)
    stand_in.config, stand_in.version = "stand-in-2", "2"
    later = EndpointSystem("remote", EndpointClient(session, "stand-in"), Decoding(64, 2))
    assert later.generate(REPORTS)[0].prediction == "2: CLEAR."


def test_a_version_that_changes_on_the_way_is_refused(system, stand_in):
    system.generate(REPORTS)
    stand_in.version = "2"
    with pytest.raises(RadimpressError, match="changed from version 1 to 2 while it was asked"):
        system.generate([report("d", "dry.")])


def test_an_endpoint_in_the_middle_of_an_update_is_refused(session, stand_in):
    stand_in.state = "Updating"
    with pytest.raises(RadimpressError, match="two versions may answer"):
        EndpointSystem("remote", EndpointClient(session, "stand-in"), Decoding(64))


def test_systems_are_made_of_the_configuration(session, stand_in):
    assert endpoint_systems(Config()) == []
    generation = Generation(endpoints={"remote": "stand-in"}, concurrency=3)
    (found,) = endpoint_systems(Config(generation=generation))
    assert found.name == "remote"


def test_summaries_from_an_endpoint_are_as_those_from_here(session, stand_in, tmp_path):
    requests = Requests(["clear.", "wet."], ["", "cough"], ["x", "y"], are_jsonl=True)
    client = EndpointClient(session, "stand-in")
    assert summarize_remotely(client, requests) == [
        Prediction("x", "1: CLEAR."),
        Prediction("y", "1: WET."),
    ]
    assert not list(tmp_path.rglob("*.jsonl"))
