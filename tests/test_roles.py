"""Which role opens which organisers' page, and may send its form: a table that has every page of theirs in it.

A page that is not in the table fails the first test here: add it, with the roles that may open it and those that may
send something there. Pages of one's own account are in tests/test_access.py.
"""

import logging
import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from conference.models import Session, Speaker, Text
from conference.texts import ensure_rows
from registration import groups
from registration.letters.try_out import samples_of
from registration.models import AccessRequest, Audience, OutboxMessage, Question, Registration
from registration.people_file import begin as begin_file
from registration.services import broadcasts
from registration.services.broadcasts.drafts import begin
from registration.services.merges import merge
from registration.status import MailState
from tests.factories import NOW, make_confirmed, make_program, make_staff

ROLES = {
    "L": groups.LEADS,
    "P": groups.PROGRAM,
    "R": groups.REGISTRATION,
    "A": groups.ACCESS_TEAM,
    "V": groups.OBSERVERS,
    "T": groups.TRANSLATORS,
}
EVERY = "LPRAVT"
# Leads and the Access team open nearly all pages between them; who may do what is the same on each database.
ON_EACH_DATABASE = [*"LA", *(pytest.param(role, marks=pytest.mark.sqlite_only) for role in "PRVT")]
REFUSED = (403, 404, 405)  # a message that is not theirs to see does not exist for them, and some pages take no form

# {page: (the roles that may open it, those that may send a form there)}
TABLE = {
    "remind-access-team": ("LPRAT", "LPRAT"),
    "help": (EVERY, ""),
    "help_chapter": (EVERY, ""),
    "files": ("LRA", ""),
    "files-people": ("", "LR"),
    "files-zoom": ("", "LR"),
    "files-needs": ("", "A"),
    "files-numbers": ("LR", ""),
    "files-numbers-download": ("", "LR"),
    "peoplefile-start": ("LR", "LR"),
    "peoplefile-look": ("LR", "LR"),
    "peoplefile-bring": ("", "LR"),
    "peoplefile-undo": ("LR", "LR"),
    "program-files": ("LP", ""),
    "program-files-download": ("", "LP"),
    "program-files-look": ("", "LP"),
    "program-files-bring-in": ("", "LP"),
    "program-files-undo": ("", "LP"),
    "team": ("L", ""),
    "team-invite": ("L", "L"),
    "team-roles": ("L", "L"),
    "team-again": ("L", "L"),
    "team-remove": ("L", "L"),
    "index": (EVERY, EVERY),
    "app_list": ("LPR", "LPR"),
    "conference_session_changelist": ("LP", "LP"),
    "conference_session_add": ("LP", "LP"),
    "conference_session_history": ("LP", "LP"),
    "conference_session_delete": ("LP", "LP"),
    "conference_session_change": ("LP", "LP"),
    "conference_speaker_changelist": ("LP", "LP"),
    "conference_speaker_add": ("LP", "LP"),
    "conference_speaker_history": ("LP", "LP"),
    "conference_speaker_delete": ("LP", "LP"),
    "conference_speaker_change": ("LP", "LP"),
    "conference_text_changelist": ("LP", "LP"),
    "conference_text_add": ("", ""),
    "conference_text_history": ("LP", "LP"),
    "conference_text_delete": ("", ""),
    "conference_text_change": ("LP", "LP"),
    "registration_accessrequest_changelist": ("A", "A"),
    "registration_accessrequest_add": ("", ""),
    "registration_accessrequest_history": ("A", "A"),
    "registration_accessrequest_delete": ("", ""),
    "registration_accessrequest_change": ("A", "A"),
    "next_year": ("LP", "LP"),
    "conference_translations": ("LPT", ""),
    "conference_translate": ("LPT", "LPT"),
    "conference_conference_preview": ("LP", "LP"),
    "conference_conference_link": ("LP", "LP"),
    "conference_conference_publish": ("LP", "LP"),
    "conference_conference_drop": ("LP", "LP"),
    "conference_conference_changelist": ("LPR", "LPR"),
    "conference_conference_add": ("LP", "LP"),
    "conference_conference_history": ("LPR", "LPR"),
    "conference_conference_delete": ("LP", "LP"),
    "conference_conference_change": ("LPR", "LP"),
    "conference_day_program": ("LP", "LP"),
    "conference_day_changelist": ("LPR", "LPR"),
    "conference_day_add": ("LP", "LP"),
    "conference_day_history": ("LPR", "LPR"),
    "conference_day_delete": ("LP", "LP"),
    "conference_day_change": ("LPR", "LP"),
    "admin_logentry_changelist": ("L", "L"),
    "admin_logentry_add": ("", ""),
    "admin_logentry_history": ("L", "L"),
    "admin_logentry_delete": ("", ""),
    "admin_logentry_change": ("L", ""),
    "registration_lettertext_changelist": ("LR", "LR"),
    "registration_lettertext_change": ("LR", "LR"),
    "lettertext-original": ("", "LR"),
    "lettertext-try": ("", "LR"),
    "registration_outboxmessage_changelist": ("LR", "LR"),
    "registration_outboxmessage_add": ("", ""),
    "registration_outboxmessage_history": ("LR", "LR"),
    "registration_outboxmessage_delete": ("", ""),
    "registration_outboxmessage_change": ("LR", ""),
    "registration_registrant_same": ("LR", ""),
    "registration_registrant_merge": ("LR", "LR"),
    "registration_merge_undo": ("LR", "LR"),
    "registration_registrant_changelist": ("LR", "LR"),
    "registration_registrant_add": ("LR", "LR"),
    "registration_registrant_history": ("LR", "LR"),
    "registration_registrant_delete": ("", ""),
    "registration_registrant_change": ("LR", "LR"),
    "registration_question_changelist": ("LR", "LR"),
    "registration_question_add": ("LR", "LR"),
    "registration_question_history": ("LR", "LR"),
    "registration_question_delete": ("LR", "LR"),
    "registration_question_change": ("LR", "LR"),
    "registration_registration_changelist": ("LR", "LR"),
    "registration_registration_add": ("", ""),
    "registration_registration_history": ("LR", "LR"),
    "registration_registration_delete": ("", ""),
    "registration_registration_change": ("LR", ""),
    "registration_broadcast_changelist": ("LRA", "LRA"),
    "waiting": (EVERY, EVERY),
    "registration_broadcast_add": ("LRA", "LRA"),
    "broadcast-people": ("LRA", "LRA"),
    "broadcast-whom": ("LR", "LR"),
    "broadcast-words": ("LR", "LR"),
    "broadcast-send": ("LR", "LR"),
    "registration_broadcast_change": ("LR", "LR"),
    "broadcast-reached": ("LR", "LR"),
    "broadcast-take-back": ("", "LR"),
    "broadcast-stop": ("LR", "LR"),
    "broadcast-copy": ("", "LR"),
    "broadcast-drop": ("", "LR"),
    "auth_group_changelist": ("", ""),
    "auth_group_add": ("", ""),
    "auth_group_history": ("", ""),
    "auth_group_delete": ("", ""),
    "auth_group_change": ("", ""),
    "auth_user_password_change": ("", ""),
    "auth_user_changelist": ("L", "L"),
    "auth_user_add": ("", ""),
    "auth_user_history": ("L", "L"),
    "auth_user_delete": ("", ""),
    "auth_user_change": ("L", ""),
}

