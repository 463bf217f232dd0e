from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registration", "0018_carry_the_reminders_over")]

    operations = [
        migrations.AlterModelOptions(
            name="reminder",
            options={"verbose_name": "reminder sent", "verbose_name_plural": "reminders sent"},
        ),
        migrations.AlterField(
            model_name="reminder",
            name="minutes_before",
            field=models.PositiveIntegerField(verbose_name="minutes before the day"),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="starts_at",
            field=models.DateTimeField(verbose_name="start that it told of"),
        ),
        migrations.RemoveField(model_name="reminder", name="kind"),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("registration", "minutes_before", "starts_at"), name="reminder_once_per_mark_and_start"
            ),
        ),
    ]
