import json
import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radimpress.corpus import neighbours
from radimpress.corpus.neighbours import Neighbours
from radimpress.corpus.normalise import normalise
from radimpress.corpus.report import Report
from radimpress.runtime.errors import RadimpressError


def report(study: str, findings: str, subject: str = "") -> Report:
    return Report(study, subject, "test", "", findings, f"Impression of {study}.")


TRAIN = [
    report("0", "Large left pleural effusion.", "p1"),
    report("1", "The lungs are clear.", "p2"),
    report("2", "Small left pleural effusion.", "p1"),
    report("3", "THE LUNGS ARE CLEAR!", "p3"),
    report("4", "The heart is large and the lungs are clear.", "p2"),
    report("5", "Fracture of a rib.", ""),
]


def test_the_nearest_findings_come_first():
    assert Neighbours(TRAIN).nearest(["small left effusion", "a rib fracture"], k=2) == [
        [2, 0],
        [5, 0],
    ]


def test_equally_near_reports_stand_in_the_order_of_train():
    assert Neighbours(TRAIN).nearest(["lungs are clear"], k=3) == [[1, 3, 4]]
    assert Neighbours(TRAIN).nearest(["unseen vocabulary"], k=3) == [[0, 1, 2]]


def test_a_training_report_finds_neither_itself_nor_its_patient_nor_its_text():
    found = Neighbours(TRAIN).nearest([r.findings for r in TRAIN], k=6, own=TRAIN)
    assert sorted(found[0]) == [1, 3, 4, 5]  # not 0 (the study) and 2 (the patient)
    assert sorted(found[1]) == [0, 2, 5]  # not 1, 4 (the patient) and 3 (the text)
    assert sorted(found[3]) == [0, 2, 4, 5]  # not 1 and 3 (the text); 4 is another patient's
    assert sorted(found[5]) == [0, 1, 2, 3, 4]  # reports without a patient share none


def test_a_report_of_the_same_study_is_left_out_even_with_another_text():
    train = [report("7", "Edema of the lungs."), report("8", "Edema.")]
    asking = [report("7", "Edema of both lungs.")]
    assert Neighbours(train).nearest([asking[0].findings], k=2, own=asking) == [[1]]


def test_fewer_are_given_where_no_more_are_left():
    assert Neighbours(TRAIN[:1]).nearest(["effusion"], k=3) == [[0]]
    assert Neighbours(TRAIN[:1]).nearest(["effusion"], k=3, own=TRAIN[:1]) == [[]]


def test_nothing_asked_is_nothing_found():
    assert Neighbours(TRAIN).nearest([], k=3) == []


def test_an_index_over_nothing_is_refused():
    with pytest.raises(RadimpressError, match="0 training reports hold no word"):
        Neighbours([])
    with pytest.raises(RadimpressError, match="1 training reports hold no word"):
        Neighbours([report("1", "...")])


def test_the_chunk_size_does_not_change_the_answer(monkeypatch):
    asked = [r.findings for r in TRAIN]
    whole = Neighbours(TRAIN).nearest(asked, k=3, own=TRAIN)
    monkeypatch.setattr(neighbours, "CELLS", 1)
    assert Neighbours(TRAIN).nearest(asked, k=3, own=TRAIN) == whole


words = st.sampled_from(["lung", "heart", "clear", "effusion", "left", "right", "small"])
texts = st.lists(words, min_size=1, max_size=6).map(" ".join)
corpora = st.lists(st.tuples(texts, st.sampled_from(["", "1", "2", "3"])), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(corpora, st.integers(1, 4))
def test_no_training_prompt_ever_sees_its_own_study_patient_or_text(rows, k: int):
    train = [report(str(i), findings, subject) for i, (findings, subject) in enumerate(rows)]
    found = Neighbours(train).nearest([r.findings for r in train], k, own=train)
    for one, indices in zip(train, found, strict=True):
        assert len(indices) == len(set(indices)) <= k
        for other in (train[i] for i in indices):
            assert other.study_id != one.study_id
            assert not one.subject_id or other.subject_id != one.subject_id
            assert normalise(other.findings) != normalise(one.findings)


def test_real_findings_find_themselves_first(indiana_half):
    texts = [row["findings"] for row in json.loads(indiana_half.read_text())]
    chosen = random.Random(0).sample(texts, 200)
    train = [report(str(i), text) for i, text in enumerate(chosen)]
    for text, (index,) in zip(chosen, Neighbours(train).nearest(chosen, k=1), strict=True):
        assert normalise(train[index].findings) == normalise(text)


def test_importing_the_module_loads_no_heavy_library():
    program = (
        "import sys, radimpress.corpus.neighbours, radimpress.corpus.split_stage;"
        "sys.exit(str({'sklearn', 'scipy', 'pandas', 'torch'} & sys.modules.keys() or ''))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stderr.strip() == ""
