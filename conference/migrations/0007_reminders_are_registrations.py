from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0006_when_to_remind"),
        ("registration", "0018_carry_the_reminders_over"),
    ]

    operations = [
        migrations.RemoveField(model_name="conference", name="first_reminder_days"),
        migrations.RemoveField(model_name="conference", name="second_reminder_days"),
        migrations.RemoveField(model_name="conference", name="last_reminder_minutes"),
    ]
