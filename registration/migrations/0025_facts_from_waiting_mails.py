"""Takes the facts of each mail that waits, or was given up, out of its ready-made bytes.

Until now a mail was written when it was queued. What waits must still go out, with the same SEQUENCE and times.
"""

import base64
import binascii
import email
import email.policy
import re
import uuid
from datetime import UTC, datetime

from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.utils import timezone

SAME_NAME = ("please_confirm", "confirmation", "invite", "update", "cancel", "place", "link", "address", "reminder")
# Notes are of several letters. English was the only language.
NOTES = {
    "address_asked": "You asked for another address",
    "address_changed": "Our mails about",
    "need_answer": "A message from",
    "private": "Your data at",
}
RESTORED = "It takes place after all"


def take_facts(apps, schema_editor):
    OutboxMessage = apps.get_model("registration", "OutboxMessage")
    Registrant = apps.get_model("registration", "Registrant")
    rows = OutboxMessage.objects.using(schema_editor.connection.alias)
    for kind in SAME_NAME:
        rows.filter(kind=kind).update(letter=kind)
    language = Registrant.objects.filter(pk=OuterRef("registrant")).values("language")[:1]
    rows.filter(registrant__isnull=False).update(language=Subquery(language))
    waiting = rows.filter(state__in=("queued", "dead")).select_related("registration__day")
    for key in list(waiting.values_list("pk", flat=True)):
        row = waiting.get(pk=key)
        if not take_facts_of(row, apps, schema_editor.connection.alias):
            row.state, row.finished_at, row.lease = "withdrawn", timezone.now(), None
        row.subject = ""
        row.save()


def take_facts_of(row, apps, alias):
    """Give one row its letter and facts. Returns False for a note of which nobody can tell what it is."""
    mail = email.message_from_bytes(bytes(row.raw), policy=email.policy.default)
    if row.registration_id:
        about_one_day(row, mail)
        return True
    if row.kind == "reminder":
        row.facts = {"registrations": keys_of_days(mail, apps, alias)}
    if row.kind != "note":
        return True  # of the person's days, or the people at the address, as they are when it is sent
    row.letter = next((letter for letter, words in NOTES.items() if row.subject.startswith(words)), "")
    if row.letter == "need_answer":
        needs = apps.get_model("registration", "AccessRequest").objects.using(alias)
        need = needs.filter(registrant=row.registrant_id).exclude(answer="").order_by("-pk").first()
        row.facts = {"need": need and need.pk}
        return need is not None
    if not row.letter:
        row.letter = "address_changed"
        return False
    return True


def about_one_day(row, mail):
    registration = row.registration
    day = registration.day
    row.starts_at, row.ends_at = day.starts_at, day.ends_at
    if row.kind == "note":
        row.letter = "cancel" if registration.status == "cancelled" else "restored"
    if row.kind == "invite" and row.subject.startswith(RESTORED):
        row.letter = "restored"
    if row.letter == "update" and row.was_starts_at is None:
        row.letter = "invite"
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            entry = re.sub(rb"\r?\n[ \t]", b"", part.get_payload(decode=True)).decode()
            row.sequence = int(re.search(r"^SEQUENCE:(\d+)", entry, re.MULTILINE)[1])
            row.starts_at, row.ends_at = instant(entry, "DTSTART"), instant(entry, "DTEND")
            return


def instant(entry, name):
    found = re.search(rf"^{name}:(\d{{8}}T\d{{6}})Z", entry, re.MULTILINE)[1]
    return datetime.strptime(found, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def keys_of_days(mail, apps, alias):
    """The registrations that a mail's door links name: a token begins with the registration's reference."""
    text = mail.get_body(["plain"])
    references = []
    for token in re.findall(r"/join/([\w-]+)", text.get_content() if text else ""):
        try:
            references.append(uuid.UUID(bytes=base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[:16]))
        except (binascii.Error, ValueError):
            continue
    registrations = apps.get_model("registration", "Registration").objects.using(alias)
    return list(registrations.filter(reference__in=references).values_list("pk", flat=True))


class Migration(migrations.Migration):
    dependencies = [("registration", "0024_facts_of_mails")]

    operations = [migrations.RunPython(take_facts, migrations.RunPython.noop)]
