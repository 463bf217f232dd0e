"""What an edition still lacks before readers can rely on it: a list for organisers, each with the row to mend."""

from django.utils.translation import gettext as _

from conference.models import Day, Speaker
from conference.scripts import labelled


def missing_in(conference, now):
    """Return (sentence, row to complete) for everything that is missing, in the order of the program.

    Nothing is missing of days that are over at the UTC instant `now`, or called off.
    """
    found = []
    days = list(Day.objects.for_edition(conference).with_program())
    if not days:
        found.append((_("There is no day yet."), conference))
    for day in (day for day in days if day.is_to_come(now)):
        found += [(labelled(day.label, words), day) for words in _of_day(day)]
        for session in day.sessions.all():
            name = f"{day.label}, {session.title or session.label}"
            found += [(labelled(name, words), session) for words in _of_session(session)]
    for speaker in Speaker.objects.for_edition(conference):
        if speaker.picture_id and not speaker.picture_alt.strip():
            found.append((labelled(speaker.name, _("the picture has no description.")), speaker))
    return found


def _of_day(day):
    if not day.title:
        yield _("no title.")
    if not day.sessions.all():
        yield _("no session.")
    if not day.meeting_url:
        yield _("no meeting address.")
    unsaid = [str(Day._meta.get_field(name).verbose_name) for name in Day.FEATURES if not getattr(day, name)]
    if unsaid:
        yield _("nothing said about %(features)s.") % {"features": ", ".join(unsaid)}


def _of_session(session):
    if not session.title:
        yield _("no title.")
    if not session.has_time:
        yield _("no time.")
    if not session.appearances.all():
        yield _("no speaker.")
