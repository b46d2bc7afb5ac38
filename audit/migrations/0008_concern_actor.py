"""Filters by office and act find the actor in the index itself."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0007_concerns'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='concern',
            name='audit_concern_kind',
        ),
        migrations.AddIndex(
            model_name='concern',
            index=models.Index(fields=['state', 'kind', 'at', 'entry'], include=('actor',), name='audit_concern_kind'),
        ),
    ]
