"""The worker's jobs: what goes wrong with one person keeps nobody else waiting."""

from datetime import timedelta

import pytest

from conference.models import Day
from registration.models import LinkRequest, OutboxMessage, Registrant, Registration
from registration.services.day_changes import TELL_AFTER, call_off, tell_news
from registration.services.lost_link import answer_link_requests, ask_for_links
from registration.services.reminders import remind
from registration.status import MailKind
from tests.factories import NOW, make_confirmed, make_day

pytestmark = pytest.mark.django_db

CANNOT_BE_WRITTEN_TO = "ilgaz@münchen..example.org"  # as may be in a database from before forms refused it


@pytest.fixture
def day(db):
    """A day with Ilgaz, to whom no mail can be written, and after him Ada."""
    day = make_day()
    ilgaz = make_confirmed(day, name="Ilgaz")
    make_confirmed(day)
    OutboxMessage.objects.all().delete()
    Registrant.objects.only_row(ilgaz).update(email=CANNOT_BE_WRITTEN_TO, email_key=CANNOT_BE_WRITTEN_TO)
    return Day.objects.with_conference().get()


def written():
    return list(OutboxMessage.objects.values_list("to_email", "kind"))


def test_news_reach_everybody_else(day):
    call_off(day, now=NOW)

    with pytest.raises(ExceptionGroup):
        tell_news(now=NOW + TELL_AFTER)

    assert written() == [("ada@example.org", MailKind.CANCEL)]
    assert Registration.objects.with_news().get().registrant.name == "Ilgaz"


def test_links_reach_everybody_else(day):
    for email in (CANNOT_BE_WRITTEN_TO, "ada@example.org"):
        ask_for_links(day.conference, email, now=NOW)

    with pytest.raises(ExceptionGroup):
        answer_link_requests(now=NOW)

    assert written() == [("ada@example.org", MailKind.LINK)]
    assert LinkRequest.objects.get().email == CANNOT_BE_WRITTEN_TO


def test_reminders_reach_everybody_else(day):
    with pytest.raises(ExceptionGroup):
        remind(now=day.starts_at - timedelta(days=1))

    assert written() == [("ada@example.org", MailKind.REMINDER)]
