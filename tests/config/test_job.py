from radimpress.config.job import Job, Place
from radimpress.config.load import compose


def test_everything_is_computed_here_unless_asked_otherwise():
    compute = compose().compute
    assert (compute.place, compute.nodes, compute.job) == (Place.local, 1, Job())
