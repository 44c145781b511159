import subprocess

import pytest

from radimpress.registry.lineage.git_repository import GitRepository
from radimpress.runtime.errors import RadimpressError


@pytest.fixture
def git(tmp_path):
    """A repository of one commit, with an edit that is in none; and that commit."""
    root = tmp_path / "repository"
    (root / "src").mkdir(parents=True)
    (root / "src" / "a.py").write_text("a = 1\n")
    run = ["git", "-c", "user.email=a@b.invalid", "-c", "user.name=a"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*run, *command], cwd=root, check=True)
    (root / "src" / "a.py").write_text("a = 2\n")
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=root, text=True).strip()
    return GitRepository(root), head


def test_a_commit_answers_for_itself_whatever_the_work_tree_holds(git):
    repository, head = git
    assert repository.has(head)
    assert repository.text(head, "src/a.py") == "a = 1\n"
    assert repository.text(head, "src/b.py") is None
    assert repository.holds(head, "src")
    assert not repository.holds(head, "lib")


@pytest.mark.parametrize("commit", ["", "0" * 40, "no commit", "HEAD", "--output=x"])
def test_an_unknown_commit_is_not_there_nor_a_name_that_moves(git, commit):
    assert not git[0].has(commit)
    assert not git[0].holds(commit, "src")
    assert git[0].text(commit, "src/a.py") is None


def test_outside_git_there_is_no_commit(git, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert not GitRepository(tmp_path).has(git[1])


def test_what_a_commit_lacks_is_left_out_of_an_export(git, tmp_path):
    repository, head = git
    repository.export(head, ["src", "lib"], tmp_path / "out")
    assert (tmp_path / "out/src/a.py").read_text() == "a = 1\n"
    assert not (tmp_path / "out/lib").exists()
    repository.export(head, ["lib"], tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_a_clone_stands_at_the_commit_on_no_branch(git, tmp_path):
    repository, head = git
    repository.clone(head, tmp_path / "clone")
    assert (tmp_path / "clone/src/a.py").read_text() == "a = 1\n"
    branch = ["git", "branch", "--show-current"]
    assert subprocess.check_output(branch, cwd=tmp_path / "clone", text=True) == ""


def test_a_clone_of_an_unknown_commit_says_so(git, tmp_path):
    with pytest.raises(RadimpressError, match=f"cannot check commit {'0' * 40} out"):
        git[0].clone("0" * 40, tmp_path / "clone")
