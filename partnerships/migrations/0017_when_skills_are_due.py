"""The day of a partner's next self-assessment is stored, not worked out when somebody looks."""

from django.db import migrations, models

from partnerships.skills import next_due


def fill(apps, schema_editor):
    Partner = apps.get_model("partnerships", "Partner")
    rows = Partner.objects.annotate(last=models.Max("skills__assessed_on"))
    changed = []
    for row in rows.iterator(chunk_size=500):
        row.skills_due_on = next_due(row.joined_on, row.last)
        changed.append(row)
    Partner.objects.bulk_update(changed, ["skills_due_on"], batch_size=500)


def nothing(apps, schema_editor):
    """The column goes with the schema's step."""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0016_reminder_rules_and_pauses")]
    operations = [
        migrations.AddField(
            "partner",
            "skills_due_on",
            models.DateField(
                editable=False,
                help_text="When its next self-assessment is due: set on joining and by each of them.",
                null=True,
            ),
        ),
        migrations.RunPython(fill, nothing),
    ]
