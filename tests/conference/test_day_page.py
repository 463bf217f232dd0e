"""A day on one page: typed on the organiser's clock, in order, with breaks, with all that is wrong marked."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core import signing
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from conference import drafts, rules
from conference.admin.day_page import SEEN_SALT
from conference.day_sheet import read, reading, values_of, write
from conference.models import Conference, Day, Draft, Session, Speaker
from registration.models import Organiser
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
from tests.support.admin import messages_of
from tests.support.forms import forms_of

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def organiser(client):
    client.force_login(make_staff())
    return client


@pytest.fixture
def day():
    """Day 1 of an unpublished edition, from 19:00 to 22:00 UTC: saving changes its rows themselves."""
    return make_day(make_conference(is_published=False), title="Theme")


def url_of(day):
    return reverse("admin:conference_day_program", args=[day.pk])


def typed(day, **changes):
    """What the page sends for a day as it is now, with some fields changed."""
    sessions = list(Session.objects.for_day(day).with_people().order_by("number"))
    shown = values_of(day, sessions, ZoneInfo("UTC"))
    data = shown | {"seen": signing.dumps(shown, salt=SEEN_SALT, compress=True)}
    for session in sessions:
        data[f"people-{session.pk}"] = [str(one.speaker_id) for one in session.appearances.all()]
    return data | {name.replace("_", "-"): value for name, value in changes.items()}


def times(day):
    return [
        (session.title, f"{session.starts_at:%H:%M}-{session.ends_at:%H:%M}" if session.has_time else "")
        for session in Session.objects.for_day(day).order_by("number")
    ]


def add(client, day, count=1):
    for _number in range(count):
        client.post(url_of(day), typed(day, do="add-session"))
    return list(Session.objects.for_day(day).order_by("number"))


def test_a_session_behind_the_highest_number_closes_the_gaps_before_it(organiser, day):
    make_session(day, 1, title="First")
    make_session(day, 999, title="Last")

    add(organiser, day)

    assert list(day.sessions.order_by("number").values_list("number", "title")) == [(1, "First"), (2, "Last"), (3, "")]


def test_a_day_behind_the_highest_number_is_refused_in_words(organiser, day):
    Day.objects.update(number=31)

    page = organiser.post(url_of(day), typed(day, date="13 September 2027", do="add-day"), follow=True)

    assert "No day can come after Day 31. Give that one a lower number first." in page.text
    assert f"{Day.objects.get().starts_at:%d %B %Y}" == "13 September 2027"


def test_sessions_follow_each_other_and_breaks_until_a_start_is_typed(organiser, day):
    one, two, three = add(organiser, day, 3)
    organiser.post(
        url_of(day),
        typed(day, **{f"title-{one.pk}": "Welcome", f"minutes-{one.pk}": "15", f"title-{two.pk}": "Talk"}),
    )
    organiser.post(url_of(day), typed(day, do="add-break"))
    organiser.post(url_of(day), typed(day, **{f"start-{three.pk}": "8 pm", f"minutes-{three.pk}": "45"}))

    assert times(day) == [("Welcome", "19:00-19:15"), ("Talk", "19:15-19:45"), ("", "20:00-20:45")]
    two.refresh_from_db()
    assert two.break_minutes == 10
    page = organiser.get(url_of(day)).text
    assert "5 minutes are free before it." in page

    organiser.post(url_of(day), typed(day, **{f"start-{three.pk}": ""}))
    assert times(day)[2] == ("", "19:55-20:40")


def test_up_and_down_save_what_was_typed_and_leave_breaks_between(organiser, day):
    one, two = add(organiser, day, 2)
    organiser.post(url_of(day), typed(day, do="add-break"))
    organiser.post(url_of(day), typed(day, do=f"down-{one.pk}", **{f"title-{one.pk}": "Typed", f"title-{two.pk}": "B"}))

    assert times(day) == [("B", "19:00-19:30"), ("Typed", "19:40-20:10")]
    assert [session.slug for session in Session.objects.order_by("number")] == [two.slug, one.slug]
    organiser.post(url_of(day), typed(day, do="drag-order", order=f"{one.pk},{two.pk}"))
    assert times(day) == [("Typed", "19:00-19:30"), ("B", "19:40-20:10")]
    organiser.post(url_of(day), typed(day, do=f"nobreak-{one.pk}"))
    assert times(day)[1] == ("B", "19:30-20:00")


def test_a_day_that_moves_takes_its_sessions_along_and_dates_are_never_guessed(organiser, day):
    add(organiser, day)
    refused = organiser.post(url_of(day), typed(day, date="12/9/2027", begins="5 pm"))

    assert refused.status_code == 422
    assert "can be read in two ways" in refused.text
    assert 'value="5 pm"' in refused.text
    day.refresh_from_db()
    assert day.starts_at == FIRST_DAY

    organiser.post(url_of(day), typed(day, date="13 September 2027", begins="11 pm", finishes="1:30 am"))
    day.refresh_from_db()
    assert (day.starts_at, day.ends_at) == (FIRST_DAY + 28 * HOUR, FIRST_DAY + 30 * HOUR + 30 * MINUTE)
    assert times(day) == [("", "23:00-23:30")]


def test_times_are_typed_and_shown_on_the_organisers_clock(organiser, day):
    (one,) = add(organiser, day)
    zone = ZoneInfo("America/Toronto")
    shown = values_of(day, [one], zone)
    assert (shown["begins"], shown["date"], shown[f"start-{one.pk}"]) == ("3:00 pm", "12 September 2027", "")
    post = QueryDict(mutable=True)
    post.update(shown | {f"start-{one.pk}": "4.30 pm"})
    found = read(post, shown, shown, [one])
    assert not found.faults
    write(day, [one], found, zone, NOW)
    one.refresh_from_db()
    assert one.starts_at == FIRST_DAY + 90 * MINUTE
    assert values_of(day, [one], zone)[f"start-{one.pk}"] == "4:30 pm"


@pytest.fixture
def night_of_the_clocks(organiser):
    """A day in the night in which clocks in Toronto go from 2:00 to 3:00, with its session; the organiser is there."""
    Organiser.objects.create(user=User.objects.get(), time_zone="America/Toronto")
    starts_at = datetime(2027, 3, 14, 5, tzinfo=UTC)
    day = make_day(make_conference(is_published=False), starts_at=starts_at, ends_at=starts_at + 6 * HOUR)
    return day, make_session(day)


def typed_in_toronto(day, session, **changes):
    shown = values_of(day, [session], ZoneInfo("America/Toronto"))
    return shown | {"seen": signing.dumps(shown, salt=SEEN_SALT, compress=True)} | changes


def test_a_session_over_a_change_of_clocks_lasts_as_long_as_typed(organiser, night_of_the_clocks):
    day, session = night_of_the_clocks
    data = {f"start-{session.pk}": "1:30 am", f"minutes-{session.pk}": "120"}

    assert organiser.post(url_of(day), typed_in_toronto(day, session, **data)).status_code == 302

    assert times(day) == [("Topic 1", "06:30-08:30")]


def test_an_hour_that_clocks_skip_is_no_time_to_type(organiser, night_of_the_clocks):
    day, session = night_of_the_clocks
    data = {f"start-{session.pk}": "2:30 am", f"minutes-{session.pk}": "20"}

    pages = [
        organiser.post(url_of(day), typed_in_toronto(day, session, **data)),
        organiser.post(url_of(day), typed_in_toronto(day, session, begins="2:30 am")),
    ]

    assert [page.status_code for page in pages] == [422, 422]
    assert ["Clocks change in that hour in Toronto." in page.text for page in pages] == [True, True]
    assert times(day) == [("Topic 1", "")]


def test_a_day_that_people_are_on_moves_on_no_page_that_writes_to_nobody(organiser, day):
    make_confirmed(day)

    page = organiser.post(url_of(day), typed(day, begins="20:00"))

    assert page.status_code == 422
    assert "People have this day in their calendars." in page.text
    day.refresh_from_db()
    assert day.starts_at == FIRST_DAY
    assert organiser.post(url_of(day), typed(day, do="add-session")).status_code == 302


def test_what_is_wrong_is_marked_at_its_row_and_in_the_list(organiser, day):
    one, two, three = add(organiser, day, 3)
    grace = make_speaker(day.conference)
    make_appearance(one, grace)
    make_appearance(two, grace)
    data = {f"title-{one.pk}": "A", f"title-{two.pk}": "B", f"title-{three.pk}": "C"}
    data |= {f"start-{two.pk}": "19:10", f"start-{three.pk}": "22:30"}
    organiser.post(url_of(day), typed(day, **data))

    page = organiser.get(url_of(day))

    words = [words for words, _anchor in page.context["to_mend"]]
    assert "“B”: It is at the same time as Day 1, Session 1, and Grace cannot be in both." in words
    assert any(line.startswith("“C”: The session must be within the times of its day") for line in words)
    assert page.text.count('class="trouble"') == 2
    assert {finding.key for finding in rules.findings_now(timezone.now(), day.conference)} == {
        ("session", two.pk),
        ("session", three.pk),
    }


def test_a_day_that_is_over_is_nothing_to_fix_but_one_that_a_draft_moves_there_is(organiser):
    now = timezone.now().replace(second=0, microsecond=0)
    conference = make_conference(slug=str(now.year))
    over = make_day(conference, 1, starts_at=now - 4 * HOUR, ends_at=now - HOUR)
    moved = make_day(conference, 2, starts_at=now + 40 * HOUR, ends_at=now + 43 * HOUR)

    saved = organiser.post(url_of(over), typed(over, do="add-session"), follow=True)

    assert saved.context["to_mend"] == []
    assert [str(message) for message in saved.context["messages"]] == ["Saved. Readers do not see it yet."]
    window = {"date": f"{now - timedelta(days=1):%-d %B %Y}", "begins": "10:00", "finishes": "12:00"}
    organiser.post(url_of(moved), typed(moved, **window))
    page = organiser.get(url_of(moved))
    assert any("Day 2: It is in the past" in words for words, _anchor in page.context["to_mend"])


def test_free_minutes_are_named_at_the_row_in_a_list_and_before_publishing_and_stop_nothing(organiser, day):
    one, two = add(organiser, day, 2)
    data = {f"title-{one.pk}": "A", f"title-{two.pk}": "B", f"minutes-{one.pk}": "30", f"start-{two.pk}": "20:00"}
    organiser.post(url_of(day), typed(day, **data))
    words = "30 minutes are free before it. Add a break, or empty the start: it then begins at 19:30."

    page = organiser.get(url_of(day))
    publish = organiser.get(reverse("admin:conference_conference_publish", args=[day.conference_id]))

    assert [one for one, _anchor in page.context["to_look_at"]] == [f"“B”: {words}"]
    assert page.context["to_mend"] == []
    assert f"Day 1, Session 2: {words}" in publish.text
    assert publish.context["waiting"].may_be_published


def test_speakers_are_found_by_name_or_made_whatever_their_script(organiser, day):
    grace = make_speaker(day.conference)
    (one,) = add(organiser, day)
    organiser.post(url_of(day), typed(day, **{f"add-{one.pk}": "grace, 山田 太郎"}))

    assert list(one.appearances.values_list("speaker__name", flat=True)) == ["Grace", "山田 太郎"]
    assert Speaker.objects.count() == 2
    organiser.post(url_of(day), typed(day, **{f"people-{one.pk}": []}))
    assert not one.appearances.exists()
    assert Speaker.objects.filter(pk=grace.pk).exists()


@pytest.mark.parametrize(
    ("typed_names", "names"),
    [
        ("Zoë O'Brien, PhD", ["Zoë O'Brien, PhD"]),
        ("Ada Byron, M.D., MSc RN, Bob King", ["Ada Byron, M.D., MSc RN", "Bob King"]),
        ("Ada Byron; Bob King;", ["Ada Byron", "Bob King"]),
        ("ADA BYRON, BOB", ["ADA BYRON", "BOB"]),
        ("Grace, JoAnn، فاطمة", ["Grace", "JoAnn", "فاطمة"]),
    ],
)
def test_letters_after_a_name_are_no_second_speaker(organiser, day, typed_names, names):
    (one,) = add(organiser, day)

    organiser.post(url_of(day), typed(day, **{f"add-{one.pk}": typed_names}))

    assert list(one.appearances.values_list("speaker__name", flat=True)) == names


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("45", 45),
        ("45 min", 45),
        ("45 minutes", 45),
        ("45'", 45),
        ("1h30", 90),
        ("1 h", 60),
        ("1:30", 90),
        ("1 hour", 60),
    ],
)
def test_minutes_are_read_as_people_write_them(words, minutes):
    assert reading._whole_minutes(words) == minutes


@pytest.mark.parametrize("words", ["0", "-5", "1441", "24:01", "min", "h", "", "45 45", "1.5 h", "٤٥", "99999"])
def test_what_is_no_number_of_minutes_is_refused(words):
    with pytest.raises(ValueError, match="Write a number of minutes, from 1 to 1440"):
        reading._whole_minutes(words)


def test_a_title_pasted_from_a_list_loses_its_bullet(organiser, day):
    (one,) = add(organiser, day)

    organiser.post(url_of(day), typed(day, **{f"title-{one.pk}": "•\tBuilding trust", f"add-{one.pk}": "- Grace"}))

    one.refresh_from_db()
    assert (one.title, one.appearances.get().speaker.name) == ("Building trust", "Grace")


def test_a_session_moves_to_another_day_is_announced_later_and_goes(organiser, day):
    other = make_day(day.conference, 2)
    one, two = add(organiser, day, 2)
    organiser.post(url_of(day), typed(day, do=f"move-{one.pk}-{other.pk}", **{f"title-{one.pk}": "Goes"}))
    one.refresh_from_db()
    assert (one.day, one.starts_at) == (other, other.starts_at)
    organiser.post(url_of(other), typed(other, do=f"tba-{one.pk}"))
    one.refresh_from_db()
    assert one.title == ""
    organiser.post(url_of(day), typed(day, do=f"remove-{two.pk}"))
    assert not Session.objects.for_day(day).exists()
    assert organiser.post(url_of(day), typed(day, do=f"up-{two.pk}"), follow=True).status_code == 200


def test_removing_a_session_for_good_asks_first_and_keeps_what_was_typed(organiser, day):
    one, two = add(organiser, day, 2)
    data = typed(day, do=f"remove-{one.pk}", **{f"title-{one.pk}": "Welcome", f"title-{two.pk}": "Tea"})

    page = organiser.post(url_of(day), data)

    assert page.context["title"] == "Remove “Welcome”?"
    assert [title for title, _time in times(day)] == ["Welcome", "Tea"]
    organiser.post(url_of(day), dict(page.context["kept"]) | {"post": "yes"})
    assert [title for title, _time in times(day)] == ["Tea"]
    Conference.objects.update(is_published=True)
    in_draft = organiser.post(url_of(day), typed(day, do=f"remove-{two.pk}"))
    assert in_draft.status_code == 302  # the draft can be dropped


def test_two_organisers_on_one_page_keep_each_others_words(organiser, day):
    one, two = add(organiser, day, 2)
    early = typed(day)
    Session.objects.filter(pk=one.pk).update(title="Theirs")

    organiser.post(url_of(day), early | {f"title-{two.pk}": "Mine"})
    assert [title for title, _time in times(day)] == ["Theirs", "Mine"]

    conflict = organiser.post(url_of(day), early | {f"title-{one.pk}": "Mine too"})
    assert conflict.status_code == 422
    assert "Another organiser changed this in the meantime: “Theirs”." in conflict.text
    assert 'value="Mine too"' in conflict.text
    organiser.post(url_of(day), early | {f"title-{one.pk}": "Mine too", "seen": conflict.context["seen"]})
    assert times(day)[0][0] == "Mine too"


def test_a_published_day_is_edited_in_the_draft_and_a_typo_goes_at_one_press(organiser):
    conference = make_program(days=1, sessions=2)
    day = Day.objects.get()
    one, two = Session.objects.order_by("number")
    organiser.post(url_of(day), typed(day, **{f"title-{one.pk}": "Draft"}))
    one.refresh_from_db()
    assert one.title == "Topic 1"
    page = " ".join(organiser.get(url_of(day)).text.split())
    assert "Draft: readers do not see 1 change yet" in page
    assert "Saved just now by " in page

    organiser.post(url_of(day), typed(day, do="now", **{f"title-{two.pk}": "Topic two"}))

    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.title, two.title) == ("Topic 1", "Topic two")
    with drafts.show_drafts(conference):
        one.refresh_from_db()
        assert one.title == "Draft"

    moved = organiser.post(url_of(day), typed(day, do="now", begins="20:00"))
    assert moved.url == reverse("admin:conference_conference_publish", args=[conference.pk])
    day.refresh_from_db()
    assert day.starts_at == FIRST_DAY
    assert Draft.objects.get().changes


def test_the_page_of_a_long_day_asks_few_queries(organiser, django_assert_max_num_queries):
    day = make_day()
    for number in range(1, 13):
        make_appearance(make_session(day, number), make_speaker(day.conference, slug=f"s{number}", name=f"S {number}"))
    with django_assert_max_num_queries(45):
        organiser.get(url_of(day))


def test_time_of_a_day_begins_with_a_capital_in_french(organiser, day):
    sheet, form = (
        organiser.get(f"/fr{address}").text
        for address in (url_of(day), reverse("admin:conference_day_change", args=[day.pk]))
    )

    assert "<p>Dimanche 12 septembre 2027, " in sheet
    assert "<div>Dimanche 12 septembre 2027, " in form


def pressed_twice(client, url, button, **typed):
    """Press a button of the page as a browser does, and once more before the answer came. Return the messages."""
    form = forms_of(client.get(url).text)[-1]
    data = form.sent(next(one for one in form.buttons if one.value == button)) | typed
    return [messages_of(client.post(url, data)) for _press in range(2)]


@pytest.mark.parametrize("is_published", [True, False])
@pytest.mark.parametrize("button", ["up-{third}", "down-{first}", "add-session", "add-break", "add-day"])
def test_button_pressed_twice_moves_or_adds_once(organiser, is_published, button):
    conference = make_program(days=1, sessions=3, is_published=is_published)
    day = conference.days.get()
    one, _two, three = Session.objects.for_day(day).order_by("number")

    first, second = pressed_twice(organiser, url_of(day), button.format(first=one.pk, third=three.pk))

    assert first == ([] if button == "add-day" else ["Saved. Readers do not see it yet."])
    assert second[0].startswith("Sessions, breaks or days have changed in the meantime")
    with drafts.show_drafts(conference):
        sessions = [(row.title, bool(row.break_minutes)) for row in Session.objects.for_day(day).order_by("number")]
        assert Day.objects.count() == 1 + (button == "add-day")
    assert (
        sessions
        == {
            "up-{third}": [("Topic 1", False), ("Topic 3", False), ("Topic 2", False)],
            "down-{first}": [("Topic 2", False), ("Topic 1", False), ("Topic 3", False)],
            "add-session": [("Topic 1", False), ("Topic 2", False), ("Topic 3", False), ("", False)],
            "add-break": [("Topic 1", False), ("Topic 2", True), ("Topic 3", False)],
            "add-day": [("Topic 1", False), ("Topic 2", False), ("Topic 3", False)],
        }[button]
    )
    assert LogEntry.objects.count() == 1  # and none where nothing was changed


def test_rows_dragged_on_an_old_page_stay_where_a_colleague_put_them(organiser):
    day = make_program(days=1, sessions=3).days.get()
    one, two, three = Session.objects.for_day(day).order_by("number")
    form = forms_of(organiser.get(url_of(day)).text)[-1]
    drag = {"do": "drag-order", "order": f"{three.pk},{two.pk},{one.pk}"}
    messages_of(organiser.post(url_of(day), form.fields | {"do": f"up-{three.pk}", "order": ""}))

    refused = messages_of(organiser.post(url_of(day), form.fields | drag))
    now = forms_of(organiser.get(url_of(day)).text)[-1].fields
    saved = [messages_of(organiser.post(url_of(day), now | drag)) for _press in range(2)]

    assert refused[0].startswith("Sessions, breaks or days have changed")
    assert saved == [["Saved. Readers do not see it yet."], []]


def test_words_for_a_session_that_a_colleague_removed_come_back(organiser):
    day = make_program(days=1, sessions=2).days.get()
    session = day.sessions.get(number=2)
    form = forms_of(organiser.get(url_of(day)).text)[-1]
    messages_of(organiser.post(url_of(day), form.fields | {"do": f"remove-{session.pk}"}))

    said = messages_of(organiser.post(url_of(day), form.fields | {f"title-{session.pk}": "Much better"}))

    words = "“Topic 2” is no longer on this day. What you typed for it is not saved: Much better"
    assert said == [words]


def test_page_of_a_day_that_is_gone_leads_on_with_words(organiser):
    gone = organiser.get(reverse("admin:conference_day_program", args=[99]))

    assert (gone.status_code, gone.url) == (302, reverse("admin:index"))
    assert messages_of(gone) == ["day with ID “99” doesn’t exist. Perhaps it was deleted?"]


def test_history_says_what_was_changed_on_the_page(organiser):
    day = make_program(days=1, sessions=2).days.get()
    session = day.sessions.get(number=1)
    fields = forms_of(organiser.get(url_of(day)).text)[-1].fields

    organiser.post(url_of(day), fields)
    organiser.post(url_of(day), fields | {f"title-{session.pk}": "Rest"})
    organiser.post(url_of(day), fields | {f"title-{session.pk}": "Rest", "do": f"down-{session.pk}"})

    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == [
        "“Topic 1” is now called “Rest”.",
        "Sessions are in another order.",
    ]
