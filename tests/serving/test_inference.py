import json
from pathlib import Path

import pytest

from radimpress.runtime.errors import RadimpressError
from radimpress.serving.inference import input_fn, model_fn, output_fn, predict_fn
from radimpress.serving.package import pack, unpack
from radimpress.serving.served_model import ServedModel

TAGS = {"radimpress.registered_model": "radimpress", "radimpress.version": "7"}


@pytest.fixture(scope="module")
def package(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("package")
    pack(model_folder, place / "model.tar.gz", TAGS)
    return unpack(place / "model.tar.gz", place / "model")


@pytest.fixture(scope="module")
def model(package: Path) -> ServedModel:
    return model_fn(str(package))


def asked(model: ServedModel, request: bytes | str, content_type: str) -> tuple[str, str]:
    body, media = output_fn(predict_fn(input_fn(request, content_type), model), content_type)
    return body.decode(), media


def test_one_report_gets_the_answer_of_the_server(model: ServedModel, package: Path) -> None:
    body, media = asked(model, '{"findings": "Clear lungs.", "study_id": "s1"}', "application/json")
    answer = json.loads(body)
    assert media == "application/json"
    assert answer["study_id"] == "s1"
    assert answer["impression"]
    assert answer["model"] == {"name": "radimpress", "version": "7", "fingerprint": "f" * 64}
    assert answer["statements"][0]["text"] in answer["impression"]


def test_a_batch_is_answered_in_order_however_each_is_decoded(model: ServedModel) -> None:
    rows = [
        {"findings": "Clear lungs.", "study_id": "a"},
        {"findings": "Left effusion.", "study_id": "b", "max_new_tokens": 2},
        {"findings": "No effusion.", "study_id": "c"},
    ]
    body, _ = asked(model, json.dumps(rows).encode(), "application/json")
    answers = json.loads(body)
    assert [answer["study_id"] for answer in answers] == ["a", "b", "c"]
    assert answers[1]["truncated"]
    alone = [json.loads(asked(model, json.dumps(row), "application/json")[0]) for row in rows]
    assert answers == alone


def test_lines_in_give_lines_out(model: ServedModel) -> None:
    lines = '{"findings": "Clear lungs."}\n{"findings": "Left effusion."}\n'
    body, media = asked(model, lines, "application/jsonlines")
    assert media == "application/jsonlines"
    assert len(body.splitlines()) == 2


def test_bad_input_is_the_error_of_the_server_and_quotes_nothing() -> None:
    with pytest.raises(ValueError, match="findings") as caught:
        input_fn('{"finding": "CANARY"}', "application/json")
    error = json.loads(str(caught.value))["error"]
    assert error["code"] == "unknown_field"
    assert "CANARY" not in str(caught.value)
    with pytest.raises(ValueError, match="unsupported_media_type"):
        input_fn(b"x", "text/csv")


def test_a_damaged_package_is_not_loaded(package: Path, tmp_path: Path) -> None:
    import shutil

    copy = Path(shutil.copytree(package, tmp_path / "copy"))
    (copy / "tokenizer.json").write_text("{}")
    with pytest.raises(RadimpressError, match="tokenizer.json of .* is damaged"):
        model_fn(str(copy))


def test_a_plain_model_folder_is_loaded_too(model_folder: Path) -> None:
    assert model_fn(str(model_folder)).identity.name == model_folder.name
