"""Calendar files (RFC 5545): their common parts, and the downloads of the public program.

Pure: loaded objects, addresses and `now` in, bytes out. Registration writes the invites (letters/invites.py).
"""

import unicodedata
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard, vCalAddress, vDuration, vText

from conference.scripts import isolated

PRODID = "-//PxP//For Patients By Patients//EN"
ASK_AGAIN_AFTER = timedelta(hours=1)  # programs that subscribed choose a day, or a week, unless a calendar says more


def calendar(method, events, *, name=""):
    """Return a VCALENDAR with `events` as bytes: UTF-8, CRLF, lines of at most 75 octets (RFC 5545 §3.1).

    One with a `name` is there to subscribe to.
    """
    book = Calendar()
    book.add("VERSION", "2.0")
    book.add("PRODID", PRODID)
    book.add("CALSCALE", "GREGORIAN")
    book.add("METHOD", method)
    if name:
        # RFC 7986 §5.1 and §5.7, and what most clients read instead.
        for field in ("NAME", "X-WR-CALNAME"):
            book.add(field, vText(clean(name)))  # icalendar knows neither as text, and would escape no comma
        book.add("REFRESH-INTERVAL", vDuration(ASK_AGAIN_AFTER), parameters={"VALUE": "DURATION"})
        book.add("X-PUBLISHED-TTL", vDuration(ASK_AGAIN_AFTER))
    book.subcomponents = events or [_of_no_event()]
    # icalendar 7.3.0 may fold between the two characters of an escaped backslash (_foldline only looks at the last
    # one). RFC 5545 §3.1 allows that, and the five parsers of test_round_trips read it.
    return book.to_ical()


def _of_no_event():
    """A VTIMEZONE of UTC. RFC 5545 §3.6 wants one component: who refuses a file without shows the days of before."""
    clock = TimezoneStandard()
    clock.add("DTSTART", datetime(1970, 1, 1))  # noqa: DTZ001 - a zone's own clock
    clock.add("TZOFFSETFROM", timedelta(0))
    clock.add("TZOFFSETTO", timedelta(0))
    zone = Timezone()
    zone.add("TZID", "Etc/UTC")
    zone.add_component(clock)
    return zone


def event(
    *, uid, title, description, starts_at, ends_at, url, now, sequence=0, status="CONFIRMED", attendee=None, alarm=False
):
    """Return a VEVENT from aware datetimes, in UTC: no VTIMEZONE that can be wrong, and no floating time.

    Args:
        url: the page to join or read more; also used as the location.
        now: becomes DTSTAMP.
        attendee: a `person`, for an invite.
        alarm: whether it reminds half an hour before.
    """
    title = clean(title)
    entry = Event()
    entry.add("UID", uid)
    entry.add("SEQUENCE", sequence)
    for field, at in {"DTSTAMP": now, "LAST-MODIFIED": now, "DTSTART": starts_at, "DTEND": ends_at}.items():
        entry.add(field, in_utc(at))
    entry.add("SUMMARY", title)
    entry.add("DESCRIPTION", "\n".join(clean(words) for words in description.splitlines()))
    entry.add("LOCATION", url)
    entry.add("URL", url)
    entry.add("STATUS", status)
    entry.add("TRANSP", "TRANSPARENT" if status == "CANCELLED" else "OPAQUE")
    # Exactly the sender of our mails; otherwise clients take an invite for a forgery.
    entry.add("ORGANIZER", person(*parseaddr(settings.DEFAULT_FROM_EMAIL)))
    if attendee:
        entry.add("ATTENDEE", attendee)
    if alarm and status != "CANCELLED":  # some programs ring for those too
        entry.add_component(_alarm(title))
    return entry


def in_utc(at):
    """Return an aware datetime in UTC without its microseconds, as RFC 5545 §3.3.5 form 2 requires."""
    return at.astimezone(UTC).replace(microsecond=0)


def clean(text):
    """Return `text` on one line without control characters, which RFC 5545 §3.1 forbids.

    Marks that shape words and emoji stay, and so does an emoji that this Python does not know yet.
    """
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(char) in NO_WORDS or char in TURNS else char for char in text)
    return " ".join(text.split())


# Control characters, surrogates, line and paragraph separators.
NO_WORDS = ("Cc", "Cs", "Zl", "Zp")
TURNS = "\u202a\u202b\u202c\u202d\u202e"  # they would reverse the text after them, also ours


def person(common_name, address, **parameters):
    """Return a calendar address with the person's name as CN.

    Double quotes are removed: they would become RFC 6868 carets, which old clients print.
    """
    common_name = clean(common_name.replace('"', " "))
    who = {"CN": common_name} if common_name else {}
    return vCalAddress(f"mailto:{quote(address, safe=ADDRESS_CHARACTERS)}", params=who | parameters)


