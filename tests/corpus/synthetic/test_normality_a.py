from radimpress.corpus.synthetic.normality_a import A3_NORMAL, A_NORMAL
from radimpress.corpus.synthetic.observations import LUNGS
from radimpress.corpus.synthetic.regions import Region

TABLES = (A_NORMAL, A3_NORMAL)
LINES = [line for table in TABLES for slots in table.values() for slot in slots for line in slot]


def test_every_line_is_one_sentence():
    for line in LINES:
        assert line.text[0].isupper()
        assert line.text.endswith(".")
        assert "{" not in line.text
        assert line.text.count(".") == 1


def test_lungs_are_clear_only_where_nothing_is_in_them():
    clear = [line for line in LINES if "clear" in line.text.lower()]
    assert len(clear) >= len(TABLES)
    assert all(line.unless >= LUNGS for line in clear)


def test_each_style_speaks_of_heart_lungs_and_bones():
    for table in TABLES:
        assert set(table) == {Region.HEART, Region.LUNGS, Region.BONES}


def test_no_line_compares_with_a_prior():
    text = " ".join(line.text.lower() for line in LINES)
    assert not any(word in text for word in ("unchanged", "stable", "again", "new", "prior"))
