from pathlib import Path

import pytest

from radimpress.cloud.endpoints.packaged_model import LARGE, PackagedModel, StoredModel


@pytest.mark.parametrize(("size", "large"), [(0, False), (LARGE, False), (LARGE + 1, True)])
def test_only_a_model_of_several_gigabytes_goes_up_as_files(size, large):
    package = PackagedModel("m", "1", "a" * 64, "d", size, lambda scratch, _: Path(scratch))
    assert package.as_files is large


def test_one_that_is_in_s3_already_stays_files():
    stored = StoredModel("s3://b/", {}, {})
    package = PackagedModel("m", "1", "a" * 64, "d", 0, lambda scratch, _: scratch, stored)
    assert package.as_files
