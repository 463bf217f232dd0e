"""The day's door: what it shows at each hour, whom it lets in, and that the meeting's address is nowhere else."""

from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from registration import links
from registration.mail.errors import NoLongerTrue
from registration.models import OutboxMessage, Registrant, Registration
from registration.pages.door import Door, DoorState
from registration.services import days as day_service
from registration.services.attendance import go_through
from registration.services.day_changes import call_off
from registration.services.errors import DoorIsClosed
from tests.factories import (
    FIRST_DAY,
    NOW,
    make_conference,
    make_confirmed,
    make_day,
    make_pending,
    make_session,
    the_registration,
)
from tests.letters import letter_of

pytestmark = pytest.mark.django_db

MEETING = "https://meeting.example.org/j/9871234?pwd=secret"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# How long before the day starts the page is read; a day lasts three hours, the door opens 30 minutes before.
EARLY, SOON, DURING, AFTER = 2 * HOUR, 20 * MINUTE, -HOUR, -4 * HOUR


@pytest.fixture
def day(db):
    return make_day(title="Boost your skills", meeting_url=MEETING)


def path(registration):
    return f"/join/{links.join_token(registration)}/"


def move_day(day, wait):
    """Let the day start `wait` (a timedelta) from now, a little later, so a slow test reads the same words."""
    day.starts_at = timezone.now() + wait + timedelta(seconds=50)
    day.ends_at = day.starts_at + 3 * HOUR
    day.save()


def row_on(day, status="confirmed"):
    """A registration of Ada's for the day, brought to a status by the services."""
    sign_up_at = day.starts_at - 20 * DAY
    if status == "pending":
        return the_registration(make_pending(day, now=sign_up_at), day)
    if status == "waitlisted":
        day.capacity = 0
        day.save()
    ada = make_confirmed(day, now=sign_up_at)
    if status == "cancelled":
        day_service.cancel(the_registration(ada, day), now=sign_up_at)
    return the_registration(ada, day)


def everything():
    return [list(table.objects.order_by("pk").values()) for table in (Registrant, Registration, OutboxMessage)]


# --- Its state, to the second ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instant", "state"),
    [
        (FIRST_DAY - 11 * DAY, DoorState.EARLY),
        (FIRST_DAY - 30 * MINUTE - timedelta(seconds=1), DoorState.EARLY),
        (FIRST_DAY - 30 * MINUTE, DoorState.OPEN),
        (FIRST_DAY, DoorState.OPEN),
        (FIRST_DAY + 3 * HOUR - timedelta(seconds=1), DoorState.OPEN),
        (FIRST_DAY + 3 * HOUR, DoorState.OVER),
        (FIRST_DAY + 300 * DAY, DoorState.OVER),
    ],
)
def test_door_is_open_from_half_an_hour_before_until_the_end(day, instant, state):
    assert Door(row_on(day), instant).state == state


@pytest.mark.parametrize(("minutes", "state"), [(60, DoorState.OPEN), (15, DoorState.EARLY)])
def test_door_opens_when_the_conference_says(day, minutes, state):
    day.conference.door_opens_minutes = minutes
    day.conference.save()

    assert Door(row_on(day), FIRST_DAY - 40 * MINUTE).state == state


@pytest.mark.parametrize(
    ("zone_name", "minutes", "words"),
    [
        ("Asia/Kolkata", 30, "appears here 30 minutes before the start, at midnight."),
        ("Asia/Kolkata", 60, "appears here before the start: Sunday 12 September, 11:30 pm."),
        ("America/Toronto", 24 * 60, "appears here before the start: Saturday 11 September, 3:00 pm."),
    ],
)
def test_door_that_opens_on_another_date_says_which(client, day, machine_clock, zone_name, minutes, words):
    day.conference.door_opens_minutes = minutes
    day.conference.save()
    ada = make_confirmed(day, time_zone=zone_name)
    machine_clock.move_to(FIRST_DAY - 2 * DAY)

    assert words in " ".join(client.get(path(the_registration(ada, day))).text.split())


