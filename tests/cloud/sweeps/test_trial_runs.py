from radimpress.cloud.jobs.lines import told
from radimpress.cloud.sweeps.trial_runs import records
from radimpress.modeling.history import LogRecord
from radimpress.tracking.record_lines import record_line


def test_a_curve_is_read_from_the_log_each_step_once():
    first, again, second = LogRecord(2, 0.1, 3.0), LogRecord(2, 0.1, 3.5), LogRecord(4, 0.2, 2.0)
    lines = ["of the image", *(told(record_line(one)) for one in (first, again, second))]
    assert records([*lines, told("words")]) == [first, second]
