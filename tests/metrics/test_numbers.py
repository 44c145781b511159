import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.metrics.numbers import Number, invented, numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A 5 mm nodule.", [Number(5, 5)]),
        ("A 1.2 cm nodule.", [Number(1.2, 12)]),
        ("A 3 x 4 cm mass.", [Number(3, 30), Number(4, 40)]),
        ("Nodule of 2-3 mm.", [Number(2, 2), Number(3, 3)]),
        ("Fracture of the 7th rib and T12.", [Number(7), Number(12)]),
        ("1. No effusion. 2. Nodule of 4 mm.", [Number(4, 4)]),
        ("Tip 4.5-cm above the carina.", [Number(4.5, 45)]),
        ("No effusion.", []),
    ],
)
def test_numbers_are_read_with_their_length(text: str, expected: list[Number]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("prediction", "findings", "background", "expected"),
    [
        ("Nodule of 12 mm.", "Nodule of 1.2 cm.", "", ()),
        ("Nodule of 12 cm.", "Nodule of 12 mm.", "", ("120 mm",)),
        ("Nodule of 7 mm.", "Nodule of 5 mm.", "", ("7 mm",)),
        ("Nodule of 7 mm.", "", "72 year old, 7 mm nodule on CT.", ()),
        ("1. Effusion. 2. Edema.", "Effusion and edema.", "", ()),
        ("Seventh rib fracture.", "Fracture of the 7th rib.", "", ()),
        ("7th rib fracture.", "Fracture of the seventh rib.", "", ()),
        ("Eighth rib fracture.", "Fracture of the 7th rib.", "", ("8",)),
        ("3 nodules.", "Three nodules.", "", ()),
        ("The middle third of the trachea.", "", "", ()),
        ("No effusion.", "", "", ()),
    ],
)
def test_a_number_is_invented_where_no_source_holds_it(
    prediction: str, findings: str, background: str, expected: tuple[str, ...]
) -> None:
    assert invented(prediction, findings, background) == expected


@given(st.text(alphabet="0123456789.x- mcm\nrib", max_size=60))
def test_a_text_invents_nothing_against_itself(text: str) -> None:
    assert invented(text, text) == ()


def test_numbers_of_two_sources_do_not_run_together() -> None:
    assert invented("Nodule of 15 mm.", "Nodule of 1", "5 mm") == ("15 mm",)