# Characters that a mailto address keeps. Clients compare it with the mail's address, so escape as little as possible.
ADDRESS_CHARACTERS = "@!$&'*+-./=_~,;:"


def day_title(day, *, neutral=False):
    """Return a day's title in calendars: "PxP Day 2: Trailblaze new approaches".

    "PxP Day 2" without a subject while that is to be announced, and on request, for calendars that others see.
    """
    name = day.full_label
    return name if neutral or not day.title else f"{name}{_(': ')}{isolated(day.translated.title)}"


def session_title(session):
    """Return a session's title in calendars: "PxP Day 2: Global voices", or its number while it has no title."""
    return f"{session.day.full_label}{_(': ')}{isolated(session.translated.title or session.label)}"


def day_calendar(day, *, url, now):
    """Return one day as a file to download (METHOD:PUBLISH, RFC 5546 §3.2.1). `url` is the day's own page."""
    return calendar("PUBLISH", [_day_event(day, url=url, now=now, alarm=True)])


def session_calendar(session, *, url, now):
    """Return one session as a file to download; until its time is known, with the hours of its day.

    `url` is the session's own page.
    """
    return calendar("PUBLISH", [_session_event(session, url=url, now=now, alarm=True)])


def sessions_calendar(sessions, *, url_of, now):
    """Return some sessions as one file. `url_of` returns the absolute address of a session's page."""
    events = [_session_event(session, url=url_of(session), now=now, alarm=True) for session in sessions]
    return calendar("PUBLISH", events)


def program_calendar(conference, days, *, url_of, now):
    """Return the whole program as one file: sessions that have a time, and each other day as a whole.

    `days` have their sessions loaded; `url_of` returns the absolute address of a day's or session's page.
    """
    events = []
    for day in days:
        day.conference = conference  # avoids a query for each
        timed = [session for session in day.sessions.all() if session.has_time and not day.is_called_off]
        events += [_session_event(session, url=url_of(session), now=now) for session in timed]
        if not timed:
            events.append(_day_event(day, url=url_of(day), now=now))
    return calendar("PUBLISH", events, name=f"{conference.short_name} {conference.slug}")


def google_link(day, *, url, title="", neutral=False):
    """Return the address that opens Google Calendar with the day filled in. `url` is the page to join or read more.

    `title` is for an entry that is not called like the day. With `neutral` nothing says what the day is about.
    """
    fields = {
        "action": "TEMPLATE",
        "text": title or day_title(day, neutral=neutral),
        "dates": f"{in_utc(day.starts_at):%Y%m%dT%H%M%SZ}/{in_utc(day.ends_at):%Y%m%dT%H%M%SZ}",
        "details": _lines("" if neutral else day.translated.summary, url),
        "location": url,
    }
    return f"https://calendar.google.com/calendar/render?{urlencode(fields)}"


def outlook_link(day, *, url, title="", neutral=False):
    """Return the address that opens Outlook on the web with the day filled in. Its arguments are `google_link`'s."""
    fields = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title or day_title(day, neutral=neutral),
        "startdt": f"{in_utc(day.starts_at):%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{in_utc(day.ends_at):%Y-%m-%dT%H:%M:%SZ}",
        "body": _lines("" if neutral else day.translated.summary, url),
        "location": url,
    }
    return f"https://outlook.live.com/calendar/0/deeplink/compose?{urlencode(fields, quote_via=quote)}"


def _day_event(day, *, url, now, alarm=False):
    return event(
        uid=public_uid(day.conference, day.slug),
        title=day_title(day),
        description=_lines(day.translated.summary, _("Read more: %(url)s") % {"url": url}),
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        url=url,
        now=now,
        status="CANCELLED" if day.is_called_off else "CONFIRMED",
        alarm=alarm,
    )


def _session_event(session, *, url, now, alarm=False):
    return event(
        uid=public_uid(session.day.conference, session.slug),
        title=session_title(session),
        description=_lines(
            session.translated.summary, about_time(session, now), _("Read more: %(url)s") % {"url": url}
        ),
        starts_at=session.timed.starts_at,
        ends_at=session.timed.ends_at,
        url=url,
        now=now,
        status="CANCELLED" if session.day.is_called_off else "CONFIRMED",
        alarm=alarm,
    )


def about_time(session, now):
    """Return the note of a session that has its day's times because its own are unknown, or ""."""
    if session.has_time:
        return ""
    if not session.day.is_to_come(now):
        return _("These are the hours of the whole day.")
    return _("The time of this session is to be announced. These are the hours of the day.")


def public_uid(conference, slug):
    """Return the name of a public event, the same in every download, so a second one replaces the first."""
    return f"{conference.lasting_slug}-{slug}@{urlsplit(settings.SITE_URL).hostname}"


def _alarm(title):
    """A reminder half an hour before."""
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", title)
    alarm.add("TRIGGER", timedelta(minutes=-30))
    return alarm


def _lines(*lines):
    return "\n".join(line for line in lines if line)
