from radimpress.serving.page_files import FOLDER, MEDIA_TYPES, page_files


def test_the_page_is_in_the_package():
    files = page_files()
    assert b"<html" in files["index.html"].content
    assert files["index.html"].media_type == "text/html; charset=utf-8"


def test_every_file_of_the_page_has_a_media_type():
    assert {path.suffix for path in FOLDER.iterdir()} <= set(MEDIA_TYPES)


def test_an_unknown_kind_is_bytes(tmp_path):
    (tmp_path / "x.odd").write_bytes(b"1")
    (tmp_path / "folder").mkdir()
    files = page_files(tmp_path)
    assert list(files) == ["x.odd"]
    assert files["x.odd"].media_type == "application/octet-stream"
