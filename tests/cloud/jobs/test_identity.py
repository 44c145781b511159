import re
from dataclasses import replace

from radimpress.cloud.jobs.identity import identity
from radimpress.config.job import Job
from radimpress.modeling.checkpoints import training_folder
from radimpress.modeling.reference import Reference, write_reference


def test_a_training_is_named_as_its_local_checkpoints(remote, workspace):
    folder = training_folder(remote, workspace / "models/foundation", workspace / "data/splits")
    assert identity(remote, "train").key == folder.name


def test_a_name_is_one_that_aws_takes(remote):
    name = identity(remote, "train").job_name(12)
    assert re.fullmatch(r"radimpress-train-[0-9a-f]{12}-12", name)
    cloud = replace(remote.cloud, project="p" * 25)
    assert len(identity(replace(remote, cloud=cloud), "foundation").job_name(999)) <= 63


def test_where_and_for_how_much_does_not_matter(remote):
    compute = replace(remote.compute, job=Job(instance_type="ml.p5.48xlarge"), processes=8)
    assert identity(replace(remote, compute=compute), "train") == identity(remote, "train")


def test_the_seed_makes_another_computation(remote):
    assert identity(replace(remote, seed=3), "train").key != identity(remote, "train").key


def test_decoding_makes_another_result_of_the_same_computation(remote):
    other = replace(remote, generation=replace(remote.generation, num_beams=4))
    assert identity(other, "train").key == identity(remote, "train").key
    assert identity(other, "train").result != identity(remote, "train").result


def test_data_make_another_computation(remote, workspace):
    before = identity(remote, "train")
    (workspace / "data/splits/train.parquet").write_text("other")
    assert identity(remote, "train").key != before.key


def test_every_stage_has_one(remote, workspace):
    (workspace / "models/finetuned").mkdir()
    write_reference(workspace / "models/finetuned", Reference("s3://b/x/", {"m": "0" * 64}))
    keys = {identity(remote, stage).key for stage in ("foundation", "train", "generate")}
    assert len(keys) == 3


def test_a_training_can_start_from_a_referenced_foundation(remote, workspace):
    for path in (workspace / "models/foundation").iterdir():
        path.unlink()
    write_reference(workspace / "models/foundation", Reference("s3://b/x/", {"m": "0" * 64}))
    assert len(identity(remote, "train").key) == 32
