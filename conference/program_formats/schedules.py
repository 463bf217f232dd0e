"""Schedule JSON, as pretalx and frab write it and as `conference.schedules` does, as the plain data of a program.

The format has rooms, tracks and languages, which our programs do not have, and times as local time and duration. Our
own files can be imported again unchanged, as far as the format allows (docs/program-files.md).
"""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import override

from conference.models import AppearanceRole, Day, Session
from conference.models.sessions import steady_session_slug
from conference.program_file import ITEMS, Fault, Plain, refuse
from conference.raw_input import UNREADABLE
from conference.schedules.frab import GENERATOR

from .exporting import slug_in_file

LONGEST_SUMMARY = Session._meta.get_field("summary").max_length
_OUR_SLUG = re.compile(r"-(day-\d+-session-\d+|s-[a-z0-9]{6})$")
_NUMBER = re.compile(r"[0-9]{1,3}")  # of a session
_DURATION = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d\d)")
# HTML that some conferences use in descriptions, and its Markdown.
_TAG = re.compile(r"</?(?:p|br|a|b|i|em|strong|ul|ol|li|div|span|h\d|code|pre|blockquote)\b[^<>]*>", re.IGNORECASE)
_AS_WE_WRITE = (
    (re.compile(r'<a\b[^<>]*href="([^"]+)"[^<>]*>(.*?)</a>', re.IGNORECASE | re.DOTALL), r"[\2](\1)"),
    (re.compile(r"<li\b[^<>]*>", re.IGNORECASE), "\n- "),
    (re.compile(r"</(?:p|div|ul|ol|h\d)>|<br ?/?>", re.IGNORECASE), "\n\n"),
)
CONFERENCE = ("schedule", "conference")


def plain_of(told, where, there):
    """Return a schedule as Plain data. Raises ProgramFaults if it is not one, or if its times mean nothing.

    Args:
        told: what the file says: dicts, lists, texts.
        where: gives the Element of a place in it.
        there: the edition that it is for, as `export_program` writes it: it says who facilitates.
    """
    if isinstance(_at(told, "schedule", "events"), list):
        words = _("This is schedule JSON of version 2, which is not read. Export it in version 1, or as frab XML.")
        refuse(where(("schedule", "events")), "", words)
    days = _at(told, *CONFERENCE, "days")
    if not isinstance(days, list):
        words = _("This is not a schedule: it has no “schedule.conference.days”. Export it as schedule JSON.")
        refuse(where(()), "", words)
    schedule = _Schedule(told, where, there)
    for place, day in enumerate(days):
        if isinstance(day, dict):
            schedule.add_day((*CONFERENCE, "days", place), day)
    return Plain(schedule.data, schedule.lines, schedule.faults)


