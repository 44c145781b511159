import random
from dataclasses import replace

from radimpress.corpus.synthetic.background import background_sections
from radimpress.corpus.synthetic.course import LatentStudy
from radimpress.corpus.synthetic.observations import Observation

STUDY = LatentStudy(False, True, "fever", Observation.PNEUMONIA, (), (), ())


def sections(study, seeds=60):
    return [s for n in range(seeds) for s in background_sections(study, random.Random(n))]


def text_of(found, header):
    return {section.text for section in found if section.header == header}


def test_comparison_is_none_without_a_prior_and_a_date_with_one():
    assert text_of(sections(STUDY), "COMPARISON") == {"None.", "None available."}
    later = text_of(sections(replace(STUDY, has_prior=True)), "COMPARISON")
    assert later
    assert all("___" in text and "None" not in text for text in later)


def test_every_report_says_why_it_was_made_and_what_was_asked():
    for n in range(60):
        told = [
            section.text
            for section in background_sections(STUDY, random.Random(n))
            if section.header in ("INDICATION", "HISTORY", "CLINICAL INFORMATION")
        ]
        assert len(told) == 1
        assert "fever" in told[0]
        assert "pneumonia" in told[0]


def test_a_portable_examination_has_one_view():
    assert not any("LAT" in text.upper() for text in text_of(sections(STUDY), "EXAMINATION"))
