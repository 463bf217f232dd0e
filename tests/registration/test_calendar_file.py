"""One day of a person as a file: what the invite would have put into their calendar, and nothing that it would not."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from registration import links
from registration.letters import invites
from registration.models import OutboxMessage
from registration.services.day_changes import call_off, reschedule
from registration.services.days import cancel
from registration.services.person import set_neutral_titles
from registration.status import MailState
from tests.factories import NOW, make_confirmed, make_program, make_session, the_registration

pytestmark = pytest.mark.django_db

OF_THE_ENTRY = ("UID", "SEQUENCE", "SUMMARY", "DESCRIPTION", "LOCATION", "URL", "ORGANIZER", "STATUS", "TRANSP")


@pytest.fixture
def days(db):
    return list(make_program(days=2, sessions=0).days.with_conference().order_by("number"))


def path(person, number=1):
    return f"/calendar/{links.token('calendar', person)}/day-{number}.ics"


def entry(content):
    """Return what names and fills the one entry of a calendar file."""
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return [str(event[name]) for name in OF_THE_ENTRY] + [event["DTSTART"].dt, event["DTEND"].dt]


def test_file_is_the_entry_of_the_invite_and_invites_nobody(client, days):
    ada = make_confirmed(*days)

    response = client.get(path(ada, 2))

    row = the_registration(ada, days[1])
    assert entry(response.content) == entry(invites.request(row, now=NOW).content)
    assert entry(response.content)[5] == links.join_url(row)
    assert b"METHOD:PUBLISH\r\n" in response.content
    assert b"ATTENDEE" not in response.content
    assert response.content.count(b"BEGIN:VALARM") == 1
    assert links.token("my", ada).encode() not in response.content.replace(b"\r\n ", b"")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="pxp-2027-day-2.ics"'


def test_file_of_a_day_that_moved_is_the_newest_version(client, days):
    ada = make_confirmed(days[0])
    start, end = days[0].starts_at + timedelta(days=7), days[0].ends_at + timedelta(days=7)

    reschedule(days[0], starts_at=start, ends_at=end, now=NOW)

    content = client.get(path(ada)).content
    assert entry(content) == entry(invites.request(the_registration(ada, days[0]), now=NOW).content)
    assert entry(content)[-2:] == [start, end]


def test_cancel_takes_out_what_the_file_put_in(client, days):
    ada = make_confirmed(days[0])
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)
    saved = entry(client.get(path(ada)).content)

    cancel(the_registration(ada, days[0]), now=NOW)

    uid, sequence, *_ = entry(invites.cancel(the_registration(ada, days[0]), now=NOW).content)
    assert uid == saved[0]
    assert int(sequence) > int(saved[1])


def test_hidden_topic_is_not_in_the_file(client, days):
    ada = make_confirmed(days[0])
    uid = entry(client.get(path(ada)).content)[0]
    assert b"Theme 1" in client.get(path(ada)).content

    set_neutral_titles(ada, wanted=True, now=NOW)

    content = client.get(path(ada)).content
    assert b"Theme" not in content
    assert entry(content)[0] == uid


def test_files_of_two_people_at_one_address_name_them(client, days):
    people = [make_confirmed(days[0], name=name, email="two@example.org") for name in ("Ada", "Bob")]

    titles = [entry(client.get(path(person)).content)[2] for person in people]

    assert ["Ada" in title for title in titles] == [True, False]
    assert ["Bob" in title for title in titles] == [False, True]


def test_calendars_of_two_people_at_one_address_name_them_whatever_is_in_them(client, days):
    make_session(days[0], starts_at=days[0].starts_at, ends_at=days[0].ends_at)
    ada, bob = (make_confirmed(*days, name=name, email="two@example.org") for name in ("Ada", "Bob"))
    make_confirmed(*days, name="Eve")
    set_neutral_titles(bob, wanted=True, now=NOW)

    books = [
        Calendar.from_ical(client.get(f"/calendar/{links.token('calendar', person)}.ics?sessions").content)
        for person in (ada, bob)
    ]

    assert [str(book["X-WR-CALNAME"]) for book in books] == ["PxP 2027 (Ada)", "PxP 2027 (Bob)"]
    assert [[str(event["SUMMARY"]) for event in book.walk("VEVENT")] for book in books] == [
        ["PxP Day 1: Topic 1 (Ada)", "PxP Day 2: Theme 2 (Ada)"],
        ["PxP Day 1, Session 1 (Bob)", "PxP Day 2 (Bob)"],
    ]


@pytest.mark.parametrize("shared", [{"carer_name": "Carl"}, {"email": "two@example.org"}])
def test_calendars_on_the_web_call_a_day_as_its_invite_does(client, days, shared):
    make_confirmed(days[0], name="Bob", email="two@example.org")
    ada = make_confirmed(days[0], name="Ada", **shared)

    page = client.get(f"/my/{links.token('my', ada)}/calendar/").text

    assert "text=PxP+Day+1%3A+Theme+1+%28Ada%29&amp;" in page
    assert "subject=PxP%20Day%201%3A%20Theme%201%20%28Ada%29&amp;" in page


def test_name_of_a_calendar_is_text_and_says_how_soon_to_ask_again(client, days):
    ada = make_confirmed(*days, name="Byron, Ada; \\n\u2028PhD")
    make_confirmed(*days, name="Bob", email=ada.email)

    content = client.get(f"/calendar/{links.token('calendar', ada)}.ics").content.replace(b"\r\n ", b"")

    assert "\r\nNAME:PxP 2027 (Byron\\, Ada\\; \\\\n PhD)\r\n" in content.decode()
    assert "\r\nX-WR-CALNAME:PxP 2027 (Byron\\, Ada\\; \\\\n PhD)\r\n" in content.decode()
    for program in (content, client.get("/program.ics").content):
        assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n" in program


def test_calendar_of_nobody_s_day_is_one_all_the_same(client, days):
    ada = make_confirmed(days[0])
    cancel(the_registration(ada, days[0]), now=NOW)

    content = client.get(f"/calendar/{links.token('calendar', ada)}.ics").content

    [part] = Calendar.from_ical(content).subcomponents
    assert (part.name, part["TZID"]) == ("VTIMEZONE", "Etc/UTC")
    assert b"BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\n" in content


def test_day_without_a_place_has_no_file(client, days):
    ada = make_confirmed(*days)

    cancel(the_registration(ada, days[0]), now=NOW)
    call_off(days[1], now=NOW)

    assert [client.get(path(ada, number)).status_code for number in (1, 2, 3, 10**30)] == [404] * 4


def test_file_is_kept_by_nobody_else_and_sent_again_only_when_it_changed(client, days):
    ada = make_confirmed(days[0])
    first, feed = client.get(path(ada)), client.get(f"/calendar/{links.token('calendar', ada)}.ics")

    same = client.get(path(ada), headers={"if-none-match": first["ETag"]})

    for header in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy"):
        assert first[header] == feed[header]
    assert first["Cache-Control"] == "private, no-cache"
    assert (same.status_code, client.post(path(ada)).status_code) == (304, 405)


def test_calendar_page_offers_this_file_and_not_the_public_one(client, days):
    ada = make_confirmed(days[0])

    page = client.get(f"/my/{links.token('my', ada)}/calendar/").text

    assert f'href="{path(ada)}"' in page
    assert "/program/day-1.ics" not in page
