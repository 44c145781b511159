import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from radimpress.corpus.report import Report
from radimpress.metrics.score import ScoredPair, Settings, score
from radimpress.metrics.significance import Resampling
from radimpress.report.head_to_head import head_to_head
from radimpress.report.head_to_head_view import as_dict, print_two, verdict
from radimpress.report.side import Side

SETTINGS = Settings(Resampling(samples=200))
FINDINGS = "There is a small left pleural effusion, findings-canary."
REFERENCE = "Small left pleural effusion."


def side(right, label, public=True):
    pairs = [
        ScoredPair(str(n), FINDINGS, REFERENCE, REFERENCE if n < right else "Output-canary [x].")
        for n in range(20)
    ]
    found = score(pairs, SETTINGS)
    return Side(
        label=label,
        identity={"run_id": label},
        studies=found.study_ids,
        columns=found.columns,
        reports={p.study_id: Report(p.study_id, "", "", "", FINDINGS, REFERENCE) for p in pairs},
        outputs={p.study_id: p.prediction for p in pairs},
        public=public,
    )


@pytest.fixture
def found():
    return head_to_head(side(16, "good [1]"), side(4, "poor"), "test", SETTINGS, 2)


def printed(found, width=80):
    out = io.StringIO()
    print_two(found, 30, Console(file=out, width=width, highlight=False))
    return out.getvalue()


def test_the_verdict_names_the_better_side_with_size_interval_and_p(found):
    first = next(iter(verdict(found)))
    assert first.startswith("ROUGE-L: A is better, +0.600 [+0.")
    assert first.endswith("p = 0.005")


def test_lower_is_better_for_errors_and_no_difference_is_said(found):
    swapped = head_to_head(side(4, "poor"), side(16, "good"), "test", SETTINGS, 0)
    lines = dict(line.split(": ", 1) for line in verdict(swapped))
    assert lines["ROUGE-L"].startswith("B is better, −0.600")
    same = head_to_head(side(4, "x"), side(4, "y"), "test", SETTINGS, 0)
    assert next(iter(verdict(same))) == (
        "ROUGE-L: no clear difference, +0.000 [+0.000, +0.000], p = 1.000"
    )


def test_on_80_columns_every_number_is_whole(found):
    text = printed(found)
    assert "A  good [1]\nB  poor\ntest, 20 reports that both have" in text
    row = next(line for line in text.splitlines() if line.lstrip().startswith("ROUGE-L ↑"))
    assert row.split()[2:5] == ["0.800", "0.200", "+0.600"]
    assert "12/8/0" in row
    assert "20*" in text
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= 80


def test_public_text_is_printed_as_it_is(found):
    text = printed(found)
    assert "findings-canary" in text
    assert "B: Output-canary [x]." in text


def test_no_word_of_a_private_report_is_printed_or_written():
    private = head_to_head(
        side(16, "a", public=False), side(4, "b", public=False), "test", SETTINGS, 6
    )
    for text in (printed(private), json.dumps(as_dict(private))):
        assert "canary" not in text
        assert "pleural effusion." not in text
    assert as_dict(private)["differing"][0]["texts"] is None
    assert as_dict(private)["differing"][0]["study_id"] == "10"


def test_json_holds_every_metric_slice_and_method(found):
    whole = json.loads(json.dumps(as_dict(found), allow_nan=False))
    assert whole["a"] == {"run_id": "good [1]"}
    assert whole["method"]["samples"] == 200
    rouge = whole["metrics"]["rougeL"]
    assert (rouge["a"], rouge["b"], rouge["difference"]) == (0.8, 0.2, pytest.approx(0.6))
    assert {"low", "high", "p", "wins", "ties", "losses", "n"} < rouge.keys()
    assert whole["slices"]["abnormal"]["reports"] == 20
    assert whole["differing"][0]["texts"]["b"] == "Output-canary [x]."


def test_without_the_reports_it_says_why_there_are_no_slices(found):
    bare = [replace(s, reports={}) for s in (side(16, "a"), side(4, "b"))]
    assert "not on this machine" in printed(head_to_head(*bare, "test", SETTINGS, 0))
