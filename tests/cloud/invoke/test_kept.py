import stat

import pytest

from radimpress.cloud.invoke.kept import KeptAnswers, kept_answers
from radimpress.runtime.errors import RadimpressError

ONE, TWO = {"findings": "Clear.", "study_id": "a"}, {"findings": "Effusion.", "study_id": "b"}
ANSWER = {"impression": "Normal — “clear”."}


def test_an_answer_is_found_again_by_its_request(tmp_path):
    with KeptAnswers(tmp_path / "x.jsonl") as kept:
        kept.put(ONE, ANSWER)
        assert kept.get(dict(reversed(ONE.items()))) == ANSWER
        assert kept.get(TWO) is None
    with KeptAnswers(tmp_path / "x.jsonl") as again:
        assert (len(again), again.get(ONE)) == (1, ANSWER)


def test_the_file_is_its_owner_s_alone(tmp_path):
    with KeptAnswers(tmp_path / "x.jsonl") as kept:
        kept.put(ONE, ANSWER)
        assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600


def test_a_line_that_was_cut_off_is_asked_again_and_spoils_nothing(tmp_path):
    path = tmp_path / "x.jsonl"
    with KeptAnswers(path) as kept:
        kept.put(ONE, ANSWER)
        kept.put(TWO, ANSWER)
    path.write_bytes(path.read_bytes()[:-9])
    with KeptAnswers(path) as again:
        assert again.get(ONE) == ANSWER
        assert again.get(TWO) is None
        again.put(TWO, ANSWER)
    with KeptAnswers(path) as whole:
        assert len(whole) == 2


@pytest.mark.parametrize(
    "damage",
    [
        b"\0\0\0\0\n",
        b'["key", {"impre["key", {"impression": "x"}]\n',
        b'"key"\n',
        b"\xff\n",
        b"[]\n",
    ],
)
def test_a_damaged_line_is_named_and_costs_one_answer(tmp_path, capsys, damage):
    path = tmp_path / "x.jsonl"
    with KeptAnswers(path) as kept:
        kept.put(ONE, ANSWER)
    path.write_bytes(damage + path.read_bytes() + damage)
    with KeptAnswers(path) as again:
        assert (len(again), again.get(ONE)) == (1, ANSWER)
    said = capsys.readouterr().err
    assert said == f"{path}: 2 damaged lines left out, asked again\n"


def test_a_cut_off_line_is_named(tmp_path, capsys):
    (tmp_path / "x.jsonl").write_bytes(b'["key", {"impression": "Clear')
    with KeptAnswers(tmp_path / "x.jsonl"):
        pass
    assert "1 damaged line left out" in capsys.readouterr().err
    assert (tmp_path / "x.jsonl").read_bytes() == b""


def test_whoever_ends_first_takes_nothing_from_one_that_has_begun(tmp_path):
    first, second = KeptAnswers(tmp_path / "x.jsonl"), KeptAnswers(tmp_path / "x.jsonl")
    with first:
        first.put(ONE, ANSWER)
    with second:
        first.discard()
        assert second.get(ONE) == ANSWER
        second.put(TWO, ANSWER)
        with pytest.raises(RadimpressError, match="another process is asking"):
            with KeptAnswers(tmp_path / "x.jsonl"):
                pass
    with KeptAnswers(tmp_path / "x.jsonl") as third:
        assert len(third) == 2


def test_two_processes_do_not_ask_the_same_at_once(tmp_path):
    with KeptAnswers(tmp_path / "x.jsonl"):
        with pytest.raises(RadimpressError, match="another process is asking"):
            with KeptAnswers(tmp_path / "x.jsonl"):
                pass


def test_what_is_discarded_leaves_nothing(tmp_path):
    with KeptAnswers(tmp_path / "x.jsonl") as kept:
        kept.put(ONE, ANSWER)
    kept.discard()
    assert list(tmp_path.iterdir()) == []


def test_kept_answers_lie_in_data_and_are_of_these_requests_and_this_endpoint(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    path = kept_answers([ONE, TWO], "arn", "config-1").path
    assert path.parent == tmp_path / "data" / "answers"
    others = [([ONE], "arn", "config-1"), ([ONE, TWO], "arn", "config-2")]
    assert path not in [kept_answers(*other).path for other in others]
    assert path == kept_answers([ONE, TWO], "arn", "config-1").path
