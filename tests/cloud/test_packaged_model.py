from pathlib import Path

import pytest

from radimpress.cloud.packaged_model import LARGE, PackagedModel


@pytest.mark.parametrize(("size", "large"), [(0, False), (LARGE, False), (LARGE + 1, True)])
def test_only_a_model_of_several_gigabytes_goes_up_as_files(size, large):
    package = PackagedModel("m", "1", "a" * 64, "d", size, lambda scratch, _: Path(scratch))
    assert package.is_large is large
