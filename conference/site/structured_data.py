"""Structured data for search engines: conferences, days and sessions as schema.org Events in JSON-LD.

Pure: loaded rows and their edition in, plain data out. Times are in UTC. Search engines ask for name, startDate and
location (developers.google.com/search/docs/appearance/structured-data/event); all else is said as far as it is known.
Unknown facts are left out, and the meeting's own address never appears.
"""

import json

from django.conf import settings
from django.utils.safestring import mark_safe

from conference import calendars

CONTEXT = "https://schema.org"
# "<" could end the script element, and old parsers take U+2028 and U+2029 for line breaks.
ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}

OF_A_PART = ("@type", "name", "url", "startDate", "endDate", "eventStatus", "eventAttendanceMode", "location", "offers")


def conference_event(edition, days):
    """Return an edition as an Event with its days in it. `days` are in order; without any it is no event: None."""
    if not days:
        return None
    conference = edition.conference
    held = [day for day in days if not day.is_called_off] or days
    return _event(
        edition,
        name=conference.translated.name,
        description=conference.translated.tagline,
        page=edition.lasting_url("home"),
        image="home",
        starts_at=min(day.starts_at for day in held),
        ends_at=max(day.ends_at for day in held),
        is_called_off=all(day.is_called_off for day in days),
        offer=_offer(edition, edition.lasting_url("sign-up"), days, conference.sign_up_opens_at),
        # Common facts are given once, for the whole, to keep pages small.
        subEvent=[_part(_day(edition, day)) for day in days],
    )


def day_event(edition, day):
    """Return a day as an Event with everybody who appears in it. The day comes with its program and its conference."""
    people = {}
    for session in day.sessions.all():
        people |= {appearance.speaker_id: appearance.speaker for appearance in session.appearances.all()}
    return _day(edition, day, superEvent=_whole(edition), performer=_performers(edition, people.values()))


def session_event(edition, session):
    """Return a session as an Event; while it has no time of its own, with its day's. It comes with its people."""
    day = session.day
    return _event(
        edition,
        name=calendars.session_title(session),
        description=session.translated.summary,
        page=edition.lasting_url("session", session),
        image=session.slug,
        starts_at=session.timed.starts_at,
        ends_at=session.timed.ends_at,
        is_called_off=day.is_called_off,
        offer=_offer(edition, edition.lasting_url("sign-up-day", day), [day], day.opens_at),
        superEvent=_part(_day(edition, day)),
        performer=_performers(edition, [appearance.speaker for appearance in session.appearances.all()]),
    )


def as_script(data):
    """Return the data as the text of a `<script type="application/ld+json">`, which no word in it can end."""
    text = json.dumps(data | {"@context": CONTEXT}, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return mark_safe(text.translate(ESCAPES))  # noqa: S308 - it contains no HTML syntax


def image_url(edition, name):
    """Return the absolute address of a page's share image; `conference.pictures.share_cards` knows the names."""
    return settings.SITE_URL + edition.lasting_url("share", name)


def _day(edition, day, **more):
    return _event(
        edition,
        name=calendars.day_title(day),
        description=day.translated.summary,
        page=edition.lasting_url("day", day),
        image=day.slug,
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        is_called_off=day.is_called_off,
        offer=_offer(edition, edition.lasting_url("sign-up-day", day), [day], day.opens_at),
        **more,
    )


def _event(edition, *, name, description, page, image, starts_at, ends_at, is_called_off, offer, **more):
    conference = edition.conference
    url = settings.SITE_URL + page
    event = {
        "@type": "Event",
        "name": name,
        "description": description,
        "url": url,
        "image": image_url(edition, image),
        "startDate": _utc(starts_at),
        "endDate": _utc(ends_at),
        "eventStatus": f"{CONTEXT}/{'EventCancelled' if is_called_off else 'EventScheduled'}",
        "eventAttendanceMode": f"{CONTEXT}/OnlineEventAttendanceMode",
        # The public page: the door is for people who signed up, and opens shortly before.
        "location": {"@type": "VirtualLocation", "url": url},
        "organizer": {"@type": "Organization", "name": conference.short_name, "url": f"{settings.SITE_URL}/"},
        "inLanguage": settings.LANGUAGE_CODE,  # the conference's, in whatever language this page is
        "isAccessibleForFree": True if conference.is_free else None,
        "sponsor": {"@type": "Organization", "name": conference.translated.supported_by}
        if conference.supported_by
        else None,
        "offers": None if is_called_off else offer,
        **more,
    }
    return {key: value for key, value in event.items() if value not in (None, "", [])}


def _offer(edition, page, days, opens_at):
    """A free place, for as long as people can sign up for one of the days, now or later, from `opens_at` on."""
    is_offered = any(day.sign_up_is_open(edition.now) or day.sign_up_is_to_come(edition.now) for day in days)
    if not edition.conference.is_free or not edition.takes_sign_ups or not is_offered:
        return None
    offer = {
        "@type": "Offer",
        "url": settings.SITE_URL + page,
        "price": 0,
        "priceCurrency": "USD",  # a price needs one, even if it is 0
    }
    return offer | ({"validFrom": _utc(opens_at)} if opens_at else {})


def _performers(edition, speakers):
    """The people, by name."""
    return [
        {
            "@type": "Person",
            "name": speaker.name,
            "url": settings.SITE_URL + edition.lasting_url("speaker", speaker),
        }
        | (
            {"affiliation": {"@type": "Organization", "name": speaker.translated.affiliation}}
            if speaker.affiliation
            else {}
        )
        for speaker in sorted(speakers, key=lambda speaker: (speaker.name, speaker.pk))
    ]


def _whole(edition):
    """The conference as what a day belongs to, in short; an Event would have to say when it begins."""
    return {
        "@type": "EventSeries",
        "name": edition.conference.translated.name,
        "url": settings.SITE_URL + edition.lasting_url("home"),
    }


def _part(event):
    """The fields of an event within another."""
    return {name: event[name] for name in OF_A_PART if name in event}


def _utc(instant):
    return calendars.in_utc(instant).strftime("%Y-%m-%dT%H:%M:%SZ")
