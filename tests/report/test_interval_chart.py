"""Dots and whiskers stand where their numbers say."""

import math

from radimpress.metrics.significance import Estimate
from radimpress.report.interval_chart import PLOT, PLOT_LABELLED, ROW, Series, interval_chart
from radimpress.report.vocabulary import metric

STYLES = {"lead": "other-1", "finetuned": "candidate"}
ESTIMATES = {
    "lead": Estimate(0.0, 0.0, 0.5, 10),
    "finetuned": Estimate(1.0, 0.5, 1.0, 10),
}


def chart(groups, from_zero=False, name="rougeL"):
    return interval_chart("Title", metric(name), groups, STYLES, from_zero)


def test_values_map_linearly_to_the_plot():
    drawn = chart([Series("All", "10 reports", False, ESTIMATES)])
    lead, finetuned = drawn.groups[0].marks
    assert (lead.x, lead.low, lead.high) == (PLOT[0], PLOT[0], 50.0)
    assert (finetuned.x, finetuned.low, finetuned.high) == (PLOT[1], 50.0, PLOT[1])
    assert finetuned.y - lead.y == ROW


def test_rows_without_a_heading_carry_their_label_and_value():
    drawn = chart([Series("", "", False, ESTIMATES)])
    assert drawn.labelled
    assert drawn.groups[0].marks[0].x == PLOT_LABELLED[0]
    assert [(m.label, m.value) for m in drawn.groups[0].marks] == [
        ("First sentences", "0.000"),
        ("Fine-tuned model", "1.000"),
    ]


def test_every_mark_says_its_numbers():
    drawn = chart([Series("All", "", False, ESTIMATES)])
    assert drawn.groups[0].marks[1].text == "Fine-tuned model: 1.000 [0.500, 1.000]"
    assert "First sentences, Fine-tuned model for All" in drawn.description


def test_error_rates_are_drawn_from_zero():
    group = [Series("All", "", False, {"lead": Estimate(0.5, 0.4, 0.6, 5)})]
    assert chart(group).ticks[0].label == "0.40"
    assert [tick.label for tick in chart(group, from_zero=True).ticks] == [
        "0.0",
        "0.2",
        "0.4",
        "0.6",
    ]


def test_an_estimate_without_an_interval_has_no_whisker():
    bare = {"lead": Estimate(0.4, math.nan, math.nan, 5)}
    (mark,) = chart([Series("All", "", False, bare)]).groups[0].marks
    assert mark.low == mark.x == mark.high


def test_the_drawing_is_as_high_as_its_rows():
    one = chart([Series("All", "", False, ESTIMATES)])
    two = chart([Series("All", "", False, ESTIMATES), Series("Few", "", True, ESTIMATES)])
    assert two.height - one.height == one.floor - 6
    assert two.groups[1].small
