"""reports/report.html: whole, private where it must be, and asking nothing of the network."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from radimpress.config.schema import Access, Overlap
from radimpress.corpus.report import read_reports, write_reports
from radimpress.report.page import write_report
from radimpress.runtime.errors import RadimpressError

VOID = {"meta", "line", "rect", "circle", "path", "use", "input", "br", "img", "link"}


def page_of(evaluated) -> str:
    write_report(evaluated.reports_dir, evaluated.splits_dir, evaluated.config, evaluated.out)
    return evaluated.out.read_text(encoding="utf-8")


class Outline(HTMLParser):
    """Tags with attributes, ids, and what was closed wrongly."""

    def __init__(self):
        super().__init__()
        self.tags, self.open, self.wrong = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def outline_of(page) -> Outline:
    outline = Outline()
    outline.feed(page)
    return outline


def test_the_page_opens_with_the_result(evaluated):
    (headline, *_) = re.findall(r'<p class="headline">(.*?)</p>', page_of(evaluated))
    assert headline.startswith("The fine-tuned model scores ROUGE-L 0.")
    assert "on 120 test reports; better than every other system (p &lt; 0.001)." in headline


def test_the_same_input_gives_the_same_bytes(evaluated):
    assert page_of(evaluated) == page_of(evaluated)


def test_nothing_is_loaded_from_anywhere(evaluated):
    page = page_of(evaluated)
    for tag, attributes in outline_of(page).tags:
        for name in ("src", "href", "action", "data", "srcset", "poster", "xlink:href"):
            assert attributes.get(name, "#").startswith("#"), (tag, attributes)
        assert "style" not in attributes, "the policy refuses style attributes"
    assert "http://" not in page
    assert "https://" not in page
    assert "url(" not in page
    assert "@import" not in page


def test_the_policy_allows_our_style_and_script_alone(evaluated):
    page = page_of(evaluated)
    (policy,) = re.findall(r'Content-Security-Policy" content="(.*?)"', page)
    assert policy.startswith("default-src &#39;none&#39;;")
    for tag in ("style", "script"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src &#39;sha256-{digest}&#39;" in policy
    assert not re.search(r"<[^>]+\son[a-z]+=", page), "no inline handlers"


def test_the_markup_is_well_formed_and_ids_are_unique(evaluated):
    outline = outline_of(page_of(evaluated))
    assert outline.open == []
    assert outline.wrong == []
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for _, a in outline.tags if a.get("href", "").startswith("#")}
    assert targets <= set(ids)


def test_text_of_reports_cannot_become_markup(evaluated):
    path = evaluated.splits_dir / "test.parquet"
    attack = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    write_reports(
        path,
        [
            type(r)(r.study_id, r.subject_id, r.source, attack, attack, attack)
            for r in read_reports(path)
        ],
    )
    page = page_of(evaluated)
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;" in page
    assert sum(tag == "script" for tag, _ in outline_of(page).tags) == 1


def test_names_of_corpora_and_systems_cannot_become_markup(evaluated):
    evaluated.config.data.name = "<b>corpus</b>"
    metrics = evaluated.metrics()
    metrics["systems"]["<i>system</i>"] = metrics["systems"]["lead"]
    evaluated.write("metrics.json", metrics)
    page = page_of(evaluated)
    assert "<b>corpus" not in page
    assert "<i>system" not in page
    assert "&lt;i&gt;system&lt;/i&gt;" in page


@pytest.mark.parametrize("access", [Access.private, Access.credentialed])
def test_reports_that_are_not_public_are_named_and_never_quoted(evaluated, access):
    evaluated.config.data.access = access
    page = page_of(evaluated)
    for report in read_reports(evaluated.splits_dir / "test.parquet"):
        for text in (report.findings, report.impression):
            assert text not in page
    assert "effusion." not in page.lower().replace("no pleural effusion", "")
    assert f"declared {access.value}" in page
    assert re.search(r'<th scope="row">s\d{5}</th>', page)
    assert not re.search(r">p\d+<", page), "no subject ids"


def test_public_examples_show_findings_reference_and_marked_outputs(evaluated):
    page = page_of(evaluated)
    assert "<ins>" in page
    assert "<del>" in page
    assert 'data-filter="worst"' in page
    assert 'data-filter="best"' in page


def test_subject_ids_are_never_shown(evaluated):
    page = page_of(evaluated)
    assert not re.search(
        r"\bp\d{1,2}\b(?!x)", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    )


def test_allowed_leakage_is_a_warning_before_the_scores(evaluated):
    evaluated.config.data.split.overlap = Overlap.allow
    page = page_of(evaluated)
    assert page.index("Training text may stand in a test set") < page.index('class="headline"')
    warning = "12 training reports stand in validation or test; scores are too high"
    summary = {"leakage": {"warnings": [warning]}, "splits": {"train": {"reports": 2800}}}
    (evaluated.splits_dir / "summary.json").write_text(json.dumps(summary))
    page = page_of(evaluated)
    assert f"Leakage: {warning}." in page
    assert "2,800 train" in page


def test_clean_splits_carry_no_warning(evaluated):
    assert "Leakage" not in page_of(evaluated)


def test_each_test_set_has_its_own_panel(evaluated):
    page = page_of(evaluated)
    assert re.findall(r'data-tab="(\w+)"', page) == ["s1", "s2"]
    assert "External: elsewhere" in page
    assert page.count('class="panel"') == 2


def test_one_test_set_needs_no_tabs(evaluated):
    metrics = evaluated.metrics()
    for splits in metrics["systems"].values():
        del splits["test_elsewhere"]
    evaluated.write("metrics.json", metrics)
    page = page_of(evaluated)
    assert "data-tab=" not in page
    assert 'class="split-name"' not in page


def test_a_page_without_training_leaves_the_section_out(evaluated):
    for path in (evaluated.reports_dir / "training").iterdir():
        path.unlink()
    page = page_of(evaluated)
    assert 'id="training"' not in page
    assert '"#training"' not in page


def test_wall_clock_facts_stay_out(evaluated):
    assert "98765" not in page_of(evaluated)


def test_missing_metrics_say_what_to_run(evaluated):
    (evaluated.reports_dir / "metrics.json").unlink()
    with pytest.raises(RadimpressError, match="next: run `dvc repro`"):
        page_of(evaluated)
    assert not evaluated.out.exists()


def test_metrics_without_a_split_are_refused(evaluated):
    evaluated.write("metrics.json", {"systems": {}})
    with pytest.raises(RadimpressError, match=r"names no split; next: run `dvc repro evaluate`"):
        page_of(evaluated)


def test_every_drawing_has_a_name_and_a_description(evaluated):
    page = page_of(evaluated)
    drawings = re.findall(r'<svg class="chart" role="img".*?<desc>(.*?)</desc>', page, re.DOTALL)
    assert len(drawings) == page.count('class="chart"') > 20
    assert all(len(text) > 20 for text in drawings)
    assert 'lang="en"' in page
    assert 'class="skip" href="#main"' in page
