from radimpress.cloud.schedule.stages import read_stages


def test_stages_stand_after_what_they_take():
    stages = {stage.name: stage for stage in read_stages()}
    assert set(stages) == {
        *("clean", "split", "foundation", "train", "generate", "evaluate", "register")
    }
    order = list(stages)
    for stage in stages.values():
        assert all(order.index(taken) < order.index(stage.name) for taken in stage.takes)


def test_takes_and_outs_are_those_of_dvc():
    stages = {stage.name: stage for stage in read_stages()}
    assert set(stages["train"].takes) == {"split", "foundation"}
    assert set(stages["evaluate"].takes) == {"split", "train", "generate"}
    assert stages["train"].outs == ("models/finetuned", "reports/training")
    assert "reports/metrics.json" in stages["evaluate"].outs  # a metric is an out, too
