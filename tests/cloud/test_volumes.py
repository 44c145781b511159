import pytest

from radimpress.cloud.volumes import volume_key


@pytest.mark.parametrize(
    ("machine", "takes_one"),
    [
        *(("ml.m5.large", True), ("ml.c7i.xlarge", True), ("ml.p3.16xlarge", True)),
        *(("ml.g5.48xlarge", False), ("ml.g6e.48xlarge", False), ("ml.p4d.24xlarge", False)),
        *(("ml.p5.4xlarge", False), ("ml.m5d.large", False), ("ml.p3dn.24xlarge", False)),
    ],
)
def test_a_key_is_asked_for_where_the_machine_takes_one(machine, takes_one):
    assert volume_key(machine, "key") == ("key" if takes_one else None)
    assert volume_key(machine, None) is None
