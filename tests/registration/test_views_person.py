"""The pages of one person: confirming, their days, the day's door, their calendar."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from conference.models import Day
from conference.site.parameters import read_query
from registration import links
from registration.models import AccessRequest, OutboxMessage, Registrant, Registration
from registration.pages.my_days import days_on_page
from registration.pages.next_day import nothing_to_come
from registration.services import days as day_service
from registration.services.day_changes import call_off
from registration.status import MailKind, NeedState, Status
from tests.factories import (
    NOW,
    make_announced_date,
    make_conference,
    make_confirmed,
    make_day,
    make_pending,
    make_program,
    make_session,
    the_registration,
)
from tests.letters import letter_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def days(db):
    return list(make_program(sessions=0).days.with_conference().order_by("number"))


@pytest.fixture
def past_day(db):
    return make_day(make_conference(slug="2020"), starts_at=datetime(2020, 9, 12, 19, tzinfo=UTC))


def path(purpose, registrant):
    return f"/{purpose}/{links.token(purpose, registrant)}/"


def join_path(registrant, day):
    return f"/join/{links.join_token(the_registration(registrant, day))}/"


def statuses(registrant):
    return [(row.day.number, row.status) for row in Registration.objects.for_person(registrant)]


def press(client, registrant, action, **fields):
    """Press a button on someone's page; return the page that follows."""
    response = client.post(path("my", registrant), {"action": action} | fields)
    assert response.status_code == 302
    return client.get(response["Location"])


def everything():
    tables = (Registrant, Registration, AccessRequest, OutboxMessage)
    return [list(table.objects.order_by("pk").values()) for table in tables]


# --- All of them -----------------------------------------------------------------------------------------------------


def test_personal_pages_are_for_nobody_else(client, days):
    ada = make_confirmed(*days)

    for address in (path("confirm", ada), path("my", ada), join_path(ada, days[0])):
        response = client.get(address)

        assert response.status_code == 200
        assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "same-origin"


def test_opening_any_personal_page_changes_nothing(client, days):
    ada, bob = make_confirmed(*days), make_pending(*days, name="Bob", needs="More time")
    before = everything()

    for address in (path("my", ada), path("confirm", ada), path("confirm", bob), join_path(ada, days[0])):
        client.get(address)
        client.head(address)
    client.get(calendar_path(ada))

    assert everything() == before


@pytest.mark.parametrize(
    "address", ["/confirm/{}/", "/my/{}/", "/join/{}/", "/calendar/{}.ics", "/calendar/{}/day-1.ics"]
)
@pytest.mark.parametrize("token", ["x", "A" * 43, "é"])
def test_wrong_link_says_how_to_get_the_right_one(client, days, address, token):
    response = client.get(address.format(token))

    assert response.status_code == 404
    assert "This link does not work" in response.text
    assert 'href="/lost-link/"' in response.text
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_wrong_link_takes_no_button(client, days):
    assert client.post("/my/x/", {"action": "drop", "day": "1"}).status_code == 404


def test_links_to_the_program_keep_the_persons_clock(client, days):
    ada = make_confirmed(days[0], time_zone="Asia/Tokyo")

    response = client.get(path("my", ada))

    assert 'href="/program/?tz=Asia/Tokyo"' in response.text


# --- Confirming ------------------------------------------------------------------------------------------------------


def test_opening_the_link_confirms_nothing(client, days):
    ada = make_pending(days[0], time_zone="Asia/Tokyo")

    for method in (client.get, client.head, client.options):
        method(path("confirm", ada))

    ada.refresh_from_db()
    assert (ada.verified_at, statuses(ada)) == (None, [(1, Status.PENDING)])
    page = client.get(path("confirm", ada))
    assert "<h1>Confirm your place</h1>" in page.text
    assert "Monday 13 September, 04:00 to 07:00" in page.text
    assert page.text.count("<button") == 1


def test_pressing_the_button_confirms_and_leads_to_the_persons_page(client, days):
    ada = make_pending(days[0], days[2])

    response = client.post(path("confirm", ada))

    ada.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, f"{path('my', ada)}?done=confirmed")
    assert statuses(ada) == [(1, Status.CONFIRMED), (3, Status.CONFIRMED)]
    assert "You are signed up for Day 1 and Day 3." in client.get(response["Location"]).text


