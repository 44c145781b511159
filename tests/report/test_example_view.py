"""Examples carry the texts of a public corpus; mentions carry none."""

import dataclasses

from radimpress.corpus.report import Prediction, Report, write_predictions, write_reports
from radimpress.report.differences import Change
from radimpress.report.example_view import Error, ExampleFiles, examples, mentions
from radimpress.report.results import read_results
from radimpress.report.split_view import styles_for

SYSTEMS = ["constant", "lead", "retrieval", "foundation", "finetuned"]


def files_of(evaluated):
    return ExampleFiles(evaluated.reports_dir, evaluated.splits_dir, "test")


def examples_of(evaluated, wanted=8):
    styles = styles_for(read_results(evaluated.reports_dir), "finetuned")
    return examples(files_of(evaluated), "finetuned", SYSTEMS, styles, wanted)


def test_every_system_is_shown_and_the_candidate_first(evaluated):
    (first, *_) = examples_of(evaluated)
    assert [output.label for output in first.outputs] == [
        "Fine-tuned model",
        "Constant sentence",
        "First sentences",
        "Nearest report",
        "Foundation model",
    ]
    assert [output.candidate for output in first.outputs] == [True, False, False, False, False]


def test_worst_come_first_and_the_best_are_right(evaluated):
    found = examples_of(evaluated)
    scores = [float(example.outputs[0].score) for example in found]
    assert scores == sorted(scores)
    assert {piece.change for piece in found[-1].outputs[0].pieces} == {Change.kept}


def test_an_error_says_what_it_is_about(tmp_path):
    report = Report("s1", "p1", "toy", "", "The lungs are clear. No effusion.", "No effusion.")
    files = ExampleFiles(tmp_path, tmp_path, "test")
    write_reports(tmp_path / "test.parquet", [report])
    write_predictions(
        tmp_path / "predictions" / "finetuned" / "test.parquet",
        [Prediction("s1", "Large pleural effusion of 9 mm.", truncated=True, clipped=True)],
    )
    write_scores(tmp_path)
    ((output,),) = [
        e.outputs for e in examples(files, "finetuned", ["finetuned"], {"finetuned": "x"}, 1)
    ]
    assert Error("Contradiction", "Pleural Effusion") in output.errors
    assert any(error.label == "Invented number" and "9" in error.about for error in output.errors)
    assert output.notes == (
        "stopped at the length limit",
        "the end of the findings did not fit and was not read",
    )


def write_scores(folder):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / "scores" / "finetuned" / "test.parquet"
    path.parent.mkdir(parents=True)
    pq.write_table(pa.table({"study_id": ["s1"], "rougeL": [0.4]}), path)


def test_a_system_without_output_for_a_split_is_left_out(evaluated):
    (evaluated.reports_dir / "predictions" / "lead" / "test.parquet").unlink()
    (first, *_) = examples_of(evaluated)
    assert "First sentences" not in [output.label for output in first.outputs]


def test_mentions_need_no_text_at_all(evaluated):
    for path in (*evaluated.splits_dir.iterdir(), *evaluated.reports_dir.glob("predictions/*/*")):
        path.unlink()
    found = mentions(files_of(evaluated), "finetuned", 6)
    assert len(found) == 6
    assert [field.name for field in dataclasses.fields(found[0])] == ["study_id", "kinds", "score"]


def test_a_candidate_without_scores_has_no_examples(evaluated):
    (evaluated.reports_dir / "scores" / "finetuned" / "test.parquet").unlink()
    assert examples_of(evaluated) == []
    assert mentions(files_of(evaluated), "finetuned", 6) == []
