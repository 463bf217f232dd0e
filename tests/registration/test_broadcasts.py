"""Mails that organisers write to many people: who gets them, what they say, when they leave, and stopping them."""

import re
import socket
import threading
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry

from registration import links
from registration.abuse import budget, caps
from registration.letters.message_fields import FieldValues, fill
from registration.letters.previews import preview_broadcast
from registration.letters.writing import write_letter
from registration.mail import leases
from registration.mail.errors import NoLongerTrue
from registration.models import Audience, Broadcast, OutboxMessage, Pace, Registrant, Registration
from registration.services import broadcasts
from registration.services.broadcasts import sending
from registration.services.corrections import correct_details
from registration.services.days import cancel
from registration.services.merges import merge, take_apart
from registration.status import BroadcastState, Came, MailKind, MailState, Status
from tests.factories import NOW, make_confirmed, make_pending, make_program, make_staff, the_registration

pytestmark = pytest.mark.django_db

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WORDS = {
    "subject": "Day 2 has a new link, {name}",
    "body": "Dear {name},\n\nHere is **Day 2**.\n\n{my hours}\n\n{join button}\n\n"
    "See [your page]({my page}), or {my_page}.",
}


@pytest.fixture
def conference():
    return make_program(days=3, sessions=1)


@pytest.fixture
def organiser():
    return make_staff(email="vera@example.org")


def day(conference, number):
    return conference.days.get(number=number)


def draft(conference, organiser, *, words=WORDS, **audience):
    row = broadcasts.begin(conference, user=organiser, audience=Audience(**audience), now=NOW)
    row.words = {"en": words}
    row.save()
    return row


def send(row, organiser, *, now=NOW, agreed=1000):
    """Let a draft leave, and the worker queue all of it. Return the addresses, in the order of the queue."""
    broadcasts.schedule(row, user=organiser, agreed=agreed, now=now)
    while broadcasts.carry_on(now=now + MINUTE):
        pass
    row.refresh_from_db()
    return [mail.to_email for mail in mails_of(row)]


def mails_of(row):
    return list(OutboxMessage.objects.for_broadcast(row).order_by("pk"))


def names(row):
    return sorted(person.name for person in broadcasts.reach_of(row).people)


def test_a_message_that_waits_or_did_not_arrive_follows_a_person_to_another_address(conference, organiser):
    ada, bob = (make_confirmed(day(conference, 1), name=name, email=f"{name}@example.org") for name in ("ada", "bob"))
    OutboxMessage.objects.all().delete()
    row = draft(conference, organiser)
    send(row, organiser)
    [mail] = OutboxMessage.objects.for_person(bob)
    leases.mark_refused(mail, "550 nobody", now=NOW, is_address=True)

    for person in (ada, bob):
        correct_details(person, details={"email": f"{person.name}@new.example.org"}, now=NOW)

    mails = [(mail.to_email, mail.state) for mail in mails_of(row)]
    assert mails == [("ada@new.example.org", MailState.QUEUED), ("bob@new.example.org", MailState.QUEUED)]


def test_filters_combine_and_speak_of_one_registration(conference, organiser):
    one, two, three = conference.days.all()
    two.capacity = 2
    two.save()
    make_confirmed(one, two, name="Ada")
    make_confirmed(one, name="Bob", country="KE", time_zone="Africa/Nairobi")
    make_confirmed(two, three, name="Cleo", language="fr", roles=["patient"])
    make_confirmed(one, two, name="Dan", roles=["patient_partner"])  # Day 2 is full
    make_pending(two, name="Eve")
    Registration.objects.for_person(Registrant.objects.get(name="Cleo")).for_day(two).update(attended_at=NOW)

    def reached(**audience):
        return names(draft(conference, organiser, **audience))

    assert reached() == ["Ada", "Bob", "Cleo", "Dan"]
    assert reached(days=(two.pk,)) == ["Ada", "Cleo"]
    assert reached(days=(two.pk,), states=(Status.WAITLISTED,)) == ["Dan"]
    assert reached(days=(two.pk,), states=(Status.CONFIRMED, Status.WAITLISTED)) == ["Ada", "Cleo", "Dan"]
    assert reached(days=(one.pk, three.pk), countries=("KE",)) == ["Bob"]
    assert reached(languages=("fr",)) == ["Cleo"]
    assert reached(roles=("patient",)) == ["Cleo"]
    assert reached(came=Came.YES) == ["Cleo"]
    assert reached(days=(two.pk,), came=Came.NO) == ["Ada"]
    assert reached(days=(three.pk,), came=Came.YES) == []
    assert reached(people=(Registrant.objects.get(name="Bob").pk,)) == ["Bob"]


