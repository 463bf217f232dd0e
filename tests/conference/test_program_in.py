"""A program file on the organisers' pages: looked at first, into the draft, and back for a day."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conference import drafts
from conference.models import Draft, Session
from conference.program_formats import as_yaml, export_program, rows_of, sheets_of
from conference.program_loading import importing
from conference.tables import write
from registration.models import OutboxMessage
from tests.factories import make_confirmed, make_program
from tests.support.admin import messages_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def conference():
    return make_program(days=2, sessions=2)


def changed_file(conference, kind="yaml", **day):
    """Return the program's own file with another title of the first session, and other values of the first day."""
    told = export_program(conference)
    told["days"][0] |= day
    told["days"][0]["sessions"][0]["title"] = "=Hope"
    if kind == "yaml":
        return as_yaml(told)
    with write(kind, sheets_of(told) if kind == "xlsx" else [rows_of(told)]) as file:
        return file.read()


def look(organiser, conference, data, name="program.yaml"):
    url = reverse("admin:program-files-look", args=[conference.pk])
    return organiser.post(url, {"file": SimpleUploadedFile(name, data)})


def agree(organiser, conference, page):
    """Press the button of the page that shows the changes."""
    context = page.context
    fields = {"kept": context["kept"], "name": context["file_name"], "yes": context["answer"]}
    return organiser.post(reverse("admin:program-files-bring-in", args=[conference.pk]), fields)


def undo(organiser, conference):
    return messages_of(organiser.post(reverse("admin:program-files-undo", args=[conference.pk])))


@pytest.mark.parametrize("kind", ["yaml", "xlsx", "csv"])
def test_a_file_is_looked_at_then_goes_into_the_draft_and_comes_back(organiser, conference, kind):
    page = look(organiser, conference, changed_file(conference, kind), f"program.{kind}")
    assert page.context["told"] == ["“Topic 1” is now called “=Hope”."]
    assert not Draft.objects.exists()

    words = messages_of(agree(organiser, conference, page))

    assert words == ["The file is in the draft. Readers do not see it yet."]
    assert not Session.objects.filter(title="=Hope").exists()
    with drafts.show_drafts(conference):
        assert Session.objects.filter(title="=Hope").count() == 1
    assert undo(organiser, conference) == ["Taken back. The program is as it was before the file."]
    assert Draft.objects.get().changes == []
    assert [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")] == [
        "A file changed 1 thing",
        "Took back what a file changed",
    ]


def test_a_file_for_a_program_that_nobody_sees_changes_it_at_once_and_comes_back(organiser, conference):
    conference.is_published = False
    conference.save()
    before = export_program(conference)

    agree(organiser, conference, look(organiser, conference, changed_file(conference)))

    assert Session.objects.filter(title="=Hope").count() == 1
    undo(organiser, conference)
    assert export_program(conference) == before


def test_it_is_too_late_after_a_day_or_when_something_else_was_saved(organiser, conference):
    agree(organiser, conference, look(organiser, conference, changed_file(conference)))
    draft = Draft.objects.get()
    assert importing.may_undo(conference, now=draft.file_at + timedelta(hours=24))
    assert not importing.may_undo(conference, now=draft.file_at + timedelta(hours=25))
    draft.changes = [*draft.changes, *draft.changes]
    draft.save()

    assert undo(organiser, conference)[-1].startswith("It is too late")
    assert Draft.objects.get().changes


def test_a_file_writes_to_nobody_though_it_moves_a_day(organiser, conference):
    day = conference.days.get(number=1)
    make_confirmed(day)
    OutboxMessage.objects.all().delete()
    moved = {"starts_at": "2027-09-12T18:00:00Z", "ends_at": "2027-09-12T21:00:00Z"}

    agree(organiser, conference, look(organiser, conference, changed_file(conference, **moved)))

    assert not OutboxMessage.objects.exists()
    assert conference.days.get(number=1).starts_at == day.starts_at
    assert Draft.objects.get().changes


