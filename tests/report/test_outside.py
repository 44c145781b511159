"""Scoring a file from elsewhere, and saying plainly what is wrong with it."""

import io
import json

import pytest
from rich.console import Console

from radimpress.metrics.score import Settings
from radimpress.metrics.significance import Resampling
from radimpress.report.outside import as_json, print_scores, score_file
from radimpress.runtime.errors import RadimpressError

SETTINGS = Settings(Resampling(samples=50))
ROW = {"findings": "Left effusion.", "impression": "Left effusion.", "prediction": "No effusion."}
CANARY = "Canaryoma of the left lung"


def written(path, *rows):
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def test_three_fields_are_enough(tmp_path):
    scores = score_file(written(tmp_path / "a.jsonl", ROW), SETTINGS)
    assert scores.study_ids == ("1",)
    assert scores.slices["all"]["rouge1"].value == 0.5
    assert scores.slices["all"]["contradiction_rate"].value == 1.0
    assert "truncation_rate" not in scores.slices["all"]
    assert "source_" not in " ".join(scores.slices)


def test_optional_fields_are_used(tmp_path):
    row = ROW | {"study_id": 77, "source": "elsewhere", "truncated": True, "background": None}
    scores = score_file(written(tmp_path / "a.jsonl", row), SETTINGS)
    assert scores.study_ids == ("77",)
    assert scores.slices["source_elsewhere"]["rougeL"].n == 1
    assert scores.slices["all"]["truncation_rate"].value == 1.0


def test_blank_lines_and_a_byte_order_mark_do_no_harm(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(f"\ufeff{json.dumps(ROW)}\n\n{json.dumps(ROW)}\n", encoding="utf-8")
    assert score_file(path, SETTINGS).study_ids == ("1", "3")


def test_the_json_has_the_layout_of_a_split_in_metrics_json(tmp_path):
    scores = score_file(written(tmp_path / "a.jsonl", ROW), SETTINGS)
    found = json.loads(as_json(scores))["slices"]["all"]["rouge1"]
    assert found == {"value": 0.5, "low": 0.5, "high": 0.5, "n": 1}


def test_the_printed_tables_name_metrics_and_mark_small_slices(tmp_path):
    stream = io.StringIO()
    scores = score_file(written(tmp_path / "a.jsonl", ROW), SETTINGS)
    print_scores(scores, min_slice=30, console=Console(file=stream, width=100))
    assert "ROUGE-L" in stream.getvalue()
    assert "0.500 [0.500, 0.500]" in stream.getvalue()
    assert "1*" in stream.getvalue()
    assert "* fewer than 30 reports" in stream.getvalue()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f'{{"findings": "{CANARY}', "a.jsonl line 2 is no JSON;"),
        (json.dumps([CANARY]), "a.jsonl line 2 is no JSON object;"),
        ("[" * 100_000, "a.jsonl line 2 is no JSON;"),
        (json.dumps({"findings": CANARY, "impression": ""}), "line 2 lacks the field prediction;"),
        (json.dumps(ROW | {"prediction": [CANARY]}), "line 2: prediction is a list, not a text;"),
        (json.dumps(ROW | {"findings": None}), "line 2: findings is null, not a text;"),
        (json.dumps(ROW | {"truncated": "no"}), "line 2: truncated is a text, not true or false;"),
    ],
)
def test_a_bad_line_is_named_by_number_and_field_and_never_quoted(tmp_path, line, message):
    path = tmp_path / "a.jsonl"
    path.write_text(f"{json.dumps(ROW)}\n{line}\n", encoding="utf-8")
    with pytest.raises(RadimpressError) as caught:
        score_file(path, SETTINGS)
    assert message in str(caught.value)
    assert CANARY not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_missing_file_an_empty_one_a_folder_and_another_encoding_are_named(tmp_path):
    (tmp_path / "empty.jsonl").write_text("\n")
    (tmp_path / "latin.jsonl").write_bytes(b'{"findings": "\xe9"}')
    for name, message in {
        "none.jsonl": "none.jsonl is missing",
        "empty.jsonl": "empty.jsonl holds no line",
        "latin.jsonl": "latin.jsonl is not UTF-8",
        ".": "cannot be read as a file",
    }.items():
        with pytest.raises(RadimpressError, match=message):
            score_file(tmp_path / name, SETTINGS)
