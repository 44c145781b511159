from radimpress.modeling.recipe import Decoding
from radimpress.serving.requests import Ask, Options
from radimpress.serving.served_model import decoding


def test_options_replace_only_what_they_name():
    recipe = Decoding(max_new_tokens=64, num_beams=1, length_penalty=0.8)
    assert decoding(recipe, Options()) == recipe
    assert decoding(recipe, Options(8, 3)) == Decoding(8, 3, 0.8)


def test_a_batch_is_written_with_its_decoding(served):
    model = served()
    asks = [Ask("A. One."), Ask("B. Two.")]
    written = model.write(Options(max_new_tokens=4), asks)
    assert [each.prediction for each in written] == ["One.", "Two."]
    assert model.summarizer.calls == [(["A. One.", "B. Two."], Decoding(4))]


def test_the_brief_of_an_identity_is_what_answers_carry(served):
    assert served(version="9").identity.brief() == {
        "name": "radimpress",
        "version": "9",
        "fingerprint": "f" * 64,
    }