def test_who_cannot_or_does_not_want_to_be_written_to_is_left_out_with_numbers(conference, organiser):
    ada, bob, cleo = (make_confirmed(day(conference, 1), name=name) for name in ("Ada", "Bob", "Cleo"))
    Registrant.objects.only_row(bob).set_undeliverable("no such mailbox", NOW)
    broadcasts.set_news(cleo, wanted=False)
    row = draft(conference, organiser)

    about_places = broadcasts.reach_of(row)
    row.is_about_places = False
    about_others = broadcasts.reach_of(row)

    assert (about_places.number, about_places.undeliverable, about_places.unwilling) == (2, 1, 0)
    assert (about_others.number, about_others.undeliverable, about_others.unwilling) == (1, 1, 1)
    assert list(about_others.people) == [ada]


def test_each_person_reads_their_own_name_hours_and_links(conference, organiser):
    ada = make_confirmed(*conference.days.all(), name="Ada <b>*Lovelace*</b>", email="ada@example.org")
    row = draft(conference, organiser, days=(day(conference, 2).pk,))

    assert send(row, organiser) == ["ada@example.org"]
    message = write_letter(mails_of(row)[0], now=NOW)

    text, html = message.body, message.alternatives[0].content
    second = the_registration(ada, day(conference, 2))
    assert message.subject == "Day 2 has a new link, Ada <b>*Lovelace*</b>"
    assert "Dear Ada <b>*Lovelace*</b>," in text
    assert "Day 2: Monday 13 September 2027, 3:00 pm to 6:00 pm, Toronto" in text
    assert "Day 1" not in text
    assert links.join_url(second) in text
    assert html.count(links.my_url(ada)) == 3  # the link in words, the field, and the foot
    assert f'<a href="{links.my_url(ada)}">your page</a>' in html
    assert "<strong>Day 2</strong>" in html
    assert "pxpfield" not in html
    assert "List-Unsubscribe" not in message.extra_headers


def test_link_to_join_leads_to_the_earliest_day_whatever_its_number(conference, organiser):
    put_off = day(conference, 1)
    put_off.starts_at, put_off.ends_at = put_off.starts_at + 9 * DAY, put_off.ends_at + 9 * DAY
    put_off.save()
    ada = make_confirmed(*conference.days.all())
    row = draft(conference, organiser, words={"subject": "Soon", "body": "[Join us]({join button})"})

    send(row, organiser)
    html = write_letter(mails_of(row)[0], now=NOW).alternatives[0].content

    assert f'<a href="{links.join_url(the_registration(ada, day(conference, 2)))}">Join us</a>' in html


def test_carer_hears_whom_a_message_is_about_and_not_that_they_signed_up(conference, organiser):
    make_confirmed(conference.days.get(number=2), name="Ada", carer_name="Bob")
    row = draft(conference, organiser, days=(day(conference, 2).pk,))

    send(row, organiser)
    text = write_letter(mails_of(row)[0], now=NOW).body

    assert "This email is about Ada." in text
    assert "you signed up" not in text


def test_message_says_of_a_day_that_one_waits_for_it_and_not_who(conference, organiser):
    conference.days.update(capacity=0)
    for name, carer in [("Ada", ""), ("Eve", "Bob")]:
        make_confirmed(conference.days.get(number=2), name=name, carer_name=carer)
    row = draft(conference, organiser, days=(day(conference, 2).pk,), states=(Status.WAITLISTED,))

    send(row, organiser)
    ada, bob = (write_letter(mail, now=NOW).body for mail in mails_of(row))

    assert "Toronto time (UTC−4) (on the waiting list)\n" in ada
    assert "Toronto time (UTC−4) (on the waiting list)\n" in bob


