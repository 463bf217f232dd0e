"""Each organisers' action: it asks first and names how many, or writes to nobody; and it writes one row of the history.

A new action fails the first test here until it is in the table.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from conference.models import Day
from registration.models import AccessRequest, AccountLetter, OutboxMessage, Registrant, Registration
from registration.services.day_changes import call_off
from tests.factories import make_confirmed, make_day, make_pending, make_staff, the_registration
from tests.support.admin import act, act_on_page, say_yes

pytestmark = pytest.mark.django_db
CAPTIONS = "Captions, please"


@dataclass(frozen=True)
class Case:
    """One action: on which row, whether it asks first, and what else its question wants to know."""

    row: str
    asks: bool = True
    more: tuple = ()
    on_its_page: bool = False
    number: str = "1"  # which the question names


# {(list, action): Case}. Those that write to people all ask.
TABLE = {
    ("conference.day", "sort_sessions"): Case("day", asks=False),
    ("conference.day", "call_days_off"): Case("day"),
    ("conference.day", "restore_days"): Case("called_off"),
    ("registration.accessrequest", "set_in_hand"): Case("need", asks=False),
    ("registration.accessrequest", "set_arranged"): Case("need", asks=False),
    ("registration.accessrequest", "set_cannot"): Case("answered_need", asks=False),
    ("registration.outboxmessage", "try_mails_again"): Case("dead_mail"),
    ("registration.registrant", "confirm_places"): Case("bob"),
    ("registration.registrant", "cancel_places"): Case("ada"),
    ("registration.registrant", "send_again"): Case("ada"),
    ("registration.registrant", "download_table"): Case("ada", asks=False),
    ("registration.registrant", "erase_person"): Case("ada", on_its_page=True, number="One"),
    ("registration.registration", "confirm_places"): Case("pending"),
    ("registration.registration", "cancel_places"): Case("confirmed"),
    ("registration.registration", "send_again"): Case("confirmed"),
    ("registration.registration", "move_places"): Case("confirmed", more=("to_day",)),
    ("auth.user", "reset_second_factor"): Case("alan", on_its_page=True, number="them"),
}
# It only leads to a page of its own, which asks (test_merges.py).
LEADS_ON = {("registration.registrant", "same_person")}


@pytest.fixture
def rows(db):
    """A conference with one of everything."""
    now = timezone.now()
    first = make_day(starts_at=now + timedelta(days=30))
    second, third = (make_day(first.conference, n, starts_at=now + timedelta(days=30 + n)) for n in (2, 3))
    ada = make_confirmed(first, third, needs=CAPTIONS, now=now)
    bob = make_pending(first, name="Bob", now=now)
    need = AccessRequest.objects.get()
    call_off(third, now=now)
    Registration.objects.filter(day=third).update(news="")  # they have heard of it
    OutboxMessage.objects.filter(registrant=ada).update(state="dead", finished_at=now)
    alan = make_staff(username="alan")
    Authenticator.objects.create(user=alan, type=Authenticator.Type.TOTP, data={})
    return {
        "day": first,
        "to_day": second,
        "called_off": Day.objects.get(pk=third.pk),
        "ada": ada,
        "bob": bob,
        "pending": the_registration(bob, first),
        "confirmed": the_registration(ada, first),
        "need": need,
        "answered_need": need,
        "dead_mail": OutboxMessage.objects.filter(registrant=ada).first(),
        "alan": alan,
    }


def test_every_action_is_in_the_table():
    named = {
        (model._meta.label_lower, action)
        for model, model_admin in admin.site._registry.items()
        for action in model_admin.actions or ()
    }

    assert named == {*TABLE, *LEADS_ON}


@pytest.mark.parametrize(("where", "action"), TABLE, ids=lambda name: name)
def test_action_asks_with_the_number_and_writes_one_row(rows, client, where, action):
    case = TABLE[where, action]
    row = rows[case.row]
    user = make_staff(username="grace")
    user.groups.set(Group.objects.all())
    client.force_login(user)
    if case.row == "answered_need":
        AccessRequest.objects.filter(pk=row.pk).update(answer="We are sorry.")
    list_url = f"admin:{where.replace('.', '_')}_changelist"
    page_url = f"admin:{where.replace('.', '_')}_change"
    mails, written = all_mails(), set(LogEntry.objects.values_list("pk", flat=True))

    if case.on_its_page:
        _words, answer = act_on_page(client, page_url, row, action)
    else:
        _words, answer = act(client, list_url, action, row)

    if answer.streaming:
        list(answer)  # a file closes at its end

    assert all_mails() == mails  # whatever it is, the first press writes to nobody
    if case.asks:
        assert re.search(rf"\b{case.number}\b", " ".join(map(str, answer.context["sentences"])))
        assert not LogEntry.objects.exclude(pk__in=written).exists()
        url = reverse(page_url, args=[row.pk]) if case.on_its_page else reverse(list_url)
        say_yes(client, url, answer, **{name: rows[name].pk for name in case.more})
    entries = LogEntry.objects.exclude(pk__in=written)
    assert [entry.user for entry in entries] == [user]


def all_mails():
    """Return what says that people or accounts will be written to, as the database has it."""
    mails = set(OutboxMessage.objects.values_list("pk", "state"))
    return mails, set(AccountLetter.objects.values_list("pk", flat=True)), Registrant.objects.count()
