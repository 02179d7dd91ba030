"""Let the database refuse to change or delete labels."""

from django.db import migrations

from annotation.append_only import GUARDS
from audit.append_only import install, remove


class Migration(migrations.Migration):
    dependencies = [("annotation", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda _apps, editor: install(editor.connection, *GUARDS),
            lambda _apps, editor: remove(editor.connection, *GUARDS),
        )
    ]
