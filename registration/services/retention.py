"""Retention of people's data: reads `retention.yaml`, and deletes data that is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import yaml
from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.models import Conference
from conference.scripts import list_words
from registration.models import (
    AccessRequest,
    AttemptCount,
    Broadcast,
    DayNotice,
    Erasure,
    LinkRequest,
    Merge,
    OutboxMessage,
    Pace,
    PeopleFile,
    Registrant,
    Registration,
    SpentMail,
)
from registration.models.details import DETAILS
from registration.models.registrants import RegistrantQuerySet

from .erase import erase

POLICY = Path(__file__).with_name("retention.yaml")


@dataclass(frozen=True)
class Rule:
    """One thing that is kept, in words for the people it is about."""

    name: str
    what: str
    why: str
    who: str
    after: str
    days: int | None
    columns: dict[str, list[str]]

    @property
    def description(self) -> str:
        """The kept data in words, with the details of a person if the policy has a place for them."""
        names = [str(detail.words) for detail in DETAILS if detail.words]
        return _(self.what).format(details=list_words(names))

    @property
    def until(self) -> str:
        """When it is deleted, in words."""
        if self.days is None:
            return _("We delete it by hand.")
        words = {
            "sign-up": ngettext(
                "Deleted %(days)d day after you signed up.", "Deleted %(days)d days after you signed up.", self.days
            ),
            "conference": ngettext(
                "Deleted %(days)d day after the conference.", "Deleted %(days)d days after the conference.", self.days
            ),
            "done": ngettext(
                "Deleted %(days)d day after the email.", "Deleted %(days)d days after the email.", self.days
            ),
            "start": ngettext("Deleted after %(days)d day.", "Deleted after %(days)d days.", self.days),
        }
        return words[self.after] % {"days": self.days}

    def due_before(self, now: datetime) -> datetime:
        """Return a UTC instant: what began before it is to be deleted at the UTC instant `now`."""
        return now - timedelta(days=self.days or 0)


@cache
def rules() -> dict[str, Rule]:
    """The policy's rules by name, in the order of the file."""
    listed = yaml.safe_load(POLICY.read_text(encoding="utf-8"))["rules"]
    found = {rule["name"]: Rule(**{"days": None, **rule}) for rule in listed}
    found["people"].columns[Registrant._meta.label] += [detail.column for detail in DETAILS]
    return found


def words() -> list[str]:
    """Return each sentence of the policy that people read, for the catalogues (`manage.py makemessages`)."""
    return [text for rule in rules().values() for text in (rule.what, rule.why, rule.who)]


@cache
def not_personal() -> frozenset[str]:
    """The apps and tables that the policy says hold nothing about people."""
    return frozenset(yaml.safe_load(POLICY.read_text(encoding="utf-8"))["not_personal"])


def apply_policy(*, now: datetime) -> dict[str, int]:
    """Delete what the policy says is due at the UTC instant `now`. Returns how many rows each rule deleted.

    Runs every night in the worker. It may stop anywhere and be run again: each person goes in one transaction.
    """
    return {name: apply_rule(name, now=now) for name in _JOBS}


def apply_rule(name: str, *, now: datetime) -> int:
    """Do as `apply_policy` for one rule. Returns how many rows it deleted."""
    return _JOBS[name](rules()[name].due_before(now), now)


def _unconfirmed(before: datetime, now: datetime) -> int:
    deleted, _rows = Registration.objects.pending().filter(created_at__lt=before).delete()
    AccessRequest.objects.unconfirmed().filter(created_at__lt=before).delete()
    # Such a sign-up may still have a day that was called off before they confirmed.
    strangers = Registrant.objects.unverified().filter(created_at__lt=before)
    return deleted + _erase(strangers.exclude(registrations__created_at__gte=before), now)


def _needs(before: datetime, now: datetime) -> int:
    return AccessRequest.objects.filter(registrant__conference__in=Conference.objects.ended_before(before)).delete()[0]


def _people(before: datetime, now: datetime) -> int:
    Merge.objects.too_old(now).update(facts={})  # a second sign-up as it was, which nobody can bring back any more
    return _erase(Registrant.objects.filter(conference__in=Conference.objects.ended_before(before)), now)


def _mails(before: datetime, now: datetime) -> int:
    return OutboxMessage.objects.filter(finished_at__lt=before).delete()[0]


def _messages(before: datetime, now: datetime) -> int:
    drafts = Broadcast.objects.drafted_before(before).delete()[0]
    return drafts + Broadcast.objects.finished_before(before).delete()[0]


def _tries(before: datetime, now: datetime) -> int:
    paces = Pace.objects.used_up_before(before).delete()[0]
    return AttemptCount.objects.filter(window_starts_at__lt=before).delete()[0] + paces


def _asked_mails(before: datetime, now: datetime) -> int:
    return SpentMail.objects.filter(due_at__lt=before).delete()[0]


def _history(before: datetime, now: datetime) -> int:
    old = DayNotice.objects.filter(noted_at__lt=before).delete()[0]
    return old + LogEntry.objects.filter(action_time__lt=before).delete()[0]


def _requests(before: datetime, now: datetime) -> int:
    return LinkRequest.objects.filter(asked_at__lt=before).delete()[0]


def _files(before: datetime, now: datetime) -> int:
    return PeopleFile.objects.older_than(before).delete()[0]


def _erasures(before: datetime, now: datetime) -> int:
    return Erasure.objects.older_than(before).delete()[0]


_JOBS = {
    "unconfirmed": _unconfirmed,
    "needs": _needs,
    "people": _people,
    "mails": _mails,
    "messages": _messages,
    "tries": _tries,
    "history": _history,
    "requests": _requests,
    "asked-mails": _asked_mails,
    "files": _files,
    "backups": _erasures,
}


def _erase(registrants: RegistrantQuerySet, now: datetime) -> int:
    """Erase each of these people in a transaction of their own; return how many."""
    people = list(registrants)
    for registrant in people:
        erase(registrant, now=now)
    return len(people)