def test_a_file_moves_no_day_of_people_behind_their_back(organiser, conference):
    make_confirmed(conference.days.get(number=1))
    conference.is_published = False
    conference.save()
    moved = {"starts_at": "2027-09-12T18:00:00Z", "ends_at": "2027-09-12T21:00:00Z"}

    page = look(organiser, conference, changed_file(conference, **moved))

    assert page.status_code == 422
    assert "People have this day in their calendars." in page.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"conference:\n  slug: '2031'\n", "days"),
        (b"\xff\xfe", "This is not UTF-8 text."),
        (b"PK\x03\x04", "This is not a workbook that can be read."),
    ],
)
def test_a_wrong_file_says_where_and_what_to_do(organiser, conference, data, words):
    page = look(organiser, conference, data)

    assert page.status_code == 422
    assert "Nothing was changed" in page.text
    assert words in page.text
    assert not Draft.objects.exists()


def test_a_file_of_another_year_is_refused(organiser, conference):
    data = changed_file(conference).replace(b"slug: '2027'", b"slug: '2028'")

    assert "The file is of 2028, and this is 2027." in look(organiser, conference, data).text


def test_the_program_as_it_is_changes_nothing(organiser, conference):
    page = look(organiser, conference, as_yaml(export_program(conference)))

    assert page.context["told"] == []
    assert "It changes nothing." in page.text


@pytest.mark.parametrize(("slug", "number"), [("day-1-session-2", 2), ("day-1-session-1", 1)])
def test_what_is_no_longer_as_it_was_shown_is_shown_again(organiser, conference, slug, number):
    page = look(organiser, conference, changed_file(conference))
    Session.objects.filter(slug=slug).update(title="Meanwhile")

    response = agree(organiser, conference, page)

    assert response.status_code == 200
    assert len(response.context["told"]) == number
    assert not Draft.objects.exists()


def test_without_a_file_there_is_nothing_to_fix_in_one(organiser, conference):
    page = organiser.post(reverse("admin:program-files-look", args=[conference.pk]))

    assert page.status_code == 422
    assert "Choose a file first." in page.text
    assert "Fix this in the file" not in page.text


def test_good_sessions_come_in_alone_with_their_numbers(organiser, conference):
    told = export_program(conference)
    told["days"][0]["sessions"][0]["title"] = "Hope"
    told["days"][1]["sessions"][1]["rewatch_party"] = "maybe"
    faulty = look(organiser, conference, as_yaml(told))
    kept = {name: faulty.context[key] for name, key in (("kept", "kept"), ("name", "file_name"))} | {"alone": "1"}

    page = organiser.post(reverse("admin:program-files-look", args=[conference.pk]), kept)
    organiser.post(
        reverse("admin:program-files-bring-in", args=[conference.pk]), kept | {"yes": page.context["answer"]}
    )

    assert faulty.status_code == 422
    assert "1 of 4 sessions is wrong." in faulty.text
    assert "Look at the 3 good ones alone" in faulty.text
    assert "1 of 4 sessions is left out" in page.text
    with drafts.show_drafts(conference):
        assert [session.title for session in Session.objects.in_program_order()][::3] == ["Hope", "Topic 2"]


def test_what_is_wrong_elsewhere_keeps_all_of_it_out(organiser, conference):
    told = export_program(conference)
    told["days"][0]["number"] = "one"

    page = look(organiser, conference, as_yaml(told))

    assert "Nothing was changed" in page.text
    assert page.context["good"] is None


def test_a_schedule_comes_in_on_the_same_page(client, organiser, conference):
    data = client.get("/program.json").content.replace(b'"Topic 1"', b'"Hope"', 1)

    page = look(organiser, conference, data, "schedule.json")

    assert page.context["told"] == ["“Topic 1” is now called “Hope”."]