# What a form needs, or it is no form of the page.
SENT = {
    "program-files-download": {"kind": "yaml"},
    "lettertext-original": {"language": "en"},
    "lettertext-try": {"language": "en", "sample": next(iter(samples_of("confirmation", "en")))},
}

# They lead on, or answer by the rights of what they are asked about; the last is whatever has no page.
NO_PAGES = {
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "autocomplete",
    "jsi18n",
    "view_on_site",
    None,
}


def pages_in(resolver):
    """Return {name: the parts of its address} of the organisers' pages."""
    outer = [inner for outer in resolver.url_patterns for inner in getattr(outer, "url_patterns", [outer])]
    admin = next(pattern for pattern in outer if getattr(pattern, "app_name", "") == "admin")
    found, left = {}, list(admin.url_patterns)
    for pattern in left:
        if hasattr(pattern, "url_patterns"):
            left += pattern.url_patterns
        elif pattern.name not in NO_PAGES:
            found[pattern.name] = list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex)
    return found


PAGES = pages_in(get_resolver())


class Office:
    """A conference with one of everything, and an address for each page."""

    def __init__(self):
        self.conference = make_program(days=1, sessions=1)
        ensure_rows(self.conference)
        day = self.conference.days.get()
        ada = make_confirmed(day, needs="Captions, please")
        bob = make_staff(username="bob")
        twice = make_confirmed(day, name="Ada Twice")
        self.other = make_confirmed(day, name="Grace")
        self.rows = {
            "conference": self.conference,
            "day": day,
            "session": Session.objects.get(),
            "speaker": Speaker.objects.get(),
            "text": Text.objects.first(),
            "accessrequest": AccessRequest.objects.get(),
            "outboxmessage": OutboxMessage.objects.first(),
            "registrant": ada,
            "merge": merge(ada, twice, user=bob, now=NOW)[0],
            "question": Question.objects.create(conference=self.conference, label="Where do you work?"),
            "registration": Registration.objects.for_person(ada).first(),
            "broadcast": begin(self.conference, user=bob, now=NOW),
            "logentry": LogEntry.objects.create(user=bob, action_flag=2, object_repr="x"),
            "group": Group.objects.first(),
            "user": bob,
            "team": bob,
            "program": self.conference,
            "files": day,
            "peoplefile": begin_file(self.conference, b"Name,Email\nBob,bob@example.org", name="x", user=bob, now=NOW),
        }

    def address(self, name):
        parts = {"slug": "accounts", "name": "confirmation", "year": self.conference.slug, "language": "fr"}
        parts["other"] = self.other.pk
        parts["app_label"] = "conference"
        about = "conference" if name == "next_year" else re.split("[_-]", name)[1 if name.count("_") > 1 else 0]
        key = self.rows[about].pk if about in self.rows else "1"
        return reverse(f"admin:{name}", kwargs={part: parts.get(part, key) for part in PAGES[name]})


