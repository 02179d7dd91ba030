"""Let the database refuse to change or delete events."""

from django.db import migrations

from audit.append_only import GUARDS, install, remove


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda _apps, editor: install(editor.connection, *GUARDS),
            lambda _apps, editor: remove(editor.connection, *GUARDS),
        )
    ]
