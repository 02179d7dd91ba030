from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotation', '0013_groups_of_annotators'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='alarm',
            name='one_waiting_alarm_of_a_kind',
        ),
        migrations.AddConstraint(
            model_name='alarm',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('campaign', 'annotator', 'kind'), name='one_open_alarm_of_a_kind'),
        ),
    ]
