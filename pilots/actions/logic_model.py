"""The logic model: written as a whole, by whoever keeps the plan."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database.locks import locked
from foundation.policy.refusals import ChangedMeanwhile, stop_if
from partnerships.lifecycle import over_blockers
from partnerships.models import Partnership
from partnerships.permissions import Ability, require
from pilots.logic import Column, Statement, statements_of, typed_as
from pilots.models import Indicator, LogicModel, LogicStatement, logic_model_of

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_write_logic(partnership: Partnership) -> list[str]:
    """Why the logic model cannot be changed now."""
    return over_blockers(partnership.stage, "Its logic model")


@verb("logic_model.write", on="partnership")
def write_logic_model(
    *, partnership: Partnership, columns: Mapping[str, str], by: "Person", version: int | None = None
) -> LogicModel:
    """Say what leads to what: every column at once, one statement a line, with the codes of its indicators."""
    partnership = locked(partnership)
    require(by, Ability.EDIT_PLAN, partnership)
    stop_if(blockers_to_write_logic(partnership))
    model = logic_model_of(partnership)
    model.partnership = partnership
    if version is not None and version != model.version:
        raise ChangedMeanwhile(model)
    indicators = {i.code: i for i in Indicator.objects.filter(partnership=partnership)}
    wanted = _statements(columns, indicators)
    before = _facts({column: [row.told() for row in rows] for column, rows in model.columns().items()})
    model.version += 1
    model.save()
    model.statements.all().delete()
    for column, statements in wanted.items():
        for position, statement in enumerate(statements, start=1):
            row = LogicStatement.objects.create(
                logic_model=model, column=column, position=position, text=statement.text
            )
            row.indicators.set([indicators[code] for code in statement.codes])
    summary = "wrote the logic model" if model.version == 1 else "changed the logic model"
    record("logic_model.write", on=model, by=by, summary=summary, before=before, after=_facts(wanted))
    return model


def _statements(columns: Mapping[str, str], known: Mapping[str, Indicator]) -> dict[Column, list[Statement]]:
    found: dict[Column, list[Statement]] = {}
    faults = {}
    for column in Column:
        try:
            found[column] = statements_of(columns.get(column, ""), known)
        except ValueError as error:
            faults[column.value] = str(error)
    if not faults and not any(found.values()):
        faults[Column.ACTIVITIES.value] = "Write at least one statement, in this column or another."
    if faults:
        raise ValidationError(faults)
    return found


def _facts(columns: Mapping[Column, list[Statement]]) -> dict[str, Any]:
    return {column.value: typed_as(statements) for column, statements in columns.items()}
