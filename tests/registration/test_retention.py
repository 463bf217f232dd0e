"""Data about people goes when the policy says, and the policy names every column of every table."""

import html
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from conference.models import Day
from pxp import catalogues
from registration.abuse import limits
from registration.models import (
    AccessRequest,
    AttemptCount,
    ErasedCount,
    LinkRequest,
    OutboxMessage,
    Registrant,
    Registration,
)
from registration.models.history import note_table
from registration.services import days, retention
from registration.services.day_changes import call_off
from registration.services.erase import erase
from registration.services.lost_link import ask_for_links
from registration.status import Status
from tests.factories import NOW, make_confirmed, make_pending, make_program

pytestmark = pytest.mark.django_db


def first_two(conference):
    return list(Day.objects.for_edition(conference).with_conference())[:2]


def end_of(conference):
    return Day.objects.for_edition(conference).last().ends_at


def test_policy_names_every_column_once():
    named = [
        (model, column)
        for rule in retention.rules().values()
        for model, columns in rule.columns.items()
        for column in columns
    ]
    free = retention.not_personal()
    there = {
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if not field.primary_key or model._meta.label == "sessions.Session"
        if model._meta.app_label not in free and model._meta.label not in free
    }

    assert sorted(named) == sorted(there)


def test_privacy_page_prints_the_policy(client):
    make_program()

    page = html.unescape(" ".join(client.get("/privacy/").text.split()))

    for rule in retention.rules().values():
        kept = [rule.description, f"Why: {rule.why}", f"Who reads it: {rule.who}", rule.until]
        assert [words for words in kept if words not in page] == [], rule.name
    assert len(re.findall(r"\d+ (?:day|month)s?", page)) == sum(1 for rule in retention.rules().values() if rule.days)


def test_each_sentence_of_the_policy_can_be_translated():
    found = {one.id for one in catalogues.find() if one.part == catalogues.ATTENDEES}

    assert set(retention.words()) <= found


def test_policy_says_in_words_when_each_thing_goes():
    words = {name: rule.until for name, rule in retention.rules().items()}

    assert words == {
        "unconfirmed": "Deleted 14 days after you signed up.",
        "needs": "Deleted 30 days after the conference.",
        "people": "Deleted 365 days after the conference.",
        "mails": "Deleted 30 days after the email.",
        "messages": "Deleted 730 days after the email.",
        "tries": "Deleted after 1 day.",
        "asked-mails": "Deleted after 3 days.",
        "history": "Deleted after 730 days.",
        "requests": "Deleted after 1 day.",
        "files": "Deleted after 1 day.",
        "backups": "Deleted after 14 days.",
        "organisers": "We delete it by hand.",
    }


def test_unconfirmed_sign_up_goes_after_14_days_and_not_before():
    conference = make_program()
    make_pending(*first_two(conference), now=NOW - timedelta(days=14))

    retention.apply_policy(now=NOW)
    kept = Registrant.objects.count()
    retention.apply_policy(now=NOW + timedelta(seconds=1))

    assert (kept, Registrant.objects.count(), Registration.objects.count(), OutboxMessage.objects.count()) == (
        1,
        0,
        0,
        0,
    )


def test_unconfirmed_sign_up_for_a_day_that_was_called_off_goes_too():
    conference = make_program()
    make_pending(first_two(conference)[0], now=NOW - timedelta(days=14))
    call_off(first_two(conference)[0], now=NOW - timedelta(days=1))

    retention.apply_policy(now=NOW)
    kept = Registrant.objects.count()
    retention.apply_policy(now=NOW + timedelta(seconds=1))

    assert (kept, Registrant.objects.count()) == (1, 0)


def test_unconfirmed_sign_up_that_was_sent_again_counts_from_the_last_time():
    conference = make_program()
    make_pending(first_two(conference)[0], now=NOW - timedelta(days=20))
    make_pending(first_two(conference)[1], now=NOW - timedelta(days=1))

    retention.apply_policy(now=NOW)

    assert list(Registration.objects.values_list("day__number", flat=True)) == [2]


