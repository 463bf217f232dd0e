"""Next year from this one: what is copied, what stays, and what is said."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from conference.models import Conference, Day, Session, Speaker, Text
from registration.models import Question, Registrant, ReminderMark
from registration.services.next_year import copy_edition
from tests.factories import (
    FIRST_DAY,
    make_conference,
    make_confirmed,
    make_day,
    make_session,
    make_speaker,
)

pytestmark = pytest.mark.django_db

TORONTO = ZoneInfo("America/Toronto")
DATES = [date(2028, 9, 10), date(2028, 9, 11)]


@pytest.fixture
def edition():
    """Two days with a session, a speaker, a person, a text, a question and a reminder."""
    conference = make_conference(name="PxP 2027", cost="free", sign_up_opens_at=FIRST_DAY - timedelta(days=100))
    day = make_day(conference, title="Boost", starts_at=FIRST_DAY, captions="yes", capacity=100)
    make_day(conference, 2, starts_at=FIRST_DAY + timedelta(days=1), meeting_url="https://zoom.example.org/1")
    make_session(day)
    make_speaker(conference)
    Text.objects.update_or_create(
        conference=conference,
        key="contact",
        defaults={
            "body": "Write to us.",
            "translations": {"fr": {"body": {"words": "Écrivez.", "of": "Write to us."}}},
        },
    )
    Question.objects.create(conference=conference, label="What brings you here?")
    ReminderMark.objects.get_or_create(conference=conference, minutes_before=120)
    make_confirmed(day)
    return conference


def test_settings_words_questions_and_reminders_come_along(edition):
    made = copy_edition(edition, dates=DATES, zone=TORONTO)

    assert (made.slug, made.name, made.cost, made.is_published) == ("2028", "PxP 2028", "free", False)
    assert Text.objects.for_edition(made).get(key="contact").translation("body", "fr")["words"] == "Écrivez."
    assert Question.objects.for_edition(made).count() == Question.objects.for_edition(edition).count() == 1
    assert ReminderMark.objects.for_edition(made).count() == ReminderMark.objects.for_edition(edition).count()
    assert made.sign_up_opens_at == edition.sign_up_opens_at + timedelta(days=364)


def test_name_has_the_new_year_in_each_language(edition):
    edition.translations = {"fr": {"name": {"words": "PxP 2027, le congrès", "of": "PxP 2027"}}}
    edition.save()

    made = copy_edition(edition, dates=DATES, zone=TORONTO)

    assert made.translation("name", "fr") == {"words": "PxP 2028, le congrès", "of": "PxP 2028"}


def test_days_keep_their_hours_and_offers_and_lose_what_belongs_to_a_year(edition):
    made = copy_edition(edition, dates=DATES, zone=TORONTO)
    first, second = Day.objects.for_edition(made)

    assert first.starts_at == FIRST_DAY + timedelta(days=364)
    assert (first.title, first.captions, first.capacity) == ("", "yes", 100)
    assert (second.starts_at.astimezone(TORONTO).date(), second.meeting_url) == (DATES[1], "")


def test_hours_stay_the_same_where_clocks_have_changed(edition):
    made = copy_edition(edition, dates=[date(2028, 12, 1), date(2028, 12, 2)], zone=TORONTO)

    hours = [day.starts_at.astimezone(TORONTO).time() for day in Day.objects.for_edition(made)]
    assert hours == [FIRST_DAY.astimezone(TORONTO).time()] * 2


def test_people_and_program_stay_behind(edition):
    made = copy_edition(edition, dates=DATES, zone=TORONTO)

    for rows in (Registrant.objects, Session.objects, Speaker.objects):
        assert not rows.for_edition(made).exists()
        assert rows.for_edition(edition).exists()


def test_lead_makes_it_in_one_press_and_it_is_on_record(admin_client, edition):
    url = reverse("admin:next_year", args=[edition.pk])
    page = admin_client.get(url)
    suggested = {name: page.context["form"][name].value() for name in page.context["form"].fields}

    answer = admin_client.post(url, {name: f"{value:%Y-%m-%d}" for name, value in suggested.items()}, follow=True)

    made = Conference.objects.for_year("2028").get()
    assert "is ready as a draft" in answer.text
    assert [entry.change_message for entry in LogEntry.objects.filter(object_id=made.pk)] == [f"Made from {edition}"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("2028-09-10", "2028-09-10"), "Each day must be later than the one before."),
        (("2028-12-31", "2029-01-01"), "All days must be in one year."),
        (("2027-12-01", "2027-12-02"), "There is a conference of 2027 already. Choose another year."),
        (("10/9/2028", "2028-09-11"), "can be read in two ways"),
        (("", "2028-09-11"), "Write the date of Day 1."),
    ],
)
def test_odd_dates_get_a_sentence_and_nothing_is_made(admin_client, edition, typed, sentence):
    url = reverse("admin:next_year", args=[edition.pk])

    answer = admin_client.post(url, dict(zip(("day_1", "day_2"), typed, strict=True)))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert Conference.objects.count() == 1


def test_edition_without_days_says_what_to_do_first(admin_client):
    answer = admin_client.get(reverse("admin:next_year", args=[make_conference().pk]))

    assert "Add its days first." in answer.text