class _Schedule:
    """Built day by day."""

    def __init__(self, told, where, there):
        self.where = where
        self.is_ours = _text(_at(told, "generator", "name")) == GENERATOR["name"]
        self.about = _at(told, *CONFERENCE)
        self.zone = self.zone_of(_text(self.about.get("time_zone_name")))
        self.roles = {
            (slug_in_file(session, day["number"]), speaker["name"]): speaker["role"]
            for day in there["days"]
            for session in day.get("sessions", [])
            for speaker in session.get("speakers", [])
            if "role" in speaker
        }
        self.numbers = _numbers(self.about["days"])
        self.faults = []
        self.lines = {(): where(()), ("conference",): where(CONFERENCE), ("days",): where((*CONFERENCE, "days"))}
        self.data = {"conference": self.conference(), "days": []}

    def conference(self):
        acronym, title = _text(self.about.get("acronym")), _line(self.about.get("title"))
        year = re.search(r"2\d{3}$", acronym) or re.match(r"2\d{3}", _text(self.about.get("start")))
        if year is None:
            words = _("The year is missing. Write the first date of the conference, like 2027-09-12.")
            refuse(self.where((*CONFERENCE, "start")), "start", words)
        told = {"name": title, "slug": year[0]}
        short = title.removesuffix(told["slug"]).strip()
        if re.sub(r"[^a-z0-9]", "", short.lower()) + told["slug"] == acronym:
            told["short_name"] = short
        rooms = {room for day in self.about["days"] for room in _rooms(day)}
        if self.is_ours and len(rooms) == 1 and (room := rooms.pop()) not in _in_all_languages("Online"):
            told["platform"] = room
        self.lines["conference", "name"] = self.where((*CONFERENCE, "title"))
        return {name: words for name, words in told.items() if words}

    def zone_of(self, name):
        try:
            return ZoneInfo(name) if name else None
        except (ValueError, OSError, LookupError):
            return refuse(
                self.where((*CONFERENCE, "time_zone_name")),
                "time_zone_name",
                _("There is no such time zone. Write one like Europe/Brussels."),
            )

    def add_day(self, source, day):
        number = self.numbers[source[-1]]
        here = ("days", len(self.data["days"]))
        self.lines |= {here: self.where(source)}
        told = {"number": number}
        sessions, tracks = [], set()
        for place, event in self.events(source, day):
            at = (*here, "sessions", len(sessions))
            sessions.append(self.session(at, place, event, number=len(sessions) + 1, day=day))
            tracks.add(_line(event.get("track")))
        told |= self.window(here, source, day, sessions)
        if sessions:  # a day without any says nothing of them: it may be called off
            told["sessions"] = sessions
        if self.is_ours and len(tracks) == 1 and not tracks & _labels(number):
            told["title"] = tracks.pop()
        self.data["days"].append(told)

    def events(self, source, day):
        """Return (place, event) of a day: of one room as they are, of several by their times."""
        rooms = _rooms(day)
        found = [
            ((*source, "rooms", room, place), event)
            for room, events in rooms.items()
            for place, event in enumerate(events if isinstance(events, list) else ())
            if isinstance(event, dict)
        ]
        if len(rooms) < 2:
            return found
        return sorted(found, key=lambda one: _text(one[1].get("date")) + _text(one[1].get("start")))

    def window(self, here, source, day, sessions):
        """Return when a day starts and ends, by its sessions: in other sites' files days last from 4:00 to 4:00."""
        told = {}
        for name, given, choose in (("starts_at", "day_start", min), ("ends_at", "day_end", max)):
            self.lines[*here, name] = self.where((*source, given))
            instants = [session[name] for session in sessions if name in session]
            if instants and not self.is_ours:
                told[name] = choose(instants)
            elif given in day:
                told[name] = _utc(_instant(_text(day[given]))) or _text(day[given])
        return told

    def session(self, here, source, event, *, number, day):
        slug, title = self.slug(event), _line(event.get("title"))
        is_open = self.is_ours and _text(event.get("description")).startswith(
            tuple(words for sentence in TIME_IS_OPEN for words in _in_all_languages(sentence))
        )
        if self.is_ours and title in (*_in_all_languages("To be announced"), *_names_without_title(title)):
            title = ""
        told = {"number": number, "slug": slug, "title": title} | self.words(event, is_open)
        told |= {} if is_open else self.times(here, source, event, day)
        if self.is_ours and (links := event.get("links")) and isinstance(links, list) and isinstance(links[0], dict):
            told["recording_url"] = _text(links[0].get("url"))
        told["speakers"] = self.speakers(here, source, event, slug)
        self.lines |= {here: self.where(source)}
        self.lines |= {(*here, name): self.where((*source, name)) for name in ("title", "slug", "description")}
        self.lines[*here, "summary"] = self.where((*source, "subtitle"))
        return {name: value for name, value in told.items() if value != ""}

    def slug(self, event):
        """Return the session's slug: ours, or one that is the same at each import of this session."""
        slug = _text(event.get("slug"))
        if self.is_ours and (found := _OUR_SLUG.search(slug)):
            return found[1]
        known = (_text(event.get(name)) for name in ("guid", "code", "id", "url", "slug", "title"))
        return steady_session_slug(next(filter(None, known), ""))

    def words(self, event, is_open):
        """Return the summary and the description of a session."""
        read = _text if self.is_ours else _plain_words
        subtitle, abstract, description = (read(event.get(name)) for name in ("subtitle", "abstract", "description"))
        if is_open:
            description = description.partition("\n\n")[2]
        summary = next((" ".join(one.split()) for one in (subtitle, abstract) if 0 < len(one) <= LONGEST_SUMMARY), "")
        more = [one for one in (subtitle, abstract) if " ".join(one.split()) != summary and one not in description]
        return {"summary": summary, "description": "\n\n".join(filter(None, [*more, description]))}

    def times(self, here, source, event, day):
        """Return both times of a session, or note what is wrong with them."""
        self.lines |= {(*here, "starts_at"): self.where((*source, "date" if "date" in event else "start"))}
        self.lines |= {(*here, "ends_at"): self.where((*source, "duration"))}
        start = _instant(_text(event.get("date"))) or self.local(event, day)
        if start is None:
            words = _("Write its date with the time zone, like 2027-09-12T19:00:00+02:00.")
            return self.fault(here, "starts_at", words)
        end = _instant(_text(event.get("end")))
        if end is None and (found := _DURATION.fullmatch(_text(event.get("duration")))):
            days, hours, minutes = (int(part or 0) for part in found.groups())
            end = _after(start, timedelta(days=days, hours=hours, minutes=minutes))
        if end is None:
            return self.fault(here, "ends_at", _("Write how long it lasts in hours and minutes, like 00:45."))
        return {"starts_at": _utc(start), "ends_at": _utc(end)}

    def local(self, event, day):
        """Return the instant of a time on the conference's clock, or None. Nights belong to the day before."""
        date, start = _text(day.get("date")), _text(event.get("start"))
        if not date or not start:
            return None
        if self.zone is None:
            words = _("The times have no zone. Write it into the conference as time_zone_name, like Europe/Brussels.")
            refuse(self.where(CONFERENCE), "time_zone_name", words)
        try:
            instant = datetime.fromisoformat(f"{date} {start:0>5}").replace(tzinfo=self.zone)
        except ValueError:
            return None
        is_night = f"{start:0>5}" < _text(self.about.get("day_change"))[:5]
        return _after(instant, timedelta(days=1)) if is_night else _after(instant, timedelta(0))

    def fault(self, here, name, words):
        day = ITEMS["days"] % {"n": self.numbers[here[1]]}
        field = f"{day}, {ITEMS['sessions'] % {'n': here[3] + 1}}, {name}"
        self.faults.append(Fault(self.lines[*here, name], field, words, session=here))
        return {}

    def speakers(self, here, source, event, slug):
        found, persons = [], event.get("persons")
        for place, person in enumerate(persons if isinstance(persons, list) else ()):
            at = (*here, "speakers", len(found))
            self.lines |= {at: self.where((*source, "persons", place))}
            person = person if isinstance(person, dict) else {}
            names = (_line(person.get(key)) for key in ("public_name", "full_public_name", "name"))
            bio = _plain_words(person.get("biography")) if not self.is_ours else _text(person.get("biography"))
            told = {"name": next(filter(None, names), ""), "bio": bio}
            told["role"] = self.roles.get((slug, told["name"]), str(AppearanceRole.SPEAKER))
            found.append({name: value for name, value in told.items() if value})
        return found


