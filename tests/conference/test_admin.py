"""The program in the organisers' admin: what is typed is checked in words, and nothing ends in an error page."""

from datetime import UTC, datetime

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.urls import reverse

from conference.models import Appearance, Conference, Day, Session, Speaker, Text
from conference.texts import PASSAGES, Passages, ensure_rows
from conference.workplace.own_clock import own_words
from tests.factories import (
    FIRST_DAY,
    make_appearance,
    make_conference,
    make_day,
    make_program,
    make_session,
    make_speaker,
)

pytestmark = pytest.mark.django_db


def address(model, page, *args):
    return reverse(f"admin:conference_{model._meta.model_name}_{page}", args=args)


def all_errors(response):
    """Every error that a page with a form shows, in the order of the page."""
    context = response.context
    formsets = [inline.formset for inline in context["inline_admin_formsets"]]
    found = list(context["adminform"].form.errors.values())
    for formset in formsets:
        found += [formset.non_form_errors(), *(error for form in formset.forms for error in form.errors.values())]
    return [str(error) for errors in found for error in errors]


def day_form(conference, **changes):
    """What the form for a new day sends, or with the formsets of `changes` for a known one."""
    return {
        "conference": conference.pk,
        "number": 1,
        "starts_at_0": "2027-09-12",
        "starts_at_1": "19:00",
        "ends_at_0": "2027-09-12",
        "ends_at_1": "22:00",
        "announced_dates-TOTAL_FORMS": 0,
        "announced_dates-INITIAL_FORMS": 0,
        "sessions-TOTAL_FORMS": 0,
        "sessions-INITIAL_FORMS": 0,
    } | changes


def conference_form():
    return {"name": "PxP", "short_name": "PxP", "slug": "2027", "clock": "provisional", "door_opens_minutes": 30}


def session_form(day, **changes):
    return {
        "day": day.pk,
        "number": 1,
        "title": "Topic",
        "appearances-TOTAL_FORMS": 0,
        "appearances-INITIAL_FORMS": 0,
    } | changes


def new_rows(prefix, *rows):
    """What an inline formset sends for new rows."""
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


# --- Saving ----------------------------------------------------------------------------------------------------------


def test_a_day_is_saved_in_utc(organiser):
    conference = make_conference()

    organiser.post(address(Day, "add"), day_form(conference))

    day = Day.objects.get()
    assert (day.starts_at, day.ends_at) == (FIRST_DAY, datetime(2027, 9, 12, 22, tzinfo=UTC))


def test_a_day_twice_is_an_error_in_the_form(organiser):
    day = make_day()

    response = organiser.post(address(Day, "add"), day_form(day.conference))

    assert all_errors(response) == ["This conference already has a day with that number."]
    assert Day.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"ends_at_1": "18:00"}, "The day must end after it starts."),
        ({"number": 0}, "Ensure this value is greater than or equal to 1."),
        (
            {
                "sign_up_opens_at_0": "2027-02-01",
                "sign_up_opens_at_1": "00:00",
                "sign_up_closes_at_0": "2027-01-01",
                "sign_up_closes_at_1": "00:00",
            },
            "Sign-up must close after it opens.",
        ),
    ],
)
def test_a_mistake_in_a_day_is_said(changes, error, organiser):
    response = organiser.post(address(Day, "add"), day_form(make_conference(), **changes))

    assert error in all_errors(response)
    assert not Day.objects.exists()


def test_a_region_twice_is_an_error_on_the_days_page(organiser):
    day = make_day()
    rows = new_rows("announced_dates", *[{"region": "Asia", "date": "2027-09-13", "position": 0}] * 2)

    response = organiser.post(address(Day, "change", day.pk), day_form(day.conference, **rows))

    assert response.status_code == 200
    assert all_errors(response)
    assert not day.announced_dates.exists()


def test_a_session_has_both_times_or_none(organiser):
    response = organiser.post(
        address(Session, "add"), session_form(make_day(), starts_at_0="2027-09-12", starts_at_1="19:00")
    )

    assert all_errors(response) == ["Give both times, the end after the start, or leave both empty."]


