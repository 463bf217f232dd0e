"""Writes a program to the database: all of it or nothing, and nothing if it does not differ.

The file's values win. What it leaves out, or gives as null, stays as organisers typed it, and so does what they added.
Only what a file created can be deleted by a file.
"""

from dataclasses import dataclass, field

from django.db import IntegrityError
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from conference import rules
from conference.changes import noting_changes
from conference.models import AnnouncedDate, Appearance, Conference, Day, Session, Speaker, Text
from conference.models.sessions import numbered_session_slug
from conference.moving import make_room, put_day_at
from conference.program_file import Fault, ProgramFaults, refuse
from conference.program_file.schema import slug_of
from conference.scripts import list_words
from conference.slugs import free_slug
from conference.texts import PASSAGES, ensure_rows


@dataclass
class Changes:
    """The result: names of new, changed and removed parts, and how many people get mail about a moved day."""

    conference: Conference = None
    is_new_edition: bool = False
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    people_to_tell: int = 0

    @property
    def is_nothing(self):
        """Whether the database already had all of it."""
        return not (self.is_new_edition or self.new or self.changed or self.removed)


def apply(program, *, now, move_day=put_day_at, anyway=False, only_adds=False):
    """Bring a checked Program into the database, in one transaction. Return the Changes.

    `move_day(day, *, starts_at, ends_at, now) -> people to tell` changes the time of a day that is there; `now` is a
    UTC instant. Raises ProgramFaults if the database holds what the file may not take away, and if the result breaks a
    rule (conference.rules) that held before; `anyway` accepts what is merely odd. With `only_adds` no session and no
    day is deleted: the file contains more than the Program, and nobody knows what.
    """
    try:
        with noting_changes(now=now) as block:  # one transaction
            loading = _Loading(program, now, move_day, only_adds)
            loading.load(anyway)
            block.changed_nothing = loading.changes.is_nothing
    except IntegrityError:
        refuse(None, "", _("Someone else changed the program at the same time. Load the file again."))
    return loading.changes


