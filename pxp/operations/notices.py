"""Operational problems, in sentences for organisers and for the person who runs the site."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pxp.operations import machine
from pxp.operations.models import Observation
from pxp.operations.models.observations import Watched
from registration.models import OutboxMessage
from registration.status import MailFault

# A worker shows a sign of life every 30 seconds, and one mail may take a minute.
SILENT_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Notice:
    """One thing that is wrong: a short name for programs, and a sentence that says what to do."""

    key: str
    words: str


def list_notices(*, now):
    """Return the Notices at the UTC instant `now`, most urgent first; none if all is well."""
    return [notice for notice in (refused_mail(), *faults_of_running(now=now)) if notice]


def faults_of_running(*, now):
    """Return the Notices about worker, disk, certificate, clock and backups."""
    observations = {observation.thing: observation for observation in Observation.objects.all()}
    worker, disk = silent_worker(observations.get(Watched.WORKER), now), full_disk(observations.pop(Watched.DISK, None))
    return [notice for notice in (worker, disk, *map(fault_of, observations.values())) if notice]


def silent_worker(observation, now):
    """Return the Notice if no worker was there lately. A site on which none ever ran is still being set up."""
    silent_for = None if observation is None else abs(now - observation.seen_at)  # the clock may have gone back since
    if silent_for is None or silent_for < SILENT_AFTER:
        return None
    minutes = int(silent_for.total_seconds() // 60)
    words = ngettext(
        "No mail is being sent: the worker has been silent for %(n)d minute. "
        "The person who runs the site must start it.",
        "No mail is being sent: the worker has been silent for %(n)d minutes. "
        "The person who runs the site must start it.",
        minutes,
    )
    return Notice("worker-silent", words % {"n": minutes})


def refused_mail():
    """Return the Notice if the mail server takes no mail from us."""
    waiting = OutboxMessage.objects.counted_by_fault().get(MailFault.SERVER, 0)
    words = ngettext(
        "A mail server refuses our mail, so %(n)d mail is waiting. Tell the person who runs the site.",
        "A mail server refuses our mail, so %(n)d mails are waiting. Tell the person who runs the site.",
        waiting,
    )
    return Notice("mail-refused", words % {"n": waiting}) if waiting else None


def full_disk(observation):
    """Return the Notice if a disk is nearly full: as a worker saw it, or here and now.

    A disk may fill within minutes, and then no worker can write down what it sees.
    """
    here = machine.percent_free()
    found = [observation.number] if observation and observation.is_fault else []
    if here is not None and here < machine.FEWEST_PERCENT:
        found.append(here)
    words = _(
        "The disk is nearly full: %(n)d percent is free. Sign-ups stop when it is full. "
        "The person who runs the site must make room."
    )
    return Notice(f"{Watched.DISK}-fault", words % {"n": min(found)}) if found else None


def fault_of(observation):
    """Return the Notice about a problem that a worker saw on its machine; None if all was well."""
    if not observation.is_fault:
        return None
    number = observation.number
    words = {
        Watched.CERTIFICATE: ngettext(
            "Browsers will refuse this site in %(n)d day, when its certificate expires. "
            "The person who runs the site must renew it.",
            "Browsers will refuse this site in %(n)d days, when its certificate expires. "
            "The person who runs the site must renew it.",
            number,
        ),
        Watched.CLOCK: ngettext(
            "The site's clock jumped by %(n)d hour, or nothing ran for so long. For a day nothing is deleted. "
            "The person who runs the site must see that the time is right.",
            "The site's clock jumped by %(n)d hours, or nothing ran for so long. For a day nothing is deleted. "
            "The person who runs the site must see that the time is right.",
            number,
        ),
        Watched.BACKUP: _("There is no backup yet. The person who runs the site must set it up.")
        if number < 0
        else ngettext(
            "The last backup is %(n)d hour old. The person who runs the site must find out why.",
            "The last backup is %(n)d hours old. The person who runs the site must find out why.",
            number,
        ),
    }[observation.thing]
    return Notice(f"{observation.thing}-fault", words % {"n": number})
