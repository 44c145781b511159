"""The page as a radiologist meets it: a real browser, real checks, and a server that we steer."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from radimpress.corpus.report import Prediction
from radimpress.serving.answers import answer
from radimpress.serving.guard import SECURITY_HEADERS
from radimpress.serving.page_files import INDEX, page_files
from radimpress.serving.requests import Ask
from radimpress.serving.served_model import Identity

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FINDINGS = (
    "The heart is mildly enlarged. Small left pleural effusion. No pneumothorax. "
    "Patchy opacity at the right base."
)
IMPRESSION = (
    "1. Mild cardiomegaly and right rib fracture. 2. Right pleural effusion. "
    "3. Small pneumothorax. 4. CT is advised."
)
MARKS = ["Supported", "Not in the findings", "Side differs", "Negation differs", "Not checked"]
HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script></p>&lt;b&gt;"\'`${1}'
SCORE = {"value": 0.812, "low": 0.784, "high": 0.839, "n": 311}
ERROR = {"code": "c", "field": None, "message": "the words of the server", "next": "do this"}


@dataclass
class FakeServer:
    """What the server says next, and what it was asked."""

    impression: str = IMPRESSION
    truncated: bool = False
    clipped: bool = False
    token: str = ""
    name: str = "radimpress"
    trained_on: str = "synthetic"
    examples: list[dict[str, str]] = field(default_factory=list)
    refusals: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    loading: int = 0  # how often /model answers 503 at first
    hold: threading.Event | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    url: str = ""

    def refuse(self, status: int, body: object = None, **headers: str) -> None:
        error = {"error": ERROR} if body is None else body
        content = body if isinstance(body, bytes) else json.dumps(error).encode()
        self.refusals.append((status, headers, content))

    def model(self) -> dict[str, object]:
        return {
            **self.identity.brief(),
            "model_sha256": "b" * 64,
            "loaded_at": "2026-11-23T13:52:25+00:00",
            "engine": "ctranslate2",
            "scores": {"rougeL": SCORE, "hallucination_rate": SCORE | {"low": None}},
            "trained_on": self.trained_on,
            "access": "public",
            "card": None,
            "reload_error": None,
        }

    @property
    def identity(self) -> Identity:
        return Identity(self.name, "7", "a" * 64, "b" * 64)

    def written(self, asked: dict[str, str]) -> dict[str, object]:
        ask = Ask(asked["findings"], asked.get("background", ""))
        written = Prediction("", self.impression, self.truncated, self.clipped)
        return answer(ask, written, self.identity)


def handler(fake: FakeServer) -> type[BaseHTTPRequestHandler]:
    files = page_files()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            name = INDEX if self.path == "/" else self.path.removeprefix("/page/")
            if name in files:
                return self.reply(200, files[name].content, files[name].media_type)
            if self.locked():
                return None
            if self.path == "/model" and fake.loading:
                fake.loading -= 1
                body = json.dumps({"error": ERROR}).encode()
                return self.reply(503, body, **{"Retry-After": "1"})
            plain = fake.model() if self.path == "/model" else fake.examples
            return self.reply(200, json.dumps(plain).encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.locked():
                return None
            fake.asked.append(json.loads(body))
            if fake.hold:
                fake.hold.wait(20)
            if fake.refusals:
                status, headers, content = fake.refusals.pop(0)
                return self.reply(status, content, **headers)
            return self.reply(200, json.dumps(fake.written(fake.asked[-1])).encode())

        def locked(self) -> bool:
            fake.tokens.append(self.headers.get("Authorization", ""))
            if fake.token and fake.tokens[-1] != f"Bearer {fake.token}":
                self.reply(401, json.dumps({"error": ERROR}).encode())
                return True
            return False

        def reply(
            self, status: int, body: bytes, media: str = "application/json", **headers: str
        ) -> None:
            self.send_response(status)
            for key, value in SECURITY_HEADERS:
                self.send_header(key.decode(), value.decode())
            for name, text in {**headers, "Content-Type": media}.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    fake = FakeServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(fake))
    fake.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    yield fake
    server.shutdown()
    server.server_close()


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
def open_page(browser, fake):
    """Open the page; fails where it asks elsewhere, stores anything, or a script breaks."""
    contexts, requests, complaints, pages = [], [], [], []

    def open_it(ready: bool = True, **options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        pages.append(page)
        page.set_default_timeout(10_000)
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.goto(fake.url)
        if ready:
            page.get_by_text("version 7").first.wait_for()
        return page

    yield open_it
    for page in pages:
        kept = "[localStorage.length, sessionStorage.length, document.cookie]"
        assert page.evaluate(kept) == [0, 0, ""]
        assert page.url.removesuffix("#findings") == fake.url
    for context in contexts:
        context.close()
    paths = ["", "page/page.css", "page/icon.svg", "model", "examples", "invocations"]
    paths += [f"page/{name}.js" for name in ("page", "server", "result", "model", "element")]
    assert set(requests) <= {fake.url + path for path in paths}  # no text in an address
    refused = "Failed to load resource"  # Chromium logs every 4xx and 5xx
    assert [each for each in complaints if not each.startswith(refused)] == []


def drafted(page, findings: str = FINDINGS):
    """Paste findings and press the shortcut; the page with its draft."""
    page.get_by_role("textbox", name="Findings").fill(findings)
    page.keyboard.press("Control+Enter")
    page.locator("#result").wait_for()
    return page


def check(page, number: int):
    return page.locator("#checks li").nth(number)


def lit(page) -> list[str]:
    return page.locator("#findings-read .lit").all_inner_texts()


def test_findings_become_a_draft_with_a_mark_for_each_statement(open_page, fake) -> None:
    page = drafted(open_page())
    assert page.locator("#prose").evaluate("(e) => e.cloneNode(true).textContent").startswith("1. ")
    assert page.locator("#checks .verdict").all_inner_texts() == MARKS
    assert page.locator("#tally").inner_text() == (
        "5 statements. Negation differs: 1. Side differs: 1. Not in the findings: 1. "
        "Not checked: 1. Supported: 1."
    )
    assert fake.asked == [{"findings": FINDINGS}]


def test_each_check_says_why_and_quotes_the_findings(open_page) -> None:
    page = drafted(open_page())
    assert "Findings: “The heart is mildly enlarged.”" in check(page, 0).inner_text()
    assert "Nothing in the findings says it: fracture." in check(page, 1).inner_text()
    assert "on the other side: pleural effusion." in check(page, 2).inner_text()
    assert "The findings exclude it: pneumothorax." in check(page, 3).inner_text()
    assert "Please read it yourself." in check(page, 4).inner_text()


def test_hovering_a_statement_shows_the_sentence_behind_it(open_page) -> None:
    page = drafted(open_page())
    assert lit(page) == []
    page.locator("#prose .said").nth(0).hover()
    assert lit(page) == ["The heart is mildly enlarged."]
    check(page, 3).hover()
    assert lit(page) == ["No pneumothorax."]
    page.locator("h1").hover()
    assert lit(page) == []


def test_hovering_a_sentence_shows_the_statement_that_rests_on_it(open_page) -> None:
    page = drafted(open_page())
    page.locator("#findings-read .rests").nth(1).hover()
    assert page.locator("#checks .lit .quoted").all_inner_texts() == ["Right pleural effusion."]


def test_a_click_keeps_the_light_on_until_escape(open_page) -> None:
    page = drafted(open_page())
    check(page, 2).get_by_role("button").click()
    page.locator("h1").hover()
    page.evaluate("document.activeElement.blur()")
    assert lit(page) == ["Small left pleural effusion."]
    assert check(page, 2).get_by_role("button").get_attribute("aria-pressed") == "true"
    page.keyboard.press("Escape")
    assert lit(page) == []
    assert page.locator("[aria-pressed=true]").count() == 0


def test_everything_works_by_keyboard_alone(open_page, fake) -> None:
    page = open_page()
    focused = "document.activeElement.id || document.activeElement.textContent.trim()"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "Skip to the findings"
    page.keyboard.press("Enter")
    page.keyboard.type("No effusion.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # opens the background
    page.keyboard.press("Tab")
    page.keyboard.type("Cough.")
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "write"
    page.keyboard.press("Enter")
    page.locator("#result").wait_for()
    assert fake.asked == [{"findings": "No effusion.", "background": "Cough."}]
    assert page.get_by_text("Background: Cough.").is_visible()
    assert page.evaluate(focused) == "impression-title"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "copy"
    page.keyboard.press("Tab")
    assert page.evaluate(focused).startswith("Not in the findings")
    ring = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(ring) == "solid"


def test_screen_readers_find_landmarks_names_and_news(open_page) -> None:
    page = drafted(open_page())
    tree = page.locator("body").aria_snapshot()
    for line in (
        "- banner",
        "- main",
        "- contentinfo",
        '- heading "Draft an impression" [level=1]',
        '- region "Findings"',
        '- region "Impression"',
        '- button "Edit findings"',
        '- button "Copy impression"',
        '- list "Held against the findings"',
        '- table "How well it did on reports it had not seen"',
    ):
        assert line in tree
    assert "(Side differs)" in tree  # also where the draft is read as prose
    assert page.get_by_role("status").inner_text().startswith("Draft ready. 5 statements.")
    assert page.locator("#impression").get_attribute("aria-busy") == "false"


def test_offsets_count_characters_not_utf16_units(open_page, fake) -> None:
    fake.impression = "🫁🫁 Mild cardiomegaly. Left effusion."
    page = drafted(open_page(), "🫁 Heart enlarged. 👩‍⚕️ Small left effusion.\n\nNo edema.")
    assert page.locator("#checks .quoted").all_inner_texts()[1] == "Left effusion."
    check(page, 1).hover()
    assert lit(page) == ["👩‍⚕️ Small left effusion."]
    assert page.locator("#prose .said").nth(1).inner_text() == "Left effusion."


def test_half_a_character_pair_is_mended_before_it_is_sent(open_page, fake) -> None:
    page = open_page()
    page.evaluate("document.getElementById('findings').value = 'Heart enlarged \\ud83e.'")
    page.get_by_role("button", name="Draft impression").click()
    page.locator("#result").wait_for()
    assert fake.asked == [{"findings": "Heart enlarged \ufffd."}]


def test_hostile_text_stays_text_wherever_it_comes_from(open_page, fake) -> None:
    fake.impression = f"{HOSTILE} Left effusion. {HOSTILE}"
    fake.name = fake.trained_on = HOSTILE
    fake.examples = [{"title": HOSTILE, "findings": "No effusion."}]
    page = drafted(open_page(), f"Small left effusion {HOSTILE}. {HOSTILE}")
    assert HOSTILE in page.locator("#findings-read").inner_text()
    assert HOSTILE in page.locator("#version").text_content()
    assert page.locator("main img, main script, main b").count() == 0
    fake.refuse(400, {"error": ERROR | {"message": HOSTILE, "next": HOSTILE}})
    page.get_by_role("button", name="Edit findings").click()
    page.get_by_role("button", name="Draft impression").click()
    page.locator("#problem").wait_for()
    assert HOSTILE in page.locator("#problem").inner_text()
    assert page.locator("main img, main script, main b").count() == 0


def test_the_impression_is_copied_as_written(open_page) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    drafted(page)
    page.get_by_role("button", name="Copy impression").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == IMPRESSION
    said = page.get_by_role("status").inner_text()
    assert said == "Impression copied, with 3 of its statements marked."


def test_a_draft_is_called_old_once_the_text_changes(open_page) -> None:
    page = drafted(open_page())
    page.get_by_role("button", name="Edit findings").click()
    old = page.get_by_text("The text has changed since this draft.")
    assert not old.is_visible()
    page.keyboard.press("End")
    page.keyboard.type(" More.")
    assert old.is_visible()
    page.keyboard.press("Control+Enter")
    page.locator("#read").wait_for()
    assert not old.is_visible()


def test_examples_are_offered_while_nothing_was_typed(open_page, fake) -> None:
    fake.examples = [{"title": "Cardiomegaly", "findings": "Heart enlarged."}]
    page = open_page()
    button = page.get_by_role("button", name="Cardiomegaly")
    page.get_by_role("textbox", name="Findings").fill("My own text.")
    assert not button.is_visible()
    page.get_by_role("textbox", name="Findings").fill("")
    button.click()
    page.locator("#result").wait_for()
    assert fake.asked == [{"findings": "Heart enlarged."}]


def test_the_model_is_named_with_its_scores_and_what_they_mean(open_page) -> None:
    page = open_page()
    about = page.locator(".about").inner_text()
    for words in ("radimpress version 7", "a" * 16, "synthetic (public)", "On 311 reports"):
        assert words in about
    assert "expect less on real ones" in about
    rows = page.locator("tbody tr")
    assert rows.nth(0).locator("td").all_inner_texts() == ["0.81", "0.78 to 0.84"]
    assert rows.nth(1).locator("td").all_inner_texts() == ["81.2%", "–"]
    assert "Not a medical device" in page.locator("main").inner_text()


def test_another_version_that_answers_is_shown_at_once(open_page, fake) -> None:
    page = open_page()
    fake.name = "newer"
    drafted(page)
    page.get_by_text("newer version 7").first.wait_for()


def test_a_draft_cut_off_or_findings_not_read_are_told(open_page, fake) -> None:
    fake.truncated = fake.clipped = True
    page = drafted(open_page())
    assert "cut off at its length limit" in page.locator("#cautions").inner_text()
    assert "has not seen their end" in page.locator("#cautions").inner_text()


def test_a_model_that_writes_nothing_is_said_to(open_page, fake) -> None:
    fake.impression = ""
    page = drafted(open_page())
    assert page.locator("#prose").inner_text() == "The model wrote nothing."
    assert not page.get_by_role("button", name="Copy impression").is_visible()


def test_without_findings_nothing_is_asked(open_page, fake) -> None:
    page = open_page()
    page.get_by_role("button", name="Draft impression").click()
    assert "There are no findings yet." in page.get_by_role("alert").inner_text()
    assert fake.asked == []


def test_while_it_drafts_it_says_so_and_asks_once(open_page, fake) -> None:
    fake.hold = threading.Event()
    page = open_page()
    page.get_by_role("textbox", name="Findings").fill(FINDINGS)
    page.keyboard.press("Control+Enter")
    page.get_by_text("Drafting …").first.wait_for()
    assert page.locator("#impression").get_attribute("aria-busy") == "true"
    assert page.locator("#write").get_attribute("aria-disabled") == "true"
    page.keyboard.press("Control+Enter")
    page.locator("#write").dispatch_event("click")
    fake.hold.set()
    page.locator("#result").wait_for()
    assert len(fake.asked) == 1


def test_a_token_is_asked_for_kept_in_memory_and_sent_in_a_header(open_page, fake) -> None:
    fake.token = "open sesame".replace(" ", "-")
    page = open_page(ready=False)
    field = page.get_by_label("Access token")
    field.wait_for()
    assert page.evaluate("document.activeElement.id") == "token"
    for wrong in ("wrong", "schlüssel"):
        field.fill(wrong)
        page.keyboard.press("Enter")
        page.get_by_text("The token was not accepted.").wait_for()
    field.fill(fake.token)
    page.keyboard.press("Enter")
    page.get_by_text("version 7").first.wait_for()
    field.wait_for(state="hidden")
    drafted(page)
    assert fake.tokens[-1] == "Bearer open-sesame"
    page.reload()
    page.get_by_label("Access token").wait_for()


def test_a_token_that_expires_midway_loses_no_text(open_page, fake) -> None:
    page = open_page()
    fake.token = "new"
    page.get_by_role("textbox", name="Findings").fill(FINDINGS)
    page.keyboard.press("Control+Enter")
    page.get_by_label("Access token").fill("new")
    page.keyboard.press("Enter")
    page.locator("#result").wait_for()
    assert fake.asked == [{"findings": FINDINGS}]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, ["The server did not take this.", "The words of the server.", "Do this."]),
        (413, ["This is too long for the server.", "The words of the server.", "Do this."]),
        (500, ["The server failed.", "The words of the server.", "Do this."]),
        (504, ["The model took too long.", "Your text is still here.", "shorten the findings"]),
    ],
)
def test_a_refusal_is_told_in_words_with_the_next_step(open_page, fake, status, words) -> None:
    fake.refuse(status)
    page = open_page()
    page.get_by_role("textbox", name="Findings").fill(FINDINGS)
    page.keyboard.press("Control+Enter")
    alert = page.locator("#problem")
    alert.wait_for()
    assert all(each in alert.inner_text() for each in words)
    assert page.get_by_role("textbox", name="Findings").input_value() == FINDINGS
    page.keyboard.press("Control+Enter")
    page.locator("#result").wait_for()
    assert not alert.is_visible()


@pytest.mark.parametrize(
    "body", [b"<html>proxy</html>", b"", b"{}", b"null", b'{"impression": "a", "statements": [1]}']
)
def test_an_answer_that_is_none_is_told_as_such(open_page, fake, body) -> None:
    fake.refuse(200, body)
    page = open_page()
    page.get_by_role("textbox", name="Findings").fill(FINDINGS)
    page.keyboard.press("Control+Enter")
    assert "could not be read" in page.get_by_role("alert").inner_text()


def test_a_busy_server_is_asked_again_after_a_countdown(open_page, fake) -> None:
    fake.refuse(429, **{"Retry-After": "2"})
    page = open_page()
    page.get_by_role("textbox", name="Findings").fill(FINDINGS)
    page.keyboard.press("Control+Enter")
    page.get_by_text("Trying again by itself in 2 s.").wait_for()
    page.get_by_text("Trying again by itself in 1 s.").wait_for()
    page.locator("#result").wait_for()
    assert len(fake.asked) == 2


def test_the_countdown_can_be_stopped(open_page, fake) -> None:
    fake.refuse(429, **{"Retry-After": "1"})
    page = open_page()
    page.get_by_role("textbox", name="Findings").fill(FINDINGS)
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Stop trying").click()
    assert page.evaluate("document.activeElement.id") == "write"
    time.sleep(1.5)
    assert len(fake.asked) == 1


def test_a_model_that_is_loading_is_waited_for(open_page, fake) -> None:
    fake.loading = 1
    page = open_page(ready=False)
    page.get_by_text("The model is not ready.").wait_for()
    page.get_by_text("version 7").first.wait_for()


def test_a_server_that_is_gone_is_told_and_the_text_stays(open_page) -> None:
    page = open_page()
    page.get_by_role("textbox", name="Findings").fill(FINDINGS)
    page.route("**/invocations", lambda route: route.abort("connectionrefused"))
    page.keyboard.press("Control+Enter")
    alert = page.locator("#problem")
    alert.wait_for()
    assert "The server cannot be reached." in alert.inner_text()
    assert page.get_by_role("textbox", name="Findings").input_value() == FINDINGS


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 640, 1280])  # 640: 1280 at 200% zoom
def test_the_page_never_scrolls_sideways(open_page, fake, width, scheme) -> None:
    fake.impression = f"{IMPRESSION} {'unbroken' * 40} right fracture{'s' * 90}."
    page = open_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    drafted(page, f"{FINDINGS} {'effusion' * 60}")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == width


FAINT = """() => {
  const drawing = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const paint = (colour, under) => {
    drawing.fillStyle = under ?? "#fff"; drawing.fillRect(0, 0, 1, 1);
    drawing.fillStyle = colour; drawing.fillRect(0, 0, 1, 1);
    const [r, g, b] = drawing.getImageData(0, 0, 1, 1).data;
    return `rgb(${r} ${g} ${b})`;
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/\\d+/g).map((n) => n / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => element
    ? paint(getComputedStyle(element).backgroundColor, ground(element.parentElement)) : "#fff";
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !element.checkVisibility()) continue;
    const under = ground(element);
    const ink = paint(getComputedStyle(element).color, under);
    const [one, other] = [luminance(ink), luminance(under)];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${walk.currentNode.data.trim()}`);
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_on_the_page_stands_out_from_its_ground(open_page, fake, scheme) -> None:
    fake.truncated = True
    fake.examples = [{"title": "Cardiomegaly", "findings": "Heart enlarged."}]
    page = open_page(color_scheme=scheme)
    assert page.evaluate(FAINT) == []
    drafted(page)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    for number in range(5):
        check(page, number).hover()
        assert page.evaluate(FAINT) == []
    fake.refuse(413)
    page.get_by_role("button", name="Edit findings").click()
    page.keyboard.press("Control+Enter")
    page.locator("#problem").wait_for()
    assert page.evaluate(FAINT) == []


def test_nothing_moves_for_those_who_asked_for_less_motion(open_page, fake) -> None:
    fake.hold = threading.Event()
    page = open_page(reduced_motion="reduce")
    page.get_by_role("textbox", name="Findings").fill(FINDINGS)
    page.keyboard.press("Control+Enter")
    page.locator(".pulse").wait_for()
    moving = "document.getAnimations().length"
    assert page.evaluate(moving) == 0
    fake.hold.set()
    page.locator("#result").wait_for()


@pytest.fixture
def real_server(tmp_path) -> Iterator[str]:
    """The address of our own server, as a process, around a model that repeats a sentence."""
    control = tmp_path / "control.json"
    control.write_text(json.dumps({"version": "7", "mode": "well"}), encoding="utf-8")
    program = Path(__file__).parents[1] / "serving" / "stand_in_server.py"
    command = [sys.executable, str(program), str(control), json.dumps({"port": 0})]
    environment = {**os.environ, "RADIMPRESS_TOKEN": "secret"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, text=True) as server:
        assert server.stderr is not None
        started = next(line for line in server.stderr if '"listening"' in line)
        threading.Thread(target=server.stderr.read, daemon=True).start()
        yield json.loads(started)["url"]
        server.terminate()


def test_our_own_server_and_the_page_understand_each_other(browser, real_server) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(real_server)
    page.get_by_label("Access token").fill("secret")
    page.keyboard.press("Enter")
    page.get_by_text("radimpress version 7").first.wait_for()
    drafted(page, FINDINGS)
    assert page.locator("#prose").inner_text() == "Patchy opacity at the right base."
    assert page.locator("#checks .verdict").all_inner_texts() == ["Supported"]
    assert lit(page) == []
    check(page, 0).hover()
    assert lit(page) == ["Patchy opacity at the right base."]
    page.get_by_role("button", name="Edit findings").click()
    page.get_by_role("textbox", name="Findings").fill("word " * 2001)
    page.keyboard.press("Control+Enter")
    page.get_by_text("The server did not take this.").wait_for()
    page.get_by_role("textbox", name="Findings").fill("word " * 300_000)
    page.keyboard.press("Control+Enter")
    page.get_by_text("This is too long for the server.").wait_for()
    page.get_by_role("textbox", name="Findings").fill("")
    page.get_by_role("button", name="Pleural Effusion").click()
    page.locator("#read").wait_for()
    assert page.locator("#prose").inner_text() == "Small left pleural effusion."
    page.close()
    assert [each for each in complaints if "Failed to load resource" not in each] == []
