"""The organisers' first page: what needs someone, the way to the conference, and numbers that lead to their lists."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import RequestFactory
from django.urls import reverse

from conference import drafts
from conference.models import Conference, Day, Session
from conference.workplace import areas
from pxp.first_page import first_page
from registration.groups import ACCESS_TEAM, LEADS, OBSERVERS, ORGANISERS, PROGRAM, REGISTRATION
from registration.models import AccessRequest, AccountLetter, GrowthCount, OutboxMessage, Registrant
from registration.services.accounts import AccountMailKind, send_letters, write_to
from registration.services.attendance import go_through
from registration.services.day_changes import TELL_AFTER, call_off, restore, tell_news
from registration.services.days import cancel
from registration.services.growth import count_growth
from registration.services.planned_acts import plan
from registration.status import Act, MailState, NeedState
from tests.factories import (
    NOW,
    make_conference,
    make_confirmed,
    make_day,
    make_pending,
    make_program,
    make_session,
    make_staff,
    the_registration,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def days():
    return list(Day.objects.for_edition(make_program()).with_conference())


def page_of(user, now=NOW):
    request = RequestFactory().get(reverse("admin:index"))
    request.user = user
    return first_page(request, now=now)


def titles(user, now=NOW):
    return [notice.title for notice in page_of(user, now)["notices"]]


def test_the_headline_counts_the_days(days):
    bob = make_staff(username="bob")
    heads = [
        page_of(bob, now=days[0].starts_at - timedelta(days=21))["headline"],
        page_of(bob, now=days[0].starts_at - timedelta(hours=2))["headline"],
        page_of(bob, now=days[1].starts_at + timedelta(hours=1))["headline"],
        page_of(bob, now=days[2].ends_at + timedelta(hours=1))["headline"],
    ]

    assert heads == ["21 days until Day 1", "Day 1 is today", "Day 2 is on", "PxP 2027 is over"]


def test_each_number_leads_to_as_many_rows(client, days):
    user = make_staff()
    client.force_login(user)
    ada = make_confirmed(*days)
    make_pending(days[0], name="Bob")
    Day.objects.with_ids([days[0].pk]).update(meeting_url="https://meeting.example.org/")
    go_through(the_registration(ada, days[0]), now=days[0].starts_at)

    bars = page_of(user, now=days[0].starts_at)["bars"]
    shown = [[number for _words, number, _url in bar.numbers] for bar in bars]

    assert shown == [[1, 1, 0, 1], [1, 0, 0], [1, 0, 0]]
    for bar in bars:
        for _words, number, url in bar.numbers:
            assert bool(url) == bool(number)
            if url:
                assert client.get(url).context["cl"].result_count == number, url


def test_what_needs_someone_comes_most_urgent_first(days):
    lead = make_staff(ORGANISERS, LEADS, username="lead")
    bob = make_staff(username="bob")
    ada = make_confirmed(days[0], needs="Captions, please")
    mail = OutboxMessage.objects.queued().first()
    OutboxMessage.objects.only_row(mail).update(state=MailState.DEAD, finished_at=NOW)
    Registrant.objects.only_row(ada).set_undeliverable("550 5.1.1", NOW)
    first = days[0].sessions.get(number=1)
    for session in (first, days[0].sessions.get(number=2)):
        Session.objects.only_row(session).update(starts_at=days[0].starts_at, ends_at=days[0].ends_at)
    Day.objects.with_ids([days[0].pk]).update(capacity=1)
    make_confirmed(days[0], name="Bob")

    assert titles(lead) == [
        "1 person does not get our mails",
        "Nobody is on the Access team",
        "1 mail was given up",
        "Day 1 has no meeting address",
        "Day 2 has no meeting address",
        "Day 3 has no meeting address",
        "Day 1: something does not fit",
        "Day 1 is full, and 1 person waits",
    ]
    assert "No mail leaves now" in titles(bob, now=NOW + timedelta(minutes=11))


def test_all_dead_addresses_are_counted_and_three_named(days):
    values = {"conference": days[0].conference, "undeliverable_at": NOW, "verified_at": NOW, "created_at": NOW}
    Registrant.objects.bulk_create(
        Registrant(name=f"P{n}", email=f"p{n}@example.org", email_key=f"p{n}@example.org", name_key=f"p{n}", **values)
        for n in range(150)
    )

    [notice] = [notice for notice in page_of(make_staff())["notices"] if "our mails" in notice.title]

    assert notice.title == "150 people do not get our mails"
    assert notice.sentence == "Mails to P149, P148, P147 and 147 more come back to us."


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "just now"),
        (0, "just now"),
        (59, "just now"),
        (60, "1\xa0minute ago"),
        (3 * 60, "3\xa0minutes ago"),
        (3600, "1\xa0hour ago"),
        (9 * 86400, "1\xa0week ago"),
    ],
)
def test_the_page_says_when_the_last_mail_left(days, seconds, words):
    mail = make_confirmed(days[0]).mails.first()
    OutboxMessage.objects.filter(pk=mail.pk).update(state=MailState.SENT, finished_at=NOW)

    page = page_of(make_staff(username="bob"), now=NOW + timedelta(seconds=seconds))

    assert f"The last mail was sent {words}." in page["calm"]


def test_an_account_without_any_work_here_reminds_nobody(client, days):
    make_confirmed(days[0], needs="Captions, please")
    make_staff(ACCESS_TEAM, username="ines", email="ines@example.org")
    stranger = make_staff(username="bob")
    stranger.groups.clear()
    client.force_login(stranger)

    page = client.get("/organisers/")
    assert "1 person asked for help and has no answer" in page.text
    assert "/organisers/access-team/" not in page.text
    assert client.post("/organisers/access-team/").status_code == 403
    assert not AccountLetter.objects.exists()


def test_a_draft_that_waits_is_named_last_and_leads_to_what_publishing_changes(days):
    bob = make_staff(username="bob")
    assert "Readers do not see your draft yet" not in titles(bob)
    with drafts.edit_draft(days[0].conference, user=bob, now=NOW):
        Day.objects.with_ids([days[0].pk]).update(title="Of the draft")

    notice = page_of(bob)["notices"][-1]

    assert (notice.title, notice.button) == ("Readers do not see your draft yet", "Look at the draft")
    assert notice.url == reverse("admin:conference_conference_publish", args=[days[0].conference_id])


def test_only_the_access_team_learns_whose_needs_wait_and_others_remind_it(client, days):
    make_confirmed(days[0], needs="Captions, please")
    reader = make_staff(ACCESS_TEAM, username="ines", email="ines@example.org")
    bob = make_staff(username="bob")
    client.force_login(bob)
    [notice] = [one for one in page_of(bob)["notices"] if "no answer" in one.title]

    asked = client.get(notice.url)
    assert "1 request waits for an answer." in asked.text
    assert "Write to 1 organiser" in asked.text
    assert not AccountLetter.objects.exists()
    assert client.post(notice.url).status_code == 302
    assert client.post(notice.url).status_code == 302  # pressed twice

    letter = AccountLetter.objects.get()
    assert (letter.user, letter.kind) == (reader, AccountMailKind.NEEDS_WAIT)
    assert {row.change_message for row in LogEntry.objects.all()} == {"Reminded the Access team: ines"}
    assert "Ada" not in asked.text
    assert page_of(reader)["notices"][0].button == "Answer them"
    assert send_letters(now=NOW) == 1


def test_the_access_team_is_reminded_of_this_year_alone_and_not_of_what_was_answered_since(days, smtp_server):
    next_year = make_day(make_conference(slug="2028"), 1, starts_at=days[0].starts_at + timedelta(days=365))
    make_confirmed(next_year, needs="A sign language interpreter, please")
    ada = make_confirmed(days[0], needs="Captions, please")
    ines = make_staff(ACCESS_TEAM, username="ines", email="ines@example.org")

    write_to(ines, AccountMailKind.NEEDS_WAIT, now=NOW)
    send_letters(now=NOW)
    AccessRequest.objects.for_person(ada).update(state=NeedState.ARRANGED)
    write_to(ines, AccountMailKind.NEEDS_WAIT, now=NOW)
    send_letters(now=NOW)

    [mail] = smtp_server.to("ines@example.org")
    assert "1 of them has no answer yet" in mail.message.get_content()
    assert not AccountLetter.objects.exists()


def test_the_page_shows_nobody_more_than_they_may_see(days):
    make_confirmed(*days, needs="Captions, please")
    nobody = page_of(make_staff("no group", username="eve"))

    assert [notice.title for notice in nobody["notices"]] == ["Nobody is on the Access team"]
    assert (nobody["areas"], nobody["steps"].now) == ([], [])
    assert all(not url for bar in nobody["bars"] for _words, _number, url in bar.numbers)


def test_an_empty_site_begins_with_the_first_step(client):
    client.force_login(make_staff(ORGANISERS, LEADS))

    page = client.get(reverse("admin:index"))

    assert page.context["headline"] == "Welcome, organiser. Start with the dates."
    assert page.context["steps"].first.words == "Begin a conference"
    assert page.text.count('class="button button--big"') == 1
    assert page.text.index('id="steps"') < page.text.index('id="needs"')


def test_the_page_leads_to_writing_to_people_and_has_no_way_back(client, days):
    client.force_login(make_staff())
    page = client.get(reverse("admin:index")).text
    client.force_login(make_staff("no group", username="eve"))
    of_nobody = client.get(reverse("admin:index")).text

    write = f'href="{reverse("admin:registration_broadcast_add")}"'
    assert (page.count(write), of_nobody.count(write)) == (1, 0)
    assert 'aria-current="page">Today' not in page.partition("crumbs")[2]


def test_a_draft_is_worked_on_before_it_is_published(client, days):
    client.force_login(make_staff(ORGANISERS, LEADS))
    end = max(day.ends_at for day in days)
    draft = make_conference(slug="2028", is_published=False)

    for name, now in (("bob", NOW), ("cleo", end + timedelta(days=14))):  # recordings, thanks and numbers come first
        assert page_of(make_staff(username=name), now=now)["desk"].conference == days[0].conference
    assert page_of(make_staff(username="eve"), now=end + timedelta(days=15))["desk"].conference == draft


def test_a_conference_that_is_over_leads_to_the_next_one(days):
    end, user = max(day.ends_at for day in days), make_staff()

    before, after = (page_of(user, now=end + timedelta(days=n))["steps"] for n in (-1, 1))
    draft = make_conference(slug="2028", is_published=False)
    made = page_of(user, now=end + timedelta(days=1))["steps"]

    words, draft_page = "Make the next conference", reverse("admin:conference_conference_change", args=[draft.pk])
    assert words not in [step.words for step in (*before.done, *before.now, *before.later)]
    copy_page = reverse("admin:next_year", args=[days[0].conference_id])
    assert {step.words: step.url for step in after.now}[words] == copy_page
    assert {step.words: step.url for step in made.done}[words] == draft_page


def test_sign_up_of_a_draft_opens_with_publishing(days):
    Conference.objects.update(is_published=False)

    [step] = [step for step in page_of(make_staff())["steps"].later if step.words == "Open sign-up"]

    assert step.note == "Opens when you publish the conference."


def test_reminders_go_by_the_day_that_comes_first(days):
    put_off = timedelta(days=10)
    Day.objects.only_row(days[0]).update(starts_at=days[0].starts_at + put_off, ends_at=days[0].ends_at + put_off)

    dues = {step.words: step.due for step in page_of(make_staff())["steps"].later}

    assert dues["Reminder: 1 day before"] == "Sun 12 Sep 2027, 19:00"


def test_steps_say_how_far_they_are(days):
    Session.objects.filter(day=days[1], number=1).update(title="")
    shown = page_of(make_staff(ORGANISERS, LEADS))["steps"]

    steps = {step.words: step.due for step in shown.now}
    assert steps["Give every session a title"] == "8 of 9"
    assert steps["Add the meeting addresses"] == "0 of 3"
    assert "Set the dates" in [step.words for step in shown.done]
    assert [step.words for step in shown.later][-1] == "Personal data is deleted"
    assert "Sun 5 Sep 2027, 19:00" in [step.due for step in shown.later]


def test_steps_ask_for_nothing_of_a_day_that_is_called_off(days):
    Day.objects.only_row(days[0]).update(title="", called_off_at=NOW)

    shown = page_of(make_staff(ORGANISERS, LEADS))["steps"]

    steps = {step.words: step.due for step in shown.now}
    assert steps["Add the meeting addresses"] == "0 of 2"
    assert "Name the days" in [step.words for step in shown.done]


def test_nothing_is_wrong_with_days_that_are_over_nor_left_to_prepare(days):
    after = max(day.ends_at for day in days) + timedelta(days=1)

    page = page_of(make_staff(ORGANISERS, LEADS), now=after)

    assert not [notice.title for notice in page["notices"] if "does not fit" in notice.title]
    words = {step.words for step in page["steps"].now}
    assert "Add the recordings" in words
    assert not words & {"Add the meeting addresses", "Say that the times are final"}


def test_a_day_without_sessions_has_no_recording_either(days):
    Session.objects.for_day(days[1]).delete()

    page = page_of(make_staff(ORGANISERS), now=max(day.ends_at for day in days) + timedelta(days=1))

    [step] = [step for step in page["steps"].now if step.words == "Add the recordings"]
    assert step.due == "0 of 3"


@pytest.mark.parametrize(("role", "name"), [(ORGANISERS, "program"), (REGISTRATION, "change"), (OBSERVERS, None)])
def test_a_day_leads_to_the_page_that_one_may_open(client, days, role, name):
    client.force_login(make_staff(role))
    url = reverse(f"admin:conference_day_{name}", args=[days[0].pk]) if name else ""
    lists = [bar.url for bar in page_of(make_staff(role, username="bob"))["bars"]]
    listed = client.get(reverse("admin:conference_day_changelist"))

    assert lists[0] == url
    if name:
        assert client.get(url).status_code == 200
        assert f'href="{url}' in listed.text


def test_the_door_to_people_never_says_that_nobody_is_there(days):
    lead = make_staff(ORGANISERS, LEADS)
    page_of(lead)
    make_confirmed(days[0])

    assert areas.state_of(areas.PEOPLE, page_of(lead)["desk"]) == "1 person signed up."


def test_growth_is_counted_by_the_worker_and_names_nobody(days, django_assert_num_queries):
    conference = days[0].conference
    ada = make_confirmed(*days, now=NOW - timedelta(days=30))
    make_confirmed(days[0], name="Bob", country="NL", roles=["patient"], now=NOW - timedelta(days=10))
    cancel(the_registration(ada, days[1]), now=NOW - timedelta(days=1))

    count_growth(conference, now=NOW)

    numbers = GrowthCount.objects.get().numbers
    last = numbers["points"][-1]["days"]
    assert [last[str(day.pk)] for day in days] == [2, 0, 1]
    assert numbers["people"] == 2
    assert sorted(numbers["countries"]) == [["CA", 1], ["NL", 1]]
    assert numbers["roles"] == [["patient", 1]]
    page = page_of(make_staff(username="bob"))["growth"]
    assert [(line.name, line.now) for line in page.chart.lines] == [("Day 1", 2), ("Day 3", 1), ("Day 2", 0)]


def test_place_that_came_back_with_its_day_counts_once(days):
    make_confirmed(days[0], now=NOW - timedelta(days=60))
    call_off(days[0], now=NOW - timedelta(days=20))
    tell_news(now=NOW - timedelta(days=20))
    restore(days[0], now=NOW - timedelta(days=10))

    count_growth(days[0].conference, now=NOW)

    points = GrowthCount.objects.get().numbers["points"]
    assert {point["days"][str(days[0].pk)] for point in points} <= {0, 1}
    assert points[-1]["days"] == {str(days[0].pk): 1}


def test_the_page_asks_at_most_twenty_queries(client, days, django_assert_max_num_queries):
    client.force_login(make_staff(ORGANISERS, LEADS))
    make_confirmed(*days, needs="Captions, please")
    for day in days:
        for number in range(4, 9):
            make_session(day, number)
    client.get(reverse("admin:index"))

    with django_assert_max_num_queries(20):
        page = client.get(reverse("admin:index"))

    assert page.status_code == 200


def test_what_can_be_taken_back_is_on_the_page_of_those_who_may(days):
    grace, one = make_staff(username="grace"), "1 action can still be taken back"
    rows = [the_registration(make_confirmed(days[0], name=name), days[0]) for name in ("Ada", "Bob")]
    call_off(days[1], now=NOW)  # of which nobody has to hear
    plan(Act.CANCEL, rows, user=grace, now=NOW, due_at=NOW + TELL_AFTER)
    alone = [one in titles(make_staff(role, username=role)) for role in (PROGRAM, REGISTRATION, OBSERVERS)]
    call_off(days[0], now=NOW - timedelta(minutes=1), user=grace)

    notice = next(notice for notice in page_of(grace)["notices"] if "taken back" in notice.title)
    later = titles(grace, NOW + TELL_AFTER)

    assert alone == [False, True, False]
    assert (notice.title, notice.url) == ("2 actions can still be taken back", reverse("admin:waiting"))
    assert notice.sentence.endswith("The first mails are sent on Wed 1 Sep 2027, 12:09 UTC.")
    assert not any("taken back" in title for title in later)


def test_past_years_are_one_press_away_once_there_are_any(client, days, django_assert_max_num_queries):
    client.force_login(make_staff(ORGANISERS, LEADS))
    link = f'<a href="{reverse("admin:conference_conference_changelist")}">Past years</a>'
    first = client.get(reverse("admin:index")).text

    make_conference(slug="2028", is_published=False)  # a draft is no past year
    with_draft = client.get(reverse("admin:index")).text
    past = make_day(make_conference(slug="2026"), starts_at=NOW - timedelta(days=300))
    with django_assert_max_num_queries(20):
        then = client.get(reverse("admin:index")).text
    client.force_login(make_staff(OBSERVERS, username="olga"))

    assert past.ends_at < NOW
    assert (link in first, link in with_draft, link in then) == (False, False, True)
    assert "Past years" not in client.get(reverse("admin:index")).text
