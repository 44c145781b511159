from radimpress.corpus.synthetic.readme import readme


def test_the_readme_says_that_no_patient_is_real_and_how_to_make_it_again():
    text = readme(
        {
            "institution": "B",
            "seed": 5,
            "reports": 20,
            "subjects": 9,
            "splits": {"test": 2, "train": 18},
        }
    )
    assert "no patient is real" in text
    assert "20 reports of 9 invented patients, institution B; 2 test, 18 train." in text
    command = "radimpress synthesize data/raw/synthetic --institution B --reports 20 --seed 5"
    assert command in text
