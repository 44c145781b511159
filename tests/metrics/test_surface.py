"""Lengths and repeated outputs."""

from radimpress.metrics.surface import identical_output, words


def test_words_are_split_at_white_space():
    assert words(["no acute  disease", "", " x "]).tolist() == [3.0, 0.0, 1.0]


def test_reports_with_the_most_frequent_output_are_marked():
    assert identical_output(["a", "b ", "b", "c"]).tolist() == [0.0, 1.0, 1.0, 0.0]


def test_a_system_that_never_repeats_itself_has_one_marked_report():
    assert identical_output(["b", "c", "a"]).tolist() == [0.0, 0.0, 1.0]


def test_no_outputs_mark_nothing():
    assert identical_output([]).tolist() == []
