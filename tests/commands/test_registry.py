import json
import re

import pytest
from typer.testing import CliRunner

from radimpress.cli import app
from radimpress.commands.registry import paired
from radimpress.registry.gates.ruling import GateResult
from radimpress.registry.promotion import promote as promoting
from radimpress.registry.promotion.decision import Decision
from radimpress.runtime.errors import RadimpressError


def test_overrides_come_with_a_reason_each_or_one_for_all():
    assert paired([], []) == {}
    assert paired(["score"], ["why"]) == {"score": "why"}
    assert paired(["score", "golden"], ["why"]) == {"score": "why", "golden": "why"}
    assert paired(["score", "golden"], ["a", "b"]) == {"score": "a", "golden": "b"}


@pytest.mark.parametrize(
    ("gates", "reasons", "said"),
    [
        (["score"], [], "--override score needs a reason; next: say why with --reason"),
        (["score"], ["  "], "needs a reason"),
        ([], ["why"], "--reason was given without --override"),
        (["a", "b", "c"], ["1", "2"], "3 gates were overridden with 2 reasons"),
    ],
)
def test_an_override_without_its_reason_is_refused(gates, reasons, said):
    with pytest.raises(RadimpressError, match=said):
        paired(gates, reasons)


@pytest.fixture
def registered(store, config):
    """Three versions of the model, 3 the challenger, none with a run."""
    name = config.tracking.registered_model
    store.client.create_registered_model(name)
    for _ in range(3):
        store.client.create_model_version(name, "/tmp/model", await_creation_for=0)
    store.client.set_registered_model_alias(name, "challenger", "3")
    return name


@pytest.fixture
def say(config, registered, monkeypatch):
    """What a command prints and its exit status; gates fail for the versions of `failing`."""
    failing = set()

    def decide(config, store, candidate, champion, overrides):
        fine = candidate.number not in failing
        gate = GateResult("score", fine, "0.9", "> 0.8", "[0.85, 0.95]", "" if fine else "worse")
        before = champion.number if champion else None
        return Decision(candidate.number, before, "test", "md5", 300, (gate,), overrides)

    monkeypatch.setattr(promoting, "decide", decide)
    monkeypatch.setattr("radimpress.config.load.from_params", lambda: config)
    monkeypatch.setenv("RADIMPRESS_USER", "Ann")
    monkeypatch.setattr("radimpress.commands.console.out.width", 80)

    def say(*arguments):
        done = CliRunner().invoke(app, list(arguments), catch_exceptions=True)
        if isinstance(done.exception, RadimpressError):
            return f"error: {done.exception}", 1
        return " ".join(re.sub(r"[0-9a-f]{12}", "DIGEST", done.stdout).split()), done.exit_code

    say.failing = failing
    return say


def test_a_story_of_promotions_in_the_words_of_the_commands(say):
    said, status = say("history")
    assert said == "champion is none; nothing was promoted yet: radimpress promote"
    said, status = say("promote", "--dry-run")
    assert said.endswith("version 3 would be promoted, in place of none; nothing was written")
    assert status == 0
    said, status = say("promote")
    assert "score pass 0.9 > 0.8 [0.85, 0.95]" in said
    assert said.endswith(
        "version 3 is champion, in place of none; entry 1, DIGEST; no local server follows the "
        "champion"
    )
    assert say("promote") == ("version 3 is champion already; nothing to promote", 0)
    assert "champion is version 3; 1 entry, the chain is sound" in say("history")[0]
    say.failing.add("2")
    said, status = say("promote", "--candidate", "2")
    assert said.endswith("version 2 is refused by score; champion is still version 3")
    assert status == 1
    said, status = say("promote", "--candidate", "2", "--override", "score", "--reason", "a try")
    assert "OVERRIDDEN" in said
    assert "version 2 is champion, in place of version 3; entry 2" in said
    said, status = say("rollback", "--reason", "worse at night")
    assert said.startswith("version 3 is champion again, in place of version 2; entry 3, DIGEST")
    assert status == 0
    assert say("rollback", "--to", "3")[0] == "version 3 is champion already"
    said, status = say("history")
    assert said.endswith("champion is version 3; 3 entries, the chain is sound, head DIGEST")
    assert "OVERRIDDEN score: a try" in said
    assert said.index("worse at night") < said.index("a try")  # newest first
    assert status == 0


def test_history_as_json_is_for_programs(say):
    say("promote")
    said, status = say("history", "--json")
    found = json.loads(said)
    assert status == 0
    assert (found["champion"], found["sound"], len(found["entries"])) == ("3", True, 1)
    assert found["entries"][0]["who"] == "Ann"


def test_a_tampered_history_is_shown_and_is_an_error(say, store, registered):
    say("promote")
    store.client.set_model_version_tag(f"{registered}-ledger", "1", "radimpress.entry", "{}")
    said, status = say("history")
    assert status == 1
    assert "docs/promotion.md" in said
    said, status = say("history", "--json")
    assert status == 1
    assert json.loads(said)["problems"][0].startswith("entry 1 was changed")
    assert "damaged: entry 1 was changed" in say("promote", "--candidate", "2")[0]
