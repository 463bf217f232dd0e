"""The part of a question page that shows who will get a mail, and the mails of some of them."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.scripts import list_words
from registration.letters.previews import Preview
from registration.models import Registrant
from registration.services.broadcasts.reach import SAMPLE
from registration.services.foresee import Recipients

FEW = 5  # names in a sentence


@dataclass(frozen=True)
class Readers:
    """The people who will get a mail: some names in a sentence, all names or a link to their list, three mails."""

    letters: list[list[Preview]]
    names: str = ""
    url: str = ""  # of the list of all; or "", and `everyone`, if they are more than the sentence names
    everyone: list[Registrant] = field(default_factory=list)

    def and_those(self, other: "Readers | None") -> "Readers":
        """Return these and some others together."""
        if other is None:
            return self
        names = " ".join(filter(None, (self.names, other.names)))
        return Readers(self.letters + other.letters, names, self.url or other.url, self.everyone + other.everyone)


@dataclass(frozen=True)
class MailSummary:
    """What the page of a question says about its mails."""

    sentences: list[str]
    readers: Readers | None  # None for those who may see nobody's name
    until: str  # how long it can be taken back


def summarise_mails(recipients: Recipients, *, url: str, until: str = "") -> MailSummary | None:
    """Return what to show of the `Recipients` of an act, or None if nobody hears of it.

    `url` is the list of all of them: they are named on the page itself unless they are too many. `until` says how long
    it can be taken back.
    """
    if not recipients.people and not recipients.moving_up:
        return None
    sentences = [who_gets_mail(recipients)] if recipients.people else []
    if recipients.undeliverable:
        words = ngettext(
            "%(n)d of them has an address that does not work.",
            "%(n)d of them have an address that does not work.",
            recipients.undeliverable,
        )
        sentences.append(words % {"n": recipients.undeliverable})
    if recipients.moving_up:
        sentences.append(who_moves_up(recipients.moving_up))
    return MailSummary(sentences, _readers(recipients, url), until)


def who_gets_mail(recipients):
    """Return a sentence with the number of people, and of mails if that is another."""
    if recipients.mails == recipients.people:
        words = ngettext("%(n)d person gets a mail.", "%(n)d people get a mail.", recipients.people)
        return words % {"n": recipients.people}
    mails = ngettext("%(n)d mail", "%(n)d mails", recipients.mails) % {"n": recipients.mails}
    words = ngettext("%(n)d person gets %(mails)s.", "%(n)d people get %(mails)s.", recipients.people)
    return words % {"n": recipients.people, "mails": mails}


def who_moves_up(number):
    """Return a sentence on so many people of waiting lists who get places that come free."""
    words = ngettext(
        "A place comes free: %(n)d person moves up from the waiting list, and gets a mail too.",
        "Places come free: %(n)d people move up from the waiting list, and get a mail too.",
        number,
    )
    return words % {"n": number}


def leaves_at_once(mails):
    """Return a sentence on so many mails that do not wait."""
    return ngettext(
        "The mail is sent at once and cannot be taken back.",
        "The mails are sent at once and cannot be taken back.",
        mails,
    )


def _readers(recipients, url):
    return readers_of(recipients.sample, recipients.people, recipients.letters, url) if recipients.sample else None


def readers_of(sample, number, letters, url):
    """Return the Readers of so many people, of whom `sample` has the first. `url` is the list of all of them."""
    names = names_of((person.name for person in sample), number=number)
    return Readers(letters, names, url if number > SAMPLE else "", sample if FEW < number <= SAMPLE else [])


def names_of(names, most=FEW, number=None):
    """Return a sentence with a few of the names. `number` is how many there are, if not all are given."""
    names = list(dict.fromkeys(names))
    more = (number or len(names)) - most
    if more > 0:
        few = ", ".join(names[:most])
        return ngettext("%(names)s and %(n)d more.", "%(names)s and %(n)d more.", more) % {"names": few, "n": more}
    return _("%(names)s.") % {"names": list_words(names)}