def test_message_about_something_else_can_be_ended_with_one_press(conference, organiser, client):
    ada = make_confirmed(day(conference, 1))
    row = draft(conference, organiser, words={"subject": "Thank you", "body": "Here are the recordings."})
    Broadcast.objects.only_row(row).update(is_about_places=False)
    send(row, organiser)
    (mail,) = mails_of(row)

    message = write_letter(mail, now=NOW)
    url = message.extra_headers["List-Unsubscribe"].strip("<>")
    asked = client.get(url).text
    ended = client.post(url.removeprefix("http://testserver"), {"List-Unsubscribe": "One-Click"}).text

    ada.refresh_from_db()
    assert "<h1>\nStop messages like this?\n</h1>" in asked
    assert "<h1>Messages like this are off</h1>" in ended
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (ada.news_mails, ada.reminders) == (False, True)
    with pytest.raises(NoLongerTrue):
        write_letter(mail, now=NOW)
    assert "You will get these messages again" in client.post(url, {"again": "1"}).content.decode()


def test_words_in_a_persons_language_or_the_one_that_there_is(conference, organiser, settings):
    settings.LANGUAGES = [("en", "English"), ("fr", "French")]
    for name, language in (("Ada", "en"), ("Cleo", "fr"), ("Dan", "fr")):
        make_confirmed(day(conference, 1), name=name, language=language)
    row = draft(conference, organiser)

    (missing,) = [finding for finding in broadcasts.check(row, broadcasts.reach_of(row), now=NOW) if finding.language]
    row.words["fr"] = {"subject": "Bonjour {name}", "body": "Cher {nom}"}
    row.save()
    wrong = [
        finding.words for finding in broadcasts.check(row, broadcasts.reach_of(row), now=NOW) if finding.is_in_the_way
    ]
    row.words["fr"]["body"] = "Cher {name}"
    row.save()
    send(row, organiser)

    assert missing.words == "French is missing. 2 people would read English."
    assert not missing.is_in_the_way
    assert wrong == ["French: There is no field {nom}. You can use: {name}, {my hours}, {join button}, {my page}."]
    assert [write_letter(mail, now=NOW).subject[:8] for mail in mails_of(row)] == ["Day 2 ha", "Bonjour ", "Bonjour "]


def test_check_names_what_is_wrong_and_who_would_read_a_hole(conference, organiser):
    one = day(conference, 1)
    one.capacity = 1
    one.save()
    make_confirmed(one, name="Ada")
    make_confirmed(one, name="Bob")
    body = "{my hours} {join button} [here](/progam/) [there](/program/) https://example.org/x"
    row = draft(conference, organiser, states=("confirmed", "waitlisted"), words={"subject": "{my page}", "body": body})

    found = broadcasts.check(row, broadcasts.reach_of(row), now=NOW)

    assert [(finding.words, finding.level) for finding in found] == [
        ("A subject can use {name} only.", "wrong"),
        ("This link does not lead to a page of this site: /progam/", "wrong"),
        ("For 1 person {join button} stays empty.", "odd"),
    ]
    with pytest.raises(broadcasts.NotReady):
        broadcasts.schedule(row, user=organiser, agreed=2, now=NOW)


def test_minute_to_take_it_back_and_then_each_once(conference, organiser):
    make_confirmed(day(conference, 1), name="Ada")
    row = draft(conference, organiser)

    assert broadcasts.schedule(row, user=organiser, agreed=1, now=NOW) == NOW + MINUTE
    assert broadcasts.carry_on(now=NOW + MINUTE - timedelta(seconds=1)) == 0
    broadcasts.take_back(row, user=organiser, now=NOW)
    assert broadcasts.carry_on(now=NOW + MINUTE) == 0

    make_confirmed(day(conference, 1), name="Bob")
    with pytest.raises(broadcasts.MorePeople):
        broadcasts.schedule(row, user=organiser, agreed=1, now=NOW)
    assert send(row, organiser, agreed=2) == ["ada@example.org", "bob@example.org"]
    with pytest.raises(broadcasts.NotADraft):
        broadcasts.take_back(row, user=organiser, now=NOW)
    assert broadcasts.carry_on(now=NOW + 2 * MINUTE) == 0
    assert [entry.change_message[:12] for entry in LogEntry.objects.order_by("pk")] == [
        "Sent to 1 pe", "Taken back b", "Sent to 2 pe",
    ]  # fmt: skip


