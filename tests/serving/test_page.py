"""What can be said of the page's files without a browser."""

import re
from html.parser import HTMLParser
from itertools import product

import pytest

from radimpress.metrics.catalogue import BY_NAME, Better
from radimpress.metrics.statements import Note, Support
from radimpress.serving.page_files import FOLDER, INDEX, page_files

FILES = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.iterdir())}
SCRIPTS = {name: text for name, text in FILES.items() if name.endswith(".js")}
LARGEST = 40_000
SMALLEST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3, level AA


class Elements(HTMLParser):
    """Every start tag of a page, with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def elements() -> list[tuple[str, dict[str, str | None]]]:
    return Elements(FILES[INDEX]).found


def test_the_page_is_small_and_every_file_of_it_is_served() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < LARGEST
    served = page_files()
    assert set(served) == set(FILES)
    assert all("javascript" in served[name].media_type for name in SCRIPTS)
    assert served["page.css"].media_type.startswith("text/css")


def test_nothing_is_inline_so_that_a_strict_policy_holds(elements) -> None:
    for tag, attributes in elements:
        assert tag != "style"
        assert tag != "script" or attributes.get("src")
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_nothing_is_asked_of_another_place() -> None:
    for name, text in FILES.items():
        addresses = set(re.findall(r"(?:https?:)?//[a-z][\w.-]+", text))
        assert addresses <= {"http://www.w3.org"}, name  # the name of SVG, never fetched
        assert "@import" not in text
        assert "url(" not in text


@pytest.mark.parametrize(
    "word",
    [
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "document.cookie",
        "caches",
        "history",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "location",
        "console.",
    ],
)
def test_nothing_is_stored_logged_or_read_as_markup(word: str) -> None:
    assert not [name for name, text in SCRIPTS.items() if word in text]


def test_without_script_the_page_says_what_to_do() -> None:
    assert re.search(r"<noscript>.*POST /invocations.*</noscript>", FILES[INDEX])


def test_every_element_that_a_script_asks_for_is_there_once(elements) -> None:
    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    asked = set(re.findall(r'find\("([\w-]+)"\)', "".join(SCRIPTS.values())))
    assert asked <= set(ids)
    named = [
        part
        for _, attributes in elements
        for key in ("for", "aria-labelledby", "aria-describedby")
        for part in (attributes.get(key) or "").split()
    ]
    assert set(named) <= set(ids)


def test_every_field_has_a_label_and_keeps_its_text_to_the_page(elements) -> None:
    labelled = {attributes.get("for") for tag, attributes in elements if tag == "label"}
    fields = [attributes for tag, attributes in elements if tag in ("textarea", "input")]
    assert {field["id"] for field in fields} == labelled == {"findings", "background", "token"}
    for field in fields:
        assert field["autocomplete"] == "off"  # no browser restores it
        # Spell checkers and translators may send text elsewhere.
        assert field.get("type") == "password" or field["spellcheck"] == "false"
        assert field.get("type") == "password" or field["translate"] == "no"


def test_every_support_has_words_a_shape_and_a_line(elements) -> None:
    supports = {support.value for support in Support}
    words = re.search(r"MARKS = \{(.*?)\};", FILES["result.js"], re.DOTALL)
    assert words is not None
    assert re.findall(r"(\w+):", words[1]) == [support.value for support in Support]
    drawn = {a["id"] for tag, a in elements if tag == "symbol"}
    assert drawn == {f"mark-{support}" for support in supports}
    lines = re.findall(r'\[data-support="(\w+)"\] \{.*--line-style: (\w+)', FILES["page.css"])
    assert {support for support, _ in lines} == supports
    assert len({line for _, line in lines}) == len(supports)
    assert {a["data-support"] for _, a in elements if "data-support" in a} == supports


def test_every_note_has_a_reason_in_words() -> None:
    reasons = re.search(r"REASONS = \{(.*?)\};", FILES["result.js"], re.DOTALL)
    assert reasons is not None
    assert re.findall(r"(\w+): \(what\)", reasons[1]) == [note.value for note in Note]


def test_every_score_shown_is_a_metric_and_says_which_way_is_better() -> None:
    shown = re.findall(r'\["(\w+)", "[\w -]+", "([^"]+)"\]', FILES["model.js"])
    assert len(shown) == 7
    for name, meaning in shown:
        lower = BY_NAME[name].better is Better.lower
        assert meaning.endswith("Lower is better.") is lower


def _colours(scheme: int) -> dict[str, str]:
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", FILES["page.css"])
    return {name: both[scheme] for name, *both in pairs}


def _luminance(colour: str) -> float:
    """Relative luminance in [0, 1] (WCAG 2.2)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


MARKS = ("good", "warn", "bad", "side")
PAIRS = [
    *product(("ink", "muted", "accent"), ("ground", "surface", "raised")),
    *((mark, ground) for mark in MARKS for ground in ("ground", "surface", f"{mark}-soft")),
    *(("ink", f"{mark}-soft") for mark in MARKS),
    ("on-accent", "accent"),
]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_words_stand_out_from_their_ground(ink: str, ground: str, scheme: int) -> None:
    colours = _colours(scheme)
    assert _contrast(colours[ink], colours[ground]) >= SMALLEST_CONTRAST


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_edge_of_a_field_is_seen(scheme: int) -> None:
    colours = _colours(scheme)
    assert _contrast(colours["edge"], colours["surface"]) >= 3  # WCAG 2.2, 1.4.11
