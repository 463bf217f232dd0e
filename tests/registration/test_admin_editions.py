"""Editions in the admin: drafts, other years, taken off the site, deleted; and what stays for people."""

import pytest
from django.urls import reverse

from conference.models import Conference, ProgramChange
from conference.texts import ensure_rows
from registration.groups import REGISTRATION
from registration.links import calendar_url, join_url, my_url
from tests.factories import (
    make_conference,
    make_confirmed,
    make_day,
    make_pending,
    make_program,
    make_staff,
    the_registration,
)

pytestmark = pytest.mark.django_db


def form_of(conference, **changes):
    fields = {"name": "PxP", "short_name": "PxP", "slug": "2027", "clock": "provisional", "door_opens_minutes": 30}
    if conference:
        fields |= {name: getattr(conference, name) for name in ("name", "slug", "clock")} | {"is_published": "on"}
    fields |= {f"reminder_marks-{part}_FORMS": 0 for part in ("TOTAL", "INITIAL")}
    return {name: value for name, value in (fields | changes).items() if value is not None}


def save(client, conference, **changes):
    page, args = ("change", [conference.pk]) if conference else ("add", [])
    return client.post(reverse(f"admin:conference_conference_{page}", args=args), form_of(conference, **changes))


def save_with_yes(client, conference, **changes):
    asked = save(client, conference, **changes)
    name, value = asked.context["yes"]
    save(client, conference, **changes, **{name: value})
    return asked.context["questions"]


def path_of(url, settings):
    return url.removeprefix(settings.SITE_URL)


# --- Drafts


def test_a_new_conference_is_a_draft_until_it_is_published(organiser):
    save(organiser, None)
    conference = Conference.objects.get()
    day = make_day(conference)
    day.title = "Drafted"
    day.save()

    assert not conference.is_published
    assert organiser.get("/2027/").status_code == 404

    save(organiser, conference, is_published="on")  # the form has no such field yet

    assert organiser.get("/2027/").status_code == 404

    url = reverse("admin:conference_conference_publish", args=[conference.pk])
    assert f'href="{url}"' in organiser.get(reverse("admin:conference_conference_change", args=[conference.pk])).text
    organiser.post(url, {"yes": organiser.get(url).context["answer"]})

    assert organiser.get("/2027/").status_code == 200
    assert not ProgramChange.objects.exists()


def test_who_may_only_look_at_an_edition_is_led_to_nothing_closed(client):
    conference = make_conference(is_published=False)
    client.force_login(make_staff(REGISTRATION))

    page = client.get(reverse("admin:conference_conference_change", args=[conference.pk])).text

    assert f"/{conference.pk}/next-year/" not in page
    assert f"/{conference.pk}/publish/" not in page


# --- Another year


def test_another_year_is_asked_about_and_old_addresses_lead_on(organiser):
    conference = make_program(slug="2027")
    uid = [line for line in organiser.get("/program.ics").text.splitlines() if line.startswith("UID")]

    questions = save_with_yes(organiser, conference, slug="2029")

    assert questions == ["The web address /2027/ becomes /2029/. Old links still work. The days keep their dates."]
    response = organiser.get("/2027/program/day-1/?tz=Asia/Tokyo")
    assert (response.status_code, response["Location"]) == (301, "/2029/program/day-1/?tz=Asia/Tokyo")
    assert organiser.get("/2029/program/").status_code == 200
    assert [line for line in organiser.get("/program.ics").text.splitlines() if line.startswith("UID")] == uid


def test_a_year_that_changes_twice_leads_on_from_both_and_can_come_back(organiser):
    conference = make_program(slug="2027")
    save_with_yes(organiser, conference, slug="2029")
    save_with_yes(organiser, conference, slug="2028")

    assert [organiser.get(f"/{year}/")["Location"] for year in (2027, 2029)] == ["/2028/", "/2028/"]

    save_with_yes(organiser, conference, slug="2027")

    assert organiser.get("/2027/").status_code == 200
    assert organiser.get("/2028/")["Location"] == "/2027/"


def test_the_former_year_of_another_conference_is_refused(organiser):
    save_with_yes(organiser, make_program(slug="2027"), slug="2029")

    response = save(organiser, None, slug="2027")

    [error] = response.context["adminform"].form.errors["slug"]
    assert error == "Old links to 2027 lead to “PxP 2027 (2029)”. Choose another year."


