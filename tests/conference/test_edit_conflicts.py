"""Two organisers save the same page: what the later one did not touch stays, and what both touched is asked about."""

import re
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse

from conference import drafts
from conference.models import Day, Draft
from tests.factories import make_announced_date, make_confirmed, make_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def day():
    day = Day.objects.for_edition(make_program(days=1, sessions=1)).get()
    make_announced_date(day)
    return day


class Fields(HTMLParser):
    """Collects what a browser would send of a page's form: {name: value}."""

    def __init__(self):
        super().__init__()
        self.data, self.select, self.textarea = {}, None, None

    def handle_starttag(self, tag, attributes):
        field = dict(attributes)
        name, kind = field.get("name"), field.get("type")
        if tag == "select":
            self.select = name
        elif tag == "option" and "selected" in field:
            self.data[self.select] = field.get("value", "")
        elif tag == "textarea":
            self.textarea = name
            self.data[name] = ""
        elif tag == "input" and name and kind not in ("submit", "checkbox", "radio"):
            self.data[name] = field.get("value", "")
        elif tag == "input" and name and "checked" in field:
            self.data[name] = field.get("value", "on")

    def handle_data(self, data):
        if self.textarea:
            self.data[self.textarea] = data.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.textarea = None


def opened(client, address):
    """Open a page and return what its form would send when nothing is typed."""
    fields = Fields()
    fields.feed(client.get(address).text)
    return {name: value for name, value in fields.data.items() if "__prefix__" not in name} | {"_continue": "1"}


def test_a_page_that_nobody_else_changed_is_saved(organiser, day):
    address = reverse("admin:conference_day_change", args=[day.pk])

    response = organiser.post(address, opened(organiser, address) | {"title": "Mine"})

    day.refresh_from_db()
    assert (response.status_code, day.title) == (302, "Mine")


def test_a_field_that_the_later_one_left_alone_stays_as_the_first_one_wrote_it(organiser, day):
    address = reverse("admin:conference_day_change", args=[day.pk])
    first, second = opened(organiser, address), opened(organiser, address)

    organiser.post(address, first | {"title": "Theirs", "starts_at_1": "18:00"})
    response = organiser.post(address, second | {"summary": "Mine"})

    day.refresh_from_db()
    assert (day.title, day.summary, day.starts_at.hour) == ("Theirs", "Mine", 18)
    words = [str(message) for message in get_messages(response.wsgi_request)]
    assert "Someone else changed Title and Starts at (UTC) in the meantime. Their change is kept too." in words


def test_a_field_that_both_changed_keeps_the_later_words_and_shows_the_others(organiser, day):
    address = reverse("admin:conference_day_change", args=[day.pk])
    first, second = opened(organiser, address), opened(organiser, address)
    organiser.post(address, first | {"title": "Theirs"})

    page = organiser.post(address, second | {"title": "Mine"})

    form = page.context["adminform"].form
    assert form.errors == {
        "title": ["In the meantime someone else wrote: “Theirs”. Your words are still here. Save again to use yours."]
    }
    assert 'value="Mine"' in str(form["title"])
    day.refresh_from_db()
    assert day.title == "Theirs"
    seen = re.search(r'name="_seen" value="([^"]+)"', page.text)[1]
    organiser.post(address, second | {"title": "Mine", "_seen": seen})
    day.refresh_from_db()
    assert day.title == "Mine"


def test_the_same_words_from_both_are_no_conflict(organiser, day):
    address = reverse("admin:conference_day_change", args=[day.pk])
    first, second = opened(organiser, address), opened(organiser, address)
    organiser.post(address, first | {"title": "Same"})

    assert organiser.post(address, second | {"title": "Same"}).status_code == 302


def test_rows_of_a_table_on_the_page_are_kept_too(organiser, day):
    address = reverse("admin:conference_day_change", args=[day.pk])
    first, second = opened(organiser, address), opened(organiser, address)
    organiser.post(address, first | {"announced_dates-0-region": "Theirs", "sessions-0-title": "Theirs"})

    response = organiser.post(address, second | {"title": "Mine"})

    day.refresh_from_db()
    assert response.status_code == 302
    assert (day.title, day.sessions.get().title, day.announced_dates.get().region) == ("Mine", "Theirs", "Theirs")


