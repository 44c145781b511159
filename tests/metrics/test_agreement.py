import pytest

from radimpress.metrics.agreement import Agreement, agreement, side_agreement
from radimpress.metrics.labels.observations import Label, Observation, Presence, Side

LEFT, BOTH = frozenset({Side.LEFT}), frozenset(Side)
EDEMA, EFFUSION = Observation.EDEMA, Observation.PLEURAL_EFFUSION
YES, NO = Presence.POSITIVE, Presence.NEGATIVE


def test_precision_recall_and_f1_follow_their_formulas() -> None:
    found = Agreement(hits=6, extra=2, missed=4)
    assert (found.precision, found.recall) == (0.75, 0.6)
    assert found.f1 == pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6))


def test_a_hit_is_the_same_observation_with_the_same_presence() -> None:
    mine = [{EDEMA: Label(YES), EFFUSION: Label(NO)}]
    true = [{EDEMA: Label(NO), EFFUSION: Label(NO)}]
    assert agreement(mine, true) == Agreement(1, 1, 1)
    assert agreement(mine, true, [NO]) == Agreement(1, 0, 1)
    assert agreement(mine, true, observations=[EFFUSION]) == Agreement(1, 0, 0)


def test_sides_count_where_both_assert_and_the_truth_names_one() -> None:
    mine = [{EDEMA: Label(YES, BOTH), EFFUSION: Label(YES, LEFT)}, {EDEMA: Label(YES)}]
    true = [{EDEMA: Label(YES, LEFT), EFFUSION: Label(YES, LEFT)}, {EDEMA: Label(YES)}]
    assert side_agreement(mine, true) == 0.5


def test_where_there_is_nothing_to_find_everything_agrees() -> None:
    assert agreement([{}], [{}]).f1 == side_agreement([{}], [{}]) == 1.0
    assert agreement([{}], [{}]).precision == agreement([{}], [{}]).recall == 1.0


def test_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        agreement([{}], [])
