from radimpress.serving.meters import Meters


def lines(meters):
    return [line for line in meters.text().decode().splitlines() if not line.startswith("#")]


def test_requests_count_by_route_and_status():
    meters = Meters()
    meters.answered("/invocations", 200, 0.004)
    meters.answered("/invocations", 200, 0.004)
    meters.answered("/invocations", 429, 0.001)
    found = lines(meters)
    assert 'radimpress_requests_total{route="/invocations",status="200"} 2.0' in found
    assert 'radimpress_requests_total{route="/invocations",status="429"} 1.0' in found
    assert 'radimpress_request_seconds_bucket{le="0.005",route="/invocations"} 3.0' in found


def test_gauges_are_read_when_they_are_asked_for():
    meters = Meters()
    queue = [3.0]
    meters.watch(lambda: queue[0], lambda: 1.0)
    assert "radimpress_queue_reports 3.0" in lines(meters)
    queue[0] = 0.0
    assert "radimpress_queue_reports 0.0" in lines(meters)
    assert "radimpress_ready 1.0" in lines(meters)


def test_only_the_model_that_answers_is_named(served):
    meters = Meters()
    meters.serving(served(version="1"))
    meters.serving(served(version="2"))
    (line,) = [line for line in lines(meters) if line.startswith("radimpress_model{")]
    assert 'version="2"' in line
    assert 'engine="transformers"' in line
    assert line.endswith(" 1.0")


def test_refusals_reloads_and_memory_are_there():
    meters = Meters()
    meters.rejected("queue_full")
    meters.reloaded("switched")
    text = meters.text().decode()
    assert 'radimpress_rejected_requests_total{reason="queue_full"} 1.0' in text
    assert 'radimpress_reloads_total{result="switched"} 1.0' in text
    assert "process_resident_memory_bytes" in text
    assert "_created" not in text
