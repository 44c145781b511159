import pytest

from radimpress.config.schema import Model
from radimpress.corpus.report import Report
from radimpress.modeling.prompt import Prompt
from radimpress.runtime.errors import RadimpressError

REPORT = Report("s", "p", "invented", "Cough.", "Clear lungs.", "Normal.")


def test_a_template_is_filled_with_findings_background_and_neighbours() -> None:
    prompt = Prompt("{background} Findings: {findings} Similar: {neighbours}", 64, 32, retrieval=2)
    text = prompt.render(REPORT, ["Nothing acute.", "No effusion."])
    assert text == "Cough. Findings: Clear lungs. Similar: Nothing acute. | No effusion."


def test_an_empty_field_leaves_no_double_space() -> None:
    prompt = Prompt("summarize: {background} {findings} ", 64, 32)
    bare = Report("s", "", "invented", "", "Clear lungs.", "Normal.")
    assert prompt.render(bare) == "summarize: Clear lungs."


def test_braces_in_a_report_are_plain_text() -> None:
    odd = Report("s", "", "invented", "", "Nodule {background} {0}.", "Nodule.")
    assert Prompt("{findings}", 64, 32).render(odd) == "Nodule {background} {0}."


def test_the_impression_is_never_in_the_prompt() -> None:
    prompt = Prompt("{background} {findings} {neighbours}", 64, 32)
    assert "Normal" not in prompt.render(REPORT)


@pytest.mark.parametrize("template", ["{impression}", "{findings.__class__}", "{}", "{0}"])
def test_unknown_fields_are_refused_with_the_known_ones(template: str) -> None:
    with pytest.raises(RadimpressError, match=r"unknown fields .* next: use \['background'"):
        Prompt(template, 64, 32)


def test_a_broken_template_is_refused() -> None:
    with pytest.raises(RadimpressError, match="no template"):
        Prompt("{findings", 64, 32)


def test_a_model_configuration_gives_its_prompt() -> None:
    model = Model(name="m", prompt="{findings} {neighbours}", retrieval=3, max_source_tokens=99)
    assert Prompt.of(model) == Prompt("{findings} {neighbours}", 99, 128, 3)