@pytest.mark.parametrize(
    ("status", "state"),
    [("pending", DoorState.PENDING), ("waitlisted", DoorState.WAITING), ("cancelled", DoorState.AWAY)],
)
@pytest.mark.parametrize("instant", [FIRST_DAY - DAY, FIRST_DAY])
def test_without_a_place_the_door_stays_shut(day, status, state, instant):
    assert Door(row_on(day, status), instant).state == state


@pytest.mark.parametrize("status", ["confirmed", "pending", "waitlisted", "cancelled"])
def test_day_that_is_over_or_called_off_is_so_for_everybody(day, status):
    row = row_on(day, status)

    assert Door(row, FIRST_DAY + DAY).state == DoorState.OVER
    row.day.called_off_at = NOW
    assert Door(row, FIRST_DAY + DAY).state == DoorState.CALLED_OFF
    assert Door(row, FIRST_DAY - DAY).state == DoorState.CALLED_OFF


def test_without_an_address_of_the_meeting_nobody_is_let_in(day):
    day.meeting_url = ""
    day.save()

    assert Door(row_on(day), FIRST_DAY - 31 * MINUTE).state == DoorState.EARLY
    assert Door(row_on(day), FIRST_DAY).state == DoorState.NO_MEETING


def test_who_dropped_the_day_reads_how_to_come_after_all_only_while_that_is_possible(client, day):
    move_day(day, 2 * DAY)
    row = row_on(day, "cancelled")

    assert "Would you like to come after all?" in client.get(path(row)).text

    day.sign_up_closes_at = timezone.now() - HOUR
    day.save()
    page = client.get(path(row)).text

    assert "Would you like to come after all?" not in page
    assert "Sign-up for Day 1 has closed." in page


# --- Going through ---------------------------------------------------------------------------------------------------


def test_going_through_is_noted_once(day):
    go_through(row_on(day), now=FIRST_DAY - 5 * MINUTE)
    second = go_through(row_on(day), now=FIRST_DAY + HOUR)

    assert second == MEETING
    assert row_on(day).attended_at == FIRST_DAY - 5 * MINUTE


def test_going_through_from_two_devices_is_noted_once(day):
    first, second = row_on(day), row_on(day)

    go_through(first, now=FIRST_DAY)
    go_through(second, now=FIRST_DAY + timedelta(seconds=1))

    assert row_on(day).attended_at == FIRST_DAY


def test_who_leaves_the_day_and_comes_back_came_once(day):
    ada = row_on(day).registrant
    go_through(the_registration(ada, day), now=FIRST_DAY)
    day_service.cancel(the_registration(ada, day), now=FIRST_DAY + MINUTE)
    day_service.add_day(ada, day, now=FIRST_DAY + 2 * MINUTE)

    address = go_through(the_registration(ada, day), now=FIRST_DAY + 3 * MINUTE)

    assert address == MEETING
    assert Registration.objects.came().count() == 1


@pytest.mark.parametrize("instant", [FIRST_DAY - DAY, FIRST_DAY + DAY])
def test_nobody_goes_through_a_shut_door(day, instant):
    with pytest.raises(DoorIsClosed):
        go_through(row_on(day), now=instant)

    assert row_on(day).attended_at is None


# --- The page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (12 * DAY, "Day 1 starts in 12 days"),
        (3 * HOUR, "Day 1 starts in 3 hours"),
        (45 * MINUTE, "Day 1 starts in 45 minutes"),
    ],
)
def test_before_the_page_says_when_and_how_long_until_then(client, day, wait, words):
    row = row_on(day)
    move_day(day, wait)

    page = client.get(path(row))

    assert page.status_code == 200
    assert words in page.text
    assert Door(row, timezone.now()).span.sentence() in page.text.replace("\u00a0", " ")
    assert "Load this page again" in page.text
    for title in ("Try it out beforehand", "If it does not work"):
        assert page.text.count(title) == page.text.count(f"<summary>{title}</summary>") == 1
    assert "mailto:hello@pxp.example.org" in page.text
    assert "<form" not in page.text
    assert "http-equiv" not in page.text


