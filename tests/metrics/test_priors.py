import pytest

from radimpress.metrics.priors import comparisons, has_prior, unfounded


@pytest.mark.parametrize(
    "text",
    [
        "Unchanged effusion.",
        "Stable cardiomegaly.",
        "New opacity.",
        "Improved edema.",
        "Interval resolution of effusion.",
        "The effusion has increased.",
        "No significant change.",
        "No longer seen.",
        "Compared to the prior study, worse.",
        "Persistent atelectasis.",
    ],
)
def test_words_of_change_compare(text: str) -> None:
    assert comparisons(text)


@pytest.mark.parametrize(
    "text",
    [
        "Cardiomegaly.",
        "Prior granulomatous disease.",
        "Short interval follow-up is recommended.",
        "Comparison to old films, if available, would be useful.",
        "Follow-up to document resolution.",
        "Increased interstitial markings.",
        "Degenerative changes of the spine.",
        "If symptoms persist, repeat the study.",
    ],
)
def test_advice_and_old_disease_do_not(text: str) -> None:
    assert comparisons(text) == ()


@pytest.mark.parametrize(
    ("background", "expected"),
    [
        ("Comparison: None.", False),
        ("Comparison: None available. Indication: cough", False),
        ("COMPARISON: No prior studies.", False),
        ("Comparison: The none.", False),
        ("Comparison:", False),
        ("Comparison: ___.", True),
        ("Comparison: Chest radiograph of ___.", True),
        ("Indication: cough. COMPARISON: ___ and ___.", True),
        ("Comparison is made with ___.", True),
        ("No comparison studies are available.", False),
        ("Indication: evaluate interval change.", True),
        ("Indication: new cough, prior surgery.", False),
        ("", False),
    ],
)
def test_a_background_names_a_prior_study_or_not(background: str, expected: bool) -> None:
    assert has_prior(background) is expected


@pytest.mark.parametrize(
    ("prediction", "findings", "background", "expected"),
    [
        ("Stable cardiomegaly.", "Cardiomegaly.", "Comparison: None.", ("stable",)),
        ("Stable cardiomegaly.", "Cardiomegaly.", "Comparison: ___.", ()),
        ("Stable cardiomegaly.", "Unchanged cardiomegaly.", "", ()),
        ("Cardiomegaly.", "Cardiomegaly.", "", ()),
    ],
)
def test_a_comparison_needs_a_prior(
    prediction: str, findings: str, background: str, expected: tuple[str, ...]
) -> None:
    assert unfounded(prediction, findings, background) == expected
