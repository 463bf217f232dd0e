"""The rules that the database itself keeps: each is broken here once, and worded for people."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from conference.models import (
    Appearance,
    Conference,
    ContentVersion,
    Day,
    FormerSession,
    Picture,
    ProgramChange,
    Session,
    Speaker,
    Text,
)
from tests.factories import (
    FIRST_DAY,
    NOW,
    make_announced_date,
    make_appearance,
    make_conference,
    make_day,
    make_program,
    make_session,
    make_speaker,
)

HOUR = timedelta(hours=1)


def break_conference_clock_is_known():
    make_conference(clock="soon")


def break_conference_sign_up_closes_after_opening():
    make_conference(sign_up_opens_at=FIRST_DAY, sign_up_closes_at=FIRST_DAY)


def break_day_number_once_per_conference():
    conference = make_conference()
    make_day(conference, 1)
    make_day(conference, 1)


def break_day_number_is_1_to_31():
    make_day(number=32, starts_at=FIRST_DAY)


def break_day_ends_after_start():
    make_day(ends_at=FIRST_DAY)


def break_day_sign_up_closes_after_opening():
    make_day(sign_up_opens_at=FIRST_DAY, sign_up_closes_at=FIRST_DAY - HOUR)


def break_announced_date_once_per_region():
    day = make_day()
    make_announced_date(day, "Asia")
    make_announced_date(day, "Asia", date=date(2027, 9, 12))


def break_session_break_is_1_minute_to_24_hours():
    make_session(break_minutes=0)


def break_former_session_once_per_conference():
    conference = make_conference()
    FormerSession.objects.create(conference=conference, slug="day-1-session-1")
    FormerSession.objects.create(conference=conference, slug="day-1-session-1")


def break_speaker_picture_has_words():
    picture = Picture.objects.create(key="a", small=b"", medium=b"", large=b"", added_at=NOW)
    make_speaker(picture=picture, picture_alt="")


def break_session_number_once_per_day():
    day = make_day()
    make_session(day, 1)
    make_session(day, 1)


def break_session_slug_once_per_day():
    day = make_day()
    make_session(day, 1, slug="s-kvmw42")
    make_session(day, 2, slug="s-kvmw42")


def break_session_has_a_slug():
    make_session(slug="")


def break_session_number_is_1_to_999():
    make_session(number=0)


def break_session_has_both_times_or_none():
    make_session(starts_at=FIRST_DAY)


def break_speaker_slug_once_per_conference():
    conference = make_conference()
    make_speaker(conference, name="Grace", slug="grace")
    make_speaker(conference, name="Grace Ho", slug="grace")


def break_speaker_once_per_session():
    appearance = make_appearance()
    make_appearance(appearance.session, appearance.speaker, role="facilitator")


def break_appearance_role_is_known():
    make_appearance(role="chair")


def break_text_once_per_conference():
    conference = make_conference()
    Text.objects.create(conference=conference, key="home-lead")
    Text.objects.create(conference=conference, key="home-lead", body="Again")


def break_program_change_kind_is_known():
    ProgramChange.objects.create(conference=make_conference(), kind="mood", at=NOW)


def break_program_change_of_session_has_day():
    session = make_session()
    ProgramChange.objects.create(conference=session.day.conference, session=session, kind="title", at=NOW)


def break_content_version_has_one_row():
    ContentVersion.objects.create(pk=2, changed_at=FIRST_DAY)


BREAKERS = {name.removeprefix("break_"): value for name, value in globals().items() if name.startswith("break_")}


def all_constraints():
    tables = apps.get_app_config("conference").get_models()
    return {constraint.name: constraint for table in tables for constraint in table._meta.constraints}


@pytest.mark.django_db
@pytest.mark.parametrize("of_edition", [(None, None), (-1, None), (1, 2), (None, -1), (-2, 2)])
def test_days_that_take_sign_ups_are_counted_as_each_day_says(of_edition):
    def at(hours):
        return None if hours is None else FIRST_DAY + hours * HOUR

    conference = make_conference(sign_up_opens_at=at(of_edition[0]), sign_up_closes_at=at(of_edition[1]))
    windows = [(None, None), (1, None), (-1, None), (None, 1), (None, -1), (-3, -2), (2, 3)]
    for number, (opens, closes) in enumerate(windows, start=1):
        times = {"sign_up_opens_at": at(opens), "sign_up_closes_at": at(closes)}
        make_day(conference, number, starts_at=FIRST_DAY, called_off_at=NOW if number == 3 else None, **times)

    for now in [FIRST_DAY + hours * HOUR / 2 for hours in range(-7, 8)]:
        expected = sum(day.sign_up_is_open(now) for day in Day.objects.with_conference())
        assert Conference.objects.with_open_days(now).get().open_days == expected


def test_every_constraint_has_a_test_that_breaks_it():
    assert set(BREAKERS) == set(all_constraints())


@pytest.mark.django_db
@pytest.mark.parametrize("name", BREAKERS)
def test_constraint_holds_in_the_database(name):
    with pytest.raises(IntegrityError), transaction.atomic():
        BREAKERS[name]()


@pytest.mark.parametrize("name", BREAKERS)
def test_constraint_is_worded_for_people(name):
    constraint = all_constraints()[name]

    assert str(constraint.violation_error_message) != str(models.BaseConstraint.default_violation_error_message)
    assert str(constraint.violation_error_message).endswith(".")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [(FIRST_DAY, FIRST_DAY), (FIRST_DAY, FIRST_DAY - HOUR), (FIRST_DAY, None), (None, FIRST_DAY)],
)
def test_session_has_both_times_in_order_or_none(starts_at, ends_at):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_session(starts_at=starts_at, ends_at=ends_at)


@pytest.mark.django_db
def test_one_edition_a_year():
    make_conference(slug="2027")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_conference(slug="2027")


@pytest.mark.parametrize("slug", ["27", "1999", "next", "20270", "2O27"])
def test_edition_is_named_by_a_year(slug):
    with pytest.raises(ValidationError):
        Conference(slug=slug, name="PxP").clean_fields()


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Conference, Day, Speaker])
def test_what_others_stand_on_is_not_deleted(model):
    make_program(days=1, sessions=1)

    with pytest.raises(ProtectedError):
        model.objects.get().delete()


@pytest.mark.django_db
def test_session_takes_its_appearances_with_it():
    make_program(days=1, sessions=1)

    Session.objects.get().delete()

    assert (Appearance.objects.count(), Speaker.objects.count()) == (0, 1)


def an_edition(year, **fields):
    conference = make_conference(slug=str(year), **fields)
    make_day(conference, 1, starts_at=datetime(year, 9, 12, 19, tzinfo=UTC))
    return conference


@pytest.mark.django_db
def test_current_edition_is_the_next_to_end_or_the_last_that_ended():
    editions = {year: an_edition(year) for year in (2025, 2027, 2028)}
    make_conference(slug="2030")  # without days
    an_edition(2026, is_published=False)

    found = {
        at.isoformat(): Conference.objects.current(at)
        for at in (
            datetime(2024, 1, 1, tzinfo=UTC),
            datetime(2026, 1, 1, tzinfo=UTC),
            datetime(2027, 9, 12, 21, 59, tzinfo=UTC),
            datetime(2027, 9, 12, 22, 1, tzinfo=UTC),
            datetime(2029, 1, 1, tzinfo=UTC),
        )
    }

    assert list(found.values()) == [editions[year] for year in (2025, 2027, 2027, 2028, 2028)]


@pytest.mark.django_db
def test_past_editions_are_published_and_newest_first():
    editions = [an_edition(year) for year in (2024, 2025, 2027)]
    an_edition(2023, is_published=False)

    past = Conference.objects.past(datetime(2026, 1, 1, tzinfo=UTC))

    assert list(past) == [editions[1], editions[0]]


@pytest.mark.django_db
def test_unpublished_edition_shows_none_of_its_parts():
    make_program(slug="2026", is_published=False)
    conference = make_program(slug="2027")

    published = [model.objects.published() for model in (Day, Session, Speaker)]

    assert {day.conference for day in published[0]} == {conference}
    assert {session.day.conference for session in published[1]} == {conference}
    assert [speaker.conference for speaker in published[2]] == [conference]


@pytest.mark.django_db
def test_program_is_loaded_in_the_same_queries_however_long(django_assert_num_queries):
    short, long = make_program(days=1, sessions=1, slug="2026"), make_program(days=3, sessions=20, slug="2027")

    for conference in (short, long):
        with django_assert_num_queries(5):
            days = Day.objects.for_edition(conference).with_program()
            [told.speaker.name for day in days for session in day.sessions.all() for told in session.appearances.all()]


@pytest.mark.django_db
def test_names_of_rows_say_what_they_are():
    conference = make_program(days=1, sessions=1, name="PxP: For Patients, By Patients")
    day = Day.objects.for_edition(conference).get()
    session = Session.objects.for_edition(conference).get()

    names = [str(row) for row in (conference, day, session, session.appearances.get(), make_announced_date(day))]

    assert names == [
        "PxP: For Patients, By Patients (2027)",
        "PxP 2027, Day 1",
        "Day 1, Session 1: Topic 1",
        "Grace (Speaker)",
        "Asia and Oceania: 2027-09-13",
    ]
    assert (day.slug, session.slug) == ("day-1", "day-1-session-1")
