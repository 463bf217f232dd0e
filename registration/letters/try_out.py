"""Letters that organisers send to themselves: a message as a reader gets it, an automatic mail with invented data."""

from datetime import datetime

from django.core.mail import EmailMultiAlternatives

from registration.mail.errors import NoLongerTrue
from registration.models import Broadcast, OutboxMessage, Registrant

from .previews import address_to_author, write_for_ghost
from .samples import NOW, samples
from .writing import compose


def write_test(row: OutboxMessage, *, now: datetime) -> EmailMultiAlternatives:
    """Return the message of a test to the address in its row. Raises NoLongerTrue if there is nothing to try."""
    if "sample" in row.facts:
        return address_to_author(*compose_sample(row.facts["sample"], row.facts["language"]), row)
    broadcast = Broadcast.objects.with_id(row.facts["broadcast"]).first()
    reader = Registrant.objects.with_id(row.facts["reader"]).with_conference().first()
    if broadcast is None or reader is None:
        raise NoLongerTrue
    return address_to_author(write_for_ghost(broadcast, reader, now=now), reader.reader, row)


def samples_of(letter: str, language: str) -> list[str]:
    """Return the names of the samples of one letter; of a part of every mail, those of the confirmation."""
    names = [name for name, loaded in samples(language) if loaded.row.letter == letter]
    return names or samples_of("confirmation", language)


def compose_sample(name: str, language: str) -> tuple[EmailMultiAlternatives, str]:
    """Return (message, who reads it) of a letter with invented people and days. Raises NoLongerTrue for no such one."""
    loaded = dict(samples(language)).get(name)
    if loaded is None:
        raise NoLongerTrue
    reader = loaded.row.registrant.reader if loaded.row.registrant else ""
    return compose(loaded, now=NOW), reader