def test_pressing_again_shows_their_status_and_sends_nothing(client, days):
    ada = make_confirmed(days[0])
    before = OutboxMessage.objects.count()

    response = client.post(path("confirm", ada))

    assert (response.status_code, response["Location"]) == (302, path("my", ada))
    assert OutboxMessage.objects.count() == before
    page = client.get(path("confirm", ada))
    assert "<h1>You are signed up</h1>" in page.text
    assert "<form" not in page.text


def test_needs_of_a_known_person_are_confirmed_by_the_same_link(client, days):
    ada = make_confirmed(days[0])
    make_pending(days[0], needs="A quiet line")

    page = client.get(path("confirm", ada))
    assert "what you need to take part" in page.text
    assert "A quiet line" not in page.text

    response = client.post(path("confirm", ada))

    assert response["Location"] == f"{path('my', ada)}?done=needs"
    assert AccessRequest.objects.get().state == NeedState.NEW


def test_confirming_when_only_a_day_that_is_called_off_is_left_says_that_the_conference_is_over(
    client, days, machine_clock
):
    ada = make_pending(days[0])
    call_off(days[-1], now=NOW)
    machine_clock.move_to(days[-2].ends_at)

    assert "The conference is over" in client.get(path("confirm", ada)).text


def test_confirming_after_the_conference_says_that_it_is_over(client, past_day):
    ada = make_pending(past_day, now=past_day.starts_at - timedelta(days=1))

    page, pressed = client.get(path("confirm", ada)), client.post(path("confirm", ada))

    ada.refresh_from_db()
    assert (page.status_code, pressed.status_code, ada.verified_at) == (200, 200, None)
    for response in (page, pressed):
        assert re.search(r"<h1>\s*The conference is over\s*</h1>", response.text)


@pytest.mark.parametrize("state", ["is over", "has been called off"])
def test_confirming_too_late_says_why_and_where_to_go_on(client, days, machine_clock, state):
    ada = make_pending(days[0])
    bob = make_pending(days[0], days[1], name="Bob")
    if state == "is over":
        machine_clock.move_to(days[0].ends_at)
    else:
        call_off(days[0], now=NOW)

    page, other = client.get(path("confirm", ada)), client.get(path("confirm", bob))
    pressed = client.post(path("confirm", ada), {"days": "1"}, follow=True)

    for answer in (page, other, pressed):
        assert f"Day 1 {state}." in answer.text
    assert 'href="/program/?tz=America/Toronto">See the program' in page.text
    assert 'name="days" value="2"' in other.text
    assert "Day 1 was not added." in pressed.text


def test_adding_a_day_that_is_just_over_says_that_it_is(client, days, machine_clock):
    ada = make_confirmed(days[1])
    machine_clock.move_to(days[0].ends_at)

    pressed = client.post(path("my", ada), {"action": "add", "day": "1"}, follow=True)

    assert "Day 1 was not added." in pressed.text
    assert "Day 1 is over." in pressed.text


# --- My days ---------------------------------------------------------------------------------------------------------


def test_page_shows_each_day_on_the_persons_clock(client, days):
    ada = make_confirmed(days[0], days[2], time_zone="Asia/Tokyo", country="JP")

    page = client.get(path("my", ada))

    assert "Monday 13 September, 04:00 to 07:00 in Tokyo" in page.text
    assert "Wednesday 15 September, 04:00" in page.text
    assert page.text.count("You have a place") == 2
    assert page.text.count("Not signed up") == 1
    assert links.join_url(the_registration(ada, days[0])) in page.text
    assert "Add Day 2" in page.text


@pytest.mark.parametrize("word", ["confirmed", "added-1", "waiting-2", "dropped-3"])
@pytest.mark.parametrize("state", ["over", "called off"])
def test_old_address_tells_no_news_of_a_day_that_is_over_or_called_off(client, days, machine_clock, word, state):
    Day.objects.filter(pk=days[1].pk).update(capacity=1)
    make_confirmed(days[1], name="Bob")
    ada = make_confirmed(days[0], Day.objects.get(pk=days[1].pk))
    assert 'class="notice ' in client.get(f"{path('my', ada)}?done=confirmed").text

    if state == "over":
        machine_clock.move_to(days[-1].ends_at)
    else:
        for day in days:
            call_off(day, now=NOW)

    assert 'class="notice ' not in client.get(f"{path('my', ada)}?done={word}").text


