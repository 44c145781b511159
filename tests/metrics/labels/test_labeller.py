import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.metrics.agreement import agreement, side_agreement
from radimpress.metrics.labels.labeller import label
from radimpress.metrics.labels.observations import Label, Labels, Observation, Presence, Side

SIDES = {
    "": frozenset[Side](),
    "left": frozenset({Side.LEFT}),
    "right": frozenset({Side.RIGHT}),
    "bilateral": frozenset(Side),
}
ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "labelled_sentences.jsonl").read_text().splitlines()
]
NORMAL = ["The trachea is midline.", "No pneumothorax.", "Heart size is normal."]
ABNORMAL = [
    "Small left pleural effusion.",
    "Right lower lobe opacity may represent pneumonia.",
    "Moderate cardiomegaly.",
    "Bibasilar atelectasis.",
]


def by_hand(labels: dict[str, str]) -> dict[Observation, Label]:
    split = {name: told.partition(" ") for name, told in labels.items()}
    return {
        Observation(name): Label(Presence(presence), SIDES[side])
        for name, (presence, _, side) in split.items()
    }


def without_no_finding(labels: Labels) -> dict[Observation, Label]:
    return {each: told for each, told in labels.items() if each is not Observation.NO_FINDING}


def test_there_are_two_hundred_hand_labelled_sentences_and_none_twice() -> None:
    assert len({row["text"] for row in ROWS}) == len(ROWS) >= 200


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"][:60])
def test_presence_is_as_labelled_by_hand(row: dict[str, Any]) -> None:
    found = without_no_finding(label(row["text"]))
    expected = by_hand(row["labels"])
    assert {o: told.presence for o, told in found.items()} == {
        o: told.presence for o, told in expected.items()
    }


def test_sides_are_as_labelled_by_hand_in_at_least_97_of_100() -> None:
    found = [label(row["text"]) for row in ROWS]
    assert side_agreement(found, [by_hand(row["labels"]) for row in ROWS]) >= 0.97


@pytest.mark.parametrize(
    ("section", "truth_of"),
    [("findings", "observations"), ("impression", "impression_observations")],
)
def test_the_truth_of_the_bundled_corpus_is_found(root: Path, section: str, truth_of: str) -> None:
    path = root / "data/raw/synthetic/truth.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"the bundled corpus is not at {path}")
    rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()[:600]]
    rows = [row for row in rows if row[truth_of]]  # "as above" states nothing
    truth = [
        {
            Observation(name): Label(
                Presence(said["presence"]), frozenset(Side(side) for side in said["sides"])
            )
            for name, said in row[truth_of].items()
        }
        for row in rows
    ]
    found = [label(row[section]) for row in rows]
    for presence in Presence:
        one = agreement(found, truth, [presence])
        assert min(one.precision, one.recall) >= 0.98, (presence, one)
    assert side_agreement(found, truth) >= 0.98


# --- what a text says as a whole


def test_positive_outranks_uncertain_and_uncertain_outranks_negative() -> None:
    effusion = Observation.PLEURAL_EFFUSION
    assert label("Possible effusion. Effusion.")[effusion].presence is Presence.POSITIVE
    assert label("No effusion. Possible effusion.")[effusion].presence is Presence.UNCERTAIN


def test_the_sides_are_those_of_the_winning_mentions() -> None:
    found = label("No right effusion. Left effusion. Possible right effusion.")
    assert found[Observation.PLEURAL_EFFUSION].sides == {Side.LEFT}


def test_a_negation_is_limited_only_where_every_one_is() -> None:
    assert label("No acute fracture.")[Observation.FRACTURE].limited
    assert not label("No acute fracture. No fracture.")[Observation.FRACTURE].limited


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("No acute cardiopulmonary abnormality.", True),
        ("No pleural effusion.", True),
        ("Right PICC in place. No acute disease.", True),
        ("Possible effusion.", False),
        ("Cardiomegaly.", False),
        ("", False),
        ("___", False),
    ],
)
def test_no_finding_stands_where_no_pathology_is_asserted(text: str, normal: bool) -> None:
    assert (Observation.NO_FINDING in label(text)) is normal


def test_labels_cannot_be_changed_by_a_caller() -> None:
    with pytest.raises(TypeError):
        label("Effusion.")[Observation.EDEMA] = Label(Presence.POSITIVE)  # type: ignore[index]


# --- behaviour: minimum functionality, direction, invariance


@pytest.mark.parametrize("finding", ["pleural effusion", "pneumothorax", "consolidation", "edema"])
def test_a_negation_flips_presence(finding: str) -> None:
    stated, denied = label(f"There is {finding}."), label(f"There is no {finding}.")
    for observation, told in without_no_finding(stated).items():
        assert told.presence is Presence.POSITIVE
        assert denied[observation].presence is Presence.NEGATIVE


@pytest.mark.parametrize("text", ["Left effusion.", "Opacity in the left lower lobe."])
def test_the_other_side_word_gives_the_other_side_and_changes_nothing_else(text: str) -> None:
    here, there = label(text), label(text.replace("Left", "Right").replace("left", "right"))
    assert {o: told.presence for o, told in here.items()} == {
        o: told.presence for o, told in there.items()
    }
    assert [told.sides for told in here.values()] == [frozenset({Side.LEFT})]
    assert [told.sides for told in there.values()] == [frozenset({Side.RIGHT})]


@given(st.lists(st.sampled_from(ABNORMAL), min_size=1, unique=True), st.data())
def test_normal_sentences_change_nothing_that_is_asserted(
    abnormal: list[str], data: st.DataObject
) -> None:
    added = data.draw(st.permutations([*abnormal, "The trachea is midline.", "No fracture."]))
    assert asserted(" ".join(added)) == asserted(" ".join(abnormal))


@given(st.permutations(ABNORMAL + NORMAL))
def test_the_order_of_sentences_does_not_matter(shuffled: list[str]) -> None:
    assert label(" ".join(shuffled)) == label(" ".join(ABNORMAL + NORMAL))


@given(st.sampled_from(ROWS))
def test_upper_case_and_line_breaks_change_nothing(row: dict[str, Any]) -> None:
    text = row["text"]
    assert label(text.replace(" ", "\n ")) == label(text)
    assert without_no_finding(label(text.upper())) == without_no_finding(label(text))


@given(st.text(max_size=300))
def test_any_text_gets_labels_in_the_order_of_the_observations(text: str) -> None:
    found = list(label(text))
    assert found == [each for each in Observation if each in found]


def test_a_report_of_a_megabyte_is_read_in_linear_time() -> None:
    text = "No effusion. Left lower lobe opacity, which may represent pneumonia. " * 15_000
    assert asserted(text) == {Observation.LUNG_OPACITY, Observation.PNEUMONIA}


def asserted(text: str) -> set[Observation]:
    return {each for each, told in label(text).items() if told.asserted}


@pytest.mark.parametrize(
    ("sentence", "presence"),
    [
        ("No resolution of the pneumonia.", Presence.POSITIVE),
        ("No interval clearing of the pneumonia.", Presence.POSITIVE),
        ("Interval resolution of the pneumonia.", Presence.NEGATIVE),
        ("Previously, there was pneumonia.", None),
        ("Previously there was pneumonia, and it persists.", None),
        ("The previously described pneumonia is unchanged.", Presence.POSITIVE),
    ],
)
def test_what_only_seems_to_negate_or_to_be_of_today(
    sentence: str, presence: Presence | None
) -> None:
    found = label(sentence).get(Observation.PNEUMONIA)
    assert (found.presence if found else None) is presence
