"""A file one can read in a sitting."""

from pathlib import Path

from tests.architecture import tree

LONGEST_PYTHON = 400
LONGEST_TEMPLATE = 150
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "services", "selectors", "managers"}


def test_python_files_are_short() -> None:
    long = [tree.name(path) for path in tree.python(*tree.CODE) if _lines(path) > LONGEST_PYTHON]
    assert long == []


def test_templates_are_short() -> None:
    templates = list(tree.files(".html", ".txt", under=tree.ROOT / "templates"))
    assert len(templates) > 20
    assert [tree.name(path) for path in templates if _lines(path) > LONGEST_TEMPLATE] == []


def test_modules_are_named_for_a_noun() -> None:
    assert [tree.name(path) for path in tree.python(*tree.APPS) if {path.stem, path.parent.name} & VAGUE] == []


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