def test_times_are_on_the_persons_own_clock(client, day):
    row = the_registration(make_confirmed(day, time_zone="Asia/Tokyo", country="JP"), day)

    page = client.get(path(row)).text

    assert "Monday 13 September 2027, 04:00 to 07:00, Tokyo time (UTC+9)" in page
    assert "The button to the meeting appears here 30 minutes before the start, at 03:30." in page


@pytest.mark.parametrize(
    ("wait", "words"), [(26 * HOUR, "in 26 hours"), (3 * HOUR, "in 3 hours"), (20 * MINUTE, "in 20 minutes")]
)
def test_without_a_clock_nobody_is_told_tomorrow(day, wait, words):
    row = the_registration(make_confirmed(day, time_zone=""), day)

    assert Door(row, FIRST_DAY - wait).wait_words == words


@pytest.mark.parametrize(("wait", "words"), [(SOON, "Day 1 starts in 20 minutes"), (DURING, "Day 1 is on now")])
def test_open_door_is_one_large_button(client, day, wait, words):
    row = row_on(day)
    move_day(day, wait)

    page = client.get(path(row)).text

    assert words in page
    assert page.count("<form") == page.count("button--on") == 1
    assert "Go to the meeting" in page


@pytest.mark.parametrize("wait", [SOON, DURING])
def test_button_leads_to_the_meeting_and_notes_that_they_came(client, day, wait):
    row = row_on(day)
    move_day(day, wait)

    response = client.post(path(row))

    assert (response.status_code, response["Location"], response.content) == (303, MEETING, b"")
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    row.refresh_from_db()
    assert timezone.now() - row.attended_at < MINUTE


def test_button_works_without_cookies(day):
    row = row_on(day)
    move_day(day, SOON)

    assert Client(enforce_csrf_checks=True).post(path(row)).status_code == 303


@pytest.mark.parametrize(
    ("wait", "words"), [(EARLY, "Day 1 starts in 2 hours"), (AFTER, "Day 1 is over")], ids=["early", "late"]
)
def test_button_at_another_time_is_refused_with_words(client, day, wait, words):
    row = row_on(day)
    move_day(day, wait)

    response = client.post(path(row))

    assert response.status_code == 409
    assert "The meeting did not open." in response.text
    assert words in response.text
    row.refresh_from_db()
    assert row.attended_at is None


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("pending", "Day 1 is not confirmed yet"),
        ("waitlisted", "You are on the waiting list for Day 1"),
        ("cancelled", "You are not signed up for Day 1"),
    ],
)
def test_without_a_place_the_page_says_what_can_be_done(client, day, status, words):
    row = row_on(day, status)
    move_day(day, SOON)

    page, pressed = client.get(path(row)), client.post(path(row))

    assert (page.status_code, pressed.status_code) == (200, 409)
    for response in (page, pressed):
        assert words in response.text
        assert 'href="/lost-link/?tz=America/Toronto"' in response.text
        assert "<form" not in response.text
    row.refresh_from_db()
    assert row.attended_at is None


def test_missing_address_of_the_meeting_is_said_in_words(client, day):
    row = row_on(day)
    day.meeting_url = ""
    move_day(day, SOON)

    page, pressed = client.get(path(row)), client.post(path(row))

    assert (page.status_code, pressed.status_code) == (200, 409)
    for response in (page, pressed):
        assert "The organisers have not opened the meeting" in response.text
        assert "<form" not in response.text


@pytest.mark.parametrize("wait", [EARLY, SOON, AFTER])
def test_day_called_off_says_so(client, day, wait):
    row = row_on(day)
    day.called_off_at = NOW
    move_day(day, wait)

    page, pressed = client.get(path(row)), client.post(path(row))

    assert (page.status_code, pressed.status_code) == (200, 409)
    assert "Day 1 is called off" in page.text
    assert "<form" not in page.text