class _Loading:
    """One import of a program, top to bottom."""

    def __init__(self, program, now, move_day, only_adds):
        self.program, self.now, self.move_day, self.only_adds = program, now, move_day, only_adds
        self.changes = Changes()

    def load(self, anyway):
        told = self.program.conference
        edition = Conference.objects.for_year(told.slug)
        Day.objects.filter(conference__in=edition).lock_in_turn()  # locked before the edition, as in a sign-up
        conference = edition.select_for_update().first()
        before = rules.findings_now(self.now, conference) if conference else set()
        self.changes.is_new_edition = conference is None
        published = {} if conference else {"is_published": True}
        self.changes.conference = conference = self.put(Conference, conference, told.told | published, "conference")
        speakers = list(Speaker.objects.for_edition(conference))
        self.people = {speaker.name: speaker for speaker in reversed(speakers)}
        self.slugs = {speaker.slug for speaker in speakers}
        days = {day.number: day for day in Day.objects.for_edition(conference).with_program()}
        self.known = {session.slug: session for day in days.values() for session in day.sessions.all()}
        self.named = {slug_of(day, entry) for day in self.program.days for entry in day.sessions or ()}
        for place, entry in enumerate(self.program.days):
            day = self.day(days.pop(entry.number, None), entry)
            if told.regions is not None:
                self.announced_dates(day, [(region.name, region.dates[place]) for region in told.regions])
            if entry.sessions is not None:
                self.sessions(day, entry.sessions)
        if not self.only_adds:
            for day in days.values():
                if day.is_from_file:
                    self.sessions(day, ())
            self.remove_left(days.values())
        self.remove_left(Speaker.objects.for_edition(conference).filter(appearances=None))
        self.texts()
        found = set() if self.changes.is_nothing else rules.findings_now(self.now, conference) - before
        faults = [Fault(None, one.name, one.sentence, one.is_odd) for one in found if not (anyway and one.is_odd)]
        if faults:
            raise ProgramFaults(*faults)

    def put(self, model, row, fields, name, **identity):
        """Create the row, or update its changed fields, and record its name. Return the row."""
        origin = {"is_from_file": True} if hasattr(model, "is_from_file") else {}
        if row is None:
            self.changes.new += [name] if identity else []
            return model.objects.create(**identity, **fields, **origin)
        differing = {key: value for key, value in (fields | origin).items() if getattr(row, key) != value}
        for key, value in differing.items():
            setattr(row, key, value)
        if differing:
            row.save(update_fields=differing)
        if told := [key for key in differing if key in fields]:
            self.changes.changed.append(f"{name} ({', '.join(told)})")
        return row

    def remove_left(self, rows):
        """Remove the rows that a file brought, or refuse with a sentence if something else needs one."""
        for row in rows:
            if not getattr(row, "is_from_file", True):
                continue
            try:
                row.delete()
            except ProtectedError as error:
                kinds = sorted({str(held._meta.verbose_name_plural) for held in error.protected_objects})
                words = _("The file leaves it out, but it has %(kinds)s. Put it back into the file.")
                words = f"{words} {_('Organisers can call a day off instead.')}"
                refuse(None, _name(row), words % {"kinds": list_words(kinds)})
            self.changes.removed.append(_name(row))

    def day(self, day, entry):
        fields, identity = entry.told, {"conference": self.changes.conference, "number": entry.number}
        if day is not None and (day.starts_at, day.ends_at) != (entry.starts_at, entry.ends_at):
            window = {name: fields.pop(name) for name in ("starts_at", "ends_at")}
            self.changes.people_to_tell += self.move_day(day, **window, now=self.now)
            self.changes.changed.append(f"{day.label} ({', '.join(window)})")
            day = Day.objects.with_ids([day.pk]).with_program().get()
            self.known |= {session.slug: session for session in day.sessions.all()}  # they moved with it
        return self.put(Day, day, fields, _name(Day(number=entry.number)), **identity)

    def announced_dates(self, day, dates):
        before = {told.region: told for told in day.announced_dates.all()}
        for position, (region, date) in enumerate(dates):
            fields, row = {"date": date, "position": position}, before.pop(region, None)
            self.put(AnnouncedDate, row, fields, f"{day.label}, {region}", day=day, region=region)
        self.remove_left(before.values())

    def sessions(self, day, entries):
        # The file's slugs are permanent, but organisers may have moved a session.
        for entry in entries:
            slug, place = slug_of(day, entry), {}
            row = self.known.get(slug)
            if row is None:
                place = {"day": day, "slug": slug, "number": entry.number}
                make_room(day, entry.number)
            name = _name(row or Session(**place))
            # Once the file has the real title, remarks about the old one are removed.
            fields = entry.told | ({"title_is_description": entry.title_is} if entry.title else {})
            session = self.put(Session, row, fields, name, **place)
            if entry.speakers is not None:
                self.appearances(session, entry.speakers, name)
        if self.only_adds:
            return
        prefix = numbered_session_slug(day.number, "")
        left = {
            slug: row
            for slug, row in self.known.items()
            if slug not in self.named and (slug.startswith(prefix) or row.day_id == day.pk)
        }
        self.remove_left(left.values())
        self.known = {slug: row for slug, row in self.known.items() if slug not in left}

    def appearances(self, session, entries, where):
        before = {appearance.speaker_id: appearance for appearance in session.appearances.all()}
        for position, entry in enumerate(entries):
            fields, speaker = {"role": entry.role, "position": position}, self.speaker(entry)
            row = before.pop(speaker.pk, None)
            self.put(Appearance, row, fields, f"{where}, {entry.name}", session=session, speaker=speaker)
        self.remove_left(before.values())

    def speaker(self, entry):
        """Return the person of that name, who is one in all sessions."""
        row, identity = self.people.get(entry.name), {}
        if row is None:
            identity = {"conference": self.changes.conference, "slug": free_slug(entry.name, self.slugs)}
        self.people[entry.name] = speaker = self.put(Speaker, row, entry.told, entry.name, **identity)
        self.slugs.add(speaker.slug)
        return speaker

    def texts(self):
        ensure_rows(self.changes.conference)
        for text in Text.objects.for_edition(self.changes.conference):
            if (words := getattr(self.program.texts, text.key, None)) is not None:
                self.put(Text, text, {"body": words}, f"{PASSAGES[text.key].page}, {PASSAGES[text.key].label}")


def _name(row):
    """Return what a part of the program is called: "Day 1, Session 2, Grace"."""
    if isinstance(row, Day | Speaker):
        return str(row.label if isinstance(row, Day) else row)
    if isinstance(row, Appearance):
        return f"{_name(row.session)}, {row.speaker}"
    return f"{row.day.label}, {row.region if isinstance(row, AnnouncedDate) else row.label}"