@pytest.fixture
def unlogged():
    """Each of some hundred refusals would be logged with its way through the code, which takes most of the time."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_every_page_is_in_the_table():
    assert set(PAGES) == set(TABLE)


def test_organisers_do_what_program_and_registration_do_together():
    assert groups.MAY[groups.ORGANISERS] == groups.MAY[groups.REGISTRATION] | groups.MAY[groups.PROGRAM]


@pytest.mark.django_db
@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", ON_EACH_DATABASE)
def test_role_may_do_what_the_table_says(role, unlogged):
    office, client = Office(), Client()
    client.force_login(make_staff(ROLES[role], username="juno"))
    may = {}

    for page in TABLE:
        for method in (client.get, client.post):
            with transaction.atomic():  # what is done on one page is undone before the next
                answer = method(office.address(page), SENT.get(page))
                list(answer if answer.streaming else ())  # a file closes at its end
                transaction.set_rollback(True)
            may[page] = (*may.get(page, ()), answer.status_code not in REFUSED)

    assert may == {page: (role in opens, role in sends) for page, (opens, sends) in TABLE.items()}


def message_to(day, user, *, with_needs):
    """Make a message to the people of a day that was sent, and refused by one of them."""
    audience = Audience(days=(day.pk,), with_needs=with_needs)
    row = begin(day.conference, user=user, audience=audience, now=NOW)
    broadcasts.write(row, language="en", words={"subject": "Day 1", "body": "Hello"}, now=NOW)
    broadcasts.schedule(row, user=user, agreed=9, now=NOW)
    while broadcasts.carry_on(now=NOW + timedelta(minutes=2)):
        pass
    refused = {"state": MailState.DEAD, "finished_at": NOW, "last_error": "No such mailbox"}
    OutboxMessage.objects.for_broadcast(row).update(**refused)
    return row


@pytest.mark.django_db
@pytest.mark.parametrize(
    "role", [groups.LEADS, groups.ORGANISERS, groups.PROGRAM, groups.REGISTRATION, groups.ACCESS_TEAM]
)
def test_no_link_of_a_page_is_closed_to_who_reads_it(role, client):
    day = make_program(days=1, sessions=1).days.get()
    make_confirmed(day, name="Ada", needs="Captions")
    user = make_staff(role)
    row = message_to(day, user, with_needs=role == groups.ACCESS_TEAM)
    client.force_login(user)
    day_page = reverse("admin:conference_day_change", args=[day.pk])
    pages = [
        day_page,
        reverse("admin:broadcast-people", query={"states": "confirmed", "about": "places"}),
        reverse("admin:registration_broadcast_change", args=[row.pk]),
        reverse("admin:broadcast-reached", args=[row.pk], query={"state": "refused"}),
    ]

    opened = {page: response.text for page in pages if (response := client.get(page)).status_code == 200}
    found = {link for page in opened.values() for link in re.findall(r'href="(/organisers/[^"#]*)', page)}
    closed = {link for link in found if client.get(unescape(link)).status_code == 403}

    assert closed == set()
    assert len(opened) == {groups.PROGRAM: 1, groups.ACCESS_TEAM: 3}.get(role, 4)
    if role == groups.PROGRAM:
        assert "<div>Confirmed: 1</div>" in opened[day_page]