# What our own files say of a session without a time: before its day, and after it.
TIME_IS_OPEN = (
    "The time of this session is to be announced. These are the hours of the day.",
    "These are the hours of the whole day.",
)


def _at(told, *steps):
    for step in steps:
        told = told.get(step) if isinstance(told, dict) else None
    return told


def _rooms(day):
    rooms = day.get("rooms") if isinstance(day, dict) else None
    return rooms if isinstance(rooms, dict) else {}


def _numbers(days):
    """Return the number of each day: the file's own, if they are in order."""
    said = [_text(_at(day, "index")) for day in days]
    numbers = [int(number) for number in said if number.isdecimal() and len(number) < 3]
    in_order = len(numbers) == len(days) and numbers == sorted(set(numbers)) and min(numbers, default=1) > 0
    return numbers if in_order else [*range(1, len(days) + 1)]


def _text(value):
    """Return a value as clean text; empty if it is not text."""
    if isinstance(value, dict | list | bool) or value is None:
        return ""
    return UNREADABLE.sub("", str(value).replace("\r\n", "\n")).strip()


def _line(value):
    return " ".join(_text(value).split())


def _plain_words(value):
    """Return text without HTML, which some conferences use."""
    words = _text(value)
    if _TAG.search(words):
        for html, ours in _AS_WE_WRITE:
            words = html.sub(ours, words)
        words = unescape(strip_tags(words))
    return re.sub(r"\n{3,}", "\n\n", words).strip()


def _instant(words):
    """Return a date and time with its offset as an instant, or None."""
    try:
        instant = datetime.fromisoformat(words)
        return instant.astimezone(UTC) if instant.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _after(instant, time):
    """Return the UTC instant some time later, or None if the calendar ends before: years go from 1 to 9999."""
    try:
        return (instant + time).astimezone(UTC)
    except OverflowError:
        return None


def _utc(instant):
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if instant else ""


def _in_all_languages(words):
    """Return our own standard words in all languages, which our files may contain."""
    found = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.append(_(words))
    return tuple(found)


def _names_without_title(title):
    """Return what our own files call a session without a title after its day, if its number is the one in `title`."""
    if not (found := _NUMBER.search(title)):
        return set()
    names = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            names.add(str(Session(number=int(found[0])).label))
    return names


def _labels(number):
    """Return what our own files say if a day has no title."""
    found = {""}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.add(str(Day(number=number).label))
    return found