def test_calendar_page_has_every_way_into_a_calendar(client, days):
    ada = make_confirmed(days[0], days[2])

    page = client.get(f"{path('my', ada)}calendar/").text

    assert f'href="{path("my", ada)}calendar/"' in client.get(path("my", ada)).text
    assert page.count("https://calendar.google.com/") == 2
    assert f'href="/calendar/{links.token("calendar", ada)}/day-3.ics"' in page
    assert links.calendar_url(ada).replace("http:", "webcal:") in page


def test_page_never_puts_its_own_address_into_other_calendars(client, days):
    ada = make_confirmed(*days)

    page = client.get(f"{path('my', ada)}calendar/").text

    assert "google" in page
    for part in page.split("href=")[1:]:
        if "google" in part[:60] or "outlook" in part[:60]:
            assert links.token("my", ada) not in part.partition(">")[0]


def test_dropping_a_day_cancels_it_and_offers_the_way_back(client, days):
    ada = make_confirmed(*days)

    page = press(client, ada, "drop", day="2")

    assert statuses(ada)[1] == (2, Status.CANCELLED)
    assert "You are no longer signed up for Day 2." in page.text
    assert "Undo" in page.text
    assert "<title>You are no longer signed up for Day 2. My days – PxP</title>" in page.text

    page = press(client, ada, "add", day="2")

    assert (2, Status.CONFIRMED) in statuses(ada)
    assert "You are signed up for Day 2." in page.text


def test_dropping_twice_is_harmless(client, days):
    ada = make_confirmed(*days)
    press(client, ada, "drop", day="2")
    before = OutboxMessage.objects.count()

    press(client, ada, "drop", day="2")

    assert OutboxMessage.objects.count() == before


def test_adding_a_day_they_are_on_is_harmless(client, days):
    ada = make_confirmed(*days)
    before = OutboxMessage.objects.count()

    page = press(client, ada, "add", day="2")

    assert "You are signed up for Day 2." in page.text
    assert OutboxMessage.objects.count() == before


def test_adding_a_full_day_says_what_waiting_means(client, days):
    days[1].capacity = 0
    days[1].save()
    ada = make_confirmed(days[0])

    page = press(client, ada, "add", day="2")

    assert statuses(ada) == [(1, Status.CONFIRMED), (2, Status.WAITLISTED)]
    assert "You are on the waiting list for Day 2." in page.text
    assert "When it is your turn for a free place" in page.text


def test_hours_of_the_confirm_page_and_of_the_calendar_page_name_their_clock(client, days):
    ada = make_pending(days[0], time_zone="Asia/Kolkata")

    to_confirm = client.get(path("confirm", ada)).text
    bob = make_confirmed(days[0], name="Bob", time_zone="Asia/Kolkata")
    eve = make_pending(days[0], name="Eve", time_zone="America/Mexico_City", language="es")

    assert ">Hora de Ciudad de México (UTC−6)<" in client.get(path("confirm", eve)).text
    assert "Kolkata time (UTC+5:30)" in to_confirm.partition("</form>")[2]  # it pushes the button off no screen
    assert "Times for Kolkata." in client.get(f"{path('my', bob)}calendar/").text


def test_line_of_the_circle_begins_with_a_capital_in_each_language(client, days):
    ada = make_confirmed(days[0], language="fr")

    page = client.get(path("my", ada)).text
    door = client.get(join_path(ada, days[0])).text

    assert '<p class="disc__when">Dimanche 12 septembre, ' in page
    assert ">Dimanche 12 septembre 2027, " in door
    mail = letter_of(OutboxMessage.objects.of_kind("confirmation").get()).get_body(("plain",)).get_content()
    assert "\nDimanche 12 septembre 2027" in mail.replace("\r", "")


