"""Mails on the first page: what does not leave or arrives nowhere, and when the last one left."""

from datetime import timedelta

from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.workplace import areas, notices
from conference.workplace.ago import ago_words
from conference.workplace.notices import Notice, Urgency
from registration.models import OutboxMessage, Registrant
from registration.status import MailFault, MailState

# A worker looks every few seconds. When a mail that is due waits this long, most likely no worker runs.
WORKER_IS_LATE = timedelta(minutes=10)
MANY_HELD_BACK = 100  # mails
NAMED = 3  # people in a sentence


def mails_url(state, fault=None):
    """Return the address of the list of mails in one state, or of those that wait because of a fault."""
    query = {"state__exact": state.value} | ({"fault__exact": fault.value} if fault else {})
    return reverse("admin:registration_outboxmessage_changelist", query=query)


def waiting(desk):
    """Return the Backlog of mails that have not left."""
    return desk.get_or_make("mails", OutboxMessage.objects.backlog)


@notices.register
def dead_addresses(desk):
    """Say whose mails come back."""
    if not desk.conference or not desk.may("registration.view_registrant"):
        return
    rows = Registrant.objects.for_edition(desk.conference).undeliverable()
    people = list(rows.newest_first()[: NAMED + 1])
    if not people:
        return
    number = rows.count() if len(people) > NAMED else len(people)
    names, rest = [person.name for person in people[:NAMED]], number - NAMED
    if rest > 0:
        names.append(ngettext("%(n)d more", "%(n)d more", rest) % {"n": rest})
    title = ngettext("%(n)d person does not get our mails", "%(n)d people do not get our mails", number)
    words = _("Mails to %(names)s come back to us.") % {"names": get_text_list(names, _("and"))}
    url = reverse("admin:registration_registrant_changelist", query={"address": "dead"})
    if number == 1:
        url = reverse("admin:registration_registrant_change", args=[people[0].pk])
    button = ngettext("Correct the address", "Correct the addresses", number)
    yield Notice(Urgency.NOW, title % {"n": number}, words, button, url)


@notices.register
def faults(desk):
    """Say what keeps mails from leaving: no worker, a server that refuses, a letter that cannot be written."""
    if not desk.may("registration.view_outboxmessage"):
        return
    mails, tell, look = waiting(desk), _("Tell the person who runs the site."), _("Look at the mails")
    if mails.oldest_due and mails.oldest_due < desk.now - WORKER_IS_LATE:
        since = _("The oldest should have been sent %(ago)s.") % {"ago": ago_words(mails.oldest_due, desk.now)}
        yield Notice(Urgency.NOW, _("No mail leaves now"), f"{since} {tell}", look, mails_url(MailState.QUEUED))
    if number := mails.by_fault.get(MailFault.SERVER, 0):
        words = ngettext(
            "A mail server refuses our mail, so %(n)d mail is waiting. Tell the person who runs the site.",
            "A mail server refuses our mail, so %(n)d mails are waiting. Tell the person who runs the site.",
            number,
        )
        url = mails_url(MailState.QUEUED, fault=MailFault.SERVER)
        yield Notice(Urgency.NOW, _("Mails are refused"), words % {"n": number}, look, url)
    if number := mails.by_fault.get(MailFault.LETTER, 0):
        title = ngettext("The site cannot write %(n)d mail", "The site cannot write %(n)d mails", number)
        url = mails_url(MailState.QUEUED, fault=MailFault.LETTER)
        yield Notice(Urgency.NOW, title % {"n": number}, f"{_('It waits until this is fixed.')} {tell}", look, url)
    if number := mails.by_fault.get(MailFault.MAILBOX, 0):
        title = ngettext("A mailbox is full", "%(n)d mails wait for full mailboxes", number) % {"n": number}
        words, url = _("Tell its owner another way, if you can."), mails_url(MailState.QUEUED, fault=MailFault.MAILBOX)
        yield Notice(Urgency.LATER, title, words, look, url)
    if mails.dead:
        title = ngettext("%(n)d mail was given up", "%(n)d mails were given up", mails.dead) % {"n": mails.dead}
        words = _("Each one says why. You can try them again.")
        yield Notice(Urgency.WEEK, title, words, look, mails_url(MailState.DEAD))


@notices.register
def limits_reached(desk):
    """Say that so many mails were caused at once that some leave later."""
    if not desk.may("registration.view_outboxmessage") or waiting(desk).held_back < MANY_HELD_BACK:
        return
    number = waiting(desk).held_back
    title = ngettext("%(n)d mail is sent later than usual", "%(n)d mails are sent later than usual", number)
    title %= {"n": number}
    words = _(
        "So many people signed up at once that the mail limit was reached. The site sends these as soon as it can."
    )
    yield Notice(Urgency.LATER, title, words, _("Look at the mails"), mails_url(MailState.QUEUED))


@notices.register_calm
def last_mail(desk):
    """Say when the last mail left."""
    if not desk.may("registration.view_outboxmessage"):
        return ""
    left_at = OutboxMessage.objects.last_left_at()
    if left_at is None:
        return _("No mail has been sent yet.")
    return _("The last mail was sent %(ago)s.") % {"ago": ago_words(left_at, desk.now)}


@areas.describe(areas.MAILS)
def mails(desk):
    """Say how many wait and came back."""
    backlog = waiting(desk)
    words = ngettext("%(n)d mail waits.", "%(n)d mails wait.", backlog.queued) % {"n": backlog.queued}
    return words if backlog.queued else _("No mail is waiting.")
