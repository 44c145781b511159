import pytest

from radimpress.runtime.errors import RadimpressError
from radimpress.serving.golden import GOLDEN, check_golden


def test_a_model_that_answers_with_words_passes(served):
    model = served()
    check_golden(model.write)
    assert [findings for findings, _ in model.summarizer.calls] == [[a.findings for a in GOLDEN]]


@pytest.mark.parametrize("text", ["", "  ", "...", "12 34"])
def test_a_model_that_generates_no_words_is_refused(served, text):
    with pytest.raises(RadimpressError, match="no words"):
        check_golden(served(lambda findings, _: [text] * len(findings)).write)


def test_a_model_that_loses_an_answer_is_refused():
    with pytest.raises(RadimpressError, match="0 answers to 2"):
        check_golden(lambda options, asks: [])


def test_golden_requests_hold_no_digits_that_a_model_could_copy():
    assert not any(c.isdigit() for ask in GOLDEN for c in ask.findings)
