from radimpress.corpus.synthetic.normality import BONES, FRACTURE, SILHOUETTE, Line
from radimpress.corpus.synthetic.observations import Incidental, Observation


def test_a_line_denies_nothing_unless_it_says_so():
    assert Line("The trachea is midline.") == Line("The trachea is midline.", (), frozenset())


def test_the_silhouette_is_heart_and_mediastinum():
    assert SILHOUETTE == (Observation.CARDIOMEGALY, Observation.ENLARGED_CARDIOMEDIASTINUM)


def test_bones_are_not_called_normal_beside_a_fracture_or_a_worn_spine():
    assert {*FRACTURE, Incidental.SPINE} <= BONES
