"""Gives each session a name of its own: the one that its address, plans and calendars have today."""

from django.db import migrations, models


def keep_addresses(apps, schema_editor):
    for session in apps.get_model("conference", "Session").objects.select_related("day").iterator():
        session.slug = f"day-{session.day.number}-session-{session.number}"
        session.save(update_fields=["slug"])


class Migration(migrations.Migration):
    dependencies = [("conference", "0007_reminders_are_registrations")]

    operations = [
        migrations.AddField(
            model_name="session",
            name="slug",
            field=models.SlugField(default="", editable=False, max_length=40, verbose_name="name in the web address"),
        ),
        migrations.RunPython(keep_addresses, migrations.RunPython.noop),
    ]
