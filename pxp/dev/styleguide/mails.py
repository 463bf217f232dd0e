"""One mail of every kind, as the services write it."""

from contextlib import suppress

from registration.letters import outbox
from registration.letters.writing import write_letter
from registration.mail import leases
from registration.mail.errors import NoLongerTrue
from registration.models import AccessRequest, Registration
from registration.services import address, broadcasts, day_changes, days, my_needs, needs, reminders
from registration.status import NeedState

from .cast import HOUR, NOW

WHY = "Two of our speakers live where it would be 4 in the morning."


def mails_of(cast):
    """Return (subject, HTML part) of each mail that the people of the cast get, each subject once, oldest first."""
    told = NOW + HOUR
    day_changes.tell_news(now=told)  # the cast has a day that is called off, and a letter waits until that is told
    found = _sent(cast, told)  # the mails after signing up
    for act in (_give_place, _change_days, _write, _ask, _ask_for_address, _take_address, _remind):
        found |= _sent(cast, act(cast) or NOW)
    return list(found.items())


def _give_place(cast):
    _known, full, *_rest = cast.days
    days.cancel(Registration.objects.for_person(cast.bob).for_day(full).live().get(), now=NOW)  # it is Ada's turn


def _change_days(cast):
    """Each change is told before the next, when nobody can take it back any more."""
    known, full, *_rest = cast.days
    day_changes.reschedule(known, starts_at=known.starts_at + HOUR, ends_at=known.ends_at + HOUR, now=NOW, why=WHY)
    for number, act in enumerate((day_changes.call_off, day_changes.restore)):
        act(full, now=NOW + number * HOUR, why=WHY)
        day_changes.tell_news(now=NOW + (number + 1) * HOUR)
    return NOW + 2 * HOUR


def _write(cast):
    """A message from organisers to many people."""
    words = {"subject": "Day 1 has a new link", "body": "Dear {name},\n\n{my hours}\n\n{join button}"}
    message = broadcasts.begin(cast.conference, user=None, now=NOW)
    broadcasts.write(message, language="en", words=words, now=NOW)
    outbox.queue_broadcast(message, [cast.ada], now=NOW)


def _ask(cast):
    my_needs.ask_for(cast.ada, "More time, please.", now=NOW)
    need = AccessRequest.objects.for_person(cast.ada).with_people().get()
    needs.answer_need(need, state=NeedState.ARRANGED, answer="You can start when you like.", now=NOW)
    outbox.queue_link(cast.ada.email, cast.conference, now=NOW)


def _ask_for_address(cast):
    address.ask_for_address(cast.ada, "ada@new.example.org", now=NOW)


def _take_address(cast):
    cast.ada.refresh_from_db()
    address.take_new_address(cast.ada, now=NOW)


def _remind(cast):
    """The last reminder comes an hour before the day, which is an hour later than the cast knows."""
    at = cast.days[0].starts_at
    reminders.remind(now=at)
    return at


def _sent(cast, now):
    """Return what would be sent at the instant `now` as {subject: HTML part}, and mark it as sent."""
    found = {}
    while rows := leases.take(now=now, lease_for=HOUR, limit=100):
        for row in rows:
            if row.registrant_id in (cast.ada.pk, cast.bob.pk):
                with suppress(NoLongerTrue):
                    mail = write_letter(row, now=now)
                    found[mail.subject] = mail.alternatives[0].content
            leases.mark_sent(row, now=now)
    return found
