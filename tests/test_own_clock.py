"""The organiser's own clock: chosen once, and used in every form and list."""

from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils.translation import override

from conference.models import Day
from conference.workplace.own_clock import own_words
from registration.admin.today.people import DayBar
from registration.models import Organiser
from tests.factories import FIRST_DAY, make_program, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser(client):
    user = make_staff()
    client.force_login(user)
    return user


def test_an_organiser_chooses_the_clock_by_its_place_on_record(client, organiser):
    address = reverse("organisers-clock")
    assert "Your clock: UTC. Change" in client.get(address).text

    wrong = client.post(address, {"time_zone": "Toronto"})
    done = client.post(address, {"time_zone": "America/Toronto", "next": "//elsewhere.example.org/"})

    assert (wrong.status_code, done.status_code, done.url) == (422, 302, reverse("admin:index"))
    assert Organiser.objects.get(user=organiser).time_zone == "America/Toronto"
    assert LogEntry.objects.get().change_message == "Own clock: from not chosen to Toronto"
    assert "Your clock: Toronto. Change" in client.get(address).text


def test_times_are_shown_and_typed_on_that_clock_and_dates_have_a_written_month(client, organiser):
    Organiser.objects.create(user=organiser, time_zone="America/Toronto")
    day = make_program(days=1, sessions=1).days.get()
    page = reverse("admin:conference_day_change", args=[day.pk])

    shown = client.get(page)
    form = shown.context["adminform"].form
    fields = {name: str(form[name].value() or "") for name in form.fields}

    assert form["starts_at"].label == "Starts at (Toronto time)"
    assert 'value="12 September 2027"' in shown.text
    assert 'value="3:00 pm"' in shown.text
    assert "Sun 12 Sep 2027, 3:00\u00a0pm, Toronto time" in client.get(reverse("admin:conference_day_changelist")).text
    fields |= {"starts_at_0": "12 September 2027", "starts_at_1": "2:30 pm"}
    fields |= {"ends_at_0": "12 Sep 2027", "ends_at_1": "18:00"}
    for table in shown.context["inline_admin_formsets"]:
        fields |= {f"{table.formset.prefix}-{key}": "0" for key in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
    saved = client.post(page, fields)

    assert saved.status_code == 302, saved.context["errors"]
    saved_day = Day.objects.get()
    assert (saved_day.starts_at, saved_day.ends_at) == (datetime(2027, 9, 12, 18, 30, tzinfo=UTC), day.ends_at)
    assert FIRST_DAY.hour == 19


def test_a_time_that_no_clock_shows_is_refused_with_a_sentence(client, organiser):
    Organiser.objects.create(user=organiser, time_zone="America/Toronto")
    day = make_program(days=1, sessions=1).days.get()
    typed = {"starts_at_0": "14 March 2027", "starts_at_1": "2:30 am"}

    answer = client.post(reverse("admin:conference_day_change", args=[day.pk]), typed)

    assert "Clocks change in that hour in Toronto. Type a time before or after it." in answer.text


def test_the_clock_ends_with_the_page(client, organiser):
    Organiser.objects.create(user=organiser, time_zone="Asia/Tokyo")
    make_program(days=1, sessions=1)
    client.get(reverse("admin:index"))

    assert "19:00" in client.get("/program/day-1/").text


def test_french_writes_months_small_and_a_blank_before_a_colon():
    day = make_program(days=1).days.get()
    day.title = "Pacing"

    with override("fr"):
        words = own_words(datetime(2026, 11, 28, 19, tzinfo=UTC))
        name = DayBar(day, "", "", 0, 0, 0, None, "").name

    assert words.startswith("sam. 28 nov. 2026")
    assert name == "Jour 1\xa0: Pacing"
