"""Reminders: one mail at each mark, to people with a place, about days they joined before the mark."""

from datetime import timedelta

import pytest

from conference.models import Conference, Day
from registration import links
from registration.letters import outbox
from registration.models import OutboxMessage, Registrant
from registration.services import day_changes, days
from registration.services.reminders import remind
from registration.status import MailKind
from tests.factories import FIRST_DAY, NOW, make_confirmed, make_day, make_pending, make_program, the_registration

pytestmark = pytest.mark.django_db
WEEK, DAY, HOUR = timedelta(days=7), timedelta(days=1), timedelta(hours=1)
EARLY = FIRST_DAY - 5 * WEEK


def reminders(registrant=None):
    rows = OutboxMessage.objects.of_kind(MailKind.REMINDER).order_by("pk")
    return [row.subject for row in (rows.to(registrant) if registrant else rows)]


def three_days():
    return list(Day.objects.of(make_program()).with_conference())


@pytest.mark.parametrize(
    ("before", "subjects"),
    [
        (WEEK + timedelta(seconds=1), []),
        (WEEK, ["PxP Day 1 is in 7 days, Sunday 12 September, 3:00 pm"]),
        (DAY, ["PxP Day 1 is tomorrow, 3:00 pm"]),
        (HOUR, ["PxP Day 1 is in 1 hour, today at 3:00 pm"]),
        (timedelta(0), []),
    ],
)
def test_reminder_goes_at_each_mark_in_the_persons_own_words(before, subjects):
    make_confirmed(make_day(), now=EARLY)

    remind(now=FIRST_DAY - before)

    assert reminders() == subjects


def test_each_mark_writes_once():
    make_confirmed(make_day(), now=EARLY)

    for before in (WEEK, WEEK, DAY, DAY, HOUR, HOUR):
        remind(now=FIRST_DAY - before)

    assert len(reminders()) == 3


def test_three_days_share_one_mail_at_the_first_mark_and_not_later():
    ada = make_confirmed(*three_days(), now=EARLY)

    for number in range(4):
        remind(now=FIRST_DAY - WEEK + number * DAY)
    after_first_mark = reminders(ada)
    for number in range(3):
        remind(now=FIRST_DAY - DAY + number * DAY)

    assert after_first_mark == ["Your 3 days at PxP: the first is in 7 days, Sunday 12 September, 3:00 pm"]
    assert len(reminders(ada)) == 4


def test_nobody_is_reminded_of_a_day_they_joined_after_the_mark():
    day = make_day()
    make_confirmed(day, now=FIRST_DAY - timedelta(days=3))

    remind(now=FIRST_DAY - timedelta(days=2))
    early = reminders()
    remind(now=FIRST_DAY - DAY)

    assert (early, len(reminders())) == ([], 1)


def test_only_people_with_a_place_are_reminded():
    day = make_day(capacity=1)
    make_confirmed(day, now=EARLY)
    make_confirmed(day, name="Bob", now=EARLY)
    make_pending(day, name="Eve", now=EARLY)
    dropped = make_confirmed(make_day(day.conference, 2), name="Grace", now=EARLY)
    days.cancel(the_registration(dropped, Day.objects.get(number=2)), now=EARLY)

    remind(now=FIRST_DAY - WEEK)

    assert list(OutboxMessage.objects.of_kind(MailKind.REMINDER).values_list("to_email", flat=True)) == [
        "ada@example.org"
    ]


def test_nobody_is_reminded_of_a_day_that_is_called_off():
    day = make_day()
    make_confirmed(day, now=EARLY)
    day_changes.call_off(day, now=NOW)

    remind(now=FIRST_DAY - HOUR)

    assert reminders() == []


def test_organisers_switch_each_reminder_off_or_set_it():
    day = make_day()
    make_confirmed(day, now=EARLY)
    Conference.objects.update(first_reminder_days=None, second_reminder_days=2, last_reminder_minutes=None)

    remind(now=FIRST_DAY - WEEK)
    none = reminders()
    remind(now=FIRST_DAY - 2 * DAY)
    remind(now=FIRST_DAY - HOUR)

    assert (none, reminders()) == ([], ["PxP Day 1 is in 2 days, Sunday 12 September, 3:00 pm"])


def test_worker_that_was_away_writes_only_what_still_makes_sense():
    make_confirmed(make_day(), now=EARLY)

    remind(now=FIRST_DAY - timedelta(hours=5))

    assert reminders() == ["PxP Day 1 is in 5 hours, today at 3:00 pm"]


def test_reminder_that_could_not_leave_in_time_is_taken_back():
    make_confirmed(make_day(), now=EARLY)
    remind(now=FIRST_DAY - WEEK)

    kept = outbox.drop_expired(now=FIRST_DAY - DAY - HOUR)
    dropped = outbox.drop_expired(now=FIRST_DAY - DAY)

    assert (kept, dropped) == (0, 1)


def test_reminder_names_the_join_page_first_and_how_to_end_reminders():
    day = make_day()
    ada = make_confirmed(day, now=EARLY)

    remind(now=FIRST_DAY - DAY)

    mail = OutboxMessage.objects.of_kind(MailKind.REMINDER).get()
    raw = bytes(mail.raw).decode()
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in raw
    assert f"List-Unsubscribe: <{links.unsubscribe_url(ada)}>" in raw
    text = raw.replace("=\r\n", "")
    assert text.index("/join/") < text.index("/my/")


def test_one_press_of_a_mail_program_ends_reminders(client):
    ada = make_confirmed(make_day(), now=EARLY)
    url = links.unsubscribe_url(ada).removeprefix("http://testserver")

    seen = client.get(url)
    still_wanted = Registrant.objects.get().reminders
    answer = client.post(url, {"List-Unsubscribe": "One-Click"})
    remind(now=FIRST_DAY - WEEK)

    assert (seen.status_code, still_wanted, answer.status_code) == (200, True, 200)
    assert reminders() == []


def test_reminders_can_be_switched_on_again(client):
    ada = make_confirmed(make_day(), now=EARLY)
    url = links.unsubscribe_url(ada).removeprefix("http://testserver")
    client.post(url)

    client.post(url, {"again": "1"})

    assert Registrant.objects.get().reminders
