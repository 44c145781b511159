from radimpress.corpus.synthetic.observations import Observation, Presence, Stated
from radimpress.corpus.synthetic.wording import Sentence, Wording


def test_a_wording_joins_its_sentences_and_their_statements():
    edema = Stated(Observation.EDEMA, Presence.POSITIVE)
    wording = Wording((Sentence("Mild edema.", (edema,)), Sentence("No free air.")))
    assert wording.text == "Mild edema. No free air."
    assert wording.states == [edema]
