"""What is noted when a program changes, and how it reads."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from conference.changes import noting_changes, sentence
from conference.models import ProgramChange
from conference.program_formats import read
from conference.program_loading import apply
from tests.factories import (
    FIRST_DAY,
    NOW,
    make_appearance,
    make_conference,
    make_day,
    make_program,
    make_session,
    make_speaker,
    make_staff,
)

pytestmark = pytest.mark.django_db


def said(conference, zone="UTC"):
    """All that is noted, newest first, in words."""
    changes = ProgramChange.objects.for_edition(conference).with_names()
    return [sentence(change, ZoneInfo(zone)) for change in changes]


def change(row, now=NOW, **fields):
    """Change fields of a row as an organiser does."""
    with noting_changes(now=now):
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()


@pytest.fixture
def day():
    return make_day(make_conference(), 1, title="Boost your skills")


@pytest.fixture
def session(day):
    return make_session(day, 2, title="")


def test_first_program_of_an_edition_is_no_change():
    with noting_changes(now=NOW):
        make_program()

    assert ProgramChange.objects.count() == 0


def test_new_edition_is_no_change_beside_an_older_one(day):
    with noting_changes(now=NOW):
        make_day(make_conference(slug="2028"), 1)

    assert ProgramChange.objects.count() == 0


def test_what_is_not_published_is_not_noted(day):
    hidden = make_day(make_conference(slug="2028", is_published=False), 1)

    change(hidden, title="A secret")

    assert ProgramChange.objects.count() == 0


def test_what_stays_the_same_is_not_noted(session):
    change(session, title="", description="More words")

    assert ProgramChange.objects.count() == 0


def test_nothing_is_noted_when_the_change_fails(session):
    session.day.title = "A title"

    @noting_changes(now=NOW)
    def change_one_and_fail_at_the_next():
        session.day.save()
        make_session(session.day, session.number)

    with pytest.raises(IntegrityError):
        change_one_and_fail_at_the_next()

    session.day.refresh_from_db()
    assert (session.day.title, ProgramChange.objects.count()) == ("Boost your skills", 0)


def test_title_of_a_session_is_announced_and_later_changed(session):
    change(session, title="Global voices")
    change(session, title="World voices", now=NOW + timedelta(days=1))

    assert said(session.day.conference) == [
        "Session 2 has a new title: “World voices”.",
        "Session 2 has a title: “Global voices”.",
    ]


def test_words_that_only_describe_a_session_are_no_title(session):
    change(session, title="Something on access", title_is_description=True)

    assert said(session.day.conference) == []


def test_title_that_is_taken_back_is_to_be_announced_again(day):
    change(day, title="")

    assert said(day.conference) == ["The title of Day 1 is to be announced again."]


def test_typing_error_that_is_put_right_within_the_hour_is_one_change(session):
    change(session, title="Globl voices")
    change(session, title="Global voices", now=NOW + timedelta(minutes=50))

    assert said(session.day.conference) == ["Session 2 has a title: “Global voices”."]
    assert ProgramChange.objects.get().at == NOW + timedelta(minutes=50)


def test_change_that_is_taken_back_within_the_hour_is_none(session):
    change(session, title="Not yet!")
    change(session, title="", now=NOW + timedelta(minutes=5))

    assert ProgramChange.objects.count() == 0


def test_day_that_moves_is_noted_on_the_reader_s_clock_and_speaks_for_its_sessions(day):
    timed = make_session(day, 1, starts_at=FIRST_DAY, ends_at=FIRST_DAY + timedelta(minutes=50))

    with noting_changes(now=NOW):
        for row in (day, timed):
            row.starts_at += timedelta(hours=2)
            row.ends_at += timedelta(hours=2)
            row.save()

    assert said(day.conference, "Asia/Tokyo") == [
        "Day 1 has moved. The new time is Monday 13 September 2027, 06:00 to 09:00, Tokyo time (UTC+9). "
        "It was Monday 13 September 2027, 04:00 to 07:00, Tokyo time (UTC+9)."
    ]


def test_day_that_moves_back_within_the_hour_has_not_moved(day):
    change(day, starts_at=FIRST_DAY + timedelta(hours=1))
    change(day, starts_at=FIRST_DAY, now=NOW + timedelta(minutes=1))

    assert ProgramChange.objects.count() == 0


def test_time_of_a_session_is_announced_and_taken_back(session):
    change(session, starts_at=FIRST_DAY, ends_at=FIRST_DAY + timedelta(minutes=50))
    change(session, starts_at=None, ends_at=None, now=NOW + timedelta(days=1))

    assert said(session.day.conference) == [
        "The time of Session 2 is to be announced again.",
        "Session 2 has a time: Sunday 12 September 2027, 19:00 to 19:50, UTC.",
    ]


def test_people_who_come_are_named_together_and_who_leaves_is_not(session):
    ann = make_speaker(session.day.conference, name="Ann", slug="ann")
    bo = make_speaker(session.day.conference, name="Bo", slug="bo")
    with noting_changes(now=NOW):
        make_appearance(session, bo)
    with noting_changes(now=NOW + timedelta(minutes=1)):
        appearance = make_appearance(session, ann)
    with noting_changes(now=NOW + timedelta(days=1)):
        appearance.delete()

    assert said(session.day.conference) == ["The people in Session 2 have changed.", "New in Session 2: Ann and Bo."]


def test_person_put_in_by_mistake_is_never_named(session):
    with noting_changes(now=NOW):
        appearance = make_appearance(session, make_speaker(session.day.conference))
    with noting_changes(now=NOW + timedelta(minutes=3)):
        appearance.delete()

    assert ProgramChange.objects.count() == 0


def test_day_is_called_off_and_takes_place_after_all(day):
    change(day, called_off_at=NOW)
    change(day, called_off_at=None, now=NOW + timedelta(minutes=2))

    assert said(day.conference) == [
        "Day 1 takes place after all.",
        "Day 1 is called off. It will not take place.",
    ]


def test_recording_is_noted_once(session):
    change(session, recording_url="https://video.example.org/1")
    change(session, recording_url="https://video.example.org/2", now=NOW + timedelta(days=1))

    assert said(session.day.conference) == ["You can watch the recording of Session 2."]


def test_new_session_takes_its_title_with_it(day):
    with noting_changes(now=NOW):
        session = make_session(day, 3, title="")
    change(session, title="Late news", now=NOW + timedelta(minutes=10))

    assert said(day.conference) == ["Session 3 is new on the program: “Late news”."]


def test_what_is_removed_keeps_its_name_alone(day, session):
    change(session, title="Global voices")
    with noting_changes(now=NOW + timedelta(days=1)):
        session.delete()

    assert said(day.conference) == ["Session 2 is no longer on the program."]


def test_day_that_is_removed_or_new_speaks_for_its_sessions(day):
    other = make_day(day.conference, 2)
    inner = make_session(other, 1)
    with noting_changes(now=NOW):
        inner.delete()
        other.delete()
    with noting_changes(now=NOW + timedelta(days=1)):
        make_session(make_day(day.conference, 3), 1)

    assert said(day.conference) == ["Day 3 is new on the program.", "Day 2 is no longer on the program."]


def test_change_within_a_change_is_noted_once(day):
    with noting_changes(now=NOW):
        make_session(day, 3)
        change(day, called_off_at=NOW)

    assert said(day.conference) == [
        "Session 3 is new on the program: “Topic 3”.",
        "Day 1 is called off. It will not take place.",
    ]


def test_program_file_notes_what_it_changes():
    before = Path(settings.BASE_DIR / "data" / "pxp-2023.yaml").read_text()
    after = before.replace('title: null, speakers: [{name: "Patrick Gee"}]', 'title: "Our rights"')
    conference = apply(read(before.encode()), now=NOW).conference

    apply(read(after.encode()), now=NOW)

    assert said(conference) == ["Session 1 has a title: “Our rights”."]


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "gossip"}, "program_change_kind_is_known"),
        ({"kind": "title", "day": None}, "program_change_of_session_has_day"),
    ],
)
def test_database_refuses_a_change_that_cannot_be_told(session, fields, constraint):
    told = {"conference": session.day.conference, "day": session.day, "session": session, "at": NOW} | fields

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ProgramChange.objects.create(**told)


def typed_on(response):
    """What a browser would send from an admin page as it is."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    values = {field.html_name: field.value() for form in forms for field in form}
    sent = {name: value for name, value in values.items() if value is not None and value is not False}
    for name, value in list(sent.items()):
        if isinstance(value, datetime):
            sent |= {f"{name}_0": f"{value:%Y-%m-%d}", f"{name}_1": f"{value:%H:%M:%S}"}
    return sent


def test_organiser_who_saves_a_session_lets_readers_know(client, session):
    client.force_login(make_staff())
    url = reverse("admin:conference_session_change", args=[session.pk])

    response = client.post(url, typed_on(client.get(url)) | {"title": "Global voices"})

    assert response.status_code == 302
    assert said(session.day.conference) == ["Session 2 has a title: “Global voices”."]


def test_organiser_who_moves_a_day_lets_readers_know_once(client, day):
    client.force_login(make_staff())
    url = reverse("admin:conference_day_change", args=[day.pk])

    response = client.post(url, typed_on(client.get(url)) | {"ends_at_1": "23:00:00", "title": ""})

    assert response.status_code == 302
    assert said(day.conference) == [
        "The title of Day 1 is to be announced again.",
        "Day 1 has moved. The new time is Sunday 12 September 2027, 19:00 to 23:00, UTC. "
        "It was Sunday 12 September 2027, 19:00 to 22:00, UTC.",
    ]


def test_organiser_who_deletes_a_session_lets_readers_know(client, session):
    client.force_login(make_staff())

    client.post(reverse("admin:conference_session_delete", args=[session.pk]), {"post": "yes"})

    assert said(session.day.conference) == ["Session 2 is no longer on the program."]