@pytest.mark.parametrize("asks", [False, True], ids=["message", "question"])
@pytest.mark.parametrize("was_taken_back", [False, True], ids=["sent", "taken back"])
def test_second_sign_up_that_joins_another_meanwhile_holds_up_nobody(
    conference, organiser, monkeypatch, asks, was_taken_back
):
    make = make_pending if asks else make_confirmed
    left, kept, _cleo = (make(day(conference, 1), name=name) for name in ("Ada", "Ada Lovelace", "Cleo"))
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)
    row = draft(conference, organiser, states=(Status.PENDING if asks else Status.CONFIRMED,))
    broadcasts.schedule(row, user=organiser, agreed=3, now=NOW)
    monkeypatch.setattr(sending, "QUESTIONS" if asks else "PORTION", 1)
    broadcasts.carry_on(now=NOW + MINUTE)
    state = MailState.WITHDRAWN if was_taken_back else MailState.SENT
    OutboxMessage.objects.for_broadcast(row).update(state=state, finished_at=NOW)

    merge(kept, left, user=organiser, now=NOW + MINUTE)
    while broadcasts.carry_on(now=NOW + MINUTE):
        pass

    assert [(mail.registrant.name, mail.state) for mail in mails_of(row)] == sorted(
        [("Ada Lovelace", MailState.QUEUED if was_taken_back else MailState.SENT), ("Cleo", MailState.QUEUED)]
    )


@pytest.mark.parametrize("names_both", [False, True])
@pytest.mark.parametrize("is_parted", [False, True])
def test_message_to_a_person_follows_them_through_a_merge_and_back(conference, organiser, is_parted, names_both):
    left, kept = (make_confirmed(day(conference, 1), name=name) for name in ("Ada", "Ada Lovelace"))
    named = (left.pk, kept.pk) if names_both else (left.pk,)
    row = draft(conference, organiser, people=named)
    broadcasts.schedule(row, user=organiser, agreed=2, now=NOW)

    merged, _heard = merge(kept, left, user=organiser, now=NOW)
    if is_parted:
        take_apart(merged, user=organiser, now=NOW)
    broadcasts.carry_on(now=NOW + MINUTE)

    expected = {left.pk, *named} if is_parted else {kept.pk}
    assert {mail.registrant_id for mail in mails_of(row)} == expected


def test_stopped_message_leaves_no_more_not_even_from_a_workers_hands(conference, organiser):
    for name in ("Ada", "Bob", "Cleo"):
        make_confirmed(day(conference, 1), name=name)
    row = draft(conference, organiser)
    send(row, organiser)
    OutboxMessage.objects.exclude(broadcast=row).update(state=MailState.SENT, finished_at=NOW)
    held = leases.take(now=NOW + MINUTE, lease_for=MINUTE)

    assert broadcasts.stop(row, user=organiser, now=NOW + MINUTE) == 2
    with pytest.raises(NoLongerTrue):
        write_letter(held[0], now=NOW + MINUTE)
    leases.withdraw(held[0], now=NOW + MINUTE)
    broadcasts.carry_on(now=NOW + MINUTE)

    row.refresh_from_db()
    progress = broadcasts.progress_of(row, now=NOW + MINUTE)
    assert (row.state, row.counts) == (BroadcastState.STOPPED, {"withdrawn": 3})
    assert (progress.total, progress.taken_back, progress.waiting) == (3, 3, 0)


