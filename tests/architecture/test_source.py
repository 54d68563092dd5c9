"""Rules about the source that no linter knows."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django_filters
import pytest
from django.apps import apps
from django.urls import get_resolver

from tests.architecture import tree

# Who may declare a string to be safe HTML, and why it is.
MAKES_SAFE_HTML = {
    "foundation/drawing/bars.py": "writes SVG, escaping each text it is given",
    "foundation/drawing/chart.py": "writes SVG, escaping each text it is given",
    "foundation/drawing/timeline.py": "the same",
    "foundation/forms/templatetags/cards.py": "adds attributes to a table that a template of ours has written",
    "foundation/drawing/steps.py": "the same",
    "foundation/drawing/way.py": "the same",
    "foundation/published/data_block.py": "writes JSON with every <, > and & escaped",
    "foundation/forms/templatetags/page.py": "joins rows that are markup already; plain text raises",
    "foundation/forms/question.py": "writes a form's field, escaping ids, label, hint, errors and choices",
    "foundation/forms/widgets.py": "writes a select box, escaping each key and label",
    "partnerships/tables.py": "writes table rows, escaping each text it is given",
    "procurement/views/panel.py": "a template of ours, rendered",
}
# Views that fetch a row by the id in the address without `visible_to`, and what stands guard instead.
LOOKS_PAST_VISIBLE_TO = {
    "lessons/views/editor.py": "publishers only, by the policy table: they see every learning point",
    "lessons/views/library.py": "public pages: never a draft",
    "procurement/views/shared.py": "a notice is public; the file asks `visible_to` in the next line",
    "psp_portal/views/ledger.py": "operators only, by the policy table: they see every mail",
    "psp_portal/views/webhooks.py": "operators only, by the policy table: they see every webhook",
}
IDS = {"public_id", "pk", "id", "slug"}


@cache
def calls(path: Path) -> list[tuple[str, ast.Call]]:
    """Every call in a file, with the dotted name of what is called (what stands before a call's result is left out)."""
    return [(dotted(node.func), node) for node in ast.walk(tree.syntax(path)) if isinstance(node, ast.Call)]


def dotted(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=owner, attr=name):
            return f"{dotted(owner)}.{name}"
    return ""


def test_safe_html_is_made_in_few_places() -> None:
    guilty = {
        tree.name(path)
        for path in tree.python(*tree.APPS)
        for function, _ in calls(path)
        if function.rpartition(".")[2] in {"mark_safe", "SafeString", "SafeText"}
    }
    assert guilty == set(MAKES_SAFE_HTML)


def test_templates_never_switch_escaping_off() -> None:
    pattern = re.compile(r"\|\s*(safe|safeseq)\b|{%\s*autoescape\s+off")
    pages = list(tree.files(".html", under=tree.ROOT / "templates"))
    assert [tree.name(path) for path in pages if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_only_the_clock_reads_the_clock() -> None:
    reads = {"timezone.now", "datetime.now", "datetime.utcnow", "date.today", "datetime.today", "datetime.datetime.now"}
    guilty = {tree.name(path) for path in tree.python(*tree.APPS) for function, _ in calls(path) if function in reads}
    assert guilty == {"foundation/database/clock.py"}


def fetched_by_address(path: Path) -> Iterator[str]:
    """Calls of a view that look a model up by an id from the address, neither through `visible_to` nor in a parent."""
    models = "|".join(model.__name__ for model in apps.get_models())
    asks_everything = re.compile(rf"\b({models})(\.objects\b|,)")
    for _, call in calls(path):
        given = {word.arg: word.value for word in call.keywords}
        by_address = any(isinstance(given[word], ast.Name) for word in IDS & set(given))
        in_a_parent = any(word not in IDS and isinstance(value, ast.Name) for word, value in given.items())
        if not by_address or in_a_parent:
            continue
        text = ast.unparse(call)
        if asks_everything.search(text) and "visible_to" not in text:
            yield text


def test_views_fetch_what_the_person_may_see() -> None:
    views = [path for path in tree.python(*tree.APPS) if "views" in path.parts]
    guilty = {tree.name(path): found for path in views if (found := list(fetched_by_address(path)))}
    assert {name: found for name, found in guilty.items() if name not in LOOKS_PAST_VISIBLE_TO} == {}
    assert set(LOOKS_PAST_VISIBLE_TO) - set(guilty) == set(), "these need no exception any more"


def test_the_search_for_careless_views_finds_one(tmp_path: Path) -> None:
    careless = tmp_path / "careless.py"
    careless.write_text(
        "def a(request, tender_id): get_object_or_404(Tender, public_id=tender_id)\n"
        "def b(request, tender_id): Tender.objects.filter(public_id=tender_id).first()\n"
        "def c(request, tender_id): Tender.objects.visible_to(request.user).get(public_id=tender_id)\n"
        "def d(request, tender, bid_id): Bid.objects.get(tender=tender, public_id=bid_id)\n"
    )
    assert list(fetched_by_address(careless)) == [
        "get_object_or_404(Tender, public_id=tender_id)",
        "Tender.objects.filter(public_id=tender_id)",
    ]


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a package registry's host", r"(?i)\b(?:pypi|pythonhosted|npmjs|yarnpkg|crates|rubygems)\.(?:org|com|io)\b"),
        ("a path of one machine", r"(?<![\w.>-])/(?:home|Users|root|work|mnt|opt)/\w"),
    ],
)
def test_the_repository_names_no_machine(what: str, pattern: str) -> None:
    this = Path(__file__)
    guilty = []
    for path in tree.files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if path != this and re.search(pattern, text):
            guilty.append(tree.name(path))
    assert guilty == [], f"{what} stands in these files"


def test_no_import_of_a_weasyprint_page_at_start() -> None:
    """Without Pango, importing WeasyPrint raises OSError: the portal must start all the same."""
    guilty = [
        tree.name(path)
        for path in tree.python(*tree.APPS)
        for node in tree.syntax(path).body
        if isinstance(node, ast.Import | ast.ImportFrom) and "weasyprint" in ast.unparse(node)
    ]
    assert guilty == []


def test_every_filter_has_a_label_people_can_read() -> None:
    assert get_resolver().url_patterns  # every app's pages, and with them its filters, are loaded now
    direct = django_filters.FilterSet.__subclasses__()
    sets = [
        kind
        for kind in [*direct, *(heir for kind in direct for heir in kind.__subclasses__())]
        if not kind.__module__.startswith(("django_", "tests"))
    ]
    labels = {f"{kind.__name__}.{name}": str(made.label) for kind in sets for name, made in kind.base_filters.items()}
    assert len(labels) >= 10
    assert not [name for name, label in labels.items() if "invalid name" in label or "public id" in label.lower()]
