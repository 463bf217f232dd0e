"""Two sign-ups of one person become one, and two again within a day: places, calendars, links, needs and the history.

tests/registration/test_life_machine.py does the same in any order with everything else.
"""

from collections import defaultdict
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from conference.models import Day
from registration import links
from registration.letters.writing import NoLongerTrue, write_letter
from registration.models import AccessRequest, Answer, Erasure, Merge, OutboxMessage, Question, Registrant, Registration
from registration.services import merges, retention
from registration.services.days import cancel
from registration.services.erase import erase
from registration.services.errors import AlreadySignedUp, MoreMails, NotConfirmed, NotTwice, TooLateToUndo
from registration.services.person import set_neutral_titles
from registration.status import CancelledBy, MailState, NeedState
from tests.factories import NOW, make_confirmed, make_day, make_pending, make_program, make_staff, the_registration
from tests.registration.test_life_machine import CalendarClient

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=20)


@pytest.fixture
def days():
    return list(Day.objects.for_edition(make_program(sessions=0)).with_conference())


@pytest.fixture
def user():
    return make_staff()


@pytest.fixture
def calendars():
    return defaultdict(CalendarClient)


def deliver(calendars):
    """Write all mails that wait, held back or not, to their readers' calendars; return (to, subject, body) of each."""
    sent = []
    for row in OutboxMessage.objects.queued().order_by("pk"):
        try:
            message = write_letter(row, now=NOW)
        except NoLongerTrue:
            OutboxMessage.objects.only_row(row).withdraw(NOW)
            continue
        sent.append((row.to_email, message.subject, message.body))
        if getattr(message, "invite", None):
            calendars[row.to_email].take(message.invite.content)
        OutboxMessage.objects.only_row(row).update(state=MailState.SENT, finished_at=NOW)
    return sent


def days_in(calendars, address):
    return [start.day for start, _end in calendars[address].times]


def test_other_mailbox_loses_its_days_and_the_kept_one_gets_them(days, user, calendars):
    ada, bob = make_confirmed(days[0]), make_confirmed(days[0], days[1], name="Bob")
    deliver(calendars)

    _row, heard = merges.merge(ada, bob, user=user, now=NOW)
    sent = deliver(calendars)

    assert [(one.email, one.mails) for one in heard] == [("bob@example.org", 3), ("ada@example.org", 1)]
    assert days_in(calendars, "ada@example.org") == [12, 13]
    assert days_in(calendars, "bob@example.org") == []
    to_bob = " ".join(body for to, _subject, body in sent if to == "bob@example.org")
    assert links.my_url(ada) not in to_bob
    assert "ada@example.org" not in to_bob
    assert the_registration(ada, days[1]).is_confirmed
    assert not Registrant.objects.only_row(bob).exists()


def test_one_mailbox_keeps_its_entries_and_loses_only_the_doubled_one(days, user, calendars):
    ada = make_confirmed(days[0], days[1])
    twin = make_confirmed(days[1], days[2], name="Ada Lovelace")
    deliver(calendars)

    _row, heard = merges.merge(ada, twin, user=user, now=NOW)
    deliver(calendars)

    assert [one.mails for one in heard] == [1]
    assert days_in(calendars, "ada@example.org") == [12, 13, 14]


@pytest.mark.parametrize(
    ("by", "words"), [(CancelledBy.PERSON, "Add the day again"), (CancelledBy.ORGANISER, "The organisers cancelled it")]
)
def test_nobody_reads_that_they_keep_a_place_that_ended_meanwhile(by, words, days, user, calendars):
    ada, twin = make_confirmed(days[0]), make_confirmed(days[0], name="Ada Lovelace")
    deliver(calendars)

    merges.merge(ada, twin, user=user, now=NOW)
    cancel(Registration.objects.for_person(ada).live().get(), now=NOW + timedelta(minutes=1), by=by)
    sent = deliver(calendars)

    assert days_in(calendars, "ada@example.org") == []
    for _to, subject, body in sent:
        assert subject.startswith("You are no longer signed up")
        assert "keep your place" not in body
        assert words in body


def test_better_place_stays_and_the_other_goes_to_the_first_in_line(user):
    day = make_day(capacity=2)
    ada, bob = make_confirmed(day), make_confirmed(day, name="Bob")
    eve = make_confirmed(day, name="Eve")

    merges.merge(ada, bob, user=user, now=NOW)

    assert the_registration(ada, day).is_confirmed
    assert the_registration(eve, day).is_confirmed


