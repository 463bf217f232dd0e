"""Above a form that is not saved, organisers read what is wrong, each mistake with a link to its place."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

from conference.admin.base import PlainAdmin
from conference.models import Day
from tests.factories import make_confirmed, make_program, make_session

pytestmark = pytest.mark.django_db


def words_of(part):
    return " ".join(re.sub("<[^>]*>", " ", part).split())


def mistakes_on(page):
    """Return (words, id of the place that they lead to) of each mistake above the form; each place is on the page."""
    [part] = re.findall(r'<div class="mistakes".*?</ul>', page.text, re.S)
    found = [
        (words_of(line), (re.findall('href="#([^"]*)"', line) or [""])[0])
        for line in re.findall("<li>.*?</li>", part, re.S)
    ]
    ids = re.findall('id="([^"]*)"', page.text)
    assert [place for _words, place in found if place and ids.count(place) != 1] == []
    return found


def title_of(page):
    return words_of(re.search("<title>.*?</title>", page.text, re.S)[0])


def values_of(page):
    """Return what the form of a page sends untouched."""
    forms = [page.context["adminform"].form]
    for table in page.context["inline_admin_formsets"]:
        forms += [table.formset.management_form, *table.formset.forms]
    data = {}
    for form in forms:
        for field in form:
            widget, value = field.field.widget, field.value()
            parts = widget.decompress(value) if hasattr(widget, "decompress") else [value]
            names = [f"{field.html_name}_{n}" for n in range(len(parts))] if len(parts) > 1 else [field.html_name]
            data |= {name: "" if part is None else part for name, part in zip(names, parts, strict=True)}
    return data


def test_a_day_names_each_field_and_each_row_with_a_mistake(organiser):
    make_program(days=1, sessions=1)
    day = Day.objects.get()
    url = reverse("admin:conference_day_change", args=[day.pk])
    new = {"sessions-TOTAL_FORMS": 2, "sessions-1-number": "many", "sessions-1-title": "Late"}

    page = organiser.post(url, values_of(organiser.get(url)) | new | {"number": "x", "starts_at_1": "soon"})

    assert title_of(page).startswith("Error: ")
    assert "Please correct" not in page.text
    found = mistakes_on(page)
    assert [place for _words, place in found] == ["id_number", "id_starts_at_0", "id_sessions-1-number"]
    assert found[0][0] == "Number: Enter a whole number."
    assert found[2][0].startswith("Session 2, Position in the day: ")


def test_a_page_without_mistakes_says_nothing_of_any(organiser):
    make_program(days=1, sessions=1)

    page = organiser.get(reverse("admin:conference_day_change", args=[Day.objects.get().pk]))

    assert 'class="mistakes"' not in page.text
    assert not title_of(page).startswith("Error:")


def test_mistakes_of_a_whole_table_and_of_a_whole_row_lead_to_it(organiser):
    make_program(days=1, sessions=2)
    url = reverse("admin:conference_day_change", args=[Day.objects.get().pk])
    data = values_of(organiser.get(url))
    dates = {"announced_dates-TOTAL_FORMS": 2}
    for number in (0, 1):
        row = {"region": "Africa", "date": "2027-09-12", "position": 1}
        dates |= {f"announced_dates-{number}-{name}": value for name, value in row.items()}

    page = organiser.post(url, data | dates)

    places = [place for _words, place in mistakes_on(page)]
    assert places
    assert set(places) <= {"announced_dates-group", "announced_dates-1", "id_announced_dates-1-region"}


@pytest.mark.parametrize(
    "name", ["conference_conference", "conference_session", "conference_speaker", "registration_registrant"]
)
def test_an_empty_new_row_names_what_is_missing_and_the_cursor_stays_on_that(organiser, name):
    make_session()

    page = organiser.post(reverse(f"admin:{name}_add"), {})

    found = mistakes_on(page)
    assert found
    assert all(place or words for words, place in found)
    assert '<div class="mistakes" role="alert" tabindex="-1" autofocus>' in page.text
    assert "change_form.js" not in page.text


@pytest.mark.parametrize(
    ("wrong", "mistake"),
    [
        ({"ends_at_1": "01:00"}, ("Ends at (UTC): The day must end after it starts.", "id_ends_at_0")),
        (
            {"sign_up_opens_at_0": "2027-05-01", "sign_up_closes_at_0": "2027-04-01"},
            ("Sign-up closes at (UTC): Sign-up must close after it opens.", "id_sign_up_closes_at_0"),
        ),
    ],
)
def test_a_rule_between_two_fields_leads_to_the_last_of_them(organiser, wrong, mistake):
    day = make_program(days=1, sessions=1).days.get()
    url = reverse("admin:conference_day_change", args=[day.pk])
    page = organiser.get(url)
    hours = {"sign_up_opens_at_1": "09:00", "sign_up_closes_at_1": "09:00"} if "ends_at_1" not in wrong else {}

    page = organiser.post(url, values_of(page) | {"_seen": page.context["seen"]} | hours | wrong)

    assert mistake in mistakes_on(page)


def test_what_is_about_the_whole_form_leads_nowhere(organiser):
    person = make_confirmed(make_program(days=1, sessions=1).days.get())
    url = reverse("admin:registration_registrant_change", args=[person.pk])
    page = organiser.get(url)
    typed = values_of(page) | {"_seen": page.context["seen"], "name": "Another", page.context["action_field"]: "x"}

    page = organiser.post(url, typed)

    [(words, place)] = mistakes_on(page)
    assert words.startswith("You changed something on this page. Save it first")
    assert place == ""


def test_every_form_of_the_organisers_says_so():
    others = [model for model, one in admin.site._registry.items() if not isinstance(one, PlainAdmin)]

    assert others == [Group]  # Django's own, which no role may change


def test_a_form_of_our_own_says_it_too(organiser):
    conference = make_program(days=2, sessions=1)

    page = organiser.post(reverse("admin:next_year", args=[conference.pk]), {"day_1": "", "day_2": "x"})

    found = mistakes_on(page)
    assert [words.split(":")[0] for words, _place in found] == ["Day 1", "Day 2"]
    assert all(place for _words, place in found)
    assert title_of(page).startswith("Error: ")
