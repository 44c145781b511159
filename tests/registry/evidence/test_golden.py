import json

import pytest

from radimpress.config.promotion import GoldenGate
from radimpress.corpus.report import Prediction
from radimpress.metrics.labels.labeller import is_normal, label
from radimpress.metrics.labels.observations import Observation, Side
from radimpress.registry.evidence.golden import FAMILIES, Case, problems, read_cases, run_cases
from radimpress.runtime.errors import RadimpressError

EFFUSION, EDEMA = Observation.PLEURAL_EFFUSION, Observation.EDEMA


class Writer:
    def __init__(self, write):
        self._write = write

    def summarize(self, findings):
        if not findings[0].strip():
            raise RadimpressError("empty")
        return [Prediction("0", self._write(findings[0]))]


def case(family="side", **expected):
    return Case("a case", family, "findings", **expected)


@pytest.mark.parametrize(
    ("expected", "impression", "found"),
    [
        ({"absent": (EDEMA,)}, "No acute disease.", []),
        ({"absent": (EDEMA,)}, "No pulmonary edema.", []),
        ({"absent": (EDEMA,)}, "Mild edema.", ["states Edema"]),
        ({"absent": (EDEMA,)}, "Possible edema.", ["states Edema"]),
        ({"present": (EFFUSION,)}, "Small effusion.", []),
        ({"present": (EFFUSION,)}, "No effusion.", ["does not state Pleural Effusion"]),
        ({"side": Side.LEFT}, "Left pleural effusion.", []),
        ({"side": Side.LEFT}, "Right pleural effusion.", ["does not say left", "says right"]),
        ({"side": Side.LEFT}, "Bilateral pleural effusions.", ["says right"]),
        ({"side": Side.LEFT}, "Pleural effusion.", ["does not say left"]),
        ({"side": Side.LEFT}, "Left effusion. No right effusion.", []),
        ({"normal": True}, "No acute cardiopulmonary disease.", []),
        ({"normal": True}, "Left pleural effusion.", ["states a pathology"]),
        ({}, "anything", []),
        ({}, "  ", ["nothing written"]),
    ],
)
def test_what_is_wrong_is_named_by_code(expected, impression, found):
    assert problems(case(**expected), impression) == found


def test_a_case_that_must_be_refused_fails_where_an_impression_is_invented():
    asked = [Case("nothing", "empty", "", refused=True)]
    assert next(run_cases(Writer(str), asked)).passed

    class Inventor:
        def summarize(self, findings):
            return [Prediction("0", "No acute disease.")]

    assert next(run_cases(Inventor(), asked)).problems == ("not refused",)


def test_a_crash_is_an_outcome_and_the_others_are_still_asked():
    def crash(text):
        raise IndexError("secret text")

    found = list(run_cases(Writer(crash), [case(), case()]))
    assert [each.problems for each in found] == [("crashed with IndexError",)] * 2


def test_a_refusal_of_text_is_a_failure():
    assert next(run_cases(Writer(str), [Case("x", "absurd", " ")])).problems == ("refused",)


def test_a_truthful_copy_of_the_findings_passes_every_case_but_the_empty_ones():
    """The expectations agree with the labels of the findings themselves."""
    failed = [str(each) for each in run_cases(Writer(str), read_cases()) if not each.passed]
    assert failed == []


def test_a_model_that_always_says_normal_fails_sides_and_findings():
    found = list(run_cases(Writer(lambda _: "No acute disease."), read_cases()))
    assert {each.family for each in found if not each.passed} == {"side", "finding"}
    assert not any(each.passed for each in found if each.family in ("side", "finding"))


def test_a_model_that_swaps_sides_fails_every_side_case():
    def swap(text):
        return text.replace("left", "LEFT").replace("right", "left").replace("LEFT", "right")

    found = [o for o in run_cases(Writer(swap), read_cases()) if o.family == "side"]
    assert not any(each.passed for each in found)


def test_a_model_that_loses_negations_fails_every_negation_case():
    def forget(text):
        for lost in ("There is no ", "There is no evidence of ", "No ", "no ", "not ", "Absent "):
            text = text.replace(lost, "")
        return text

    found = [o for o in run_cases(Writer(forget), read_cases()) if o.family == "negation"]
    assert not any(each.passed for each in found)


def test_the_built_in_cases_are_many_named_once_and_of_every_family():
    cases = read_cases()
    assert len({each.name for each in cases}) == len(cases) >= 50
    counts = {family: sum(c.family == family for c in cases) for family in FAMILIES}
    assert min(counts["negation"], counts["side"], counts["finding"], counts["absurd"]) >= 10
    assert counts["normal"] >= 6
    assert counts["empty"] >= 2


def test_sides_are_balanced():
    sides = [each.side for each in read_cases() if each.family == "side"]
    assert sides.count(Side.LEFT) == sides.count(Side.RIGHT)


def test_every_case_asks_for_something():
    for each in read_cases():
        asks = each.present or each.absent or each.side or each.normal or each.refused
        assert asks or each.family == "absurd", each.name
        assert all(o in label(each.findings) for o in each.present), each.name
        assert not each.normal or is_normal(each.findings), each.name


def test_families_are_the_thresholds_of_the_configuration():
    assert set(FAMILIES) == set(GoldenGate.__dataclass_fields__) - {"cases"}


def test_a_file_of_ones_own_replaces_the_cases(tmp_path):
    path = tmp_path / "cases.json"
    row = {"name": "long", "family": "absurd", "findings": "clear ", "repeat": 3}
    others = [family for family in FAMILIES if family != "absurd"]
    rows = [{"name": f, "family": f, "findings": "x", "normal": True} for f in others]
    path.write_text(json.dumps({"cases": [row, *rows]}))
    assert read_cases(path)[0] == Case("long", "absurd", "clear clear clear ")
    assert [each.family for each in read_cases(path)[1:]] == others


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        '{"cases": [{"name": "x"}]}',
        '{"cases": [{"name": "x", "family": "other", "findings": "x"}]}',
        '{"cases": [{"name": "x", "family": "side", "findings": "x", "side": "up"}]}',
        '{"cases": [{"name": "x", "family": "side", "findings": "x", "present": ["Flu"]}]}',
        '{"cases": []}',
        '{"cases": [{"name": "x", "family": "absurd", "findings": "x"}]}',
        '{"cases": [{"name": "x", "family": "negation", "findings": "x"}]}',
        '{"cases": [{"name": "x", "family": "absurd", "findings": "x", "abesnt": ["Edema"]}]}',
    ],
)
def test_a_file_that_holds_no_cases_is_refused_by_name(tmp_path, text):
    path = tmp_path / "cases.json"
    path.write_text(text)
    with pytest.raises(RadimpressError, match="cases.json holds no golden cases"):
        read_cases(path)


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(RadimpressError, match="nowhere.json"):
        read_cases(tmp_path / "nowhere.json")


def test_the_page_counts_the_cases_of_each_family(root):
    page = (root / "docs" / "gates.md").read_text(encoding="utf-8")
    for family in FAMILIES:
        number = sum(each.family == family for each in read_cases())
        assert f"\n| `{family}` | {number}" in page