def test_other_mail_leaves_first_and_takes_its_own_persons_message_along(conference, organiser):
    make_confirmed(day(conference, 1), name="Ada")
    bob = make_confirmed(day(conference, 1), name="Bob")
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)
    row = draft(conference, organiser)
    send(row, organiser)
    later = NOW + 2 * MINUTE
    make_confirmed(day(conference, 2), name="Cleo", now=later)
    cancel(the_registration(bob, day(conference, 1)), now=later)

    order = []
    while mails := leases.take(now=later, lease_for=MINUTE, limit=1):
        order.append((mails[0].to_email, mails[0].kind))
        leases.mark_sent(mails[0], now=later)

    assert order == [
        ("cleo@example.org", MailKind.PLEASE_CONFIRM),
        ("cleo@example.org", MailKind.CONFIRMATION),
        ("bob@example.org", MailKind.MESSAGE),
        ("bob@example.org", MailKind.CANCEL),
        ("ada@example.org", MailKind.MESSAGE),
    ]


def test_rate_leaves_a_fifth_to_others(conference, organiser):
    for number in range(12):
        make_confirmed(day(conference, 1), name=f"P{number}")
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)
    send(draft(conference, organiser), organiser)
    later = NOW + MINUTE

    assert len(leases.take(now=later, lease_for=MINUTE, limit=50, per_minute=10)) == 8
    assert leases.take(now=later, lease_for=MINUTE, limit=50, per_minute=10) == []
    make_pending(day(conference, 2), name="Eve", now=later)
    assert [row.kind for row in leases.take(now=later, lease_for=MINUTE, per_minute=10)] == [MailKind.PLEASE_CONFIRM]


def test_unconfirmed_people_are_asked_once_more_within_the_budget(conference, organiser):
    for _ in range(4):
        eve = make_pending(day(conference, 1), name="Eve")
        OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)
    make_confirmed(day(conference, 1), name="Ada")
    row = draft(conference, organiser, states=(Status.PENDING,), words={"subject": "Buy", "body": "now"})

    assert send(row, organiser) == ["eve@example.org"]
    (mail,) = mails_of(row)
    assert mail.kind == MailKind.PLEASE_CONFIRM
    assert mail.due_at > NOW + timedelta(hours=20)  # four mails left today already
    assert "Buy" not in write_letter(mail, now=mail.due_at).subject

    again = broadcasts.reach_of(draft(conference, organiser, states=(Status.PENDING,)))
    assert (again.number, again.asked_before) == (0, 1)
    assert eve.pk == mail.registrant_id


def test_questions_to_confirm_leave_half_of_the_pace_to_people_who_sign_up(conference, organiser):
    for name in ("Eve", "Fay", "Gil"):
        make_pending(day(conference, 1), name=name)
    make_confirmed(day(conference, 2), name="Ada")
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)
    pace = caps.MAILS_OF_THE_SITE
    key, half = budget._hidden(pace.name, ""), pace.burst * pace.seconds / 2
    Pace.objects.take_turns([(pace.name, key, half)], NOW + MINUTE)
    questions = draft(conference, organiser, states=(Status.PENDING,))

    assert send(questions, organiser) == ["eve@example.org"]  # the half is used up with the first
    assert send(draft(conference, organiser, states=(Status.CONFIRMED,)), organiser) == ["ada@example.org"]
    due = [budget.may_leave_at("new@example.net", now=NOW + MINUTE)[0] - NOW for _ in range(3)]
    later = NOW + MINUTE + timedelta(seconds=2 * pace.burst * pace.seconds)
    while broadcasts.carry_on(now=later):
        pass

    assert due == [MINUTE] * 3
    assert [mail.to_email for mail in mails_of(questions)] == ["eve@example.org", "fay@example.org", "gil@example.org"]
    questions.refresh_from_db()
    assert questions.state == "leaving"


def test_who_dropped_the_day_meanwhile_gets_nothing(conference, organiser):
    ada = make_confirmed(day(conference, 1))
    row = draft(conference, organiser)
    send(row, organiser)

    cancel(the_registration(ada, day(conference, 1)), now=NOW)

    with pytest.raises(NoLongerTrue):
        write_letter(mails_of(row)[0], now=NOW)


