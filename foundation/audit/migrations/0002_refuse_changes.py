"""The audit trail only grows: UPDATE, DELETE and TRUNCATE are refused by the database itself."""

from django.db import migrations

from foundation.audit.append_only import guard


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(*guard("audit_auditevent"))]