@pytest.mark.parametrize("first_is_kept", [True, False])
def test_of_a_place_and_a_turn_in_line_the_place_stays(user, first_is_kept, calendars):
    day = make_day(capacity=1)
    people = [make_confirmed(day), make_confirmed(day, name="Bob")]
    deliver(calendars)
    kept, left = people if first_is_kept else reversed(people)

    merges.merge(kept, left, user=user, now=NOW)
    deliver(calendars)

    assert the_registration(kept, day).is_confirmed
    assert days_in(calendars, kept.email) == [12]


def test_undone_before_anybody_heard_nobody_hears(days, user, calendars):
    ada, bob = make_confirmed(days[0], needs="Captions"), make_confirmed(days[0], days[1], name="Bob", needs="Breaks")
    deliver(calendars)
    before = {row.pk: (row.registrant_id, row.status, row.invite_uid, row.invite_sequence) for row in rows_of(ada, bob)}
    token = links.token("my", bob)

    row, _heard = merges.merge(ada, bob, user=user, now=NOW)
    left, heard = merges.take_apart(row, user=user, now=LATER)

    assert heard == []
    assert OutboxMessage.objects.queued().count() == 0
    back = {row.pk: (row.registrant_id, row.status, row.invite_uid, row.invite_sequence) for row in rows_of(ada, left)}
    assert before.items() <= back.items()
    assert links.registrant_by_token("my", token) == bob
    assert [need.words for need in AccessRequest.objects.for_person(left).shown_to_the_person()] == ["Breaks"]


def rows_of(*people):
    return [row for person in people for row in person.registrations.order_by("pk")]


def test_undone_after_the_mails_each_calendar_is_true_again(days, user, calendars):
    ada, bob = make_confirmed(days[0]), make_confirmed(days[0], days[1], name="Bob")
    deliver(calendars)
    row, _heard = merges.merge(ada, bob, user=user, now=NOW)
    deliver(calendars)

    merges.take_apart(row, user=user, now=LATER)
    deliver(calendars)

    assert days_in(calendars, "ada@example.org") == [12]
    assert days_in(calendars, "bob@example.org") == [12, 13]


def test_day_that_the_kept_person_dropped_comes_back_for_the_other_alone(days, user, calendars):
    ada, bob = make_confirmed(days[0]), make_confirmed(days[1], name="Bob")
    deliver(calendars)
    row, _heard = merges.merge(ada, bob, user=user, now=NOW)
    deliver(calendars)
    cancel(the_registration(ada, days[1]), now=NOW)

    left, _heard = merges.take_apart(row, user=user, now=LATER)
    deliver(calendars)

    assert days_in(calendars, "ada@example.org") == [12]
    assert days_in(calendars, "bob@example.org") == [13]
    assert the_registration(left, days[1]).is_confirmed


@pytest.mark.parametrize("who_hides", ["Ada", "Adah"])
def test_one_mailbox_where_one_hides_the_topic_shows_it_nowhere_until_they_are_parted(who_hides, days, user, calendars):
    ada = make_confirmed(days[0], email="a@example.org")
    adah = make_confirmed(days[1], days[2], name="Adah", email="a@example.org")
    hides = {"Ada": ada, "Adah": adah}[who_hides]
    set_neutral_titles(hides, wanted=True, now=NOW)
    deliver(calendars)

    def days_with_a_topic():
        rows = Registration.objects.confirmed().with_people().order_by("day__number")
        titles = calendars["a@example.org"].titles
        return [row.day.number for row in rows if row.day.title in titles[str(row.invite_uid)]]

    assert days_with_a_topic() == ([2, 3] if hides == ada else [1])
    row, _heard = merges.merge(ada, adah, user=user, now=NOW)
    ada.refresh_from_db()
    assert ada.neutral_titles
    deliver(calendars)
    assert days_with_a_topic() == []

    left, _heard = merges.take_apart(row, user=user, now=LATER)
    ada.refresh_from_db()
    assert [ada.neutral_titles, left.neutral_titles] == [hides == ada, hides == adah]
    deliver(calendars)
    assert days_with_a_topic() == ([2, 3] if hides == ada else [1])


def test_another_mailbox_keeps_its_topics(days, user):
    ada, bob = make_confirmed(days[0]), make_confirmed(days[1], name="Bob")
    set_neutral_titles(bob, wanted=True, now=NOW)

    merges.merge(ada, bob, user=user, now=NOW)

    ada.refresh_from_db()
    assert not ada.neutral_titles


