"""The same organisation twice in the register: what is certainly a double, and what only sounds like one."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Q, QuerySet

from accounts.models import FormerName, Organisation

# Words that tell nothing about which organisation it is.
EMPTY_WORDS = frozenset({"the", "of", "and", "for", "in", "ltd", "limited", "cic", "scio", "plc", "llp", "group"})
ALIKE = 0.88


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
            how = f"has this {self.field.replace('_', ' ')} already"
        return f"“{self.organisation}” {how}."


def certain_doubles(
    *, name: str, charity_number: str, company_number: str, but: Organisation | None = None
) -> list[Double]:
    """Other organisations with the same name or number. One query."""
    same = Q(name__iexact=name)
    if charity_number:
        same |= Q(charity_number=charity_number)
    if company_number:
        same |= Q(company_number=company_number)
    wanted = {"name": name.casefold(), "charity_number": charity_number, "company_number": company_number}
    return [
        Double(field, other, certain=True)
        for other in _others(but).filter(same)
        for field, value in wanted.items()
        if value and (other.name.casefold() if field == "name" else getattr(other, field)) == value
    ]


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
