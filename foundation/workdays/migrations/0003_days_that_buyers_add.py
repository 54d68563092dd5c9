"""A day is of everybody or of one organisation, and knows who added it and where it was announced."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workdays", "0002_scottish_bank_holidays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "holiday",
            "scope",
            models.CharField(
                blank=True,
                default="",
                help_text="Empty: for everybody. “organisation:<public id>”: that one's own day.",
                max_length=80,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "holiday",
            "source",
            models.CharField(blank=True, default="", help_text="Where the day was announced.", max_length=300),
            preserve_default=False,
        ),
        migrations.AddField(
            "holiday",
            "added_by",
            models.ForeignKey(
                help_text="Empty: the portal.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("holiday", "added_at", models.DateTimeField(null=True)),
        migrations.AlterField("holiday", "on", models.DateField()),
        migrations.AlterModelOptions("holiday", options={"ordering": ["on", "scope"]}),
        migrations.AddConstraint(
            "holiday", models.UniqueConstraint(fields=("on", "scope"), name="holiday_once_per_scope")
        ),
        migrations.AddConstraint(
            "holiday",
            models.CheckConstraint(
                condition=models.Q(("statutory", False), ("scope", ""), _connector="OR"),
                name="holiday_statutory_for_everybody",
            ),
        ),
    ]
