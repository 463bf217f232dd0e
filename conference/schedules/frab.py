"""Writes a program as schedule JSON, the format of pretalx and frab (https://c3voc.de/schedule/schema.json).

The format has no word for what is still to be announced: a title is then these words, and a session without a time
gets the hours of its day and says so in its description, as in our calendar files. Of a day that is over nothing is
announced any more: such a session is called "Session 2".
"""

import hashlib
import json
import re
import uuid
from datetime import UTC

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conference import calendars

GENERATOR = {"name": "PxP"}
SCHEMA = "https://c3voc.de/schedule/schema.json"


def schedule_json(conference, days, *, url_of, home, now):
    """Return the program of one edition as the data of schedule JSON, in the active language. All instants are UTC.

    Args:
        conference: the edition.
        days: its days in their order, with sessions and speakers loaded.
        url_of: gives the absolute and lasting address of a session.
        home: the absolute address of the edition's home page, with a slash at its end.
        now: the UTC instant that decides which days are over.
    """
    room = conference.translated.platform or _("Online")
    days = list(days)
    for day in days:
        day.conference = conference  # avoids a query for each
    acronym = re.sub(r"[^a-z0-9]", "", conference.short_name.lower()) + conference.lasting_slug
    data = {
        "$schema": SCHEMA,
        "generator": GENERATOR | {"url": home},
        "schedule": {
            "url": home,
            "version": "",
            "base_url": home,
            "conference": {
                "acronym": acronym,
                "title": conference.translated.name,
                "start": _date(min(day.starts_at for day in days)) if days else f"{conference.slug}-01-01",
                "end": _date(max(day.ends_at for day in days)) if days else f"{conference.slug}-01-01",
                "daysCount": len(days),
                "timeslot_duration": "00:05",
                "time_zone_name": "UTC",
                "url": home,
                "rooms": [{"name": room, "guid": _guid(conference, "room"), "type": "online"}],
                "tracks": [],
                "days": [_day(day, acronym, room, url_of, now) for day in days],
            },
        },
    }
    # Readers compare it, and fetch the pictures and so on again if it has changed.
    data["schedule"]["version"] = hashlib.sha256(json.dumps(data).encode()).hexdigest()[:12]
    return data


def _day(day, acronym, room, url_of, now):
    sessions = [] if day.is_called_off else day.sessions.all()
    return {
        "index": day.number,
        "date": _date(day.starts_at),
        "day_start": _instant(day.starts_at),
        "day_end": _instant(day.ends_at),
        "rooms": {room: [_session(row, day, acronym, room, url_of(row), now) for row in sessions]},
    }


def _session(session, day, acronym, room, url, now):
    session.day = day  # loaded already
    when = session.timed
    recording = session.recording_url
    said = session.translated
    title, summary, description = said.title, said.summary, said.description
    if about_time := calendars.about_time(session, now):
        description = "\n\n".join(filter(None, [about_time, description]))
    return {
        "guid": _guid(day.conference, session.slug),
        "id": session.pk,
        "date": _instant(when.starts_at),
        "start": f"{when.starts_at.astimezone(UTC):%H:%M}",
        "duration": _duration(when.ends_at - when.starts_at),
        "end": _instant(when.ends_at),
        "room": room,
        "slug": f"{acronym}-{session.slug}",
        "url": url,
        "title": title or (_("To be announced") if day.is_to_come(now) else session.label),
        "subtitle": summary,
        "track": day.translated.title or day.label,
        "type": "talk",
        "language": title.language if title else get_language(),  # of these words
        "abstract": summary,
        "description": description,
        "recording_license": "",
        "do_not_record": not session.may_be_recorded,
        "do_not_stream": False,
        "persons": [_person(row) for row in session.appearances.all()],
        "links": [{"type": "media", "url": recording, "title": _("Recording")}] if recording else [],
        "attachments": [],
    }


def _person(appearance):
    speaker = appearance.speaker
    return {
        "id": speaker.pk,
        "public_name": speaker.name,
        "biography": speaker.translated.bio,
    }


def _guid(conference, slug):
    """Return the same UUID each time (RFC 9562 §5.5): in each language, and once the conference is a past one."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, calendars.public_uid(conference, slug)))


def _date(instant):
    return f"{instant.astimezone(UTC):%Y-%m-%d}"


def _instant(instant):
    return instant.astimezone(UTC).isoformat()


def _duration(span):
    minutes = int(span.total_seconds()) // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
