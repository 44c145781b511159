"""report.html as a reader meets it: generated reports, real baselines, a real browser."""

from pathlib import Path

import pytest

from radimpress.baselines.systems import build
from radimpress.config.load import compose
from radimpress.corpus.report import write_predictions, write_reports
from radimpress.corpus.synthetic import pairs
from radimpress.report.evaluate_stage import evaluate

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SYSTEMS = ["constant", "lead", "retrieval"]


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    """Two test sets, three baselines, `retrieval` as the candidate."""
    root = tmp_path_factory.mktemp("evaluated")
    config = compose(
        [
            f"generation.systems=[{','.join(SYSTEMS)}]",
            "evaluation.candidate=retrieval",
            "evaluation.bootstrap_samples=100",
            "evaluation.examples=12",
        ]
    )
    generated = pairs("B", 200, seed=3)
    train, sides = generated[:120], {"test": generated[120:], "test_other": generated[100:120]}
    for split, reports in sides.items():
        ordered = sorted(reports, key=lambda each: each.study_id)
        write_reports(root / "splits" / f"{split}.parquet", ordered)
        for name in SYSTEMS:
            predictions = build(name, train, config).generate(ordered)
            write_predictions(
                root / "reports" / "predictions" / name / f"{split}.parquet", predictions
            )
    evaluate(config, root / "splits", root / "reports")
    return root / "reports" / "report.html"


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM.is_file():
        pytest.skip(f"no browser at {CHROMIUM}")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, report):
    """Open the report; fails where the page asks for anything or the console complains."""
    contexts, requests, complaints = [], [], []

    def open_it(**options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(report.as_uri())
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert {url.split("#")[0] for url in requests} <= {report.as_uri()}
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_never_scrolls_sideways(open_page, width, scheme):
    page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_theme_follows_the_system_until_the_reader_chooses(open_page):
    page = open_page(color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.get_by_role("button", name="Light theme").click()
    assert page.evaluate(ground) != dark
    page.reload()
    assert page.get_by_role("button", name="Dark theme").is_visible()


def test_one_test_set_is_shown_at_a_time(open_page):
    page = open_page()
    assert page.locator(".panel:visible").count() == 1
    page.get_by_role("button", name="External: other").click()
    assert page.locator(".panel:visible").get_attribute("data-split") == "s2"
    assert page.get_by_role("link", name="Errors").get_attribute("href") == "#s2-errors"


def test_examples_are_browsed_with_the_keyboard(open_page):
    page = open_page()
    panel = page.locator(".panel:visible")
    shown, position = panel.locator(".example:visible h3"), panel.locator(".position")
    assert position.inner_text() == "1 of 12"
    first = shown.inner_text()
    panel.get_by_role("button", name="Next example").focus()
    page.keyboard.press("ArrowRight")
    assert position.inner_text() == "2 of 12"
    assert shown.inner_text() != first
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert position.inner_text() == "12 of 12"


def test_a_filter_shows_its_kind_alone(open_page):
    page = open_page()
    panel = page.locator(".panel:visible")
    button = panel.get_by_role("button", name="Worst")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert panel.locator(".position").inner_text().endswith(" of 3")
    assert "Worst" in panel.locator(".example:visible").inner_text()


def test_differences_can_be_switched_off(open_page):
    page = open_page()
    panel = page.locator(".panel:visible")
    removed = panel.locator(".example:visible del")
    assert removed.count() > 0
    panel.get_by_label("mark differences").uncheck()
    assert not removed.first.is_visible()


def test_without_script_everything_is_there(open_page):
    page = open_page(java_script_enabled=False)
    assert page.locator(".panel:visible").count() == 2
    assert page.locator(".example:visible").count() == 24
    assert page.locator(".controls:visible").count() == 0


def test_paper_gets_every_example_and_no_controls(open_page):
    page = open_page()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".example:visible").count() == 24
    assert page.locator(".controls:visible").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator(".example:visible").count() == 1