def test_a_person_corrected_by_two_organisers_has_both_corrections(organiser, day):
    person = make_confirmed(day)
    address = reverse("admin:registration_registrant_change", args=[person.pk])
    first, second = opened(organiser, address), opened(organiser, address)
    organiser.post(address, first | {"name": "Ada Lovelace"})

    organiser.post(address, second | {"role_words": "Countess"})

    person.refresh_from_db()
    assert (person.name, person.role_words) == ("Ada Lovelace", "Countess")


def test_what_the_page_saw_cannot_be_forged(organiser, day):
    address = reverse("admin:conference_day_change", args=[day.pk])

    response = organiser.post(address, opened(organiser, address) | {"_seen": "x", "title": "Mine"})

    day.refresh_from_db()
    assert (response.status_code, day.title) == (302, "Mine")


def test_a_row_made_in_a_table_has_its_own_history(organiser, day):
    address = reverse("admin:conference_day_change", args=[day.pk])
    more = {"sessions-TOTAL_FORMS": "2", "sessions-1-number": "2", "sessions-1-title": "New", "sessions-1-day": day.pk}

    organiser.post(address, opened(organiser, address) | more)

    session = day.sessions.get(number=2)
    page = organiser.get(reverse("admin:conference_session_history", args=[session.pk]))
    assert [entry.get_change_message() for entry in page.context["action_list"]] == ["Added."]


def test_a_second_press_of_save_is_not_in_the_history(organiser, day):
    address = reverse("admin:conference_day_change", args=[day.pk])
    form = opened(organiser, address) | {"title": "Mine"}

    presses = [organiser.post(address, form).status_code for _press in range(2)]

    assert presses == [302, 302]
    assert [entry.get_change_message() for entry in LogEntry.objects.all()] == [
        "Changed Title (from “Theme 1” to “Mine”)."
    ]


def test_a_fix_at_once_replaces_no_words_of_a_draft_that_the_page_did_not_show(organiser):
    session = make_program(days=1, sessions=1).days.get().sessions.get()
    address = reverse("admin:conference_session_change", args=[session.pk])
    first, second = opened(organiser, address), opened(organiser, address)
    first.pop("_continue")
    organiser.post(address, first | {"title": "Drafted", "_draft": "1"})

    asked = organiser.post(address, second | {"title": "Fixed"})
    session.refresh_from_db()

    words = "In the meantime someone else wrote: “Drafted”. Your words are still here. Save again to use yours."
    assert asked.context["adminform"].form.errors == {"title": [words]}
    assert session.title == "Topic 1"
    seen = re.search(r'name="_seen" value="([^"]+)"', asked.text)[1]
    assert organiser.post(address, second | {"title": "Fixed", "_seen": seen}).status_code == 302
    session.refresh_from_db()
    assert session.title == "Fixed"


def test_a_fix_at_once_beside_a_draft_asks_nothing(organiser):
    session = make_program(days=1, sessions=1).days.get().sessions.get()
    address = reverse("admin:conference_session_change", args=[session.pk])
    first = opened(organiser, address)
    first.pop("_continue")
    organiser.post(address, first | {"title": "Drafted", "summary": "Drafted too", "_draft": "1"})

    fixed = organiser.post(address, opened(organiser, address) | {"description": "Fixed"})

    session.refresh_from_db()
    assert (fixed.status_code, session.title, session.description) == (302, "Topic 1", "Fixed")
    assert "Drafted" in str(Draft.objects.get().changes)


@pytest.mark.parametrize("is_published", [True, False])
@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("conference_speaker", {"name": "Zoë"}),
        ("conference_session", {"title": "Extra"}),
        ("registration_question", {"label": "How?"}),
    ],
)
def test_a_new_row_sent_twice_is_added_once_and_other_words_add_another(organiser, is_published, page, typed):
    conference = make_program(days=1, is_published=is_published)
    model = apps.get_model(page.replace("_", "."))
    address = reverse(f"admin:{page}_add", query={"day": conference.days.get().pk})
    form = opened(organiser, address) | typed | {"_draft": "1"}
    with drafts.show_drafts(conference):
        before = model.objects.count()

    presses = [organiser.post(address, form) for _press in range(2)]
    organiser.post(address, form | {name: f"{words} again" for name, words in typed.items()})

    with drafts.show_drafts(conference):
        assert model.objects.count() == before + 2
    assert presses[0].url == presses[1].url
    words = [str(message) for message in get_messages(presses[1].wsgi_request)]
    assert "It is added already: you pressed twice." in words
