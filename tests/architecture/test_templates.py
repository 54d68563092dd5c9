"""Every template is used, every template that is named exists, and none needs what the CSP refuses."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs

from tests.architecture import tree

TEMPLATES = tree.ROOT / "templates"
OURS = sorted(tree.files(".html", ".txt", under=TEMPLATES))
# Chosen by a name that is put together at run time, each with the place that does it.
CHOSEN_AT_RUN_TIME = {
    "sgds/": "crispy-forms asks its template pack, foundation/forms",
}
NAMES_A_TEMPLATE = re.compile(r"{%\s*(?:extends|include)\s+[\"']([^\"']+)[\"']")
IN_QUOTES = re.compile(r"[\"']([\w/-]+\.(?:html|txt))[\"']")


def relative(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def replaces_a_librarys(template: str) -> bool:
    return any((Path(folder) / template).exists() for folder in get_app_template_dirs("templates"))


@cache
def named_in_code() -> set[str]:
    return {text for path in tree.python(*tree.APPS) for text in tree.strings(path)}


def named_in_templates() -> set[str]:
    return {found for path in OURS for found in IN_QUOTES.findall(path.read_text(encoding="utf-8"))}


def is_named(template: str, named: set[str]) -> bool:
    """Whole, without its ending, or as the two parts of an f-string: its folder, and its own name."""
    whole = template.rpartition(".")[0]
    folder, _, own = whole.rpartition("/")
    return bool({template, whole} & named or ({folder, f"{folder}/"} & named and own in named))


def test_every_template_is_used() -> None:
    named = named_in_code() | named_in_templates()
    unused = [
        template
        for template in map(relative, OURS)
        if not is_named(template, named)
        and not template.startswith(tuple(CHOSEN_AT_RUN_TIME))
        and not replaces_a_librarys(template)
    ]
    assert unused == []


def test_every_template_named_in_a_template_exists() -> None:
    named = {found for path in OURS for found in NAMES_A_TEMPLATE.findall(path.read_text(encoding="utf-8"))}
    assert [template for template in sorted(named) if not exists(template)] == []


def test_every_template_named_in_code_exists() -> None:
    named = {text for text in named_in_code() if re.fullmatch(r"[\w-]+(/[\w-]+)*\.html", text)}
    assert len(named) > 10
    assert [template for template in sorted(named) if not exists(template)] == []


def exists(template: str) -> bool:
    try:
        get_template(template)
    except TemplateDoesNotExist as error:
        return error.args[0] != template  # it is there; a template it leans on has its own turn
    return True


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a script in the page", r"<script(?![^>]*\bsrc=)"),
        ("a style in the page", r"<style|\sstyle="),
        ("an event attribute", r"\son(?:click|change|submit|load|input|focus|blur|key\w+)="),
        ("a javascript: address", r"javascript:"),
    ],
)
def test_pages_need_nothing_the_csp_refuses(what: str, pattern: str) -> None:
    elsewhere = ("pdf/", "emails/")  # paper and mail have no CSP, and mail clients read no style sheet
    pages = [path for path in OURS if path.suffix == ".html" and not relative(path).startswith(elsewhere)]
    guilty = [relative(path) for path in pages if re.search(pattern, path.read_text(encoding="utf-8"), re.IGNORECASE)]
    assert guilty == [], f"{what} is refused by the portal's own content security policy"
