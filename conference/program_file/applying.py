"""A program into the database: all of it or nothing, and no write where nothing differs.

What the file names is put as it says. What it leaves out, or gives as null, stays as organisers typed it; and so does
what they added. The file takes away only what a file brought.
"""

from dataclasses import dataclass, field

from django.db import IntegrityError
from django.db.models import ProtectedError

from conference.changes import noting_changes
from conference.models import AnnouncedDate, Appearance, Conference, Day, Session, Text
from conference.texts import PASSAGES, ensure_rows

from .faults import refuse
from .people import People


@dataclass
class Changes:
    """What loading did: names of what is new, changed, gone, and how many people get mail because a day moved."""

    conference: Conference = None
    is_new_edition: bool = False
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    people_to_tell: int = 0

    @property
    def is_nothing(self):
        """Whether the database held all of it already."""
        return not (self.is_new_edition or self.new or self.changed or self.removed)


def put_day_at(day, *, starts_at, ends_at, now):
    """Give a day another window, in UTC. Return 0: nobody is told. `registration` brings one that tells people."""
    day.starts_at, day.ends_at = starts_at, ends_at
    day.save(update_fields=["starts_at", "ends_at"])
    return 0


def apply(program, *, now, move_day=put_day_at):
    """Bring a checked Program into the database, in one transaction. Return the Changes.

    `move_day(day, *, starts_at, ends_at, now) -> people to tell` changes the time of a day that is there; `now` is a
    UTC instant. Raises ProgramFaults where the database holds what the file may not take away.
    """
    try:
        with noting_changes(now=now) as block:  # one transaction
            loading = _Loading(program, now, move_day)
            loading.load()
            block.changed_nothing = loading.changes.is_nothing
    except IntegrityError:
        refuse(None, "", "Somebody else changed the program at the same moment. Load the file again.")
    return loading.changes


class _Loading:
    """One run over a program, top to bottom."""

    def __init__(self, program, now, move_day):
        self.program, self.now, self.move_day = program, now, move_day
        self.changes = Changes()

    def load(self):
        self.conference = self.changes.conference = self.edition()
        self.people = People(self.conference)
        days = {day.number: day for day in Day.objects.of(self.conference).with_program()}
        for place, entry in enumerate(self.program.days):
            day = self.day(days.pop(entry.number, None), entry)
            self.announced_dates(day, place)
            self.sessions(day, entry)
        for day in days.values():
            if day.is_from_file:
                self.remove_day(day)
        self.changes.removed += self.people.remove_who_is_left_over()
        self.texts()

    def edition(self):
        fields = self.program.fields
        conference = Conference.objects.of_year(self.program.slug).select_for_update().first()
        if conference is None:
            self.changes.is_new_edition = True
            return Conference.objects.create(**fields)
        self.put(conference, fields, "conference")
        return conference

    def put(self, row, fields, name, *hidden):
        """Set the row's fields to those that differ, and note their names."""
        differing = [key for key, value in fields.items() if getattr(row, key) != value]
        if not differing:
            return
        for key in differing:
            setattr(row, key, fields[key])
        row.save(update_fields=differing)
        self.note_changed(name, [key for key in differing if key not in hidden])

    def note_changed(self, name, keys):
        if keys:
            self.changes.changed.append(f"{name} ({', '.join(keys)})")

    # --- Days

    def day(self, day, entry):
        fields = entry.fields | {"is_from_file": True}
        if day is None:
            day = Day.objects.create(conference=self.conference, number=entry.number, **fields)
            self.changes.new.append(str(day.label))
            return day
        window = {name: fields.pop(name) for name in ("starts_at", "ends_at")}
        if (day.starts_at, day.ends_at) != tuple(window.values()):
            self.changes.people_to_tell += self.move_day(day, **window, now=self.now)
            day.starts_at, day.ends_at = window.values()
            self.note_changed(day.label, window)
        self.put(day, fields, day.label, "is_from_file")
        return day

    def announced_dates(self, day, place):
        if self.program.regions is None:
            return
        before = {told.region: told for told in day.announced_dates.all()}
        for position, region in enumerate(self.program.regions):
            told = before.pop(region.name, None)
            fields = {"date": region.dates[place], "position": position}
            name = f"{day.label}, {region.name}"
            if told is None:
                AnnouncedDate.objects.create(day=day, region=region.name, **fields)
                self.changes.new.append(name)
            else:
                self.put(told, fields, name)
        for told in before.values():
            told.delete()
            self.changes.removed.append(f"{day.label}, {told.region}")

    def remove_day(self, day):
        for session in day.sessions.all():
            if session.is_from_file:
                self.remove(session, f"{day.label}, {session.label}")
        self.remove(day, str(day.label))

    def remove(self, row, name):
        """Remove a row, or refuse in words where something else stands on it."""
        try:
            row.delete()
        except ProtectedError as error:
            kinds = sorted({str(held._meta.verbose_name_plural) for held in error.protected_objects})
            sentence = f"The file leaves it out, but it has {' and '.join(kinds)}. Put it back into the file."
            refuse(None, name, f"{sentence} Organisers can call a day off instead.")
        self.changes.removed.append(name)

    # --- Sessions, and who is in them

    def sessions(self, day, entry):
        before = {session.number: session for session in day.sessions.all()}
        for told in entry.sessions or ():
            session = self.session(day, before.pop(told.number, None), told)
            self.appearances(session, told.speakers, f"{day.label}, {session.label}")
        for session in before.values():
            if session.is_from_file and entry.sessions is not None:
                self.remove(session, f"{day.label}, {session.label}")

    def session(self, day, session, entry):
        fields = entry.fields | {"is_from_file": True}
        if session is None:
            session = Session.objects.create(day=day, number=entry.number, **fields)
            self.changes.new.append(f"{day.label}, {session.label}")
        else:
            self.put(session, fields, f"{day.label}, {session.label}", "is_from_file")
        return session

    def appearances(self, session, entries, where):
        before = {appearance.speaker_id: appearance for appearance in session.appearances.all()}
        for position, entry in enumerate(entries or ()):
            speaker = self.speaker(entry)
            fields = {"role": entry.role, "position": position, "is_from_file": True}
            appearance = before.pop(speaker.pk, None)
            if appearance is None:
                Appearance.objects.create(session=session, speaker=speaker, **fields)
                self.changes.new.append(f"{where}, {entry.name}")
            else:
                self.put(appearance, fields, f"{where}, {entry.name}", "is_from_file")
        for appearance in before.values():
            if appearance.is_from_file and entries is not None:
                appearance.delete()
                self.changes.removed.append(f"{where}, {appearance.speaker.name}")

    def speaker(self, entry):
        speaker = self.people.find(entry.name)
        if speaker is None:
            return self.people.add(entry)
        self.put(speaker, entry.fields, entry.name)
        return speaker

    # --- Words of the pages

    def texts(self):
        ensure_rows(self.conference)
        for text in Text.objects.of(self.conference):
            if text.key in self.program.texts:
                passage = PASSAGES[text.key]
                self.put(text, {"body": self.program.texts[text.key]}, f"{passage.page}, {passage.label}")
