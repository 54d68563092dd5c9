import django.db.models.deletion
import foundation.database.clock
import foundation.database.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('partnerships', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=foundation.database.ids.new_public_id, editable=False, max_length=22, unique=True)),
                ('created_at', models.DateTimeField(default=foundation.database.clock.now, editable=False)),
                ('name', models.CharField(max_length=100, unique=True)),
                ('last_number', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name_plural': 'series',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='LearningPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=foundation.database.ids.new_public_id, editable=False, max_length=22, unique=True)),
                ('created_at', models.DateTimeField(default=foundation.database.clock.now, editable=False)),
                ('number', models.PositiveIntegerField(editable=False)),
                ('slug', models.SlugField(editable=False, help_text='Never changes once published.', max_length=90, unique=True)),
                ('title', models.CharField(max_length=150)),
                ('abbreviation', models.CharField(blank=True, max_length=20)),
                ('publisher', models.CharField(blank=True, max_length=150)),
                ('postal_address', models.TextField(blank=True, max_length=400)),
                ('telephone', models.CharField(blank=True, max_length=40)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('website', models.CharField(blank=True, max_length=300)),
                ('other_formats', models.TextField(blank=True, max_length=1000)),
                ('about_the_series', models.TextField(blank=True, max_length=1000)),
                ('about', models.TextField(blank=True, max_length=2000)),
                ('disclaimer', models.TextField(blank=True, max_length=1000)),
                ('month', models.DateField(help_text='The month it was first published in: its first day.', null=True)),
                ('known_already', models.TextField(blank=True, max_length=3000)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('revised', 'Revised'), ('withdrawn', 'Withdrawn')], default='draft', editable=False, max_length=10)),
                ('published_at', models.DateTimeField(null=True)),
                ('revised_at', models.DateTimeField(null=True)),
                ('change_note', models.CharField(blank=True, help_text='What the last revision, or withdrawal, says.', max_length=300)),
                ('pdf_job', models.CharField(blank=True, editable=False, help_text="Render job of this version's PDF.", max_length=22)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('series', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='learning_points', to='lessons.series')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('month', None), ('published_at', None), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('month__isnull', False), ('published_at__isnull', False)), _connector='OR'), name='learning_point_published_has_a_month'), models.CheckConstraint(condition=models.Q(('revised_at', None), models.Q(('change_note', ''), _negated=True), _connector='OR'), name='learning_point_revised_has_a_change_note')],
            },
        ),
        migrations.CreateModel(
            name='Lesson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=foundation.database.ids.new_public_id, editable=False, max_length=22, unique=True)),
                ('created_at', models.DateTimeField(default=foundation.database.clock.now, editable=False)),
                ('number', models.PositiveIntegerField(editable=False, unique=True)),
                ('slug', models.SlugField(editable=False, help_text='Never changes once published.', max_length=90, unique=True)),
                ('title', models.CharField(max_length=150)),
                ('what_happened', models.TextField(blank=True, max_length=3000)),
                ('why', models.TextField(blank=True, max_length=3000)),
                ('advice', models.TextField(blank=True, max_length=3000)),
                ('evidence', models.TextField(blank=True, max_length=3000)),
                ('stage', models.CharField(choices=[('any', 'Any stage'), ('design', 'Design'), ('pilot', 'Pilot'), ('redesign', 'Redesign'), ('tender', 'Tender')], default='any', max_length=10)),
                ('theme', models.CharField(choices=[('resources', 'Time and money'), ('people', 'People'), ('purpose', 'Shared purpose'), ('governance', 'Roles and governance'), ('co-production', 'Co-production'), ('funding', 'Funding conditions'), ('fit', 'When the model fits'), ('sustainability', 'Lasting funding'), ('partners', 'Choosing partners'), ('learning', 'Learning from each other'), ('culture', 'Ways of working'), ('tender', 'The step to tender'), ('communication', 'Communication'), ('structure', 'Legal structure'), ('contingency', 'Contingency'), ('evidence', 'Showing the difference'), ('skills', 'Skills'), ('award', 'Award criteria'), ('advocacy', 'Making the case')], max_length=20)),
                ('kind_of_service', models.CharField(choices=[('any', 'Any service'), ('children', 'Children and families'), ('disability', 'Learning disability'), ('housing', 'Housing and homelessness'), ('justice', 'Community justice'), ('mental-health', 'Mental health'), ('older-people', 'Older people'), ('transport', 'Community transport'), ('other', 'Another kind of service')], default='any', max_length=20)),
                ('source_label', models.CharField(blank=True, max_length=200)),
                ('source_address', models.CharField(blank=True, max_length=300)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10)),
                ('published_at', models.DateTimeField(null=True)),
                ('revised_at', models.DateTimeField(null=True)),
                ('change_note', models.CharField(blank=True, help_text='What the last revision, or withdrawal, says.', max_length=300)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partnership', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lessons', to='partnerships.partnership')),
            ],
            options={
                'ordering': ['-number'],
                'indexes': [models.Index(fields=['state', '-number'], name='lesson_by_state'), models.Index(fields=['partnership', 'state'], name='lesson_by_partnership')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('published_at__isnull', False)), _connector='OR'), name='lesson_published_has_a_date'), models.CheckConstraint(condition=models.Q(('revised_at', None), models.Q(('change_note', ''), _negated=True), _connector='OR'), name='lesson_revised_has_a_change_note')],
            },
        ),
        migrations.CreateModel(
            name='LearnedLesson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('text', models.TextField(blank=True, help_text="Empty: the lesson's own advice.", max_length=1000)),
                ('learning_point', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='learned', to='lessons.learningpoint')),
                ('lesson', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='used_in', to='lessons.lesson')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('learning_point', 'lesson'), name='learned_lesson_once_per_point')],
            },
        ),
        migrations.CreateModel(
            name='LearningPointLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=foundation.database.ids.new_public_id, editable=False, max_length=22, unique=True)),
                ('created_at', models.DateTimeField(default=foundation.database.clock.now, editable=False)),
                ('title', models.CharField(help_text='It must make sense when it is read on its own.', max_length=200)),
                ('publisher', models.CharField(blank=True, max_length=150)),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('isbn', models.CharField(blank=True, max_length=20, verbose_name='ISBN')),
                ('address', models.CharField(blank=True, max_length=300)),
                ('learning_point', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='lessons.learningpoint')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=foundation.database.ids.new_public_id, editable=False, max_length=22, unique=True)),
                ('created_at', models.DateTimeField(default=foundation.database.clock.now, editable=False)),
                ('title', models.CharField(max_length=150)),
                ('edition', models.PositiveIntegerField()),
                ('introduction', models.TextField(blank=True, max_length=3000)),
                ('filters', models.JSONField(default=dict, help_text='What was searched for, in words: {“Theme”: “Skills”}.')),
                ('lessons', models.JSONField(help_text='The chosen lessons as they were, in order.')),
                ('checksum', models.CharField(help_text='SHA-256 of everything above as canonical JSON.', max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('render_job', models.CharField(help_text='Public id of its render job.', max_length=22)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-made_at', '-pk'],
                'indexes': [models.Index(fields=['-made_at'], name='lessons_report_newest')],
                'constraints': [models.UniqueConstraint(fields=('title', 'edition'), name='lessons_report_edition_once')],
            },
        ),
        migrations.CreateModel(
            name='LearningPointLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('block', models.CharField(choices=[('projects', 'Projects covered'), ('issues', 'Important issues'), ('stages', 'The three stages'), ('next', 'What next')], max_length=10)),
                ('position', models.PositiveSmallIntegerField()),
                ('text', models.CharField(max_length=500)),
                ('learning_point', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='lessons.learningpoint')),
            ],
            options={
                'ordering': ['block', 'position'],
                'constraints': [models.UniqueConstraint(fields=('learning_point', 'block', 'position'), name='learning_point_line_position_once')],
            },
        ),
        migrations.AddField(
            model_name='learningpoint',
            name='lessons',
            field=models.ManyToManyField(related_name='learning_points', through='lessons.LearnedLesson', to='lessons.lesson'),
        ),
        migrations.AddConstraint(
            model_name='learningpoint',
            constraint=models.UniqueConstraint(fields=('series', 'number'), name='learning_point_number_once_per_series'),
        ),
    ]