def test_a_person_twice_in_a_session_is_an_error_in_the_form(organiser):
    session = make_session()
    speaker = make_speaker(session.day.conference)
    rows = new_rows("appearances", *[{"speaker": speaker.pk, "role": "speaker", "position": 0}] * 2)

    response = organiser.post(address(Session, "change", session.pk), session_form(session.day, **rows))

    assert response.status_code == 200
    assert all_errors(response)
    assert not Appearance.objects.exists()


def test_a_session_offers_the_speakers_of_its_own_edition(organiser):
    session = make_session()
    own = make_speaker(session.day.conference)
    other = make_speaker(make_conference(slug="2025"), slug="ada", name="Ada")
    rows = new_rows("appearances", {"speaker": other.pk, "role": "speaker", "position": 0})

    page = organiser.get(address(Session, "change", session.pk))
    response = organiser.post(address(Session, "change", session.pk), session_form(session.day, **rows))

    assert f'<option value="{own.pk}">' in page.text
    assert f'<option value="{other.pk}">' not in page.text
    assert all_errors(response) == ["Select a valid choice. That choice is not one of the available choices."]


def test_a_speaker_is_put_into_a_session(organiser):
    session = make_session()
    speaker = make_speaker(session.day.conference)
    rows = new_rows("appearances", {"speaker": speaker.pk, "role": "facilitator", "position": 1})

    organiser.post(address(Session, "change", session.pk), session_form(session.day, **rows))

    appearance = Appearance.objects.get()
    assert (appearance.speaker, appearance.role) == (speaker, "facilitator")
    assert "Facilitator" in organiser.get(address(Speaker, "change", speaker.pk)).text


def test_a_speakers_address_twice_is_an_error_in_the_form(organiser):
    speaker = make_speaker()

    response = organiser.post(
        address(Speaker, "add"), {"conference": speaker.conference_id, "name": "Ada", "slug": speaker.slug}
    )

    assert all_errors(response) == ["Another speaker of this conference has that web address."]


def test_a_year_twice_is_an_error_in_the_form(organiser):
    make_conference()

    response = organiser.post(address(Conference, "add"), conference_form())

    assert all_errors(response) == ["There is a conference of that year already. Choose another year."]


def test_new_rows_begin_with_the_edition_that_is_worked_on(organiser):
    day = make_day(number=2)

    for model in (Day, Speaker):
        form = organiser.get(address(model, "add")).context["adminform"].form
        assert form["conference"].value() == day.conference_id
    assert organiser.get(address(Day, "add")).context["adminform"].form["number"].value() == 3


def test_a_duplicate_that_only_the_database_saw_is_said_and_saves_nothing(organiser):
    """Someone else saved the same between the form's check and the row: only the database can tell."""
    conference = make_conference()
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX only_one_title ON conference_day (title)")
    make_day(conference, 2, title="Taken")

    response = organiser.post(address(Day, "add"), day_form(conference, title="Taken"))

    words = [str(message) for message in get_messages(response.wsgi_request)]
    assert response.status_code == 302
    assert words == [
        "Nothing was saved, because someone else saved this at the same time. "
        "Look at what is there now, then try again."
    ]
    assert Day.objects.count() == 1


# --- Deleting --------------------------------------------------------------------------------------------------------


def test_what_others_need_is_not_deleted_and_the_page_says_why(organiser):
    speaker = make_appearance().speaker

    page = organiser.get(address(Speaker, "delete", speaker.pk))
    organiser.post(address(Speaker, "delete", speaker.pk), {"post": "yes"})

    assert (
        "“Grace” cannot be deleted. 1 appearance belongs to it. Take the person out of these sessions first."
        in " ".join(page.text.split())
    )
    assert Speaker.objects.exists()


def test_deleting_a_day_says_what_is_wrong_with_the_others_then(organiser):
    conference = make_conference()
    days = [make_day(conference=conference, number=number) for number in (1, 2, 3)]
    gap = "Day 2 is missing. Number the days 1, 2, 3 without a gap."

    assert gap in organiser.get(address(Day, "delete", days[1].pk)).text
    assert "is missing" not in organiser.get(address(Day, "delete", days[2].pk)).text


def test_what_nobody_needs_is_deleted(organiser):
    appearance = make_appearance()

    organiser.post(address(Session, "delete", appearance.session_id), {"post": "yes"})
    organiser.post(address(Speaker, "delete", appearance.speaker_id), {"post": "yes"})

    assert not Session.objects.exists()
    assert not Speaker.objects.exists()


