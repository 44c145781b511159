"""Pictures of the served page for docs/images: a draft on a wide screen and on a phone.

radimpress serve &                                           # a model trained on the bundled corpus
python pipelines/page_screenshots.py                         # http://127.0.0.1:8080 to docs/images
python pipelines/page_screenshots.py http://127.0.0.1:9000 /tmp/pictures

Needs playwright (`pip install radimpress[test]`) and Chromium in /usr/bin/chromium.
"""

import sys
from pathlib import Path

CHROMIUM = "/usr/bin/chromium"
BACKGROUND = (
    "Examination: Chest radiograph, portable AP History: ___-year-old male with intubation. "
    "Comparison: Radiographs of ___ and ___."
)
FINDINGS = (  # generated: study 50675473 of the bundled synthetic corpus
    "Mild bibasilar atelectasis has not changed. The previous ill-defined opacity in the left lung "
    "base is no longer identified. No consolidation, pneumothorax or pleural effusion is "
    "identified. Cardiac and mediastinal contours are normal. Upper abdomen is normal. There are "
    "intact median sternotomy wires, unchanged."
)
VIEWS = {
    "page-wide-light": (1280, 1000, "light"),
    "page-wide-dark": (1280, 1000, "dark"),
    "page-phone-light": (390, 1700, "light"),
    "page-phone-dark": (390, 1700, "dark"),
}


def main(url: str = "http://127.0.0.1:8080", folder: str = "docs/images") -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, (width, height, scheme) in VIEWS.items():
            page = browser.new_page(
                viewport={"width": width, "height": height}, color_scheme=scheme
            )
            page.goto(url)
            page.get_by_text("Background").click()
            page.get_by_label("Indication, history, comparison").fill(BACKGROUND)
            page.get_by_role("textbox", name="Findings").fill(FINDINGS)
            page.get_by_role("button", name="Draft impression").click()
            page.locator("#checks li").nth(1).hover()
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=Path(folder) / f"{name}.png")
            print(Path(folder) / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    if {"-h", "--help"} & set(sys.argv) or len(sys.argv) > 3:
        print(__doc__)
    else:
        main(*sys.argv[1:])