def test_needs_go_to_the_access_team_and_not_to_another_mailbox(days, user):
    ada, bob = make_confirmed(days[0]), make_confirmed(days[1], name="Bob", needs="Captions")

    merges.merge(ada, bob, user=user, now=NOW)

    (need,) = AccessRequest.objects.for_person(ada)
    assert (need.words, need.state) == ("Captions", NeedState.NEW)
    assert not AccessRequest.objects.for_person(ada).shown_to_the_person().exists()


def test_needs_in_one_mailbox_are_shown(days, user):
    ada, twin = make_confirmed(days[0]), make_confirmed(days[1], name="Ada Lovelace", needs="Captions")

    merges.merge(ada, twin, user=user, now=NOW)

    assert AccessRequest.objects.for_person(ada).shown_to_the_person().count() == 1


def test_old_links_lead_on_in_one_mailbox_until_the_person_takes_new_ones(days, user, client):
    ada, twin = make_confirmed(days[0]), make_confirmed(days[1], name="Ada Lovelace")
    tokens = {purpose: links.token(purpose, twin) for purpose in ("my", "calendar", "unsubscribe", "confirm")}

    merges.merge(ada, twin, user=user, now=NOW)

    assert {links.registrant_by_token(purpose, token) for purpose, token in tokens.items()} == {ada}
    assert client.get(f"/my/{tokens['my']}/").status_code == 200
    Registrant.objects.only_row(ada).update(page_link_version=2)
    assert client.get(f"/my/{tokens['my']}/").status_code == 404


def test_old_links_of_another_mailbox_say_to_ask_for_a_new_one(days, user, client):
    ada, bob = make_confirmed(days[0]), make_confirmed(days[1], name="Bob")
    token = links.token("my", bob)

    merges.merge(ada, bob, user=user, now=NOW)
    page = client.get(f"/my/{token}/")

    assert page.status_code == 404
    assert b"Send me my link" in page.content


def test_chain_of_merges_opens_no_other_mailbox(days, user):
    bob = make_confirmed(days[0], name="Bob")
    ada, twin = make_confirmed(days[0]), make_confirmed(days[1], name="Ada Lovelace")
    token = links.token("my", twin)

    merges.merge(ada, twin, user=user, now=NOW)
    merges.merge(bob, ada, user=user, now=NOW)

    with pytest.raises(links.BadToken):
        links.registrant_by_token("my", token)


def test_answers_switches_and_the_history_follow_and_come_back(days, user):
    ada, bob = make_confirmed(days[0]), make_confirmed(days[1], name="Bob")
    both, one = (Question.objects.create(conference=ada.conference, label=label) for label in ("Both", "One"))
    Answer.objects.create(registrant=ada, question=both, values=["a"])
    Answer.objects.create(registrant=bob, question=both, values=["b"])
    Answer.objects.create(registrant=bob, question=one, values=["c"])
    Registrant.objects.only_row(bob).update(news_mails=False)

    row, _heard = merges.merge(ada, bob, user=user, now=NOW)

    assert sorted(answer.values for answer in Answer.objects.for_person(ada)) == [["a"], ["c"]]
    assert not Registrant.objects.only_row(ada).get().news_mails
    row.refresh_from_db()
    left, _heard = merges.take_apart(row, user=user, now=NOW)
    assert sorted(answer.values for answer in Answer.objects.for_person(left)) == [["b"], ["c"]]
    assert Registrant.objects.only_row(ada).get().news_mails
    assert [(entry.user, entry.object_id) for entry in LogEntry.objects.order_by("pk")] == [
        (user, str(ada.pk)),
        (user, str(bob.pk)),
    ]


@pytest.mark.parametrize("email", ["ada@example.org", "bob@example.org"])
def test_who_is_erased_after_they_were_parted_leaves_no_name_with_the_other(email, days, user):
    ada, bob = make_confirmed(days[0]), make_confirmed(days[1], name="Bob", email=email)
    row, _heard = merges.merge(ada, bob, user=user, now=NOW)
    left, _heard = merges.take_apart(row, user=user, now=NOW)
    in_the_history = " ".join(LogEntry.objects.values_list("change_message", flat=True))

    erase(left, now=NOW)

    assert "Ada" not in in_the_history
    assert "Bob" not in in_the_history
    assert [entry.change_message for entry in LogEntry.objects.all()] == ["Put together with a second sign-up"]
    assert set(OutboxMessage.objects.values_list("to_email", flat=True)) == {"ada@example.org"}
    assert "Bob" not in str(list(OutboxMessage.objects.values()))


def test_who_is_erased_later_goes_with_both_sign_ups(days, user):
    ada, bob = make_confirmed(days[0]), make_confirmed(days[1], name="Bob")
    merges.merge(ada, bob, user=user, now=NOW)

    erase(ada, now=NOW)

    assert set(Erasure.objects.values_list("public_id", flat=True)) == {ada.public_id, bob.public_id}
    assert not Merge.objects.exists()
    assert not LogEntry.objects.exists()


