"""The repository's own files, as the tests of this folder read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "foundation", "lessons", "partnerships", "pilots", "procurement", "psp_portal")
CODE = (*APPS, "tests", "scripts", "benchmarks")
NOT_OURS = {
    ".git", ".venv", "var", "staticfiles", "node_modules", "__pycache__", "vendor",
    ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache", ".hypothesis",
}  # fmt: skip


def files(*suffixes: str, under: Path = ROOT) -> Iterator[Path]:
    for path in sorted(under.iterdir()):
        if path.name in NOT_OURS or path.is_symlink():
            continue
        if path.is_dir():
            yield from files(*suffixes, under=path)
        elif not suffixes or path.suffix in suffixes:
            yield path


def python(*folders: str) -> Iterator[Path]:
    """Python files of these top folders, migrations left out."""
    for folder in folders:
        yield from (path for path in files(".py", under=ROOT / folder) if "migrations" not in path.parts)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def strings(path: Path) -> Iterator[str]:
    """Every string in a Python file, including the fixed parts of f-strings."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