def test_each_date_of_a_day_begins_its_line_with_a_capital(client, days):
    make_announced_date(days[0])
    ada = make_confirmed(days[0], language="fr", time_zone="")

    page = client.get(f"{path('my', ada)}calendar/").text

    assert re.findall(r"<time[^>]*>(\w+ \d+)", page) == ["Dimanche 12", "Lundi 13"]


def test_adding_a_day_whose_sign_up_closed_says_so(client, days):
    ada = make_confirmed(days[0])
    days[1].sign_up_closes_at = timezone.now() - timedelta(minutes=1)
    days[1].save()

    page = press(client, ada, "add", day="2")

    assert statuses(ada) == [(1, Status.CONFIRMED)]
    assert "Day 2 was not added." in page.text
    assert "Sign-up for Day 2 has closed." in page.text
    assert "Add Day 2" not in page.text


@pytest.mark.parametrize("wants_invites", [True, False])
def test_page_promises_only_mails_that_come(wants_invites, client, days):
    ada = make_confirmed(days[0])
    Registrant.objects.update(calendar_mails=wants_invites)
    OutboxMessage.objects.all().delete()

    added = press(client, ada, "add", day="2").text
    dropped_at_once = press(client, ada, "drop", day="2").text
    mails = [row.kind for row in OutboxMessage.objects.queued()]
    dropped_later = press(client, ada, "drop", day="1").text

    assert ("We are emailing you a calendar invite." in added) == wants_invites
    assert ("We are emailing you everything you need." in added) != wants_invites
    assert "update for your calendar" not in dropped_at_once
    assert MailKind.INVITE not in mails
    assert "We will email you an update for your calendar." in dropped_later  # the entry was there before


def test_old_sentence_in_the_address_is_not_shown_when_it_is_no_longer_true(client, days):
    ada = make_confirmed(*days)

    page = client.get(path("my", ada) + "?done=dropped-2")

    assert "You are no longer signed up for Day 2." not in page.text


@pytest.mark.parametrize(
    ("on", "off"),
    [
        ("reminders-on", "reminders-off"),
        ("calendar-mails-on", "calendar-mails-off"),
        ("neutral-titles-on", "neutral-titles-off"),
    ],
)
def test_page_that_the_browser_goes_back_to_says_nothing_of_a_switch_that_was_turned_since(client, days, on, off):
    ada = make_confirmed(*days)

    for before, now in ((on, off), (off, on), (on, off)):
        press(client, ada, before)
        assert press(client, ada, now).context["done"].switch_back == before
        assert client.get(path("my", ada), {"done": before}).context["done"] is None


def test_page_names_a_button_only_where_there_is_one(client, days):
    ada = make_confirmed(days[0])
    day_service.cancel(the_registration(ada, days[0]), now=NOW)
    press(client, ada, "calendar-mails-off")

    assert "Send everything again" not in press(client, ada, "calendar-mails-on").text


def test_page_that_the_browser_goes_back_to_waits_for_no_address_that_was_taken_back(client, days):
    ada = make_confirmed(*days)
    asked = client.post(path("my", ada) + "address/", {"email": "new@example.org"})["Location"]
    assert "Check your email at the new address." in client.get(asked).text

    kept = client.post(path("my", ada) + "address/", {"take-back": ""})["Location"]

    assert "Your address stays the same." in client.get(kept).text
    assert client.get(asked).context["done"] is None
    client.post(path("my", ada) + "address/", {"email": "new@example.org"})
    assert client.get(kept).context["done"] is None


@pytest.mark.parametrize("word", ["", "x", "dropped", "dropped-9", "sent-2", "<script>", "added-"])
def test_unknown_sentence_in_the_address_is_no_sentence(client, days, word):
    ada = make_confirmed(*days)

    page = client.get(path("my", ada), {"done": word})

    assert page.status_code == 200
    assert page.context["done"] is None


def test_button_about_needs_takes_no_day_that_came_with_them(client, days):
    ada = make_confirmed(days[0])
    make_pending(days[1], needs="A quiet line")

    client.post(path("my", ada), {"action": "confirm"})

    assert AccessRequest.objects.get().state == NeedState.NEW
    assert the_registration(ada, days[1]).is_pending