def test_preview_and_test_hold_no_link_that_works(conference, organiser):
    ada = make_confirmed(day(conference, 1), name="Ada")
    row = draft(conference, organiser)

    preview = preview_broadcast(row, ada, now=NOW)
    broadcasts.send_test(row, [ada], user=organiser, now=NOW)
    message = write_letter(OutboxMessage.objects.get(kind=MailKind.TEST), now=NOW)

    assert '<span class="mark-up">Ada</span>' in preview.html
    assert message.to == ["vera@example.org"]
    assert message.subject == "Test, as Ada reads it: Day 2 has a new link, Ada"
    for words in (preview.html, preview.text, message.body):
        tokens = re.findall(r"/(my|join)/([\w-]{20,})/", words)
        assert tokens
        for purpose, token in tokens:
            opener = links.registration_by_join_token if purpose == "join" else None
            with pytest.raises(links.BadToken):
                opener(token) if opener else links.registrant_by_token("my", token)


def test_portions_reach_everybody_once(conference, organiser, monkeypatch):
    monkeypatch.setattr("registration.services.broadcasts.sending.PORTION", 2)
    for number in range(5):
        make_confirmed(day(conference, 1), name=f"P{number}")
    row = draft(conference, organiser)
    broadcasts.schedule(row, user=organiser, agreed=5, now=NOW)
    progress = []
    while broadcasts.carry_on(now=NOW + MINUTE):
        row.refresh_from_db()
        progress.append((row.state, len(mails_of(row)), broadcasts.progress_of(row, now=NOW).waiting))

    assert progress == [("writing", 2, 5), ("writing", 4, 5), ("leaving", 5, 5)]


def test_who_was_not_reached_when_it_was_stopped_is_counted(conference, organiser, monkeypatch):
    monkeypatch.setattr("registration.services.broadcasts.sending.PORTION", 2)
    for number in range(5):
        make_confirmed(day(conference, 1), name=f"P{number}")
    row = draft(conference, organiser)
    broadcasts.schedule(row, user=organiser, agreed=5, now=NOW)
    broadcasts.carry_on(now=NOW + MINUTE)
    OutboxMessage.objects.for_broadcast(row).update(state=MailState.SENT, finished_at=NOW)

    assert broadcasts.stop(row, user=organiser, now=NOW + MINUTE) == 3

    row.refresh_from_db()
    while_it_ends = broadcasts.progress_of(row, now=NOW + MINUTE)
    broadcasts.carry_on(now=NOW + MINUTE)
    row.refresh_from_db()
    assert row.finished_at
    for progress in (while_it_ends, broadcasts.progress_of(row, now=NOW + MINUTE)):
        assert (progress.total, progress.sent, progress.taken_back, progress.waiting) == (5, 2, 3, 0)


def test_draft_that_changed_since_it_was_shown_does_not_leave(conference, organiser):
    make_confirmed(day(conference, 1), name="Ada")
    make_confirmed(day(conference, 2), name="Bob")
    row = draft(conference, organiser, days=(day(conference, 1).pk,))
    seen = row.changed_at.isoformat()
    other = Audience(days=(day(conference, 2).pk,))
    later = NOW + MINUTE
    broadcasts.choose(row, conference=conference, audience=other, is_about_places=True, user=organiser, now=later)

    with pytest.raises(broadcasts.ChangedMeanwhile):
        broadcasts.schedule(row, user=organiser, agreed=1, seen=seen, now=later)

    row.refresh_from_db()
    assert row.is_draft
    broadcasts.schedule(row, user=organiser, agreed=1, seen=row.changed_at.isoformat(), now=later)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (
            "[form](https://forms.example/?for={name}&day=1)",
            '<a href="https://forms.example/?for=Zo%C3%AB%20%26%20%22Co%22&amp;day=1">form</a>',
        ),
        (
            "[form](https://forms.example/?back={my page})",
            '<a href="https://forms.example/?back=https%3A%2F%2Fpxp.example%2Fmy%2F1%2F">form</a>',
        ),
        ("[days]({my page}#days)", '<a href="https://pxp.example/my/1/#days">days</a>'),
        ("[x](https://e.example/{my hours})", '<a href="https://e.example/">x</a>'),
        (
            "[x](https://e.example '{name}')",
            '<a href="https://e.example" title="Zoë &amp; &quot;Co&quot;">x</a>',
        ),
    ],
)
@pytest.mark.parametrize("marked", [False, True])
def test_field_in_a_link_is_a_part_of_its_address(marked, words, shown):
    facts = FieldValues(name='Zoë & "Co"', page_url="https://pxp.example/my/1/")

    assert fill(words, facts, marked=marked) == f"<p>{shown}</p>\n"


