"""Which names are known around what is published: what the check looks for besides what looks like a name."""

from collections.abc import Iterable

from lessons.models import Item, LearningPoint, Profile
from partnerships.areas import Area
from partnerships.models import Member, Partner, Partnership

COMMON_PARTS = (" City", "City of ", " Islands")


def known_names(item: Item) -> dict[str, list[str]]:
    """What a name is, and the names: of its partnerships, their people and organisations, and the council areas.

    Three queries for a lesson of a partnership, none for one of nobody's.
    """
    if isinstance(item, LearningPoint):
        ids = list(item.lessons.exclude(partnership=None).values_list("partnership", flat=True).distinct())
    else:
        ids = [item.partnership_id] if item.partnership_id else []
    if isinstance(item, Profile):  # it is about this partnership, and says so: only people are looked for
        return {"a person of the partnership": _people(ids)}
    return {
        "a person of the partnership": _people(ids),
        "a partner": _organisations(ids),
        "the name of the partnership": list(Partnership.objects.filter(pk__in=ids).values_list("title", flat=True)),
        "a place": list(places()),
    }


def said_openly(item: Item) -> list[str]:
    """Names that belong into it: those of a profile's own partnership, its partners and its area."""
    if not isinstance(item, Profile):
        return []
    about = item.partnership
    return [about.title, about.get_area_display(), *_organisations([about.pk])]


def places() -> Iterable[str]:
    """The council areas, and what people call them: “Glasgow” for “Glasgow City”."""
    for label in Area.labels:
        yield str(label)
        short = str(label)
        for part in COMMON_PARTS:
            short = short.replace(part, "")
        if short != label:
            yield short


def _people(ids: list[int]) -> list[str]:
    members = Member.objects.filter(partnership__in=ids).select_related(None)
    return list(members.order_by().values_list("person__name", flat=True).distinct())


def _organisations(ids: list[int]) -> list[str]:
    partners = Partner.objects.filter(partnership__in=ids).order_by()
    return list(partners.values_list("organisation__name", flat=True).distinct())