def test_afterwards_the_recordings_are_there(client, day):
    row = row_on(day)
    make_session(day, 1, title="How to start", recording_url="https://video.example.org/1")
    make_session(day, 2)
    day.recording_url = "https://video.example.org/all"
    move_day(day, AFTER)

    page = client.get(path(row)).text

    assert "Day 1 is over" in page
    assert 'href="https://video.example.org/all"' in page
    assert '<a href="https://video.example.org/1">Watch Session 1: How to start</a>' in " ".join(page.split()).replace(
        "> ", ">"
    ).replace(" </a>", "</a>")
    assert "Watch Session 2" not in page


@pytest.mark.parametrize("state", ["over", "called off"])
def test_door_of_another_day_says_that_each_has_its_own(client, day, machine_clock, state):
    row = row_on(day)
    second = make_day(day.conference, 2)
    if state == "called off":
        call_off(day, now=NOW)
    words = "Looking for another day? Each day has a link of its own, in our emails."

    machine_clock.move_to(second.starts_at - 20 * MINUTE)
    page = client.get(path(row)).text
    assert f"Day 1 is {state}" in page
    assert words in page

    machine_clock.move_to(second.ends_at + MINUTE)
    assert words not in client.get(path(row)).text


def test_afterwards_without_a_recording_the_page_says_when_it_comes(client, day):
    row = row_on(day)
    make_session(day, 1)
    move_day(day, AFTER)

    assert "The recording is not ready yet." in client.get(path(row)).text
    move_day(day, -20 * DAY)
    assert "There is no recording here yet." in client.get(path(row)).text


@pytest.mark.parametrize("sessions", [0, 1])
def test_day_that_was_not_recorded_says_so(client, day, sessions):
    row = row_on(day)
    for number in range(sessions):
        make_session(day, number + 1)
    move_day(day, AFTER)
    assert "The recording is not ready yet." in client.get(path(row)).text

    day.recording = "no"
    move_day(day, AFTER)

    assert "There is no recording of this day." in client.get(path(row)).text


def test_door_of_a_past_edition_leads_to_its_own_program(client, day):
    past = make_day(make_conference(slug="2020"), starts_at=datetime(2020, 9, 12, 19, tzinfo=ZoneInfo("UTC")))
    row = row_on(past)

    assert 'href="/2020/program/day-1/?tz=America/Toronto"' in client.get(path(row)).text


def test_old_link_opens_the_door_again_when_they_come_back(client, day):
    dropped = row_on(day, "cancelled")
    assert "You are not signed up for Day 1" in client.get(path(dropped)).text

    day_service.add_day(dropped.registrant, day, now=NOW)

    assert "You are not signed up for Day 1" not in client.get(path(dropped)).text
    move_day(day, SOON)
    assert client.post(path(dropped)).status_code == 303


@pytest.mark.parametrize("status", ["confirmed", "pending", "waitlisted", "cancelled"])
@pytest.mark.parametrize("wait", [EARLY, SOON, AFTER])
def test_opening_the_door_changes_nothing_and_names_nobody(client, day, status, wait):
    row = row_on(day, status)
    move_day(day, wait)
    before = everything()

    pages = [client.get(path(row)), client.head(path(row)), client.options(path(row))]

    assert everything() == before
    assert [page.status_code for page in pages] == [200, 200, 405]
    assert not client.cookies
    for secret in ("Ada", "ada@example.org", "/my/", links.token("my", row.registrant)):
        assert secret not in pages[0].text


