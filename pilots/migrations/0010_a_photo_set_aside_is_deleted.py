"""A photo goes when its note is set aside: its words stay without it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0001_keep_files'),
        ('partnerships', '0001_squashed_0015'),
        ('pilots', '0001_squashed_0009'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='note',
            name='note_holds_what_its_kind_says',
        ),
        migrations.AlterField(
            model_name='note',
            name='photo',
            field=models.ForeignKey(help_text='Deleted when the note is set aside.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'number'), ('number__gte', 0), ('photo', None), models.Q(('goes_to', ''), _negated=True)), models.Q(('goes_to', ''), ('kind', 'photo'), ('number', None), models.Q(('text', ''), _negated=True), models.Q(('photo__isnull', False), ('set_aside_at__isnull', False), _connector='OR')), models.Q(('goes_to', ''), ('kind__in', ('quote', 'lesson')), ('number', None), ('photo', None), models.Q(('text', ''), _negated=True)), _connector='OR'), name='note_holds_what_its_kind_says'),
        ),
    ]
