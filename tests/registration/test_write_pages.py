"""The pages on which organisers write to people: three steps, a minute to take it back, a page that counts."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from conference.models import Day
from registration.groups import ACCESS_TEAM, ORGANISERS
from registration.models import Broadcast, DayNotice, LetterText, OutboxMessage, Registrant
from registration.services import broadcasts, day_changes
from registration.status import BroadcastState, MailKind, MailState
from tests.factories import NOW, make_confirmed, make_pending, make_program, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def days():
    return list(Day.objects.for_edition(make_program(days=3, sessions=1)).with_conference())


@pytest.fixture
def organiser(client):
    client.user = make_staff(email="vera@example.org")
    client.force_login(client.user)
    return client


@pytest.fixture
def access_team(client):
    client.user = make_staff(ORGANISERS, ACCESS_TEAM, username="grace", email="grace@example.org")
    client.force_login(client.user)
    return client


def page(name, *args, **query):
    return reverse(f"admin:{name}", args=args, query=query)


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def begin(client, **filters):
    """Choose people, and go on to the words; return the draft."""
    client.post(page("registration_broadcast_add"), {"states": ["confirmed"], "about": "places"} | filters)
    return Broadcast.objects.latest("pk")


def write(client, draft, subject, body, **more):
    typed = {"subject": subject, "body": body, "language": "en", "show": "1"} | more
    return client.post(page("broadcast-words", draft.pk), typed, follow=True)


def test_an_empty_message_is_read_by_nobody_and_a_wrong_field_is_not_called_filled_in(organiser, days):
    make_confirmed(days[1])
    draft = begin(organiser, days=[days[1].pk])

    assert "of them read it" not in text_of(organiser.get(page("broadcast-words", draft.pk)))

    shown = text_of(write(organiser, draft, "News", "{name} {my ours}"))
    assert "There is no field {my ours}." in shown
    assert "Every field is filled in" not in shown


def test_three_steps_write_to_the_right_people(organiser, days):
    ada = make_confirmed(days[1], name="Ada")
    make_confirmed(days[0], name="Bob")
    make_confirmed(days[1], name="Cleo")
    Registrant.objects.filter(name="Cleo").update(undeliverable_at=NOW)

    counted = organiser.get(page("registration_broadcast_add", days=days[1].pk, states="confirmed", about="places"))
    assert "1 person 1 person with a place on Day 2" in text_of(counted)
    assert "1 person, whose mails come back" in text_of(counted)
    assert not Broadcast.objects.exists()  # counting writes nothing
    assert "ada@example.org" in text_of(
        organiser.get(page("broadcast-people", days=days[1].pk, states="confirmed", about="places"))
    )

    draft = begin(organiser, days=[days[1].pk])
    shown = write(organiser, draft, "The link changed", "Dear {name}\n\n{my hours}\n\n{join button}")
    assert 'Dear <span class="mark-up">Ada</span>' in shown.content.decode()
    assert "Every field is filled in for 1 person." in text_of(shown)

    asked = organiser.get(page("broadcast-send", draft.pk))
    assert "Send this to 1 person?" in text_of(asked)
    done = organiser.post(page("broadcast-send", draft.pk), {"when": "now", "number": "1", "send": "1"}, follow=True)
    assert "1 mail will be sent on" in text_of(done)
    while broadcasts.carry_on(now=timezone.now() + timedelta(minutes=2)):
        pass
    assert [mail.registrant for mail in OutboxMessage.objects.for_broadcast(draft)] == [ada]
    moving = text_of(organiser.get(page("registration_broadcast_change", draft.pk)))
    assert "0 of 1 sent" in moving
    assert "Stop the last one" in moving
    stopped = text_of(organiser.post(page("broadcast-stop", draft.pk), follow=True))
    assert "Stopped: 0 of 1 were sent" in stopped
    listed = text_of(organiser.get(page("registration_broadcast_changelist")))
    assert "The link changed" in listed
    assert "To 1 person with a place on Day 2." in listed
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == [
        "Sent to 1 person: The link changed",
        "Stopped the last mail: The link changed",
    ]


def test_page_that_someone_changed_meanwhile_sends_nothing(organiser, days):
    make_confirmed(days[0])
    make_confirmed(days[1], name="Bob")
    draft = begin(organiser, days=[str(days[0].pk)])
    write(organiser, draft, "Day 1", "Dear {name}")
    sending = page("broadcast-send", draft.pk)
    asked = organiser.get(sending).text
    typed = dict(re.findall(r'<input type="hidden" name="(number|seen)" value="([^"]*)"', asked))
    filters = {"states": ["confirmed"], "about": "places", "days": [str(days[1].pk)]}
    organiser.post(page("broadcast-whom", draft.pk), filters)

    response = organiser.post(sending, typed | {"when": "now", "send": "1"})

    assert response.status_code == 409
    assert "Someone else changed this message in the meantime. Nothing was sent." in text_of(response)
    assert "1 person with a place on Day 2" in text_of(response)
    draft.refresh_from_db()
    assert draft.state == BroadcastState.DRAFT
    typed = dict(re.findall(r'<input type="hidden" name="(number|seen)" value="([^"]*)"', response.text))
    assert organiser.post(sending, typed | {"when": "now", "send": "1"}).status_code == 302


def test_test_that_nobody_would_get_is_not_called_sent(organiser, days):
    make_confirmed(days[0])
    draft = begin(organiser)
    write(organiser, draft, "Day 1", "Dear {name}")
    Registrant.objects.update(undeliverable_at=NOW)
    number = OutboxMessage.objects.count()

    response = organiser.post(page("broadcast-send", draft.pk), {"test": "1"}, follow=True)

    assert "No test was sent: nobody is left to write to." in text_of(response)
    assert OutboxMessage.objects.count() == number


def test_people_without_a_mail_of_a_stopped_message_are_counted(organiser, days):
    make_confirmed(days[0])
    draft = begin(organiser)
    write(organiser, draft, "Day 1", "Dear {name}")
    broadcasts.schedule(draft, user=organiser.user, agreed=1, now=NOW)
    Broadcast.objects.update(state=BroadcastState.WRITING)
    broadcasts.stop(draft, user=organiser.user, now=NOW)

    progress = text_of(organiser.get(page("registration_broadcast_change", draft.pk)))
    people = text_of(organiser.get(page("broadcast-reached", draft.pk, state="stopped")))

    assert "Stopped: 0 of 1 were sent" in progress
    assert "Not sent: 1 person" in people
    assert "It was stopped before there was a mail for 1 person, who is not in this list." in people


def test_taken_back_within_the_minute_it_is_a_draft_again(organiser, days):
    make_confirmed(days[0])
    draft = begin(organiser)
    write(organiser, draft, "Hello", "Dear {name}")
    organiser.post(page("broadcast-send", draft.pk), {"when": "now", "number": "1", "send": "1"})

    back = organiser.post(page("broadcast-take-back", draft.pk), follow=True)

    draft.refresh_from_db()
    assert draft.state == BroadcastState.DRAFT
    assert "Taken back. Nothing was sent" in text_of(back)
    assert "Someone else changed this message" in text_of(
        organiser.post(page("broadcast-take-back", draft.pk), follow=True)
    )
    organiser.post(page("broadcast-drop", draft.pk))
    assert not Broadcast.objects.exists()


def test_nothing_leaves_that_is_not_ready_or_reaches_more_than_the_button_said(organiser, days):
    make_confirmed(days[0], name="Ada")
    draft = begin(organiser)
    unready = write(organiser, draft, "Hello", "Dear {nmae}", next="1")
    assert "There is no field {nmae}." in text_of(unready)
    assert 'name="send"' not in unready.content.decode()
    refused = organiser.post(page("broadcast-send", draft.pk), {"when": "now", "number": "1", "send": "1"})
    assert refused.status_code == 422

    write(organiser, draft, "Hello", "Dear {name}")
    make_confirmed(days[0], name="Bob")
    more = organiser.post(page("broadcast-send", draft.pk), {"when": "now", "number": "1", "send": "1"})

    assert more.status_code == 409
    assert "It is now 2 people." in text_of(more)
    assert "Send to 2 people" in text_of(more)
    draft.refresh_from_db()
    assert draft.is_draft


def test_later_is_on_the_organisers_own_clock(organiser, days):
    make_confirmed(days[0])
    draft = begin(organiser)
    write(organiser, draft, "Hello", "Dear {name}")
    later = {"when": "later", "number": "1", "send": "1"}

    for wrong, words in (
        ({"date": "", "time": "9:00"}, "Write when to send it"),
        ({"date": "1 August 2020", "time": "9:00"}, "That time has passed."),
        ({"date": "12/9/2028", "time": "9:00"}, "12 September"),
    ):
        answer = organiser.post(page("broadcast-send", draft.pk), later | wrong)
        assert answer.status_code == 422
        assert words in text_of(answer)
    organiser.post(page("broadcast-send", draft.pk), later | {"date": "12 September 2028", "time": "9:30 am"})

    draft.refresh_from_db()
    assert draft.leaves_at.isoformat() == "2028-09-12T09:30:00+00:00"  # this account is on UTC


def test_test_goes_to_oneself_alone(organiser, days):
    make_confirmed(days[0], name="Ada")
    make_confirmed(days[0], name="Bob", time_zone="Asia/Tokyo", country="JP")
    draft = begin(organiser)
    write(organiser, draft, "Hello", "Dear {name}")
    before = OutboxMessage.objects.count()

    sent = organiser.post(page("broadcast-send", draft.pk), {"test": "1", "when": "now"}, follow=True)

    tests = OutboxMessage.objects.order_by("pk")[before:]
    assert [(row.to_email, row.kind) for row in tests] == [("vera@example.org", MailKind.TEST)] * 2
    assert "on their way to vera@example.org" in text_of(sent)


def test_two_writers_lose_nothing(organiser, days):
    draft = begin(organiser)
    first = organiser.get(page("broadcast-words", draft.pk)).context["form"]["seen"].value()
    write(organiser, draft, "From Bob", "Words of Bob", seen=first)

    late = write(organiser, draft, "From Vera", "Words of Vera", seen=first)

    assert late.status_code == 409
    assert "Words of Vera" in late.content.decode()
    assert "Words of Bob" in late.content.decode()
    write(organiser, draft, "From Vera", "Words of Vera", seen=late.context["form"]["seen"].value())
    draft.refresh_from_db()
    assert draft.subject == "From Vera"


def test_two_who_choose_people_for_one_message_lose_no_choice(organiser, days):
    make_confirmed(days[0], name="Ada")
    draft, address = begin(organiser), "broadcast-whom"
    seen = organiser.get(page(address, draft.pk)).context["form"]["seen"].value()
    mine = {"states": ["confirmed"], "about": "others", "seen": seen}
    organiser.post(page(address, draft.pk), {"states": ["waitlisted"], "about": "places", "seen": seen})

    late = organiser.post(page(address, draft.pk), mine)

    draft.refresh_from_db()
    assert (late.status_code, draft.whom.states) == (409, ("waitlisted",))
    assert "The message is now to 0 people with a place on the waiting list." in text_of(late)
    assert late.context["form"]["about"].value() == "others"
    again = mine | {"seen": late.context["form"]["seen"].value()}
    assert [organiser.post(page(address, draft.pk), again).status_code for _press in range(2)] == [302, 302]
    draft.refresh_from_db()
    assert (draft.whom.states, draft.is_about_places) == (("confirmed",), False)


def test_a_second_press_is_nobody_else(organiser, days):
    draft = begin(organiser)
    seen = organiser.get(page("broadcast-words", draft.pk)).context["form"]["seen"].value()

    presses = [write(organiser, draft, "Hello", "Dear {name}", seen=seen) for _press in range(2)]
    dropped = [organiser.post(page("broadcast-drop", draft.pk), follow=True) for _press in range(2)]

    assert [response.status_code for response in presses] == [200, 200]
    assert "The draft is gone." in text_of(dropped[0])
    assert "This draft was thrown away." in text_of(dropped[1])
    assert organiser.get(page("broadcast-words", draft.pk)).status_code == 404


def test_a_draft_is_thrown_away_only_as_it_was_seen(organiser, days):
    draft = begin(organiser)
    seen = organiser.get(page("broadcast-words", draft.pk)).context["form"]["seen"].value()
    write(organiser, draft, "Of a colleague", "Dear {name}", seen=seen)

    late = organiser.post(page("broadcast-drop", draft.pk), {"seen": seen}, follow=True)

    assert "Someone else changed this message in the meantime." in text_of(late)
    assert "Of a colleague" in late.text
    organiser.post(page("broadcast-drop", draft.pk), {"seen": late.context["form"]["seen"].value()})
    assert not Broadcast.objects.exists()


def test_words_for_a_message_that_someone_else_sent_are_kept(organiser, days):
    make_confirmed(days[0])
    draft = begin(organiser)
    write(organiser, draft, "Hello", "Dear {name}")
    broadcasts.schedule(draft, user=organiser.user, agreed=1, now=NOW)

    same = write(organiser, draft, "Hello", "Dear {name}")
    other = write(organiser, draft, "Hello, all", "Dear {name}, much better words.")

    assert same.redirect_chain[-1][0] == page("registration_broadcast_change", draft.pk)
    assert "They are here, in a new draft." in text_of(other)
    assert "much better words" in other.text
    assert [(row.state, row.subject) for row in Broadcast.objects.order_by("pk")] == [
        (BroadcastState.WAITING, "Hello"),
        (BroadcastState.DRAFT, "Hello, all"),
    ]


def test_unconfirmed_people_are_asked_and_nothing_else(organiser, days):
    make_pending(days[0], name="Eve")
    make_confirmed(days[0], name="Ada")
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)

    mixed = organiser.get(page("registration_broadcast_add", states=["confirmed", "pending"], count=1))
    assert "Tick them alone" in text_of(mixed)
    draft = begin(organiser, states=["pending"])
    words = organiser.get(page("broadcast-words", draft.pk))
    assert "get this one mail only" in text_of(words)
    assert "Please confirm your place at PxP" in text_of(words)
    assert "Ask 1 person to confirm?" in text_of(organiser.get(page("broadcast-send", draft.pk)))
    organiser.post(page("broadcast-send", draft.pk), {"when": "now", "number": "1", "send": "1"})
    while broadcasts.carry_on(now=timezone.now() + timedelta(minutes=2)):
        pass
    assert [row.registrant.name for row in OutboxMessage.objects.for_broadcast(draft)] == ["Eve"]


def test_message_to_people_with_needs_is_for_the_access_team_alone(access_team, days, client):
    make_confirmed(days[0], name="Ada", needs="An interpreter")
    make_confirmed(days[0], name="Bob")
    draft = begin(access_team, with_needs="on")
    write(access_team, draft, "Interpreters", "Dear {name}")
    access_team.post(page("broadcast-send", draft.pk), {"when": "now", "number": "1", "send": "1"})
    while broadcasts.carry_on(now=timezone.now() + timedelta(minutes=2)):
        pass
    mail = OutboxMessage.objects.for_broadcast(draft).get()
    OutboxMessage.objects.only_row(mail).update(subject="Interpreters")
    assert mail.registrant.name == "Ada"
    seen_by_team = text_of(access_team.get(page("registration_broadcast_changelist")))
    assert "Interpreters" in seen_by_team

    client.force_login(make_staff(username="vera"))
    assert "Interpreters" not in text_of(client.get(page("registration_broadcast_changelist")))
    for name in ("registration_broadcast_change", "broadcast-words", "broadcast-reached", "broadcast-stop"):
        assert client.get(page(name, draft.pk)).status_code == 404
    assert client.post(page("broadcast-copy", draft.pk)).status_code == 404
    assert client.get(page("registration_outboxmessage_change", mail.pk)).status_code != 200
    listed = client.get(page("registration_outboxmessage_changelist")).context["cl"].result_list
    assert mail not in list(listed)
    filtered = client.get(page("registration_broadcast_add", states="confirmed", with_needs="on"))
    assert "2 people" in text_of(filtered)  # the filter does nothing for others
    lead = make_staff(username="lead", is_superuser=True)
    client.force_login(lead)
    assert "Interpreters" not in text_of(client.get(reverse("admin:admin_logentry_changelist")))


def test_others_may_not_write(client, days):
    client.force_login(make_staff("Nobody", username="observer"))

    assert client.get(page("registration_broadcast_changelist")).status_code == 403
    assert client.get(page("registration_broadcast_add")).status_code == 403
    assert client.get(page("registration_lettertext_changelist")).status_code == 403


def test_automatic_mails_can_be_worded_tried_and_brought_back(organiser):
    address = page("registration_lettertext_change", "reminder")
    shown = organiser.get(address).content.decode()
    field = re.search(r'name="(sentence-\d+)"', shown)[1]

    wrong = organiser.post(address, {"language": "en", field: "Soon: {dya}"})
    assert wrong.status_code == 422
    assert "The field {dya} cannot be used here." in text_of(wrong)
    assert 'value="Soon: {dya}"' in wrong.content.decode()
    saved = organiser.post(address, {"language": "en", field: "Soon: {day}"}, follow=True)
    assert "Soon: PxP Day 1" in text_of(saved)
    assert "your words" in text_of(organiser.get(page("registration_lettertext_changelist")))
    organiser.post(page("lettertext-try", "reminder"), {"language": "en", "sample": "reminder of one day"})
    assert OutboxMessage.objects.get().to_email == "vera@example.org"
    organiser.post(page("lettertext-original", "reminder"), {"language": "en"})
    assert LetterText.objects.get().words == {"en": {}}
    assert organiser.get(page("registration_lettertext_change", "nonsense")).status_code == 404


def test_what_waits_can_be_taken_back(organiser, days):
    make_confirmed(days[0], name="Ada")
    make_confirmed(days[0], name="Bob")
    now = timezone.now()
    day_changes.call_off(days[0], now=now, user=organiser.user, why="The speakers are ill.")

    waits = organiser.get(page("waiting"))
    assert "2 people hear of it" in text_of(waits)
    assert "The speakers are ill." in text_of(waits)
    notice = DayNotice.objects.get()
    back = organiser.post(page("waiting"), {"what": f"day-{notice.pk}"}, follow=True)

    assert "Taken back. Nobody gets a mail." in text_of(back)
    assert not Day.objects.get(pk=days[0].pk).is_called_off
    assert "too late" in text_of(organiser.post(page("waiting"), {"what": f"day-{notice.pk}"}, follow=True))


def test_pages_ask_as_many_questions_for_one_message_as_for_three(organiser, days, django_assert_max_num_queries):
    make_confirmed(days[0])
    for _ in range(3):
        draft = begin(organiser)
        write(organiser, draft, "Hello", "Dear {name}")
        broadcasts.schedule(draft, user=organiser.user, agreed=1, now=NOW)

    with django_assert_max_num_queries(45):
        organiser.get(page("registration_broadcast_changelist"))


def test_a_date_beside_now_sends_nothing(organiser, days):
    make_confirmed(days[1], name="Ada")
    draft = begin(organiser)
    write(organiser, draft, "The link changed", "Dear {name}")
    typed = {"when": "now", "date": "23 August 2027", "time": "9:00 am", "number": "1", "send": "1"}

    page_shown = organiser.post(page("broadcast-send", draft.pk), typed)

    assert page_shown.status_code == 422
    assert "Choose “Later”, or empty them to send it now." in text_of(page_shown)
    assert "23 August 2027" in page_shown.text
    draft.refresh_from_db()
    assert draft.is_draft


def test_two_organisers_at_the_words_of_one_mail_lose_none_and_the_history_says_from_what_to_what(organiser, days):
    address = page("registration_lettertext_change", "reminder")
    shown = organiser.get(address)
    field = re.search(r'name="(sentence-\d+)"', shown.text)[1]
    organiser.post(address, {"language": "en", field: "Of the first"})

    late = organiser.post(address, {"language": "en", field: "Of the second", "seen": shown.context["seen"]})

    assert "It is now: Of the first" in text_of(late)
    assert 'value="Of the second"' in late.text
    assert "Of the first" in LetterText.objects.get().words["en"].values()
    again = {"language": "en", field: "Of the second", "seen": late.context["seen"]}
    assert organiser.post(address, again).status_code == 302
    assert "from “Of the first” to “Of the second”" in LogEntry.objects.latest("pk").change_message
    assert organiser.post(page("lettertext-original", "reminder"), {"language": "xx"}).status_code == 404


def test_original_words_come_back_only_over_words_that_the_organiser_saw(organiser):
    address, back = page("registration_lettertext_change", "reminder"), page("lettertext-original", "reminder")
    shown = organiser.get(address)
    field = re.search(r'name="(sentence-\d+)"', shown.text)[1]
    organiser.post(address, {"language": "en", field: "Of a colleague"})

    late = organiser.post(back, {"language": "en", "seen": shown.context["seen"]}, follow=True)

    assert "Someone else changed these words in the meantime." in text_of(late)
    assert 'value="Of a colleague"' in late.text
    assert "Of a colleague" in LetterText.objects.get().words["en"].values()
    assert late.text.count(f'name="seen" value="{late.context["seen"]}"') == 2  # on both forms
    organiser.post(back, {"language": "en", "seen": late.context["seen"]})
    assert LetterText.objects.get().words == {"en": {}}


def test_a_test_to_oneself_keeps_the_date_that_was_typed(organiser, days):
    make_confirmed(days[1], name="Ada")
    draft = begin(organiser)
    write(organiser, draft, "The link changed", "Dear {name}")
    typed = {"when": "later", "date": "23 August 2027", "time": "9:00 am", "number": "1", "test": "1"}

    shown = organiser.post(page("broadcast-send", draft.pk), typed, follow=True)

    assert [shown.context["form"][name].value() for name in ("when", "date", "time")] == list(typed.values())[:3]