@pytest.mark.parametrize("wait", [EARLY, SOON, AFTER])
def test_doors_of_people_who_share_a_mailbox_say_whose_they_are(client, day, wait):
    pair = [make_confirmed(day, name=name, email="two@example.org") for name in ("Ada", "Bob")]
    move_day(day, wait)

    pages = [client.get(path(the_registration(person, day))).text for person in pair]

    for page, name, other in zip(pages, ("Ada", "Bob"), ("Bob", "Ada"), strict=True):
        assert f"This page is for {name}." in page
        assert other not in page
        assert "two@example.org" not in page
        assert "/my/" not in page


def test_hour_at_which_the_door_opens_ends_its_sentence_with_one_stop(client, day):
    ada = make_confirmed(day, language="es", time_zone="America/Mexico_City")

    page = client.get(path(the_registration(ada, day))).text.replace("\u00a0", " ").replace("&nbsp;", " ")

    assert "(12:30 p.m.)." in page
    assert "p.m..<" not in " ".join(page.split()).replace(" <", "<")


def test_door_names_nobody_because_a_stranger_typed_the_address(client, day):
    row = row_on(day)
    make_pending(day, name="Eve", email="ada@example.org")

    page = client.get(path(row)).text

    assert "This page is for" not in page
    assert "Ada" not in page


def test_early_door_says_where_the_link_to_the_own_page_is(client, day):
    row = row_on(day)
    move_day(day, EARLY)

    assert "The link to your page is in our emails." in client.get(path(row)).text


@pytest.mark.parametrize(
    ("wait", "queries"),
    # Edition (a past one asks twice: is another to come?), registration, who shares the address, passages of text or
    # else sessions.
    [(EARLY, 4), (SOON, 3), (AFTER, 5)],
)
def test_page_costs_the_same_with_one_session_and_with_three(client, day, wait, queries, django_assert_num_queries):
    address = path(row_on(day))
    move_day(day, wait)

    for number in (1, 2, 3):
        make_session(day, number, recording_url="https://video.example.org/")
        with django_assert_num_queries(queries):
            client.get(address)


def test_going_through_costs_two_queries_more_the_first_time(client, day, django_assert_num_queries):
    address = path(row_on(day))
    move_day(day, SOON)

    with django_assert_num_queries(4):  # edition, registration, whether they came before, the note
        client.post(address)
    with django_assert_num_queries(2):
        client.post(address)


# --- The address of the meeting --------------------------------------------------------------------------------------


@pytest.mark.parametrize("wait", [EARLY, SOON, DURING, AFTER])
def test_meeting_url_is_only_in_the_redirect(client, day, wait):
    make_session(day, 1)
    ada = row_on(day).registrant
    move_day(day, wait)
    day_service.send_again(ada, now=timezone.now())
    tokens = {purpose: links.token(purpose, ada) for purpose in ("my", "confirm", "calendar")}
    addresses = [
        *("/", "/program/", "/program/day-1/", "/program/day-1.ics", "/program.ics", "/register/", "/how-to-join/"),
        *("/program/sessions/day-1-session-1/", "/program/changes/", "/contact/", "/my-plan/", "/sitemap.xml"),
        f"/my/{tokens['my']}/",
        f"/confirm/{tokens['confirm']}/",
        f"/calendar/{tokens['calendar']}.ics",
        f"/calendar/{tokens['calendar']}/day-1.ics",
        path(the_registration(ada, day)),
    ]

    answers = {address: client.get(address) for address in addresses}

    for address, answer in answers.items():
        assert_keeps_the_secret(f"{answer.headers} {answer.text}", address)
    for mail in OutboxMessage.objects.all():
        with suppress(NoLongerTrue):
            assert_keeps_the_secret(f"{letter_of(mail)['Subject']} {mail_text(mail)}", mail.kind)


def mail_text(mail):
    parts = letter_of(mail).walk()
    return " ".join(str(part.get_payload(decode=True)) for part in parts if not part.is_multipart())


def assert_keeps_the_secret(words, where):
    assert "meeting.example.org" not in words.replace("\r\n ", ""), where
    assert "9871234" not in words.replace("\r\n ", ""), where
