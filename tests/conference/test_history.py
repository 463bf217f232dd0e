"""The history of Django's own forms: which field, from what to what, and never what is nobody's to read."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.urls import reverse

from conference.admin.history import from_to
from conference.models import Speaker
from registration.models import AccessRequest, Registrant
from tests.conference.test_edit_conflicts import opened
from tests.factories import make_announced_date, make_confirmed, make_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def day():
    day = make_program(days=1, sessions=1).days.get()
    make_announced_date(day)
    return day


@pytest.fixture
def lead(client):
    """The browser of an organiser with every role."""
    user = User.objects.create_user("lena", is_staff=True, is_superuser=True)
    user.groups.set(Group.objects.all())
    client.force_login(user)
    return client


def save(client, row, **typed):
    """Type into the form of a row, save it, and return what the history says of the row, the newest first."""
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    response = client.post(address, opened(client, address) | typed)
    assert response.status_code == 302, response.context["mistakes"]
    about = LogEntry.objects.filter(object_id=row.pk, content_type__model=row._meta.model_name)
    return [entry.get_change_message() for entry in about.order_by("-pk")]


def test_texts_choices_times_and_numbers_are_told_from_what_to_what(lead, day):
    typed = {"title": "Courage", "capacity": "50", "captions": "yes", "starts_at_1": "18:30"}

    assert save(lead, day, **typed) == [
        "Changed Title (from “Theme 1” to “Courage”), Starts at (UTC) (from “Sun 12 Sep 2027, 19:00 UTC” to "
        "“Sun 12 Sep 2027, 18:30 UTC”), Live captions (from nothing to “Yes”) and Places (from nothing to “50”)."
    ]


def test_rows_of_a_table_are_told_on_the_page_and_on_their_own(lead, day):
    typed = {"sessions-0-title": "Courage", "announced_dates-0-region": "Asia"}

    words = save(lead, day, **typed)

    assert words == [
        "Changed Region (from “Asia and Oceania” to “Asia”) for announced date “Asia: 2027-09-13”. "
        "Changed Title (from “Topic 1” to “Courage”) for session “Day 1, Session 1: Courage”."
    ]
    session = LogEntry.objects.get(content_type__model="session")
    assert session.get_change_message() == "Changed Title (from “Topic 1” to “Courage”)."


def test_choice_of_another_row_and_a_tick_are_told_in_words(lead, day):
    assert save(lead, Speaker.objects.get(conference=day.conference), affiliation="Navy") == [
        "Changed Works or speaks for (from nothing to “Navy”)."
    ]
    assert save(lead, day.sessions.get(), rewatch_party="on") == [
        "Changed Watched again together (from “no” to “yes”)."
    ]


def test_link_to_a_meeting_is_never_in_the_history(lead, day):
    (words,) = save(lead, day, meeting_url="https://zoom.example.org/j/123?pwd=secret")

    assert words == "Changed Address of the meeting."
    assert not LogEntry.objects.filter(change_message__contains="secret").exists()


def test_person_s_correction_is_told_but_not_what_they_say_of_their_health(lead, day):
    ada = make_confirmed(day, role_words="With lupus")

    assert save(lead, ada, name="Ada Lovelace", role_words="With MS") == [
        "Changed Name (from “Ada” to “Ada Lovelace”) and Role in their own words."
    ]


def test_what_people_need_and_our_answer_are_never_in_the_history(lead, day):
    make_confirmed(day, needs="Oxygen")

    assert save(lead, AccessRequest.objects.get(), state="arranged", answer="Bring the bottle") == [
        "Changed How far along is it? (from “New” to “Arranged”) and Our answer to the person."
    ]


def test_long_texts_are_told_around_the_change():
    before, after = "word " * 100 + "old end", "word " * 100 + "new end"

    words = from_to("Body", before, after)

    assert words.startswith("Body (from “…word word")
    assert "old end”" in words
    assert "new end”" in words
    assert len(words) < 150


@pytest.mark.parametrize(
    ("model", "told"),
    [
        (
            Registrant,
            {"name", "email", "country", "time_zone", "language", "calendar_mails", "neutral_titles"},
        ),
        (AccessRequest, {"state"}),
    ],
)
def test_each_field_about_a_person_is_told_or_hidden_on_purpose(lead, rf, day, model, told):
    request = rf.get("/")
    request.user = User.objects.get()
    make_confirmed(day, needs="Oxygen")
    row = model.objects.get()
    own = admin.site._registry[model]

    fields = own.get_form(request, row, change=True).base_fields

    assert set(fields) - set(own.hidden_in_history) == told
