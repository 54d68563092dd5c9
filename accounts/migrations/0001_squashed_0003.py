"""The same tables as all that it replaces, made in one go: a new database takes seconds instead of half a minute.

A database that has begun with the replaced ones goes on with them; they may go once no such database is left.
"""

import accounts.models.invitation
import django.core.validators
import django.db.models.deletion
import foundation.database.clock
import foundation.database.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('accounts', '0001_initial'),
        ('accounts', '0002_related_names_and_mergers'),
        ('accounts', '0003_org_id'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=foundation.database.ids.new_public_id, editable=False, max_length=22, unique=True)),
                ('created_at', models.DateTimeField(default=foundation.database.clock.now, editable=False)),
                ('name', models.CharField(max_length=200, unique=True)),
                ('kind', models.CharField(choices=[('public_authority', 'Public authority'), ('charity', 'Charity'), ('scio', 'Scottish charitable incorporated organisation (SCIO)'), ('guarantee_company', 'Company limited by guarantee'), ('cic', 'Community interest company (CIC)'), ('co_operative', 'Co-operative'), ('consortium', 'Consortium without legal form'), ('joint_company', 'Joint company'), ('business', 'Business')], max_length=20)),
                ('charity_number', models.CharField(blank=True, max_length=8, validators=[django.core.validators.RegexValidator('^SC[0-9]{6}\\Z', 'A Scottish charity number is SC and six digits, for example SC012345.')])),
                ('company_number', models.CharField(blank=True, max_length=8, validators=[django.core.validators.RegexValidator('^(SC|SO|[0-9]{2})[0-9]{6}\\Z', 'A company number is eight characters, for example SC123456 or 01234567.')])),
                ('org_id', models.CharField(blank=True, help_text='Typed where no number of its own tells it.', max_length=60, validators=[django.core.validators.RegexValidator('^(GB-SC-SC[0-9]{6}|GB-COH-(SC|SO|[0-9]{2})[0-9]{6}|GB-CHC-[0-9]{6,7}|(?!GB-(SC|COH|CHC)-)[A-Z]{2}-[A-Z0-9]{2,10}-[A-Z0-9][A-Z0-9./-]{0,39})\\Z', 'An org-id is a prefix and a number, for example GB-SC-SC012345, GB-COH-SC123456 or GB-CHC-1234567.')])),
                ('about', models.TextField(blank=True, max_length=2000)),
                ('named_since', models.DateField(blank=True, help_text='When it took its present name; empty for its first one.', null=True)),
                ('merged_on', models.DateField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('survivor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='absorbed', to='accounts.organisation')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('charity_number', ''), _negated=True), fields=('charity_number',), name='charity_number_once'), models.UniqueConstraint(condition=models.Q(('company_number', ''), _negated=True), fields=('company_number',), name='company_number_once'), models.UniqueConstraint(condition=models.Q(('org_id', ''), _negated=True), fields=('org_id',), name='org_id_once'), models.CheckConstraint(condition=models.Q(models.Q(('merged_into', None), ('merged_on', None), ('survivor', None)), models.Q(('merged_into__isnull', False), ('merged_on__isnull', False), ('survivor__isnull', False)), _connector='OR'), name='organisation_merged_wholly_or_not')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=foundation.database.ids.new_public_id, editable=False, max_length=22, unique=True)),
                ('created_at', models.DateTimeField(default=foundation.database.clock.now, editable=False)),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('job_title', models.CharField(blank=True, max_length=120)),
                ('portal_role', models.CharField(choices=[('none', 'No portal-wide role'), ('commissioner', 'Commissioner'), ('publisher', 'Publisher of lessons'), ('administrator', 'Portal administrator')], default='none', max_length=20)),
                ('is_active', models.BooleanField(default=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='accounts.organisation')),
            ],
            options={
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=foundation.database.ids.new_public_id, editable=False, max_length=22, unique=True)),
                ('created_at', models.DateTimeField(default=foundation.database.clock.now, editable=False)),
                ('token_hash', models.CharField(help_text='SHA-256: the token itself is only in the mail.', max_length=64, unique=True)),
                ('opens', models.CharField(default='/', help_text='The address the link leads to after signing in.', max_length=300)),
                ('message', models.TextField(blank=True, max_length=1000)),
                ('expires_at', models.DateTimeField(default=accounts.models.invitation._expiry)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='FormerName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('since', models.DateField(null=True)),
                ('until', models.DateField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_names', to='accounts.organisation')),
            ],
            options={
                'ordering': ['until', 'pk'],
                'indexes': [models.Index(fields=['name'], name='former_name')],
            },
        ),
        migrations.CreateModel(
            name='OrganisationLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=foundation.database.ids.new_public_id, editable=False, max_length=22, unique=True)),
                ('created_at', models.DateTimeField(default=foundation.database.clock.now, editable=False)),
                ('kind', models.CharField(choices=[('joint_company', 'Member of a jointly owned company'), ('consortium', 'Member of a consortium'), ('subsidiary', 'Subsidiary of a parent')], max_length=20)),
                ('since', models.DateField()),
                ('until', models.DateField(null=True)),
                ('above', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_down', to='accounts.organisation')),
                ('below', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_up', to='accounts.organisation')),
            ],
            options={
                'ordering': ['since', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('above', models.F('below')), _negated=True), name='organisation_link_two_ends'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='organisation_link_ends_after_since'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('above', 'below'), name='organisation_link_open_once')],
            },
        ),
    ]
