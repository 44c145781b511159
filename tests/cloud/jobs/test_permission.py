from dataclasses import replace

import pytest

from radimpress.cloud.jobs.permission import refuse_unaffordable, refuse_unwanted
from radimpress.cloud.session import Session
from radimpress.config.load import compose
from radimpress.runtime.errors import RadimpressError

AWS, HERE = None, "http://127.0.0.1:9"


def asked(config, url):
    return refuse_unwanted(Session(config.cloud, "us-east-1", url), config)


def with_job(config, **changes):
    job = replace(config.compute.job, **changes)
    return replace(config, compute=replace(config.compute, job=job))


def test_a_rehearsal_stays_on_this_machine(remote):
    asked(remote, HERE)
    with pytest.raises(RadimpressError, match="is a rehearsal and never runs in AWS"):
        asked(remote, AWS)


def test_a_retired_machine_is_refused_with_its_notice_unless_forced(root, monkeypatch):
    monkeypatch.chdir(root)
    tiny = ["compute=sagemaker_p3_16xlarge", "experiment=smoke"]
    with pytest.raises(RadimpressError, match=r"ml\.p3\.16xlarge: AWS asked to leave P3"):
        refuse_unaffordable(compose(tiny))
    refuse_unaffordable(compose([*tiny, "compute.job.force_retired=true"]))


def test_a_machine_that_no_table_knows_is_bounded_by_its_given_price(root, monkeypatch):
    monkeypatch.chdir(root)
    unknown = ["compute=sagemaker_cpu", "experiment=smoke", "compute.job.instance_type=ml.new.big"]
    asked(compose(unknown), AWS)
    with pytest.raises(RadimpressError, match="price_usd_per_hour"):
        refuse_unaffordable(compose(unknown))
    priced = [*unknown, "compute.job.max_hours=2", "compute.job.price_usd_per_hour"]
    with pytest.raises(RadimpressError, match=r"only compute\.job\.max_hours=2 bounds its cost"):
        refuse_unaffordable(compose([*priced[:-1], f"{priced[-1]}=3"]))
    refuse_unaffordable(compose([*priced[:-1], f"{priced[-1]}=0.5"]))


def test_a_cheap_plan_is_shown_and_passes(root, monkeypatch, capsys):
    monkeypatch.chdir(root)
    refuse_unaffordable(compose(["compute=sagemaker_cpu", "experiment=smoke"]))
    assert "dollars" in capsys.readouterr().err


def test_a_dear_plan_is_shown_and_refused(root, monkeypatch, capsys):
    monkeypatch.chdir(root)
    overrides = ["compute=sagemaker_p4d_24xlarge", "model=flan_t5_xl", "training=flan"]
    config = compose([*overrides, "data=mimic_cxr", "compute.job.max_cost_usd=0.5"])
    with pytest.raises(RadimpressError, match="max_cost_usd"):
        refuse_unaffordable(config)
    assert "dollars" in capsys.readouterr().err


@pytest.mark.parametrize("stage", ["foundation", "generate"])
def test_another_stage_is_planned_as_what_it_is(root, monkeypatch, capsys, stage):
    monkeypatch.chdir(root)
    refuse_unaffordable(compose(["compute=sagemaker_cpu", "experiment=smoke"]), stage)
    assert capsys.readouterr().err.startswith(f"{stage} on 1 x ml.m5.2xlarge: ")
