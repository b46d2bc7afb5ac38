from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0009_enrolling_anew'),
    ]

    operations = [
        migrations.AddField(
            model_name='stop',
            name='lift_statement',
            field=models.JSONField(null=True),
        ),
    ]
