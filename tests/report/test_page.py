"""reports/report.html: whole, private where it must be, and asking nothing of the network."""

import re

from radimpress.report.page import write_report


def page_of(evaluated) -> str:
    write_report(evaluated.reports_dir, evaluated.splits_dir, evaluated.config, evaluated.out)
    return evaluated.out.read_text(encoding="utf-8")


def test_the_page_opens_with_the_result(evaluated):
    page = page_of(evaluated)
    (headline,) = re.findall(r'<p class="headline">(.*?)</p>', page)[:1]
    assert headline.startswith("The fine-tuned model scores ROUGE-L ")
    assert "on 120 test reports" in headline
