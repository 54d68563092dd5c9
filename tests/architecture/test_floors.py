"""Foreign keys obey the floors too: an import linter does not see a string that names a model upstairs."""

from django.apps import apps
from django.conf import settings

FLOOR = {"foundation": 0, "accounts": 1, "partnerships": 2, "pilots": 3, "procurement": 4, "lessons": 4}


def test_relations_point_down() -> None:
    seen, wrong = 0, []
    for model in apps.get_models(include_auto_created=True):
        house = model.__module__.partition(".")[0]
        for field in (*model._meta.fields, *model._meta.many_to_many):
            if house not in FLOOR or not field.is_relation or field.related_model is None:
                continue
            if field.related_model._meta.label == settings.AUTH_USER_MODEL:
                continue  # who did it is asked on every floor
            other = field.related_model.__module__.partition(".")[0]
            seen += 1
            if other in FLOOR and other != house and FLOOR[other] >= FLOOR[house]:
                wrong.append(f"{model._meta.label}.{field.name} → {field.related_model._meta.label}")
    assert seen > 20, "the walk found hardly any relation, so it proves nothing"
    assert wrong == []


def test_every_app_has_a_floor() -> None:
    ours = {config.name.partition(".")[0] for config in apps.get_app_configs() if "site-packages" not in config.path}
    assert ours - set(FLOOR) == {"psp_portal"}