def test_stopping_leaves_the_mail_that_a_person_asked_for(conference, organiser):
    flo = make_pending(day(conference, 1), name="Flo")
    OutboxMessage.objects.update(state=MailState.SENT, finished_at=NOW)
    eve = make_pending(day(conference, 1), name="Eve")  # her own "please confirm" has not left yet
    row = draft(conference, organiser, states=(Status.PENDING,))
    assert send(row, organiser) == ["flo@example.org"]

    broadcasts.stop(row, user=organiser, now=NOW + MINUTE)

    assert not OutboxMessage.objects.for_person(flo).queued().exists()
    assert OutboxMessage.objects.for_person(eve).queued().count() == 1


def test_numbers_follow_a_mail_that_is_tried_again(conference, organiser):
    make_confirmed(day(conference, 1), name="Ada")
    row = draft(conference, organiser)
    send(row, organiser)
    OutboxMessage.objects.for_broadcast(row).update(state=MailState.DEAD, finished_at=NOW)
    broadcasts.carry_on(now=NOW + MINUTE)
    row.refresh_from_db()
    assert (row.state, row.counts) == (BroadcastState.DONE, {"dead": 1})

    leases.try_again(mails_of(row)[0], now=NOW + MINUTE)
    assert broadcasts.carry_on(now=NOW + MINUTE) == 0
    OutboxMessage.objects.for_broadcast(row).update(state=MailState.SENT, finished_at=NOW)
    broadcasts.carry_on(now=NOW + MINUTE)

    row.refresh_from_db()
    assert (row.state, row.counts) == (BroadcastState.DONE, {"sent": 1})


@pytest.mark.parametrize("link", ["{site}@10.0.0.1/", "{site}.10.0.0.1.nip.test/", "http://127.0.0.1:1/"])
def test_link_that_only_begins_like_ours_is_no_page_of_ours(conference, organiser, settings, monkeypatch, link):
    monkeypatch.setattr("socket.getaddrinfo", lambda host, port: [(0, 0, 0, "", ("10.0.0.1", 0))])
    link = link.format(site=settings.SITE_URL)
    row = draft(conference, organiser, words={"subject": "Look", "body": f"[here]({link})"})

    (found,) = broadcasts.check_links(row)

    assert "leads into a private network" in found.words


@pytest.mark.parametrize("link", ["https://a..b.test/", f"https://{'a' * 70}.test/", "http://127.0.0.1:{port}/"])
def test_link_that_no_program_can_open_is_named(conference, organiser, settings, link):
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer_nonsense, args=(server,), daemon=True).start()
        port = server.getsockname()[1]
        settings.SITE_URL = f"http://127.0.0.1:{port}"
        row = draft(conference, organiser, words={"subject": "Look", "body": f"[here]({link.format(port=port)})"})

        (found,) = broadcasts.check_links(row)
        server.shutdown(socket.SHUT_RDWR)  # wakes the thread, which would wait on for ever

    assert "there is no answer" in found.words


def answer_nonsense(server):
    """Answer each request with what is no HTTP."""
    while True:
        try:
            line, _where = server.accept()
        except OSError:
            return
        with line:
            line.recv(9000)
            line.sendall(b"220 mail.example.org\r\n\r\n")


def test_preview_says_in_which_language_it_is(conference, organiser):
    ada = make_confirmed(day(conference, 1), name="Ada", language="fr")

    assert preview_broadcast(draft(conference, organiser), ada, now=NOW).language == "en"
