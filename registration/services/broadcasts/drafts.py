"""Drafts of mails to many: create, copy, delete, and send as a test to oneself."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.models import Conference
from registration.letters import outbox
from registration.models import AccessRequest, Audience, Broadcast, Registrant
from registration.models.history import note, note_table

from .errors import ChangedMeanwhile, NotADraft


def begin(conference: Conference, *, user: User | None, audience: Audience | None = None, now: datetime) -> Broadcast:
    """Begin a draft for people of an edition; return it. Sends nothing."""
    audience = audience or Audience()
    return Broadcast.objects.create(
        conference=conference,
        author=user,
        audience=audience.as_plain(),
        is_about_needs=audience.with_needs,
        asks_to_confirm=audience.is_unconfirmed,
        created_at=now,
        changed_at=now,
    )


def copy(broadcast: Broadcast, *, user: User, now: datetime) -> Broadcast:
    """Begin a draft with the people and words of an earlier message; return it. Sends nothing."""
    draft = begin(broadcast.conference, user=user, audience=broadcast.whom, now=now)
    draft.words, draft.is_about_places = broadcast.words, broadcast.is_about_places
    draft.save(update_fields=["words", "is_about_places"])
    return draft


def choose(
    broadcast: Broadcast | None,
    *,
    conference: Conference,
    audience: Audience,
    is_about_places: bool,
    user: User,
    seen: str = "",
    now: datetime,
) -> Broadcast:
    """Give a draft its people, or begin one if `broadcast` is None; return it. Sends nothing.

    `seen` is the `fingerprint_of_audience` of the draft as the organiser saw it. Raises NotADraft, ChangedMeanwhile.
    """
    with transaction.atomic():
        if audience.is_unconfirmed and len(audience.states) > 1:
            raise ValueError("People who have not confirmed get another mail than the others.")
        draft = begin(conference, user=user, now=now) if broadcast is None else _lock_draft(broadcast)
        mark = fingerprint_of_audience(draft)
        draft.audience, draft.is_about_places, draft.changed_at = audience.as_plain(), is_about_places, now
        draft.is_about_needs, draft.asks_to_confirm = audience.with_needs, audience.is_unconfirmed
        if seen and seen != mark != fingerprint_of_audience(draft):
            raise ChangedMeanwhile
        draft.save()
    return draft


def fingerprint_of_audience(broadcast: Broadcast) -> str:
    """Return a fingerprint of whom a message is for, to see whether someone else chose other people."""
    words = json.dumps([broadcast.audience, broadcast.is_about_places], sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def write(broadcast: Broadcast, *, language: str, words: dict[str, str], seen: str = "", now: datetime) -> None:
    """Give a draft its words in one language: {"subject": ..., "body": ...}. Sends nothing.

    `seen` is when the words were changed last, as the writer saw them. Raises NotADraft, ChangedMeanwhile.
    """
    with transaction.atomic():
        draft = _lock_draft(broadcast)
        if words == draft.words_in(language):
            return  # also where the button was pressed twice
        _check_seen(draft, seen)
        draft.words[language], draft.changed_at = words, now
        draft.save(update_fields=["words", "changed_at"])


def drop(broadcast: Broadcast, *, user: User, seen: str = "") -> None:
    """Delete a draft. `seen` is as for `write`. Raises NotADraft for anything else, and ChangedMeanwhile."""
    with transaction.atomic():
        draft = _lock_draft(broadcast)
        _check_seen(draft, seen)
        note_act(user, draft, "dropped")
        draft.delete()


def _check_seen(draft: Broadcast, seen: str) -> None:
    if seen and seen != draft.changed_at.isoformat():
        raise ChangedMeanwhile


def _lock_draft(broadcast: Broadcast) -> Broadcast:
    draft = Broadcast.objects.only_row(broadcast).drafts().locked().first()
    if draft is None:
        raise NotADraft
    return draft


def send_test(broadcast: Broadcast, people: Iterable[Registrant], *, user: User, now: datetime) -> None:
    """Send the author a draft as each of some people would read it, through the outbox. Its links open nothing."""
    with transaction.atomic():
        outbox.queue_tests(broadcast, people, to_email=user.email, now=now)
        Broadcast.objects.only_row(broadcast).update(tested_at=now)


def set_news(registrant: Registrant, *, wanted: bool) -> None:
    """Turn messages that are not about a person's own place on or off for them. Sends nothing."""
    Registrant.objects.only_row(registrant).update(news_mails=wanted)


def note_act(user: User, broadcast: Broadcast, act: str, *, number: int = 0) -> None:
    """Write one row into the organisers' history. Of a message to people with needs only the Access team reads it."""
    words = {
        "sent": ngettext("Sent to %(n)d person: %(what)s", "Sent to %(n)d people: %(what)s", number),
        "dropped": _("Draft thrown away: %(what)s"),
        "taken back": _("Taken back before it left: %(what)s"),
        "stopped": ngettext("Stopped the last mail: %(what)s", "Stopped %(n)d mails: %(what)s", number),
    }[act] % {"n": number, "what": broadcast}
    if broadcast.is_about_needs:
        note_table(user, AccessRequest, words)
    else:
        note(user, broadcast, words)
