from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0007_clock_stops_nobody'),
    ]

    operations = [
        migrations.AddField(
            model_name='stop',
            name='lift_statement',
            field=models.JSONField(null=True),
        ),
    ]
