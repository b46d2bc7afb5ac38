from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0008_notices_at_once'),
    ]

    operations = [
        migrations.AddField(
            model_name='stop',
            name='lift_statement',
            field=models.JSONField(null=True),
        ),
    ]
