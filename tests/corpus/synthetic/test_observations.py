from radimpress.corpus.synthetic.observations import (
    Cause,
    Change,
    Finding,
    Observation,
    Presence,
    Severity,
    Side,
    Stated,
    merged,
    stated_of,
)

LEFT, RIGHT = (Side.LEFT,), (Side.RIGHT,)


def test_there_are_the_fourteen_observations_of_chexpert():
    assert len(Observation) == 14
    assert Observation.NO_FINDING.value == "No Finding"
    assert Observation.ENLARGED_CARDIOMEDIASTINUM.value == "Enlarged Cardiomediastinum"


def test_positive_outranks_uncertain_which_outranks_negative():
    def said(*presences):
        rows = [Stated(Observation.EDEMA, presence) for presence in presences]
        return merged(rows)[Observation.EDEMA].presence

    assert said(Presence.NEGATIVE, Presence.UNCERTAIN) is Presence.UNCERTAIN
    assert said(Presence.UNCERTAIN, Presence.POSITIVE, Presence.NEGATIVE) is Presence.POSITIVE


def test_statements_of_the_winning_rank_pool_their_sides_and_keep_the_first_severity():
    effusion = Observation.PLEURAL_EFFUSION
    rows = [
        Stated(effusion, Presence.POSITIVE, RIGHT, Severity.SEVERE),
        Stated(effusion, Presence.POSITIVE, LEFT, Severity.MILD),
    ]
    assert merged(rows)[effusion] == Stated(
        effusion, Presence.POSITIVE, (Side.LEFT, Side.RIGHT), Severity.SEVERE
    )


def test_the_sides_of_a_denied_finding_do_not_join_those_of_a_present_one():
    opacity = Observation.LUNG_OPACITY
    rows = [Stated(opacity, Presence.NEGATIVE, LEFT), Stated(opacity, Presence.POSITIVE, RIGHT)]
    assert merged(rows)[opacity].sides == RIGHT


def test_no_finding_holds_where_only_devices_are_present():
    tube = Stated(Observation.SUPPORT_DEVICES, Presence.POSITIVE)
    assert Observation.NO_FINDING in merged([tube])
    assert Observation.NO_FINDING not in merged(
        [tube, Stated(Observation.FRACTURE, Presence.UNCERTAIN)]
    )


def test_rows_come_in_chexperts_order():
    rows = [Stated(o, Presence.NEGATIVE) for o in reversed(list(Observation)[1:])]
    assert list(merged(rows)) == list(Observation)


def test_an_opacity_states_the_pneumonia_or_atelectasis_behind_it_with_its_side():
    opacity = Finding(
        Observation.LUNG_OPACITY,
        Presence.POSITIVE,
        LEFT,
        change=Change.NEW,
        cause=Cause.PNEUMONIA_OR_ATELECTASIS,
    )
    assert stated_of(opacity) == (
        Stated(Observation.LUNG_OPACITY, Presence.POSITIVE, LEFT, change=Change.NEW),
        Stated(Observation.PNEUMONIA, Presence.UNCERTAIN, LEFT),
        Stated(Observation.ATELECTASIS, Presence.UNCERTAIN, LEFT),
    )


def test_a_likely_pneumonia_is_positive():
    found = stated_of(
        Finding(Observation.CONSOLIDATION, Presence.POSITIVE, RIGHT, cause=Cause.PNEUMONIA)
    )
    assert found[1] == Stated(Observation.PNEUMONIA, Presence.POSITIVE, RIGHT)
