from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registration', '0028_organisers'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='accountletter',
            name='account_letter_is_known',
        ),
        migrations.AlterField(
            model_name='accountletter',
            name='kind',
            field=models.CharField(choices=[('password', 'New password'), ('factor', 'Second factor taken away'), ('invited', 'Invitation'), ('needs', 'Access requests wait')], max_length=10, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='accountletter',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['password', 'factor', 'invited', 'needs'])), name='account_letter_is_known'),
        ),
    ]
