import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from radimpress.metrics.clinical import (
    COUNTS,
    RATES,
    ClinicalTable,
    asserted_observations,
    f1_by_observation,
    f1_macro,
    f1_micro,
    table,
)
from radimpress.metrics.labels.labeller import is_normal
from radimpress.metrics.labels.observations import Observation

CONSTANT = "No acute cardiopulmonary abnormality."
COLUMN = {each: column for column, each in enumerate(Observation)}


@pytest.fixture
def three() -> ClinicalTable:
    return table(
        ["Left effusion.", "The lungs are clear.", "Right opacity."],
        ["", "", "Comparison: None."],
        ["Left effusion.", CONSTANT, "Right pneumonia."],
        ["Right effusion.", "Cardiomegaly.", "Stable 7 mm right opacity."],
    )


def test_rates_are_zero_or_one_for_each_report(three: ClinicalTable) -> None:
    assert {name: list(each) for name, each in three.rates.items()} == {
        "hallucination_rate": [0, 1, 0],
        "omission_rate": [0, 0, 0],
        "contradiction_rate": [0, 0, 0],
        "side_flip_rate": [1, 0, 0],
        "invented_number_rate": [0, 0, 1],
        "unfounded_comparison_rate": [0, 0, 1],
    }
    assert tuple(three.rates) == tuple(RATES)


def test_counts_compare_prediction_with_reference(three: ClinicalTable) -> None:
    assert three.counts.shape == (3, len(COUNTS), len(Observation))
    assert three.counts[0, 0, COLUMN[Observation.PLEURAL_EFFUSION]] == 1
    assert three.counts[1, 1, COLUMN[Observation.CARDIOMEGALY]] == 1
    assert three.counts[1, 2, COLUMN[Observation.NO_FINDING]] == 1
    assert three.counts.sum() == 1 + 2 + 2


def test_f1_follows_its_formula(three: ClinicalTable) -> None:
    sums = three.counts.sum(axis=0)  # 1 hit, 2 extra, 2 missed
    assert f1_micro(sums) == pytest.approx(2 / 6)
    assert f1_macro(sums) == pytest.approx(1 / 5)  # of effusion, heart, normal, opacity, pneumonia


def test_f1_is_undefined_where_nobody_asserts_anything() -> None:
    nothing = np.zeros((3, 14))
    assert np.isnan(f1_micro(nothing))
    assert np.isnan(f1_macro(nothing))


def test_resampled_sums_are_scored_at_once(three: ClinicalTable) -> None:
    weights = np.array([[1, 1, 1], [2, 0, 1], [0, 0, 3]], dtype=float)
    sums = np.einsum("sr,rko->sko", weights, three.counts)
    for scored in (f1_micro, f1_macro):
        together = scored(sums)
        assert together.shape == (3,)
        np.testing.assert_allclose(together, [scored(each) for each in sums])


@given(arrays(np.float64, (5, 3, 14), elements=st.integers(0, 9).map(float)))
def test_f1_lies_between_the_worst_and_the_best_observation(counts: np.ndarray) -> None:
    each = f1_by_observation(counts)
    for scored in (f1_micro(counts), f1_macro(counts)):
        known = np.isfinite(scored)
        assert (scored[known] >= np.nanmin(each[known], axis=-1) - 1e-12).all()
        assert (scored[known] <= np.nanmax(each[known], axis=-1) + 1e-12).all()


def test_the_reference_scored_against_itself_is_perfect() -> None:
    texts = ["Left effusion.", CONSTANT, "Possible pneumonia."]
    sums = table(texts, ["", "", ""], texts, texts).counts.sum(axis=0)
    assert f1_micro(sums) == f1_macro(sums) == 1.0


def test_sequences_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        table(["a"], [""], ["a"], [])


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        (CONSTANT, True),
        ("No effusion. Right PICC in place.", True),
        ("Emphysema.", True),
        ("Possible effusion.", False),
        ("Stable cardiomegaly.", False),
    ],
)
def test_a_text_is_normal_without_a_certain_or_possible_pathology(text: str, normal: bool) -> None:
    assert is_normal(text) is normal


def test_asserted_observations_go_by_their_names() -> None:
    assert asserted_observations("Possible edema. No effusion.") == {"Edema"}
    assert asserted_observations(CONSTANT) == {"No Finding"}