def test_needs_that_wait_for_a_yes_have_it_once_the_person_writes_the_same(client, days):
    ada = make_confirmed(days[0])
    make_pending(days[0], needs="A quiet line")

    client.post(path("my", ada) + "needs/", {"needs": "A quiet line", "consent": "on"})

    assert [(row.words, row.state) for row in AccessRequest.objects.all()] == [("A quiet line", NeedState.NEW)]
    assert "Was that you?" not in client.get(path("my", ada)).text


def test_page_with_waiting_needs_asks_whether_it_was_them(client, days):
    ada = make_confirmed(days[0])
    make_pending(days[0], needs="A quiet line")

    assert "Was that you?" in client.get(path("my", ada)).text
    press(client, ada, "confirm")

    assert AccessRequest.objects.get().state == NeedState.NEW


def test_send_again_sends_all_that_counts(client, days):
    ada = make_confirmed(days[0], days[2])
    OutboxMessage.objects.all().delete()

    page = press(client, ada, "send-again")

    assert "We are sending your emails again." in page.text
    kinds = [mail.kind for mail in OutboxMessage.objects.queued().order_by("pk")]
    assert kinds == ["confirmation", "invite", "invite"]


def test_send_again_without_a_place_says_so(client, days):
    ada = make_confirmed(days[0])
    press(client, ada, "drop", day="1")

    assert "There is nothing to send." in press(client, ada, "send-again").text


def test_who_dropped_all_days_reads_that_they_are_on_none(client, days):
    ada = make_confirmed(days[0])
    OutboxMessage.objects.queued().update(state="sent", finished_at=NOW)

    page = press(client, ada, "drop", day="1").text

    assert "<h1>You are not signed up for any day</h1>" in page
    mail = letter_of(OutboxMessage.objects.of_kind("cancel").get())
    assert mail["Subject"].strip() == "You are no longer signed up for PxP Day 1, Sunday 12 September, 3:00 pm"
    words = mail.get_body(("plain",)).get_content()
    assert "Change your days" in words
    assert "get your invites again" not in words


def test_whose_days_are_over_is_not_told_that_they_signed_up_for_none(days):
    items = days_on_page(make_confirmed(days[0]), now=days[0].ends_at)

    assert nothing_to_come(items) == "You have no more days to come"
    assert nothing_to_come(items[1:]) == "You are not signed up for any day"
    assert nothing_to_come(items[1:], about="Ada") == "Ada is not signed up for any day"


def test_changing_the_clock_changes_all_hours(client, days):
    ada = make_confirmed(days[0])

    typed = {"name": "Ada", "time_zone": "Asia/Calcutta", "country": "IN", "language": "en"}
    page = client.post(f"{path('my', ada)}details/", typed, follow=True)

    ada.refresh_from_db()
    assert ada.time_zone == "Asia/Kolkata"
    assert "Late on Sunday night (12:30\u00a0am to 3:30\u00a0am on Monday 13 September) in Kolkata" in page.text


# --- Waiting lists ---------------------------------------------------------------------------------------------------


def test_confirming_a_full_day_says_waiting_list_before_and_after_and_never_that_you_are_in(client, days):
    days[0].capacity = 0
    days[0].save()
    ada = make_pending(days[0])

    before = client.get(path("confirm", ada)).text
    after = client.post(path("confirm", ada), follow=True).text

    assert "<h1>Join the waiting list</h1>" in before
    assert "<h1>You are on the waiting list for Day 1</h1>" in after
    assert "<title>You are on the waiting list for Day 1. My days – PxP</title>" in after
    assert after.count("When it is your turn for a free place, we will give it to you and email you.") == 1
    assert "You are signed up" not in after
    assert "You have a place" not in after
    mail = letter_of(OutboxMessage.objects.newest_first().first())
    assert mail["Subject"] == "You are on the waiting list for PxP Day 1"


def test_confirming_one_day_with_a_place_and_a_full_one_says_both(client, days):
    days[1].capacity = 0
    days[1].save()
    ada = make_pending(days[0], days[1])

    after = " ".join(client.post(path("confirm", ada), follow=True).text.split())

    assert "You are signed up for Day 1." in after
    assert "You are on the waiting list for Day 2. When it is your turn" in after


