"""Saved views: keep what one filters the portfolio by, rename it, open with it, remove it. Always one's own."""

from django.core.exceptions import ValidationError

from accounts.models import Person
from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database.locks import locked
from foundation.policy.refusals import NotPermitted, stop_if
from partnerships.models import LONGEST_QUERY, MOST_VIEWS, SavedView


def blockers_to_save(person: Person, query: str) -> list[str]:
    """Why this filter cannot be kept now."""
    found = []
    if not query:
        found.append("Choose something in the filter of the page “Partnerships” first: this shows all of them.")
    if len(query) > LONGEST_QUERY:
        found.append("This filter is too long to keep. Search for fewer words.")
    if SavedView.objects.visible_to(person).count() >= MOST_VIEWS:
        found.append(f"You keep {MOST_VIEWS} views, which is the most. Remove one that you no longer need.")
    return found


@verb("view.save", on="by")
def save_view(*, name: str, query: str, is_default: bool, by: Person) -> SavedView:
    """Keep a filter, as the address says it, under a name. With `is_default` “Partnerships” opens with it."""
    by = _alone(by)
    stop_if(blockers_to_save(by, query))
    _check_name(by, name)
    if is_default:
        _open_with_none(by)
    view = SavedView.objects.create(person=by, name=name.strip(), query=query, is_default=is_default)
    record("view.save", on=view, by=by, summary=f"saved the view “{view}”", after=_facts(view))
    return view


@verb("view.rename", on="view")
def rename_view(*, view: SavedView, name: str, by: Person) -> None:
    """Give it another name; what it shows stays."""
    by, view = _alone(by), _own(view, by)
    _check_name(by, name, besides=view)
    before = _facts(view)
    view.name = name.strip()
    view.save(update_fields=["name"])
    record("view.rename", on=view, by=by, summary=f"renamed a view to “{view}”", before=before, after=_facts(view))


@verb("view.open_with", on="view")
def open_with(*, view: SavedView, wanted: bool, by: Person) -> None:
    """Make it what “Partnerships” opens with, in place of another; or with `wanted` false, open with all again."""
    by, view = _alone(by), _own(view, by)
    before = _facts(view)
    _open_with_none(by)
    view.is_default = wanted
    view.save(update_fields=["is_default"])
    told = f"opens the partnerships with the view “{view}”" if wanted else "opens with all partnerships again"
    record("view.open_with", on=view, by=by, summary=told, before=before, after=_facts(view))


@verb("view.remove", on="view")
def remove_view(*, view: SavedView, by: Person) -> None:
    """Take it off the list. The partnerships it showed are untouched."""
    by, view = _alone(by), _own(view, by)
    record("view.remove", on=view, by=by, summary=f"removed the view “{view}”", before=_facts(view))
    view.delete()


def _alone(by: Person) -> Person:
    """One change of a person's list at a time: their row is locked, since the list has none of its own."""
    return Person.objects.select_for_update().get(email=by.email)


def _own(view: SavedView, by: Person) -> SavedView:
    if view.person_id != by.pk:
        raise NotPermitted("Only the person who saved a view may change it. You can save the same filter for yourself.")
    return locked(view)


def _check_name(by: Person, name: str, besides: SavedView | None = None) -> None:
    """A name once per person, whether in capitals or not."""
    others = SavedView.objects.visible_to(by)
    if besides:
        others = others.exclude(pk=besides.pk)
    if not name.strip():
        raise ValidationError({"name": "Enter a name."})
    if others.filter(name__iexact=name.strip()).exists():
        raise ValidationError({"name": f"You keep a view “{name.strip()}” already. Choose another name."})


def _open_with_none(by: Person) -> None:
    SavedView.objects.visible_to(by).filter(is_default=True).update(is_default=False)


def _facts(view: SavedView) -> dict[str, str | bool]:
    return {"name": view.name, "query": view.query, "is_default": view.is_default}