def test_a_draft_changes_its_year_without_a_trace(organiser):
    conference = make_conference(is_published=False)

    save_with_yes(organiser, conference, slug="2029", is_published=None)

    assert organiser.get("/2027/").status_code == 404
    assert save(organiser, None, slug="2027").status_code == 302


# --- Taken off the site


def test_an_edition_with_people_is_taken_off_after_a_yes_and_their_pages_stay(organiser, settings):
    day = make_day()
    ada = make_confirmed(day)
    make_pending(day, name="Bob")
    pages = [my_url(ada), join_url(the_registration(ada, day)), calendar_url(ada)]

    questions = save_with_yes(organiser, day.conference, is_published=None)

    assert questions == [
        "Visitors no longer see this conference, and nobody can sign up for it.",
        "1 person has a place. Their own page, door and calendar stay the same, and they get no mail.",
    ]
    answers = [organiser.get(path_of(page, settings)) for page in pages]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert "Day 1" in answers[0].text
    assert 'href="/program/"' not in answers[0].text
    assert organiser.get("/2027/").status_code == 404


def test_the_button_of_the_draft_asks_too_before_an_edition_is_taken_off(organiser):
    conference = make_program()
    ensure_rows(conference)  # or the form adds them
    url = reverse("admin:conference_conference_change", args=[conference.pk])
    shown = organiser.get(url).context["adminform"].form
    unticked = form_of(conference, is_published=None, _draft="")
    unticked = {name: shown[name].initial for name in shown.fields if shown[name].initial} | unticked
    del unticked["is_published"]

    asked = organiser.post(url, unticked)

    assert asked.context["questions"] == ["Visitors no longer see this conference, and nobody can sign up for it."]
    assert f'/{conference.pk}/publish/">Publish…' not in asked.text
    assert organiser.get("/2027/").status_code == 200

    name, value = asked.context["yes"]
    done = organiser.post(url, unticked | {name: value}, follow=True)

    assert organiser.get("/2027/").status_code == 404
    assert [str(told) for told in done.context["messages"]] == ["Your change to “published” took effect at once."]


def test_a_person_of_a_hidden_edition_sees_theirs_beside_the_one_that_is_shown(organiser, settings):
    day = make_day(make_conference(slug="2027"))
    ada = make_confirmed(day)
    make_program(slug="2028")
    Conference.objects.filter(slug="2027").update(is_published=False)

    page = organiser.get(path_of(join_url(the_registration(ada, day)), settings))

    assert (page.status_code, page.context["conference"].slug) == (200, "2027")


# --- Deleted


def test_a_conference_made_by_mistake_is_deleted_with_its_program(organiser):
    conference = make_program()
    url = reverse("admin:conference_conference_delete", args=[conference.pk])

    asked = organiser.get(url)
    organiser.post(url, {"post": "yes"})

    assert "Theme 1" in asked.text or "Day 1" in asked.text
    assert not Conference.objects.exists()


def test_a_conference_with_people_is_not_deleted_and_loses_nothing(organiser):
    conference = make_program()
    make_pending(conference.days.first())
    url = reverse("admin:conference_conference_delete", args=[conference.pk])

    asked = organiser.get(url)
    organiser.post(url, {"post": "yes"})

    assert "belong to it. To take a conference off the site" in " ".join(asked.text.split())
    assert (conference.days.count(), Conference.objects.count()) == (3, 1)


# --- The empty site


@pytest.mark.parametrize("path", ["/", "/program/", "/register/day-1/", "/fr/contact/", "/nothing-here/"])
def test_an_empty_site_says_so_and_leads_nowhere_in_vain(client, path):
    make_conference(is_published=False)

    page = client.get(path)

    links = {part.split('"')[0] for part in page.text.split("<a ")[1:] for part in part.split('href="')[1:2]}
    links -= {version.url for version in page.context["languages"]}  # the same page in other languages
    assert links <= {"/", "/fr/", "#content"}
    is_right = path != "/nothing-here/"
    assert ("This site is being prepared." in page.text) == (is_right and not path.startswith("/fr/"))
    assert ("Ce site est en préparation" in page.text) == path.startswith("/fr/")