def with_others_waiting(days):
    """Return Ada, who has the only place of Day 1, and Bob, who waits for it."""
    days[0].capacity = 1
    days[0].save()
    return make_confirmed(days[0], days[1]), make_confirmed(days[0], name="Bob")


def test_leaving_a_full_day_that_others_wait_for_is_asked_once_and_then_final(client, days):
    ada, bob = with_others_waiting(days)

    asked = press(client, ada, "drop", day="1")
    still = statuses(ada)
    gone = press(client, ada, "drop", day="1", sure="1")

    assert "<h1>Cancel Day 1?</h1>" in asked.text
    assert "Others are waiting. You may not get your place back." in asked.text
    assert still == [(1, Status.CONFIRMED), (2, Status.CONFIRMED)]
    assert statuses(ada)[0] == (1, Status.CANCELLED)
    assert statuses(bob) == [(1, Status.CONFIRMED)]
    assert "You are no longer signed up for Day 1." in gone.text
    assert "Undo" not in gone.text


def test_person_who_waits_is_not_told_of_a_place_when_sign_up_has_closed(client, days):
    days[0].capacity = 0
    days[0].save()
    ada = make_confirmed(days[0])
    days[0].sign_up_closes_at = timezone.now() - timedelta(days=1)
    days[0].save()

    asked = client.get(path("my", ada) + "?leave=1").text

    assert "Sign-up has closed. You cannot join the waiting list again." in asked


def test_opening_the_question_changes_nothing_and_a_link_leads_there(client, days):
    ada, _bob = with_others_waiting(days)
    before = everything()

    assert '<a class="link" href="?leave=1">' in client.get(path("my", ada)).text
    assert "Keep my place" in client.get(path("my", ada) + "?leave=1").text
    assert client.get(path("my", ada) + "?leave=2").status_code == 302  # nobody waits for it: there is nothing to ask
    assert client.get(path("my", ada) + "?leave=9").status_code == 404
    assert read_query("leave=1") == ("leave=1", False)  # what means nothing reaches no view
    assert everything() == before


def test_leaving_a_full_day_that_nobody_waits_for_is_one_press_and_undo_gives_the_place_back(client, days):
    days[0].capacity = 1
    days[0].save()
    ada = make_confirmed(days[0])

    gone = press(client, ada, "drop", day="1")
    back = press(client, ada, "add", day="1")

    assert "Undo" in gone.text
    assert statuses(ada)[-1] == (1, Status.CONFIRMED)
    assert "You are signed up for Day 1." in back.text


def test_leaving_a_day_whose_sign_up_has_closed_is_asked_once(client, days):
    ada = make_confirmed(days[0])
    days[0].sign_up_closes_at = timezone.now() - timedelta(minutes=1)
    days[0].save()

    asked = press(client, ada, "drop", day="1")
    gone = press(client, ada, "drop", day="1", sure="1")

    assert "Sign-up has closed. You will not get your place back." in asked.text
    assert "Undo" not in gone.text
    assert statuses(ada) == [(1, Status.CANCELLED)]


def test_leaving_a_waiting_list_behind_which_others_wait_is_asked_once(client, days):
    days[0].capacity = 0
    days[0].save()
    ada = make_confirmed(days[0])

    alone = press(client, ada, "drop", day="1")
    press(client, ada, "add", day="1")
    make_confirmed(days[0], name="Bob")
    asked = press(client, ada, "drop", day="1")

    assert "You are no longer signed up for Day 1." in alone.text
    assert "Others are waiting too. You will lose your turn." in asked.text


def test_calendar_mails_can_be_switched_off_and_on(client, days):
    ada = make_confirmed(days[0])

    press(client, ada, "calendar-mails-off")
    ada.refresh_from_db()
    assert not ada.calendar_mails

    press(client, ada, "calendar-mails-on")
    ada.refresh_from_db()
    assert ada.calendar_mails


def test_unknown_button_changes_nothing(client, days):
    ada = make_confirmed(days[0])

    assert client.post(path("my", ada), {"action": "delete"}).status_code == 422
    assert client.post(path("my", ada), {"action": "drop", "day": "9"}).status_code == 404
    assert client.post(path("my", ada), {"action": "drop", "day": "x"}).status_code == 404
    assert statuses(ada) == [(1, Status.CONFIRMED)]


