"""The same organisation twice in the register: what is certainly a double, and what only sounds like one."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Q, QuerySet

from accounts.models import FormerName, Organisation
from accounts.numbers import identifiers, numbers_in

# Words that tell nothing about which organisation it is.
EMPTY_WORDS = frozenset({"the", "of", "and", "for", "in", "ltd", "limited", "cic", "scio", "plc", "llp", "group"})
ALIKE = 0.88
WORDS = {"org_id": "org-id"}


@dataclass(frozen=True)
class Double:
    """`field` is the form's field it was found by. A certain double is refused, the others are pointed out."""

    field: str
    organisation: Organisation
    certain: bool

    @property
    def sentence(self) -> str:
        if self.field == "name":
            how = "is in the register already" if self.certain else "has or had a similar name and is in the register"
        else:
            how = f"has this {WORDS.get(self.field, self.field.replace('_', ' '))} already"
        return f"“{self.organisation}” {how}."


def certain_doubles(
    *, name: str, charity_number: str, company_number: str, org_id: str = "", but: Organisation | None = None
) -> list[Double]:
    """Other organisations with the same name or number, whether it is told as a number or as an org-id. One query."""
    ids = identifiers(charity_number, company_number, org_id)
    same = Q(name__iexact=name) | Q(org_id__in=ids)
    for field, numbers in numbers_in(ids).items():
        same |= Q(**{f"{field}__in": numbers})
    doubles, told = [], _told_by(charity_number, company_number, org_id)
    for other in _others(but).filter(same):
        if name and other.name.casefold() == name.casefold():
            doubles.append(Double("name", other, certain=True))
        theirs = identifiers(other.charity_number, other.company_number, other.org_id)
        shared = dict.fromkeys(field for one, field in told.items() if one in theirs)
        doubles += [Double(field, other, certain=True) for field in shared]
    return doubles


def _told_by(charity_number: str, company_number: str, org_id: str) -> dict[str, str]:
    """Each org-id, with the field of the form it comes from."""
    typed = {"charity_number": (charity_number, "", ""), "company_number": ("", company_number, "")}
    typed["org_id"] = ("", "", org_id)
    found: dict[str, str] = {}
    for field, numbers in typed.items():
        for one in identifiers(*numbers):
            found.setdefault(one, field)
    return found


def similar_names(name: str, *, but: Organisation | None = None) -> list[Double]:
    """Other organisations whose names could mean the same one, most alike first, at most three. Three queries.

    Former names count too: whoever looks for an organisation by its old name should not add it again.
    """
    others = _others(but)
    former = FormerName.objects.filter(organisation__in=others).values_list("organisation", "name")
    best: dict[int, float] = {}
    for pk, other in [*others.values_list("pk", "name"), *former]:
        best[pk] = max(best.get(pk, 0.0), likeness(name, other))
    ranked = sorted(((score, pk) for pk, score in best.items()), reverse=True)
    alike = [pk for score, pk in ranked[:3] if score >= ALIKE]
    found = Organisation.objects.in_bulk(alike)
    return [Double("name", found[pk], certain=False) for pk in alike]


def likeness(one: str, other: str) -> float:
    """0 (nothing in common) to 1 (the same words in any order, whatever the case, accents and legal form)."""
    first, second = _bare(one), _bare(other)
    if not first or not second:
        return 0.0
    matcher = SequenceMatcher(None, first, second)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()


def _others(but: Organisation | None) -> QuerySet[Organisation]:
    return Organisation.objects.exclude(pk=but.pk) if but else Organisation.objects.all()


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    return " ".join(sorted(word for word in words if word not in EMPTY_WORDS))
