"""The training log: what was taught and to how many people of which partners (`domain.md` 1.10)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.actions.registers import blockers_to_write
from partnerships.models import Partner, Partnership, Training, TrainingAttendance
from partnerships.permissions import Ability, require
from partnerships.skills import Topic

if TYPE_CHECKING:
    from accounts.models import Person

MOST_HOURS = 200


@verb("training.log", on="partnership")
def log_training(*, partnership: Partnership, people: Mapping[Partner, int], by: "Person", **values: Any) -> Training:
    """Write down a training. `people`: how many of each partner; `values`: held_on, topic, title, given_by, hours."""
    partnership = locked(partnership)
    require(by, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_write(partnership))
    present = _checked(partnership, people, **values)
    training = Training.objects.create(partnership=partnership, **values)
    _attend(training, present)
    told = f"logged the training “{training}” for {sum(present.values())} people"
    record("training.log", on=training, by=by, summary=told, after=_facts(training))
    return training


@verb("training.correct", on="training")
def correct_training(
    *, training: Training, people: Mapping[Partner, int], by: "Person", version: int | None = None, **values: Any
) -> None:
    """Put right what the log says of a training. The history keeps what stood there before."""
    partnership = locked(training.partnership)
    training = locked(training, version=version)
    require(by, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_write(partnership))
    present, before = _checked(partnership, people, **values), _facts(training)
    for name, value in values.items():
        setattr(training, name, value)
    training.version += 1
    training.save(update_fields=[*values, "version"])
    training.attendances.all().delete()
    _attend(training, present)
    told = f"corrected the training “{training}”"
    record("training.correct", on=training, by=by, summary=told, before=before, after=_facts(training))


def _attend(training: Training, present: Mapping[Partner, int]) -> None:
    for partner, number in present.items():
        TrainingAttendance.objects.create(training=training, partner=partner, people=number)


def _checked(
    partnership: Partnership, people: Mapping[Partner, int], *, held_on: date, topic: str, title: str, given_by: str,
    hours: Decimal,
) -> dict[Partner, int]:  # fmt: skip
    """Who was there, without the partners that nobody came from."""
    if held_on > clock.today():
        raise ValidationError({"held_on": "Log what has been held: this day is still to come."})
    if topic not in Topic.values:
        raise ValidationError({"topic": "Choose one of the topics of the skills assessment."})
    if not 0 < hours <= MOST_HOURS:
        raise ValidationError({"hours": f"Give the hours it took, up to {MOST_HOURS}, for example 2.5."})
    present = {partner: number for partner, number in people.items() if number > 0}
    if not present:
        raise ValidationError("Say how many people of which partner took part.")
    if any(partner.partnership_id != partnership.pk for partner in present):
        raise ValidationError("Only partners of this partnership can have taken part.")
    return present


def _facts(training: Training) -> dict[str, Any]:
    return {
        "held_on": training.held_on.isoformat(),
        "topic": training.topic,
        "title": training.title,
        "given_by": training.given_by,
        "hours": str(training.hours),
        "people": {
            str(one.partner): one.people
            for one in training.attendances.select_related("partner__organisation").order_by("pk")
        },
    }
