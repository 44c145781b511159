"""The page's colours can be read in both themes (WCAG 2.1 AA)."""

import itertools
import re
from importlib.resources import files

import pytest

TEMPLATES = files("radimpress.report") / "templates"
CSS = (TEMPLATES / "report.css").read_text(encoding="utf-8")
_DEFINED = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", CSS)
COLOURS = {name: (light, dark) for name, light, dark in _DEFINED}
TEXT_ON = [
    *itertools.product(("ink", "muted", "accent"), ("ground", "surface", "raised", "accent-soft")),
    ("good", "good-soft"),
    ("bad", "bad-soft"),
    ("warn", "warn-soft"),
    ("good", "surface"),
    ("bad", "surface"),
    ("ground", "accent"),
]
DRAWN_ON = [(f"other-{i}", on) for i in range(1, 7) for on in ("surface", "raised", "ground")]


def luminance(colour):
    """Relative luminance, https://www.w3.org/TR/WCAG21/#dfn-relative-luminance."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_has_a_contrast_of_at_least_4_5(theme):
    for text, on in TEXT_ON:
        found = contrast(COLOURS[text][theme], COLOURS[on][theme])
        assert found >= 4.5, f"{text} on {on}: {found:.2f}"


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_marks_have_a_contrast_of_at_least_3(theme):
    for mark, on in DRAWN_ON:
        found = contrast(COLOURS[mark][theme], COLOURS[on][theme])
        assert found >= 3, f"{mark} on {on}: {found:.2f}"


def test_every_colour_that_is_used_is_defined():
    used = set(re.findall(r"var\(--([\w-]+)\)", CSS))
    assert used <= COLOURS.keys() | {"sans", "serif"}


def test_style_and_script_cannot_end_their_element_early():
    for name in ("report.css", "report.js"):
        assert "</" not in (TEMPLATES / name).read_text(encoding="utf-8")