def test_lists_delete_nothing(organiser):
    session = make_session()

    response = organiser.post(
        address(Session, "changelist"), {"action": "delete_selected", "_selected_action": [session.pk], "index": 0}
    )

    assert response.status_code in (200, 302)
    assert Session.objects.exists()


# --- Times and links -------------------------------------------------------------------------------------------------


def test_times_in_lists_and_forms_say_that_they_are_utc(organiser):
    day = make_day()

    form = organiser.get(address(Day, "change", day.pk)).text

    assert "Sun 12 Sep 2027, 19:00\u00a0UTC" in organiser.get(address(Day, "changelist")).text
    for label in ("Starts at (UTC)", "Ends at (UTC)", "Sign-up opens at (UTC)", "Sign-up closes at (UTC)"):
        assert label in form
    assert "Monday 13 September 2027, 04:00 to 07:00, Tokyo time (UTC+9)" in form
    assert own_words(None) == "-"


@pytest.mark.parametrize(
    ("make", "page"),
    [
        (lambda conference: conference, "/2027/"),
        (make_day, "/2027/program/day-1/"),
        (lambda conference: make_session(make_day(conference)), "/2027/program/sessions/day-1-session-1/"),
        (make_speaker, "/2027/speakers/grace/"),
    ],
    ids=["conference", "day", "session", "speaker"],
)
@pytest.mark.parametrize("is_published", [True, False])
def test_a_page_links_to_what_the_public_sees_of_it(is_published, make, page, organiser, client):
    row = make(make_conference(is_published=is_published))

    html = organiser.get(address(type(row), "change", row.pk)).text

    assert (f'href="{page}" class="viewsitelink"' in html) == is_published


# --- Texts -----------------------------------------------------------------------------------------------------------


def test_a_new_edition_has_every_passage(organiser):
    organiser.post(address(Conference, "add"), conference_form())

    assert {text.key for text in Text.objects.all()} == set(PASSAGES)


def test_a_passage_shows_the_standard_words_beside_the_organisers_own(organiser):
    conference = make_conference()
    ensure_rows(conference)
    text = Text.objects.for_edition(conference).filter(key="home-lead").get()

    page = organiser.get(address(Text, "change", text.pk))
    organiser.post(address(Text, "change", text.pk), {"body": "Come **in**."})

    assert str(PASSAGES["home-lead"].words).split(".")[0] in page.text
    assert "Home: First words, under the name" in page.text
    assert "<strong>in</strong>" in Passages(conference)["home-lead"]


def test_passages_are_filtered_by_page_and_by_whose_words_they_are(organiser):
    conference = make_conference()
    ensure_rows(conference)
    Text.objects.for_edition(conference).filter(key="home-lead").update(body="Come in.")

    def keys(**asked):
        page = organiser.get(reverse("admin:conference_text_changelist", query=asked))
        return {text.key for text in page.context["cl"].result_list}

    assert keys(page="home-lead") == {key for key, passage in PASSAGES.items() if passage.page == "Home"}
    assert keys(words="own") == {"home-lead"}
    assert keys(page="home-lead", words="standard") == keys(page="home-lead") - {"home-lead"}


def test_no_passage_is_added_or_deleted(organiser):
    ensure_rows(make_conference())
    text = Text.objects.order_by("pk").first()

    assert organiser.post(address(Text, "delete", text.pk), {"post": "yes"}).status_code == 403
    assert organiser.get(address(Text, "add")).status_code == 403


# --- Who -------------------------------------------------------------------------------------------------------------


def test_organisers_manage_no_accounts(organiser):
    assert organiser.get(reverse("admin:auth_user_changelist")).status_code == 403
    assert organiser.get(reverse("admin:auth_group_changelist")).status_code == 403


def test_a_list_of_nothing_says_so(organiser):
    assert "There is nothing here yet." in organiser.get(address(Day, "changelist")).text


def test_a_program_is_found_by_words_and_speakers(organiser):
    conference = make_program(sessions=1)
    session = make_session(conference.days.first(), 2, title="Pacing yourself")
    make_appearance(session, make_speaker(conference, slug="ada", name="Ada Søn"))

    for asked in ("pacing", "søn"):
        page = organiser.get(reverse("admin:conference_session_changelist", query={"q": asked}))
        assert list(page.context["cl"].result_list) == [session], asked
