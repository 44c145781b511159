import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from radimpress.registry.lineage.link import broken, holds, unchecked
from radimpress.registry.lineage.restore import Restored
from radimpress.registry.lineage.view import restored_json, restored_table, walk_json, walk_table
from radimpress.registry.lineage.walk import Walk
from radimpress.registry.versions import Version

CHOSEN = Version("radimpress", "3", "run", "source", ("champion",))
LINKS = (
    holds("model", "a" * 12, "the registered weights give it and are models/finetuned of dvc.lock"),
    broken("data/raw/synthetic/mimic-cxr-reports.zip", "b" * 12, "changed"),
    unchecked("clean", "c" * 12, "not in the workspace, and DVC's cache has none"),
)


def printed(table):
    out = io.StringIO()
    Console(file=out, width=80).print(table)
    return out.getvalue()


@pytest.mark.parametrize(
    ("table", "words", "caption"),
    [
        (
            walk_table(Walk(CHOSEN, LINKS)),
            ("holds", "BROKEN", "unseen"),
            "1 hold, 1 broken, 1 cannot be checked here",
        ),
        (
            restored_table(Restored(CHOSEN, Path("/x"), LINKS)),
            ("here", "MISSING", "left"),
            "1 restored and verified, 1 could not be restored, 1 left out",
        ),
    ],
    ids=["walk", "restored"],
)
def test_a_table_fits_80_columns_with_every_word_whole(table, words, caption):
    text = printed(table)
    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text
    assert all(word in text for word in words)
    assert caption in text


def test_json_says_the_same(tmp_path):
    walked = json.loads(json.dumps(walk_json(Walk(CHOSEN, LINKS))))
    assert walked["broken"] is True
    assert (walked["model"], walked["version"], walked["aliases"]) == (
        *("radimpress", "3"),
        ["champion"],
    )
    assert [link["state"] for link in walked["links"]] == ["holds", "broken", "unchecked"]
    restored = restored_json(Restored(CHOSEN, tmp_path, LINKS[:1]))
    assert restored["whole"] is True
    assert restored["folder"] == str(tmp_path)


def test_a_walk_is_broken_by_one_broken_link_only():
    assert Walk(CHOSEN, LINKS).is_broken
    assert not Walk(CHOSEN, (LINKS[0], LINKS[2])).is_broken


def test_brackets_of_a_name_are_shown_and_no_markup():
    by_a_bot = holds("ledger", "entry 1", "promote by github-actions[bot] [/]; the chain is sound")
    assert "github-actions[bot] [/]" in " ".join(
        printed(walk_table(Walk(CHOSEN, (by_a_bot,)))).split()
    )
