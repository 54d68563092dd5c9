"""The demo's indicators: the starter set with baselines and targets, a target that rises, a logic model.

Befriending measures a dozen things and runs well. In “First keys” people wait longer from month to month.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from accounts.models import Person
from foundation.database import clock
from partnerships.models import Partnership
from partnerships.plan import add_months
from pilots.actions.indicators import definition_as_kept, edit_indicator, take_from_the_set
from pilots.actions.logic_model import write_logic_model
from pilots.entry import Entry
from pilots.models import Indicator
from pilots.rollup import Figure
from psp_portal.demo.plots import BEFRIENDING, DRIFTING, HOUSING, Plot

# Everybody counts who starts and who improves; by code, the baseline and the target (None: it rises, see below).
EVERYBODY: dict[str, tuple[str, str | None]] = {"R1": ("0", None), "O1": ("40", "60")}
MORE: dict[str, dict[str, tuple[str, str | None]]] = {
    BEFRIENDING.title: {
        "R2": ("50", "65"), "R4": ("0", "30"), "R5": ("60", "70"), "O-W": ("0", "2.5"), "M1": ("100", "100"),
        "M2": ("1400", "1400"), "S1": ("80", "95"), "S2": ("60", "140"), "V2": ("0", "60"), "D1": ("0", "90"),
    },
    HOUSING.title: {"R3": ("21", "10"), "K1": ("0", None)},
}  # fmt: skip
REASONING = {
    "need": "Nobody notices when somebody stops coming out",
    "activities": "Two volunteers are trained together every month [S2]\nA visit or a phone call every week\n"
    "Walking with people back into a local group",
    "outputs": "People over 65 who live alone are visited [R1, R4]\nReferrals become visits within weeks [R2]",
    "outcomes": "People feel better after three months [O1, O-W]\nPeople leave because they have company again [R5]",
}


def agree(partnership: Partnership, plot: Plot, by: Person, *, pilot_from: date) -> None:
    """Chosen from the starter set, then given a baseline and a target each."""
    wanted = EVERYBODY | MORE.get(plot.title, {})
    taken = {i.code: i for i in take_from_the_set(partnership=partnership, codes=list(wanted), by=by)}
    for code, (baseline, target) in wanted.items():
        _set(taken[code], plot, baseline, target, by, pilot_from)
    if plot is BEFRIENDING:
        write_logic_model(partnership=partnership, columns=REASONING, by=by)


def _set(indicator: Indicator, plot: Plot, baseline: str, target: str | None, by: Person, pilot_from: date) -> None:
    first = indicator.code == "R1"
    rises = first and plot is not DRIFTING  # the hand-worked example keeps one target throughout
    if first and not rises:
        target = str(plot.target_starts)
    definition = replace(
        definition_as_kept(indicator),
        baseline=Decimal(baseline),
        baseline_on=clock.today(),
        target=Decimal(target) if target else None,
        profile=_rise(plot, pilot_from) if rises else "",
        profile_rises=rises,
        is_headline=first,
    )
    edit_indicator(indicator=indicator, definition=definition, by=by)


def _rise(plot: Plot, pilot_from: date) -> str:
    """The service grows into its target over half a year."""
    full = add_months(pilot_from, 6)
    return f"{pilot_from:%B %Y}: {round(plot.target_starts * 0.45)}\n{full:%B %Y}: {plot.target_starts}"


def figures(plot: Plot, entry: Entry, number: int) -> Entry:
    """What somebody types each month, worked out from the month's number."""
    starts, reviewed = Decimal(entry.new_starts or 0), Decimal(entry.reviewed or 0)
    if plot is BEFRIENDING:
        change = Decimal("2.2") + Decimal(number * 3 % 7) / 5
        typed = {"O-W": Figure(change, reviewed // 2), "V2": Figure(Decimal(4 + number % 3), Decimal(8 + number % 2))}
    elif plot is HOUSING:
        typed = {"R3": Figure(Decimal(7 + number), starts), "K1": Figure(Decimal(number // 8))}
    else:
        return entry
    return replace(entry, figures=typed)
