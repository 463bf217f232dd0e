"""What browsers send where no form looks at it: numbers that no database holds, NUL, the same thing twice."""

from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import timezone

from conference.changes import noting_changes
from conference.models import Appearance, Conference, Day, Draft, Session, Speaker
from conference.raw_input import one_line, whole_number
from registration import links
from registration.letters import wording
from registration.models import DayNotice, LetterText
from registration.services import broadcasts
from tests.factories import NOW, make_confirmed, make_pending, make_program, make_staff
from tests.test_mistakes import values_of

HUGE = "9" * 30  # no database has a number for it
ENDLESS = "9" * 5000  # Python reads no number of so many digits
NUL = "a\0b"


@pytest.fixture
def organiser(client, db):
    client.user = make_staff(email="vera@example.org")
    client.force_login(client.user)
    return client


@pytest.fixture
def day(db):
    return make_program(days=1, sessions=2).days.get()


def sheet(day):
    return reverse("admin:conference_day_program", args=[day.pk])


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("٣", 3), ("²", None), ("-1", None), ("1.0", None), ("", None), (None, None), (HUGE, None)],
)
def test_whole_number_is_one_that_a_row_can_have(text, number):
    assert whole_number(text) == number


def test_one_line_holds_no_nul():
    assert one_line(" a\0b \n c ") == "a b c"
    assert one_line(None) == ""


@pytest.mark.parametrize(
    "typed",
    [
        {"do": "drag", "order": ENDLESS},
        {"do": "drag", "order": f"{HUGE},²,,x"},
        {"do": f"move-1-{ENDLESS}"},
        {"do": f"up-{ENDLESS}"},
        {"people": HUGE},
        {"people": ENDLESS},
        {"people": "²"},
    ],
    ids=str,
)
def test_no_number_on_the_page_of_a_day_breaks_it(organiser, day, typed):
    session = Session.objects.for_day(day).first()
    typed = {f"{name}-{session.pk}" if name == "people" else name: value for name, value in typed.items()}

    assert organiser.post(sheet(day), typed).status_code == 302


def test_a_session_dragged_twice_at_once_keeps_all_sessions(organiser, day):
    first, second = Session.objects.for_day(day).order_by("number")

    organiser.post(sheet(day), {"do": "drag", "order": f"{second.pk},{second.pk},{first.pk}"})

    (draft,) = Draft.objects.all()
    sessions = [change for change in draft.changes if change["model"] == "conference.session"]
    numbers = {change["pk"]: change["fields"]["number"] for change in sessions}
    assert (numbers[second.pk], numbers[first.pk]) == (1, 2)


def test_nul_in_words_typed_on_our_own_pages_is_left_out(organiser, day):
    session = Session.objects.for_day(day).first()
    Conference.objects.update(is_published=False)
    organiser.post(
        sheet(day),
        {
            f"title-{session.pk}": NUL,
            f"break-{session.pk}": "5",
            f"breakwords-{session.pk}": NUL,
            f"add-{session.pk}": NUL,
        },
    )
    session.refresh_from_db()
    assert (session.title, session.break_title) == ("a b", "a b")
    assert Appearance.objects.filter(session=session, speaker__name="a b").exists()

    name = next(iter(wording.PARTS))
    letter = reverse("admin:registration_lettertext_change", args=[name])
    assert organiser.post(letter, {"language": "en", "sentence-0": NUL}).status_code == 302
    assert "a b" in LetterText.objects.get(name=name).words["en"].values()

    page = organiser.get(reverse("admin:conference_translate", args=["2027", "fr"]))
    part = page.context["group"].parts[0]
    assert f'dir="ltr">&#10;{part.words}</textarea>' in page.text  # no blanks that her own words would come behind
    shown = {f"seen-{row['part'].key}": row["seen"] for row in page.context["rows"]}
    assert organiser.post(page.wsgi_request.path, shown | {part.key: NUL}).status_code == 302
    part.row.refresh_from_db()
    assert part.row.translations["fr"][part.name]["words"] == "ab"


def test_nul_in_a_sentence_to_people_is_left_out(organiser, day):
    make_confirmed(day)
    url = reverse("admin:conference_day_changelist")
    data = {"action": "call_days_off", "_selected_action": [day.pk], "post": "yes", "number": "1", "why": NUL}

    assert organiser.post(url, data).status_code == 302
    assert DayNotice.objects.get().why == "a b"


@pytest.mark.parametrize("number", [HUGE, ENDLESS, "²", ""])
def test_no_number_that_people_agreed_to_breaks_a_page(organiser, day, number):
    make_confirmed(day)
    draft = broadcasts.begin(day.conference, user=organiser.user, now=timezone.now())
    broadcasts.write(draft, language="en", words={"subject": "Hello", "body": "Hello"}, now=timezone.now())
    send = {"send": "1", "when": "now", "number": number}

    assert organiser.post(reverse("admin:broadcast-send", args=[draft.pk]), send).status_code == 409
    assert organiser.post(reverse("admin:waiting"), {"what": f"act-{number}"}).status_code == 302
    assert organiser.get(reverse("admin:registration_broadcast_add"), {"edition": number}).status_code in (200, 404)
    assert organiser.get(reverse("admin:broadcast-words", args=[draft.pk]), {"reader": number}).status_code == 200


@pytest.mark.parametrize("days", [HUGE, ENDLESS, "² x \0", ""])
def test_no_list_of_days_breaks_a_confirmation(client, day, days):
    person = make_pending(day, now=timezone.now())
    url = reverse("registration:confirm", args=[links.token("confirm", person)])

    assert client.post(url, {"days": days}).status_code < 500


# Word copies a line break as \v; the others are signs that XML 1.0 cannot hold, so no feed and no program file can.
PASTED = "Hope\vand\x1b\ufffe more"


@pytest.mark.parametrize(
    ("name", "field", "kept"),
    [
        ("session", "title", "Hope and more"),
        ("session", "description", "Hope\nand more"),
        ("speaker", "name", "Hope and more"),
        ("day", "title", "Hope and more"),
    ],
)
def test_pasted_words_are_kept_without_signs_that_no_text_has(organiser, name, field, kept):
    make_program(days=1, sessions=1, is_published=False)
    row = {"session": Session, "speaker": Speaker, "day": Day}[name].objects.get()
    url = reverse(f"admin:conference_{name}_change", args=[row.pk])

    page = organiser.post(url, values_of(organiser.get(url)) | {field: PASTED})

    assert page.status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == kept


def test_words_that_are_there_already_break_no_feed_and_no_file(client, db):
    conference = make_program(days=1, sessions=1)
    with noting_changes(now=NOW):
        Session.objects.update(title=PASTED)
        Conference.objects.filter(pk=conference.pk).update(name=PASTED, short_name=PASTED)

    for path in ("/program/changes.atom", "/program.xml"):
        assert ElementTree.fromstring(client.get(path).content) is not None
