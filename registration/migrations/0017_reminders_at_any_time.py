import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0006_when_to_remind"),
        ("registration", "0016_acts_for_many"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReminderMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minutes_before", models.PositiveIntegerField(verbose_name="minutes before the day")),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminder_marks",
                        to="conference.conference",
                        verbose_name="conference",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("conference", "minutes_before"),
                        name="reminder_mark_once_per_conference",
                        violation_error_message="Two reminders have the same time. Remove one of them.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes_before__range", (5, 86400))), name="reminder_mark_is_in_range"
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="reminder", name="reminder_once_per_registration_and_kind"),
        migrations.RemoveConstraint(model_name="reminder", name="reminder_kind_is_known"),
        migrations.AddField(
            model_name="reminder",
            name="minutes_before",
            field=models.PositiveIntegerField(null=True, verbose_name="minutes before the day"),
        ),
        migrations.AddField(
            model_name="reminder",
            name="starts_at",
            field=models.DateTimeField(null=True, verbose_name="start that it told of"),
        ),
    ]
