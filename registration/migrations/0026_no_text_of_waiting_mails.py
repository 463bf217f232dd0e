from django.db import migrations, models
from django.db.models import Q

LETTERS = [
    "please_confirm",
    "confirmation",
    "invite",
    "update",
    "cancel",
    "place",
    "restored",
    "link",
    "address",
    "address_asked",
    "address_changed",
    "private",
    "reminder",
    "need_answer",
]


class Migration(migrations.Migration):
    """The bytes of waiting mails go, and the links in them."""

    dependencies = [("registration", "0025_facts_from_waiting_mails")]

    operations = [
        migrations.RemoveField("outboxmessage", "raw"),
        migrations.AddIndex(
            "outboxmessage",
            models.Index(fields=["fault"], condition=Q(state="queued") & ~Q(fault=""), name="mail_fault"),
        ),
        migrations.AddConstraint(
            "outboxmessage",
            models.CheckConstraint(
                condition=Q(letter__in=LETTERS),
                name="mail_letter_is_known",
                violation_error_message="That is not a letter that the site can write.",
            ),
        ),
        migrations.AddConstraint(
            "outboxmessage",
            models.CheckConstraint(
                condition=Q(sequence=None)
                | Q(registration__isnull=False, starts_at__isnull=False, ends_at__isnull=False),
                name="mail_entry_has_its_day_and_times",
                violation_error_message="A calendar entry needs its registration and the day's times.",
            ),
        ),
    ]
