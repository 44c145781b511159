"""The training history is read as it was logged and drawn to scale."""

import pytest

from radimpress.report.training_curve import History, LossPoint, curve_chart, read_history
from radimpress.runtime.errors import RadimpressError

HEADER = "step,epoch,train_loss,validation_loss,learning_rate\n"


def test_blanks_are_skipped(tmp_path):
    path = tmp_path / "history.csv"
    path.write_text(HEADER + "10,0.5,2.0,,0.001\n20,1.0,,1.5,0.001\n30\n")
    assert read_history(path) == History((LossPoint(10, 2.0),), (LossPoint(20, 1.5),))


def test_no_file_and_no_losses_are_no_history(tmp_path):
    assert read_history(tmp_path / "absent.csv") is None
    path = tmp_path / "history.csv"
    path.write_text(HEADER)
    assert read_history(path) is None


@pytest.mark.parametrize("content", ["a,b\n1,2\n", HEADER + "x,1,2,3,4\n"])
def test_another_file_is_refused(tmp_path, content):
    path = tmp_path / "history.csv"
    path.write_text(content)
    with pytest.raises(RadimpressError, match="is no training history; next: run"):
        read_history(path)


def test_losses_are_drawn_from_the_top_and_the_kept_step_is_marked():
    history = History((LossPoint(0, 4.0), LossPoint(100, 0.0)), (LossPoint(50, 2.0),))
    chart = curve_chart(history, best_step=50)
    assert chart.train_path == "M0 0 L100 100"
    assert [(dot.x, dot.y, dot.best) for dot in chart.dots] == [(50.0, 50.0, True)]
    assert chart.description == (
        "Training loss goes from 4.000 at step 0 to 0.000 at step 100."
        " Validation loss goes from 2.000 at step 50 to 2.000 at step 50."
        " The weights of step 50 were kept."
    )


def test_the_steps_end_where_training_ended():
    chart = curve_chart(History((LossPoint(10, 1.0), LossPoint(700, 0.5)), ()), None)
    assert chart.train_path.split(" L")[-1].startswith("100 ")
    assert [tick.label for tick in chart.steps] == ["0", "200", "400", "600"]


def test_a_history_without_validation_still_draws():
    chart = curve_chart(History((LossPoint(5, 1.0),), ()), None)
    assert chart.validation_path == ""
    assert chart.dots == ()
