from django.db import migrations

DAY = 24 * 60  # minutes
USUAL = {"first": 7 * DAY, "second": DAY, "last": 60}


def carry_over(apps, schema_editor):
    """Make a row of each reminder that an edition had switched on, and say of each sent one what it was."""
    Conference, Reminder, ReminderMark = (
        apps.get_model(name) for name in ("conference.Conference", "registration.Reminder", "registration.ReminderMark")
    )
    for conference in Conference.objects.all():
        marks = {
            "first": (conference.first_reminder_days or 0) * DAY,
            "second": (conference.second_reminder_days or 0) * DAY,
            "last": conference.last_reminder_minutes or 0,
        }
        ReminderMark.objects.bulk_create(
            ReminderMark(conference=conference, minutes_before=minutes)
            for minutes in sorted({minutes for minutes in marks.values() if minutes})
        )
        for kind, minutes in marks.items():
            for day in conference.days.all():
                Reminder.objects.filter(registration__day=day, kind=kind).update(
                    minutes_before=minutes or USUAL[kind], starts_at=day.starts_at
                )


def carry_back(apps, schema_editor):
    """Sort the marks into the three fields there were: days ahead, one day or more, less than a day."""
    Conference, Reminder = apps.get_model("conference.Conference"), apps.get_model("registration.Reminder")
    for conference in Conference.objects.all():
        minutes = list(conference.reminder_marks.values_list("minutes_before", flat=True))
        first = [each for each in minutes if each >= 2 * DAY]
        second = [each for each in minutes if DAY <= each < 2 * DAY]
        last = [each for each in minutes if each < DAY]
        conference.first_reminder_days = min(60, max(first) // DAY) if first else None
        conference.second_reminder_days = 1 if second else None
        conference.last_reminder_minutes = min(720, min(last)) if last else None
        conference.save(update_fields=["first_reminder_days", "second_reminder_days", "last_reminder_minutes"])
    seen = set()
    for reminder in Reminder.objects.order_by("pk"):
        minutes = reminder.minutes_before
        reminder.kind = "first" if minutes >= 2 * DAY else "second" if minutes >= DAY else "last"
        if (reminder.registration_id, reminder.kind) in seen:
            reminder.delete()
            continue
        seen.add((reminder.registration_id, reminder.kind))
        reminder.save(update_fields=["kind"])


class Migration(migrations.Migration):
    dependencies = [("registration", "0017_reminders_at_any_time")]

    operations = [migrations.RunPython(carry_over, carry_back)]