def test_verified_person_loses_only_the_day_they_did_not_confirm():
    conference = make_program()
    ada = make_confirmed(first_two(conference)[0])
    make_pending(first_two(conference)[1])

    retention.apply_policy(now=NOW + timedelta(days=15))

    assert list(Registration.objects.for_person(ada).values_list("day__number", "status")) == [(1, Status.CONFIRMED)]


def test_needs_go_30_days_after_the_last_day():
    conference = make_program()
    make_confirmed(*first_two(conference), needs="A sign language interpreter.")

    retention.apply_policy(now=end_of(conference) + timedelta(days=30))
    kept = AccessRequest.objects.count()
    retention.apply_policy(now=end_of(conference) + timedelta(days=30, seconds=1))

    assert (kept, AccessRequest.objects.count(), Registrant.objects.count()) == (1, 0, 1)


def test_people_go_after_a_year_and_their_number_stays():
    conference = make_program()
    ada = make_confirmed(*first_two(conference))
    days.cancel(Registration.objects.for_person(ada).last(), now=NOW)

    retention.apply_policy(now=end_of(conference) + timedelta(days=365, seconds=1))

    counts = ErasedCount.objects.order_by("day__number").values_list("day__number", "status", "people")
    assert Registrant.objects.count() == 0
    assert list(counts) == [(1, Status.CONFIRMED, 1), (2, Status.CANCELLED, 1)]


def test_mails_go_30_days_after_they_were_sent_and_waiting_ones_stay():
    conference = make_program()
    make_confirmed(*first_two(conference))
    sent = OutboxMessage.objects.order_by("pk").first()
    OutboxMessage.objects.filter(pk=sent.pk).update(state="sent", finished_at=NOW - timedelta(days=31))
    waiting = OutboxMessage.objects.queued().count()

    retention.apply_policy(now=NOW)

    assert not OutboxMessage.objects.filter(pk=sent.pk).exists()
    assert OutboxMessage.objects.queued().count() == waiting


def test_counts_of_tries_go_after_a_day():
    limits.count(limits.FORMS_PER_NETWORK, "ada@example.org", now=NOW)

    retention.apply_policy(now=NOW + timedelta(hours=23))
    kept = AttemptCount.objects.count()
    retention.apply_policy(now=NOW + timedelta(hours=25))

    assert (kept, AttemptCount.objects.count()) == (1, 0)


def test_what_organisers_did_goes_after_two_years(admin_user):
    note_table(admin_user, Registrant, "Downloaded 1 person as a table")
    LogEntry.objects.update(action_time=NOW)

    retention.apply_policy(now=NOW + timedelta(days=730))
    kept = LogEntry.objects.count()
    retention.apply_policy(now=NOW + timedelta(days=730, seconds=1))

    assert (kept, LogEntry.objects.count()) == (1, 0)


def test_a_request_for_a_link_that_no_worker_answers_goes_after_a_day():
    ask_for_links(make_program(), "ada@example.org", now=NOW)

    retention.apply_policy(now=NOW + timedelta(hours=24))
    kept = LinkRequest.objects.count()
    retention.apply_policy(now=NOW + timedelta(hours=25))

    assert (kept, LinkRequest.objects.count()) == (1, 0)


def test_erasing_gives_the_place_to_the_first_in_line():
    conference = make_program()
    Day.objects.for_edition(conference).numbered([1]).update(capacity=1)
    ada = make_confirmed(first_two(conference)[0])
    bob = make_confirmed(first_two(conference)[0], name="Bob")

    erase(ada, now=NOW)

    assert Registration.objects.for_person(bob).get().status == Status.CONFIRMED


def test_erasing_reaches_the_history_of_the_admin(admin_user):
    ada = make_confirmed(*first_two(make_program()))
    for row in (ada, Registration.objects.for_person(ada).first()):
        LogEntry.objects.create(
            user=admin_user,
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=str(row),
            action_flag=CHANGE,
        )

    erase(ada, now=NOW)

    assert LogEntry.objects.count() == 0