@pytest.mark.parametrize("of_session", [False, True])
def test_page_leads_to_the_recordings_of_days_that_are_over(client, days, machine_clock, of_session):
    ada = make_confirmed(days[0], days[1])
    recorded = {"recording_url": "https://video.example.org/1"}
    for day in days:
        if of_session:
            make_session(day, **recorded)
        else:
            Day.objects.filter(pk=day.pk).update(**recorded)
    machine_clock.move_to(days[0].ends_at)

    page = client.get(path("my", ada)).text

    doors = [links.join_url(the_registration(ada, day)) for day in days[:2]]
    assert re.findall(r'href="([^"]+)">\s*Watch Day (\d)', page) == [(doors[0], "1")]
    machine_clock.move_to(days[2].ends_at)
    page = client.get(path("my", ada)).text
    assert re.findall(r'href="([^"]+)">\s*Watch Day (\d)', page) == [(doors[0], "1"), (doors[1], "2")]


def test_page_after_the_conference_offers_nothing_to_change(client, past_day):
    ada = make_confirmed(past_day, now=past_day.starts_at - timedelta(days=1))

    page = client.get(path("my", ada))

    assert "Over" in page.text
    assert 'name="day"' not in page.text


def test_page_costs_the_same_with_one_day_and_with_three(client, days, django_assert_num_queries):
    ada, bob = make_confirmed(days[0]), make_confirmed(*days, name="Bob")

    for registrant in (ada, bob):
        with django_assert_num_queries(6):  # edition, person, their rows, days, questions, requests
            client.get(path("my", registrant))


# --- Their calendar --------------------------------------------------------------------------------------------------


def calendar_path(registrant):
    return f"/calendar/{links.token('calendar', registrant)}.ics"


def entries(response):
    return [(str(event["SUMMARY"]), event.start) for event in Calendar.from_ical(response.content).walk("VEVENT")]


def test_calendar_holds_the_days_with_a_place(client, days):
    ada = make_confirmed(days[0], days[2])

    response = client.get(calendar_path(ada))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert entries(response) == [
        ("PxP Day 1: Theme 1", days[0].starts_at),
        ("PxP Day 3: Theme 3", days[2].starts_at),
    ]
    assert links.token("my", ada).encode() not in response.content.replace(b"\r\n ", b"")


def test_calendar_holds_sessions_for_those_who_ask(client, days):
    make_session(days[0], 1, starts_at=days[0].starts_at, ends_at=days[0].starts_at + timedelta(hours=1))
    ada = make_confirmed(*days[:2])

    response = client.get(calendar_path(ada) + "?sessions")

    assert [title for title, _start in entries(response)] == ["PxP Day 1: Topic 1", "PxP Day 2: Theme 2"]


def test_calendar_is_sent_again_only_when_it_changed(client, days):
    ada = make_confirmed(*days)
    first = client.get(calendar_path(ada))

    same = client.get(calendar_path(ada), headers={"if-none-match": first["ETag"]})
    day_service.cancel(the_registration(ada, days[1]), now=NOW)
    changed = client.get(calendar_path(ada), headers={"if-none-match": first["ETag"]})

    assert first["Cache-Control"] == "private, no-cache"
    assert (same.status_code, same.content) == (304, b"")
    assert (changed.status_code, len(entries(changed))) == (200, 2)


def test_calendar_costs_the_same_with_one_day_and_with_three(client, days, django_assert_num_queries):
    ada, bob = make_confirmed(days[0]), make_confirmed(*days, name="Bob")

    for registrant in (ada, bob):
        with django_assert_num_queries(5):  # edition, person, rows with their days, sessions, who shares the address
            client.get(calendar_path(registrant))


# --- Nothing to show -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["", "details/", "needs/", "address/", "new-link/", "data/", "delete/"])
def test_pages_of_a_person_open_also_where_organisers_took_all_days_away(client, days, page):
    ada = make_pending(days[0])
    day_service.confirm(ada, now=days[0].ends_at)  # too late for the day, in time for the address
    Registration.objects.all().delete()  # as is done with days that nobody confirmed
    days[0].conference.days.all().delete()
    ada.refresh_from_db()

    assert client.get(path("my", ada) + page).status_code == 200