def test_after_a_day_nothing_is_left_of_the_second_sign_up(days, user):
    ada, bob = make_confirmed(days[0]), make_confirmed(days[1], name="Bob")
    row, _heard = merges.merge(ada, bob, user=user, now=NOW)

    retention.apply_policy(now=NOW + timedelta(days=1))

    row.refresh_from_db()
    assert row.facts == {}
    with pytest.raises(TooLateToUndo):
        merges.take_apart(row, user=user, now=NOW + timedelta(days=1))


def test_what_cannot_be_one_person_is_refused(days, user):
    ada, waiting = make_confirmed(days[0]), make_pending(days[0], name="Bob")
    other = make_confirmed(make_day(make_program(slug="2028", days=0)), name="Ada")

    for kept, left, error in ((ada, ada, NotTwice), (ada, other, NotTwice), (waiting, ada, NotConfirmed)):
        with pytest.raises(error):
            merges.merge(kept, left, user=user, now=NOW)
    assert Registrant.objects.count() == 3


def test_nothing_happens_where_more_mails_would_leave_than_agreed(days, user):
    ada, bob = make_confirmed(days[0]), make_confirmed(days[1], name="Bob")

    with pytest.raises(MoreMails):
        merges.merge(ada, bob, user=user, now=NOW, mails=1)

    assert Registrant.objects.count() == 2


def test_undoing_is_refused_where_they_signed_up_again(days, user):
    ada, bob = make_confirmed(days[0]), make_confirmed(days[1], name="Bob")
    row, _heard = merges.merge(ada, bob, user=user, now=NOW)
    make_pending(days[0], name="Bob")

    with pytest.raises(AlreadySignedUp):
        merges.take_apart(row, user=user, now=NOW)


# --- On the pages ------------------------------------------------------------------------------------------------


def test_organiser_says_that_two_are_one_and_takes_it_back(days, user, client):
    ada, bob = make_confirmed(days[0]), make_confirmed(days[0], days[1], name="Bob")
    client.force_login(user)
    chosen = {"action": "same_person", "_selected_action": [bob.pk, ada.pk], "index": 0}
    merge_url = reverse("admin:registration_registrant_merge", args=[ada.pk, bob.pk])

    there = client.post(reverse("admin:registration_registrant_changelist"), chosen)
    asked = client.get(merge_url)
    number = asked.context["number"]
    again = client.post(merge_url, {"number": number - 1})
    unchanged = Registrant.objects.count()
    done = client.post(merge_url, {"number": number}, follow=True)
    undo_url = reverse("admin:registration_merge_undo", args=[Merge.objects.get().pk])

    assert there["Location"] == merge_url
    assert f"{number} mails go out" in asked.content.decode()
    assert again["Location"] == merge_url
    assert unchanged == 2
    assert done.content.decode().count(undo_url) == 2  # in the message, and on the person's page
    client.post(undo_url, {"number": client.get(undo_url).context["number"]})
    assert Registrant.objects.count() == 2


def test_pressed_twice_it_says_that_it_is_done(days, user, client):
    ada, bob = make_confirmed(days[0]), make_confirmed(days[1], name="Bob")
    client.force_login(user)
    merge_url = reverse("admin:registration_registrant_merge", args=[ada.pk, bob.pk])
    number = client.get(merge_url).context["number"]

    merged = [client.post(merge_url, {"number": number}, follow=True) for _press in range(2)][1]
    undo_url = reverse("admin:registration_merge_undo", args=[Merge.objects.get().pk])
    number = client.get(undo_url).context["number"]
    undone = [client.post(undo_url, {"number": number}, follow=True) for _press in range(2)][1]

    assert merged.redirect_chain[-1][0] == reverse("admin:registration_registrant_change", args=[ada.pk])
    assert "they are one person already, or one of them is deleted." in merged.text
    assert "it was undone already, or can no longer be undone." in undone.text
    assert client.get(undo_url).status_code == 404


def test_likely_second_sign_ups_are_found_first(days, user, client):
    ada = make_confirmed(days[0])
    twin, bob = make_confirmed(days[1], name="Ada L."), make_confirmed(days[0], name="Bob")
    client.force_login(user)
    url = reverse("admin:registration_registrant_same", args=[ada.pk])

    assert [one for one, _days in client.get(url).context["found"]] == [twin]
    assert [one for one, _days in client.get(url, {"q": "bob@"}).context["found"]] == [bob]
