"""Reading questionnaires from disk: what a person who wrote the file is told when it cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from surveys.loading import NotReadable, load, shipped


def test_yaml_and_json_are_read_alike(tmp_path: Path) -> None:
    for name, content in {"a.yaml": "slug: été\n", "a.json": '{"slug": "été"}'}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
        assert load(tmp_path / name) == {"slug": "été"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a: [1, 2", "ce n'est pas du YAML valide"),
        (b"title: x\nslug: a: b\n", "ligne 2 : ce n'est pas du YAML valide"),
        (b"- a\n- b\n", "doit contenir des noms"),
        (b"", "doit contenir des noms"),
        ("slug: été\n".encode("latin-1"), "en UTF-8"),
        (b"x: !!python/object/apply:os.getcwd []\n", "ce n'est pas du YAML valide"),
    ],
)
def test_a_bad_file_is_named_and_explained(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "etude.yaml"
    path.write_bytes(content)
    with pytest.raises(NotReadable, match=r"^etude\.yaml") as caught:
        load(path)
    assert told in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match=r"absent\.yaml : fichier introuvable"):
        load(tmp_path / "absent.yaml")


def test_companions_lie_beside_their_questionnaire() -> None:
    assert shipped("soignants-liberaux-2025").exists()
    for companion in ("published", "model", "margins"):
        assert shipped("soignants-liberaux-2025", companion).exists()
