import socket
from dataclasses import replace

import pytest

from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.ui import comparison_page, serve_ui


def test_the_page_is_the_chart_comparison_outside_the_genai_mode():
    assert comparison_page("http://127.0.0.1:5000", "7") == (
        "http://127.0.0.1:5000/#/experiments/7/runs"
        "?workflowType=machine_learning&compareRunsMode=CHART&viewStateShareKey=radimpress"
    )


def test_without_runs_there_is_nothing_to_open(config):
    empty = replace(config.tracking, experiment="never made")
    with pytest.raises(RadimpressError, match="run `make pipeline` first"):
        serve_ui(empty, 5000, browser=False)


def test_a_taken_port_is_told(config, experiment):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(RadimpressError, match=f"port {port} is taken; next: choose another"):
            serve_ui(config.tracking, port, browser=False)
