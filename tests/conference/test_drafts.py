"""A draft: what organisers change in a published edition, unseen until it is published all together."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext as CaptureQueries
from django.urls import reverse
from django.utils import timezone

from conference import drafts
from conference.drafts.missing import missing_in
from conference.drafts.rows import merged, state_of
from conference.drafts.words import sentences
from conference.models import Appearance, Conference, ContentVersion, Day, Draft, ProgramChange, Session, Speaker, Text
from conference.moving import put_day_at
from conference.site.kept_facts import CONTENT_VERSION, FACTS
from conference.site.previews import SALT, preview_path
from conference.texts import ensure_rows
from registration.models import DayNotice, Registration
from registration.services.day_changes import reschedule, take_back, tell_news
from tests.factories import (
    FIRST_DAY,
    NOW,
    make_appearance,
    make_conference,
    make_confirmed,
    make_day,
    make_program,
    make_session,
    make_speaker,
    make_staff,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
UTC = ZoneInfo("UTC")
LATER = FIRST_DAY + HOUR


@pytest.fixture
def organiser(client):
    client.force_login(make_staff())
    return client


def change(conference, write, user=None):
    """Change rows within the draft of an edition, by a function. Return what came of it."""
    with drafts.edit_draft(conference, user=user, now=NOW) as done:
        write()
    return done


def changes_of(conference):
    return Draft.objects.get(conference=conference).changes


def days_of(conference):
    return list(Day.objects.for_edition(conference))


# --- The model ---------------------------------------------------------------------------------------------------


def test_a_draft_changes_adds_and_removes_rows_and_nobody_sees_it_until_it_is_published():
    conference = make_program(days=2, sessions=2)
    first, second = days_of(conference)
    sessions = list(Session.objects.for_day(first).order_by("number"))
    before = state_of(conference.pk)

    def write():
        Day.objects.filter(pk=first.pk).update(title="A better title")
        sessions[0].delete()
        new = make_session(first, 9, title="New one", slug="s-new")
        make_appearance(new, make_speaker(conference, name="山田 太郎", slug="speaker"))

    change(conference, write)

    assert state_of(conference.pk) == before
    with drafts.show_drafts(conference):
        assert Day.objects.get(pk=first.pk).title == "A better title"
        assert list(Session.objects.for_day(first).values_list("title", flat=True)) == ["Topic 2", "New one"]
        key = Session.objects.get(title="New one").pk
    assert state_of(conference.pk) == before

    done = drafts.publish(conference, now=NOW)

    assert Session.objects.get(title="New one").pk == key
    assert Appearance.objects.filter(session=key, speaker__name="山田 太郎").exists()
    assert not Session.objects.filter(pk=sessions[0].pk).exists()
    assert {note.kind for note in done.notes} == {"title", "new", "removed"}
    assert changes_of(conference) == []
    assert Session.objects.for_day(second).count() == 2


def test_sessions_that_swap_their_places_and_days_are_published_in_one_go():
    conference = make_program(days=2, sessions=3)
    first, second = days_of(conference)

    def write():
        one, two, three = Session.objects.for_day(first).order_by("number")
        Session.objects.filter(pk=one.pk).update(number=500)
        Session.objects.filter(pk=two.pk).update(number=1)
        Session.objects.filter(pk=one.pk).update(number=2)
        Session.objects.filter(pk=three.pk).update(day=second, number=4)

    change(conference, write)
    make_session(second, 4, title="Came meanwhile", slug="s-meanwhile")

    drafts.publish(conference, now=NOW)

    assert list(Session.objects.for_day(first).order_by("number").values_list("title", "number")) == [
        ("Topic 2", 1),
        ("Topic 1", 2),
    ]
    assert list(Session.objects.for_day(second).order_by("number").values_list("title", flat=True)) == [
        "Topic 1",
        "Topic 2",
        "Topic 3",
        "Came meanwhile",
        "Topic 3",
    ]


def test_no_key_of_a_row_in_a_draft_is_given_twice():
    conference = make_program(days=1, sessions=1)
    (day,) = days_of(conference)
    change(conference, lambda: make_session(day, 2, slug="s-draft"))
    key = changes_of(conference)[0]["pk"]

    other = make_session(day, 3, slug="s-live")

    assert other.pk > key
    with drafts.show_drafts(conference):
        assert Session.objects.for_day(day).count() == 3


def test_what_changed_for_good_meanwhile_stays_and_what_is_gone_is_left_out():
    conference = make_program(days=1, sessions=2)
    (day,) = days_of(conference)
    one, two = Session.objects.for_day(day).order_by("number")
    change(conference, lambda: Session.objects.filter(pk=one.pk).update(title="Draft"))
    change(conference, lambda: Session.objects.filter(pk=two.pk).update(title="Draft too"))

    with drafts.keep_at_once(conference, user=None, now=NOW):
        Session.objects.filter(pk=one.pk).update(summary="Mended", title="Mended")
    two.delete()

    with drafts.show_drafts(conference):
        one.refresh_from_db()
        assert (one.title, one.summary) == ("Mended", "Mended")
    drafts.publish(conference, now=NOW)
    one.refresh_from_db()
    assert one.title == "Mended"


def test_a_moved_day_writes_to_its_people_when_it_is_published_and_its_sessions_stand_as_in_the_draft():
    conference = make_program(days=1, sessions=2)
    (day,) = days_of(conference)
    one, two = Session.objects.for_day(day).order_by("number")
    Session.objects.filter(pk=one.pk).update(starts_at=FIRST_DAY, ends_at=FIRST_DAY + HOUR)
    Session.objects.filter(pk=two.pk).update(starts_at=FIRST_DAY + HOUR, ends_at=FIRST_DAY + 2 * HOUR)
    make_confirmed(day)

    def write():
        moved = Day.objects.get(pk=day.pk)
        put_day_at(moved, starts_at=FIRST_DAY + HOUR, ends_at=FIRST_DAY + 4 * HOUR, now=NOW)
        Session.objects.filter(pk=two.pk).update(starts_at=FIRST_DAY + HOUR, ends_at=FIRST_DAY + 2 * HOUR)

    change(conference, write)
    assert not Registration.objects.with_news().exists()

    done = drafts.publish(conference, now=NOW, move_day=reschedule)

    assert done.people_told == 1
    assert Registration.objects.with_news().count() == 1
    one.refresh_from_db()
    two.refresh_from_db()
    assert one.starts_at == FIRST_DAY + HOUR
    assert two.starts_at == FIRST_DAY + HOUR


def test_a_draft_carries_every_column_of_every_model():
    """Translations and whatever comes later are part of drafts by themselves."""
    conference = make_program(days=1, sessions=1)
    for model in drafts.INCLUDED:
        names = {field.attname for field in model._meta.concrete_fields if not field.primary_key}
        state = state_of(conference.pk)
        assert all(values.keys() == names for key, values in state.items() if key[0] == model._meta.label_lower)
        assert not model._meta.many_to_many


def test_sentences_about_a_day_that_moves_name_only_sessions_that_do_not_move_along():
    conference = make_program(days=1, sessions=3)
    (day,) = days_of(conference)
    for place, session in enumerate(Session.objects.for_day(day).order_by("number")):
        at = FIRST_DAY + place * HOUR
        Session.objects.filter(pk=session.pk).update(starts_at=at, ends_at=at + HOUR)
    live = state_of(conference.pk)

    def write():
        put_day_at(Day.objects.get(), starts_at=LATER, ends_at=LATER + 4 * HOUR, now=NOW)
        Session.objects.filter(number=3).update(ends_at=LATER + 4 * HOUR)

    change(conference, write)

    told = sentences(live, merged(live, changes_of(conference)), changes_of(conference), UTC)
    assert told[0].startswith("Day 1: ")
    assert told[1] == "The sessions of Day 1 move with it."
    assert [words[:9] for words in told[2:]] == ["“Topic 3”"]


def test_a_new_speaker_hides_nothing_of_the_session_with_the_same_key():
    session = make_session()
    conference = session.day.conference
    live = state_of(conference.pk)

    def write():
        make_appearance(session, make_speaker(conference, name="Ada", slug="ada", pk=session.pk))

    change(conference, write)

    told = sentences(live, merged(live, changes_of(conference)), changes_of(conference), UTC)
    assert told == ["Ada is new.", "Ada: new in “Topic 1”."]


def test_what_else_changes_is_named_as_on_the_form():
    session = make_session(break_minutes=5)
    conference = session.day.conference
    live = state_of(conference.pk)

    def told_after(**fields):
        change(conference, lambda: Session.objects.update(**fields))
        return sentences(live, merged(live, changes_of(conference)), changes_of(conference), UTC)

    assert told_after(break_minutes=10) == ["The break after “Topic 1” is 10 minutes long."]
    assert told_after(break_minutes=None) == ["There is no break after “Topic 1” any more."]
    assert told_after(break_minutes=5, recording="yes") == ["“Topic 1”: “A recording afterwards” is changed."]
    assert told_after(summary="New", rewatch_party=True) == [
        "“Topic 1”: “A recording afterwards”, “In one line” and “Watched again together” are changed."
    ]


# --- The organisers' forms ---------------------------------------------------------------------------------------


def test_the_first_button_saves_a_session_in_the_draft_and_says_so(organiser):
    session = make_session()
    data = {"day": session.day_id, "number": 1, "title": "Draft title", "_draft": "Save draft"}
    data |= {"appearances-TOTAL_FORMS": 0, "appearances-INITIAL_FORMS": 0}
    url = reverse("admin:conference_session_change", args=[session.pk])
    page = organiser.get(url).text
    version = ContentVersion.objects.now_shown()

    saved = organiser.post(url, data)

    assert page.index('name="_draft"') < page.index('name="_continue"')
    (told,) = get_messages(saved.wsgi_request)
    assert str(told) == "Saved in the draft. Readers do not see it yet."
    session.refresh_from_db()
    assert session.title == "Topic 1"
    assert organiser.get(url).context["adminform"].form["title"].value() == "Draft title"
    assert "Draft title" in organiser.get(reverse("admin:conference_session_changelist")).text
    assert LogEntry.objects.count() == 1
    assert ContentVersion.objects.now_shown() == version


def test_a_new_speaker_begins_in_the_draft_and_one_who_goes_is_still_there_for_readers(organiser):
    grace = make_speaker()
    added = organiser.post(
        reverse("admin:conference_speaker_add"),
        {"conference": grace.conference_id, "name": "山田 太郎", "_draft": "Save draft"},
    )
    assert Speaker.objects.count() == 1
    assert organiser.get(added.url).status_code == 200

    organiser.post(reverse("admin:conference_speaker_delete", args=[grace.pk]), {"post": "yes", "_draft": "x"})

    assert Speaker.objects.count() == 1
    assert [change["kind"] for change in changes_of(grace.conference)] == ["gone", "new"]


@pytest.mark.parametrize("where", ["change", "changelist"])
def test_sorting_the_sessions_of_a_day_that_readers_see_begins_in_the_draft(organiser, where):
    conference = make_program(days=1, sessions=2)
    (day,) = days_of(conference)
    for number, at in ((1, LATER), (2, FIRST_DAY)):
        Session.objects.filter(number=number).update(starts_at=at, ends_at=at + HOUR)
    before = state_of(conference.pk)
    name = {"change": "CHANGE_FORM-action", "changelist": "action"}[where]
    url = reverse(f"admin:conference_day_{where}", args=[day.pk] if where == "change" else [])

    organiser.post(url, {name: "sort_sessions", "_selected_action": day.pk})

    assert state_of(conference.pk) == before
    with drafts.show_drafts(conference):
        assert list(Session.objects.order_by("number").values_list("title", flat=True)) == ["Topic 2", "Topic 1"]


def test_a_fix_publishes_what_was_typed_alone_and_the_rest_of_the_row_waits(organiser):
    session = make_session()
    change(session.day.conference, lambda: Session.objects.update(title="Of the draft"))
    url = reverse("admin:conference_session_change", args=[session.pk])
    seen = organiser.get(url).context["seen"]
    data = {"day": session.day_id, "number": 1, "title": "Of the draft", "summary": "Fixed", "_seen": seen}
    data |= {"appearances-TOTAL_FORMS": 0, "appearances-INITIAL_FORMS": 0, "_continue": "Fix now"}

    fixed = organiser.post(url, data)

    session.refresh_from_db()
    assert (session.title, session.summary) == ("Topic 1", "Fixed")
    assert [one["fields"] for one in changes_of(session.day.conference)] == [{"title": "Of the draft"}]
    told = [str(one) for one in get_messages(fixed.wsgi_request)]
    assert "Published. Readers see it now." in told
    assert "The rest of the draft waits until you publish it." in told
    assert not any("someone else" in words.lower() for words in told)


def test_a_row_that_readers_see_otherwise_leads_to_its_preview(organiser, client):
    session = make_session()
    url = reverse("admin:conference_session_change", args=[session.pk])
    assert 'href="/2027/program/sessions/' in organiser.get(url).text
    change(session.day.conference, lambda: Session.objects.update(title="Of the draft"))

    (link,) = re.findall(r'href="([^"]+)" class="viewsitelink"', organiser.get(url).text)

    assert link.startswith("/preview/")
    assert "Of the draft" in client.get(link).text


def test_a_form_with_a_mistake_keeps_the_words_and_the_draft_as_it_was(organiser):
    day = make_day()
    url = reverse("admin:conference_day_change", args=[day.pk])
    response = organiser.post(url, {"number": 1, "title": "Typed", "starts_at_0": "12/9/2027", "_draft": "x"})

    assert response.status_code == 200
    assert response.context["adminform"].form["title"].value() == "Typed"
    assert not Draft.objects.exclude(changes=[]).exists()


def test_places_and_the_meeting_count_at_once(organiser):
    day = make_day(title="Theme")
    data = {"conference": day.conference_id, "number": 1, "title": "Draft", "capacity": 5}
    data |= {"starts_at_0": "2027-09-12", "starts_at_1": "19:00", "ends_at_0": "2027-09-12", "ends_at_1": "22:00"}
    data |= {f"{name}-{kind}_FORMS": 0 for name in ("announced_dates", "sessions") for kind in ("TOTAL", "INITIAL")}
    organiser.post(
        reverse("admin:conference_day_change", args=[day.pk]),
        data | {"meeting_url": "https://zoom.us/j/91234567890", "_draft": "x"},
    )

    day.refresh_from_db()
    assert (day.capacity, day.meeting_url, day.title) == (5, "https://zoom.us/j/91234567890", "Theme")
    assert [list(change["fields"]) for change in changes_of(day.conference)] == [["title"]]


def test_an_edition_that_nobody_sees_needs_no_draft(organiser):
    session = make_session(make_day(make_conference(is_published=False)))
    data = {"day": session.day_id, "number": 1, "title": "Written", "appearances-TOTAL_FORMS": 0}
    organiser.post(
        reverse("admin:conference_session_change", args=[session.pk]),
        data | {"appearances-INITIAL_FORMS": 0, "_save": "x"},
    )
    session.refresh_from_db()
    assert session.title == "Written"
    assert not Draft.objects.exists()


# --- Preview -----------------------------------------------------------------------------------------------------


def test_a_preview_shows_every_public_page_of_the_draft_to_whoever_has_the_link(client):
    conference = make_program(days=2, sessions=2)
    ensure_rows(conference)
    first = days_of(conference)[0]

    def write():
        Session.objects.filter(day=first, number=1).update(title="Unseen by readers")
        Text.objects.filter(conference=conference, key="home-lead").update(body="Words of the draft")

    change(conference, write)
    pages = [
        "/",
        "/program/",
        "/program/day-1/",
        "/program/sessions/day-1-session-1/",
        "/speakers/",
        "/speakers/grace/",
    ]
    pages += ["/program/my-plan/", "/easy-read/program/", "/accessibility/", "/contact/", "/program.ics", "/register/"]
    prefix = preview_path(conference)
    before = client.get("/program/").text  # what readers are shown is kept by the process, and what it links to
    for page in pages:
        response = client.get(preview_path(conference, page))
        assert response.status_code == 200, page
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in response["Cache-Control"]
        if response["Content-Type"].startswith("text/html"):
            assert "Readers do not see this yet" in response.text
            assert 'href="/program/' not in response.text, page
            assert "canonical" not in response.text
    assert "Unseen by readers" in client.get(preview_path(conference, "/program/")).text
    assert client.get("/program/").text == before
    assert client.get(f"{prefix}organisers/").status_code == 404
    assert client.get(f"{prefix}my/x/").status_code == 404
    assert client.post(f"{prefix}register/").status_code == 405


def test_a_preview_neither_keeps_facts_of_the_draft_nor_shows_those_of_readers(client):
    conference = make_program(days=1, sessions=1)
    change(conference, lambda: Day.objects.update(title="Unseen by readers"))
    known = {CONTENT_VERSION: "7"}
    readers = client.get("/", **known).text
    kept = dict(FACTS.facts)

    previewed = client.get(preview_path(conference), **known).text

    assert kept
    assert kept == FACTS.facts
    assert "Unseen by readers" in previewed
    assert client.get("/", **known).text == readers


def test_showing_an_edition_without_a_draft_locks_nothing():
    conference = make_program(days=1, sessions=1)
    with CaptureQueries(connection) as without, drafts.show_drafts(conference):
        Day.objects.get()
    change(conference, lambda: Day.objects.update(title="Draft"))
    with CaptureQueries(connection) as with_draft, drafts.show_drafts(conference):
        Day.objects.get()

    assert not any("SAVEPOINT" in query["sql"] for query in without)
    assert any("SAVEPOINT" in query["sql"] for query in with_draft)


def test_a_preview_shows_an_edition_that_nobody_sees_and_ends_after_a_week(client):
    conference = make_program(days=1, sessions=1, is_published=False)
    url = preview_path(conference, "/program/")
    assert "Theme 1" in client.get(url).text
    assert not Conference.objects.published().exists()

    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=2)):
        over = client.get(url)
    assert (over.status_code, "This preview has ended" in over.text) == (404, True)
    wrong = reverse("preview", kwargs={"key": signing.dumps(conference.pk, salt="other"), "path": "program/"})
    assert client.get(wrong).status_code == 404
    assert SALT not in wrong


# --- Publishing --------------------------------------------------------------------------------------------------


def test_publishing_asks_with_numbers_takes_reworded_notes_and_writes_to_those_with_a_place(organiser):
    conference = make_program(days=1, sessions=1)
    (day,) = days_of(conference)
    make_confirmed(day)
    session = Session.objects.get()

    def write():
        Session.objects.filter(pk=session.pk).update(title="Better")
        Day.objects.filter(pk=day.pk).update(starts_at=FIRST_DAY + HOUR, ends_at=FIRST_DAY + 4 * HOUR)

    change(conference, write)
    url = reverse("admin:conference_conference_publish", args=[conference.pk])

    page = organiser.get(url)

    assert "Publish and write to 1 person" in page.text
    assert not ProgramChange.objects.exists()
    told = {name: words for name, _made, words in page.context["notes"]}
    assert sorted(told.values())[1] == "Session 1 has a new title: “Better”."
    title = next(name for name in told if name.startswith("note-title"))
    data = told | {f"made-{name}": words for name, words in told.items()}

    unasked = organiser.post(url, data | {"yes": "another"})
    assert unasked.status_code == 200
    assert not ProgramChange.objects.exists()

    organiser.post(url, data | {"yes": page.context["answer"], title: "We found a better title"})

    session.refresh_from_db()
    assert session.title == "Better"
    assert ProgramChange.objects.get(kind="title").own_words == "We found a better title"
    assert ProgramChange.objects.get(kind="time").own_words == ""
    day.refresh_from_db()
    assert day.starts_at == FIRST_DAY + HOUR
    assert LogEntry.objects.count() == 1


def test_a_day_that_the_draft_moves_waits_ten_minutes_with_its_reason_and_can_be_taken_back(organiser):
    conference = make_program(days=1, sessions=1)
    (day,) = days_of(conference)
    Session.objects.update(starts_at=FIRST_DAY, ends_at=FIRST_DAY + HOUR)
    for name in ("Ada", "Bob"):
        make_confirmed(day, name=name)
    change(conference, lambda: put_day_at(Day.objects.get(), starts_at=LATER, ends_at=LATER + 3 * HOUR, now=NOW))
    url = reverse("admin:conference_conference_publish", args=[conference.pk])
    data = {"yes": organiser.get(url).context["answer"], "why": "A speaker can only come later."}

    organiser.post(url, data)

    notice = DayNotice.objects.get()
    assert (notice.people, notice.why, notice.news) == (2, "A speaker can only come later.", "moved")
    assert notice.due_at - notice.noted_at == timedelta(minutes=10)
    assert Session.objects.get().starts_at == LATER
    assert tell_news(now=notice.noted_at + timedelta(minutes=9)) == 0

    take_back(notice, user=notice.user, now=notice.noted_at + timedelta(minutes=9))

    assert (Day.objects.get().starts_at, Session.objects.get().starts_at) == (FIRST_DAY, FIRST_DAY)
    assert not Draft.objects.exclude(changes=[]).exists()


def test_who_hears_of_a_moved_day_and_their_mail_are_shown_before_anything_is_sent(organiser):
    conference = make_program(days=1, sessions=1)
    (day,) = days_of(conference)
    make_confirmed(day, name="Ada")
    make_confirmed(day, name="Zoë", language="fr", time_zone="Europe/London")
    change(conference, lambda: put_day_at(Day.objects.get(), starts_at=LATER, ends_at=LATER + 3 * HOUR, now=NOW))
    url = reverse("admin:conference_conference_publish", args=[conference.pk])
    data = {"yes": organiser.get(url).context["answer"], "why": "A speaker can only come later."}

    page = organiser.post(url, data | {"look": "1"})

    assert Day.objects.get().starts_at == FIRST_DAY
    assert not page.context["has_changed"]
    ((*_words, readers),) = page.context["moves"]
    assert readers.names == "Ada and Zoë."
    assert [(one.language, one.place) for (one,) in readers.letters] == [("en", "Toronto"), ("fr", "London")]
    assert all("A speaker can only come later." in one.html for (one,) in readers.letters)
    assert page.text.index('name="look"') < page.text.index("letter__body") < page.text.index("Publish and write to 2")
    assert not any(str(row.reference) in page.text for row in Registration.objects.all())
    assert not any(str(row.registrant.public_id) in page.text for row in Registration.objects.with_people())
    program = make_staff("none", username="program")
    program.user_permissions.add(Permission.objects.get(codename="change_conference"))
    organiser.force_login(program)
    assert "Publish and write to 2 people" in organiser.get(url).text
    assert "Zoë" not in organiser.get(url).text


@pytest.mark.parametrize("button", ["call_days_off", "restore_days", "sort_sessions"])
def test_an_action_on_a_day_of_the_draft_alone_stays_in_the_draft(organiser, button):
    conference = make_program(days=1, sessions=1)
    change(conference, lambda: make_day(conference, 2, starts_at=LATER + 24 * HOUR, title="Theme 2"))
    key = changes_of(conference)[0]["pk"]
    url = reverse("admin:conference_day_change", args=[key])
    before = state_of(conference.pk)

    done = organiser.post(url, {"CHANGE_FORM-action": button, "_selected_action": key, "post": "yes"})

    assert done.status_code == 302
    assert organiser.get(url).status_code == 200
    assert state_of(conference.pk) == before
    assert not ProgramChange.objects.exists()
    assert not DayNotice.objects.exists()
    assert [change["kind"] for change in changes_of(conference)] == ["new"]


def test_lists_and_pages_for_people_take_a_day_of_the_draft_alone(organiser):
    conference = make_program(days=1, sessions=1)
    change(conference, lambda: make_day(conference, 2, starts_at=LATER + 24 * HOUR))
    key = changes_of(conference)[0]["pk"]
    days = reverse("admin:conference_day_changelist")

    done = organiser.post(days, {"action": "call_days_off", "_selected_action": key, "post": "yes"})

    assert done.status_code == 302
    assert f"/conference/day/{key}/" in organiser.get(days).text
    assert not Day.objects.filter(pk=key).exists()
    for page, name in (("registration_registration_changelist", "day"), ("registration_broadcast_add", "days")):
        shown = organiser.get(reverse(f"admin:{page}", query={name: key}))
        assert shown.status_code in (200, 302), page


def test_nothing_is_missing_of_a_day_that_is_over_or_called_off():
    conference = make_conference()
    over, off = make_day(conference, 1, title=""), make_day(conference, 2, title="")

    assert {row for _words, row in missing_in(conference, NOW)} == {over, off}
    Day.objects.only_row(off).update(called_off_at=NOW)
    assert {row for _words, row in missing_in(conference, NOW)} == {over}
    assert missing_in(conference, over.ends_at) == []


def test_what_is_impossible_is_not_published_and_what_is_missing_is_named(organiser):
    conference = make_program(days=1, sessions=1)
    session = Session.objects.get()
    late = FIRST_DAY + timedelta(days=30)
    change(conference, lambda: Session.objects.filter(pk=session.pk).update(starts_at=late, ends_at=late + HOUR))
    url = reverse("admin:conference_conference_publish", args=[conference.pk])

    page = organiser.get(url)

    assert "1 thing to fix before you can publish" in page.text
    assert "Day 1: no meeting address." in page.text
    organiser.post(url, {"yes": page.context["answer"]})
    session.refresh_from_db()
    assert session.starts_at is None


def test_a_conference_is_published_for_the_first_time_and_a_draft_is_dropped(organiser):
    conference = make_program(days=1, sessions=1, is_published=False)
    url = reverse("admin:conference_conference_publish", args=[conference.pk])
    page = organiser.get(url)
    organiser.post(url, {"yes": page.context["answer"]})
    conference.refresh_from_db()
    assert conference.is_published

    change(conference, lambda: Day.objects.update(title="Never"))
    url = reverse("admin:conference_conference_drop", args=[conference.pk])
    page = organiser.get(url)
    change(conference, lambda: Day.objects.update(title="Of someone else"))
    again = organiser.post(url, {"yes": page.context["answer"]})
    assert "Something has changed in the meantime." in again.text
    assert changes_of(conference) != []
    organiser.post(url, {"yes": again.context["answer"]})
    assert changes_of(conference) == []
    assert Day.objects.get().title == "Theme 1"


def test_words_that_someone_else_writes_meanwhile_are_not_published_unseen(organiser):
    conference = make_program(days=1, sessions=1)
    change(conference, lambda: Speaker.objects.update(bio="Seen"))
    url = reverse("admin:conference_conference_publish", args=[conference.pk])
    page = organiser.get(url)
    change(conference, lambda: Speaker.objects.update(bio="Never seen"))

    again = organiser.post(url, {"yes": page.context["answer"]})

    assert "Something has changed in the meantime." in again.text
    assert Speaker.objects.get().bio == ""


def test_the_address_of_a_session_that_is_gone_leads_on(client):
    conference = make_program(days=1, sessions=2)
    session = Session.objects.for_edition(conference).first()
    change(conference, session.delete)
    assert client.get(f"/program/sessions/{session.slug}/").status_code == 200

    drafts.publish(conference, now=NOW)

    response = client.get(f"/program/sessions/{session.slug}/")
    assert response.status_code == 410
    assert "/program/day-1/" in response.text
    assert client.get("/program/sessions/never-there/").status_code == 404


def test_public_pages_ask_as_many_queries_with_a_draft_as_without(client, django_assert_num_queries):
    conference = make_program(days=1, sessions=2)
    with CaptureQueries(connection) as without:
        client.get("/program/")
    change(conference, lambda: Day.objects.update(title="Draft"))
    with django_assert_num_queries(len(without)):
        client.get("/program/")


@pytest.mark.parametrize("page", ["publish", "drop"])
def test_a_second_press_says_that_no_draft_is_left(organiser, page):
    conference = make_program(days=1, sessions=1)
    change(conference, lambda: Session.objects.update(title="Other"))
    url = reverse(f"admin:conference_conference_{page}", args=[conference.pk])
    sent = {"yes": organiser.get(url).context["answer"]}

    presses = [organiser.post(url, sent, follow=True) for _press in range(2)]

    assert [response.redirect_chain[-1][1] for response in presses] == [302, 302]
    assert [str(one) for one in presses[1].context["messages"]] == [
        "No draft is left: the program is as readers see it."
    ]
    assert LogEntry.objects.count() == 1
