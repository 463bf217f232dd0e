"""Mails that leave shortly before a day, or while it is on, say so: no reminder follows them."""

from datetime import timedelta

import pytest

from registration.models import OutboxMessage
from registration.services.day_changes import call_off, restore, tell_news
from registration.services.days import cancel
from registration.status import Letter, MailKind, MailState
from tests.factories import NOW, make_confirmed, make_day, the_registration
from tests.letters import text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("zone", "before", "words"),
    [
        ("America/Toronto", timedelta(days=2), ""),
        ("America/Toronto", timedelta(minutes=50), "PxP Day 1 is in 50 minutes, today at 3:00 pm."),
        ("Asia/Kolkata", timedelta(minutes=50), "PxP Day 1 is in 50 minutes, tonight at 12:30 am."),
        ("", timedelta(minutes=50), "PxP Day 1 is in 50 minutes, Sunday 12 September, 19:00 UTC."),
        ("America/Toronto", -timedelta(minutes=20), "PxP Day 1 is on now."),
    ],
)
def test_place_that_comes_free_shortly_before_the_day_says_when_it_begins(zone, before, words):
    day = make_day(capacity=1)
    ada = make_confirmed(day)
    bob = make_confirmed(day, name="Bob", time_zone=zone)
    now = day.starts_at - before

    cancel(the_registration(ada, day), now=now)

    mail = OutboxMessage.objects.for_person(bob).of_kind(MailKind.PLACE).get()
    said = [line for line in text_of(mail, now=now).splitlines() if line.startswith("PxP Day 1 is ")]
    assert said == ([words] if words else [])


def test_day_that_is_back_shortly_before_its_start_says_when_it_begins():
    day = make_day()
    ada = make_confirmed(day)
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)
    now = day.starts_at - timedelta(hours=2)
    call_off(day, now=now)
    tell_news(now=now)
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)

    restore(day, now=now)
    tell_news(now=now)

    mail = OutboxMessage.objects.for_person(ada).filter(letter=Letter.RESTORED).get()
    assert "PxP Day 1 is in 2 hours, today at 3:00 pm." in text_of(mail, now=now)
