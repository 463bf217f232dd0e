"""Everything that can happen to people's places, in any order: what the site says and calendars show stays one thing.

A machine signs up, confirms, drops, rejoins, moves days, calls them off, brings them back, changes capacities, stops
invites, hides topics, erases people and kills workers. After every step the rules about places hold. At the end each
person's calendar, kept by a strict client (RFC 5546: the newest SEQUENCE wins, a cancelled UID stays cancelled), shows
what the site says.
"""

from collections import Counter, defaultdict
from contextlib import suppress
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from icalendar import Calendar

from conference.models import Day
from registration.jobs import JOBS
from registration.letters.writing import write_letter
from registration.mail.worker import Worker
from registration.models import DayNotice, Merge, OutboxMessage, Registrant, Registration
from registration.services import capacity as places_of_days
from registration.services import day_changes, days, erase, errors, merges, sign_up
from registration.services.person import set_calendar_mails, set_neutral_titles
from registration.status import Status
from tests.factories import make_program, person
from tests.support.databases import empty_tables

NAMES = st.sampled_from(["Ada", "Ada Lovelace", "Bob", "Grace", "Kofi"])  # the first two read one mailbox
NUMBERS = st.integers(1, 2)
DAYS = st.sets(NUMBERS, min_size=1)
CAPACITIES = st.sampled_from([None, 0, 1, 2])
ANY = st.integers(0, 11)
# Those that have something to do here, where no day goes by.
JOBS_OF_A_DAY = [job for job in JOBS if job.every < timedelta(days=1)]


class CalendarClient:
    """A strict calendar: takes iTIP messages as RFC 5546 says and remembers cancelled UIDs, as Google does."""

    def __init__(self):
        self.events = {}
        self.titles = {}
        self.newest = {}
        self.cancelled = set()

    def take(self, ics):
        """Apply one iTIP message."""
        calendar = Calendar.from_ical(ics)
        (event,) = calendar.walk("VEVENT")
        uid, sequence = str(event["UID"]), int(event["SEQUENCE"])
        if uid in self.cancelled or sequence < self.newest.get(uid, 0):
            return
        self.newest[uid], self.titles[uid] = sequence, str(event.get("SUMMARY", ""))
        if calendar["METHOD"] == "CANCEL":
            assert uid in self.events, "a cancellation of something that never was in the calendar"
            self.cancelled.add(uid)
            del self.events[uid]
        else:
            self.events[uid] = (event["DTSTART"].dt, event["DTEND"].dt)

    def forget(self, uids):
        """Delete entries by hand, as a person does."""
        for uid in uids:
            self.cancelled.add(uid)
            self.events.pop(uid, None)

    @property
    def times(self):
        """The start and end of everything it shows, in UTC, in order."""
        return sorted(self.events.values())


class WorkerDied(BaseException):
    """Kills a worker in mid-work."""


class DyingWorker(Worker):
    """A worker that is killed right after the mail server took its mail, before it could write that down."""

    def send(self, row):
        """Die with a mail sent and not noted."""
        if self.sent:
            self.sent = None  # as after kill -9: nothing is written any more
            raise WorkerDied
        return super().send(row)


class Life(RuleBasedStateMachine):
    """The whole of it. `smtp` is the real mail server that the mails go to."""

    smtp = None

    @initialize(capacity=CAPACITIES)
    def begin(self, capacity):
        self.now = timezone.now()
        first = (self.now + timedelta(days=40)).replace(minute=0, second=0, microsecond=0)
        conference = make_program(days=2, sessions=0)
        for number in (1, 2):
            starts_at = first + timedelta(days=number)
            Day.objects.for_edition(conference).numbered([number]).update(
                starts_at=starts_at, ends_at=starts_at + timedelta(hours=3), capacity=capacity
            )
        self.conference = conference
        self.organiser = User.objects.create_user("organiser")
        self.calendars = defaultdict(CalendarClient)
        self.stopped = set()
        self.confirmed = {}
        self.smtp.received.clear()

    def teardown(self):
        """Let every mail arrive, compare each calendar with the site, and leave no row behind."""
        try:
            if hasattr(self, "conference"):
                self.deliver()
                self.calendars_show_what_the_site_says()
        finally:
            empty_tables()

    def day(self, number):
        return Day.objects.for_edition(self.conference).with_conference().numbered([number]).get()

    def pick(self, which, rows):
        """One of these rows, or none where there are none: a list to loop over."""
        rows = list(rows)
        return rows[which % len(rows) :][:1] if rows else []

    @property
    def rows(self):
        return Registration.objects.live().with_people().order_by("pk")

    @property
    def people(self):
        return Registrant.objects.order_by("pk")

    @rule(name=NAMES, numbers=DAYS)
    def sign_up(self, name, numbers):
        try:
            sign_up.sign_up(
                self.conference, person=person(name), days=[self.day(number) for number in numbers], now=self.now
            )
        except errors.RegistrationClosed:
            assert any(self.day(number).is_called_off for number in numbers)

    @rule(names=st.lists(NAMES, min_size=2, max_size=4, unique=True), numbers=DAYS)
    def sign_up_and_confirm(self, names, numbers):
        for name in names:
            self.sign_up(name, numbers)
            for registrant in self.people.named(name):
                days.confirm(registrant, now=self.now)

    @rule(which=ANY)
    def confirm(self, which):
        for registrant in self.pick(which, self.people):
            days.confirm(registrant, now=self.now)

    @rule(which=ANY)
    def drop(self, which):
        for row in self.pick(which, self.rows):
            assert days.cancel(row, now=self.now)
            assert not days.cancel(row, now=self.now)

    @rule(which=ANY, number=NUMBERS)
    def rejoin(self, which, number):
        day = self.day(number)
        for registrant in self.pick(which, self.people.verified()):
            live = self.rows.for_person(registrant).for_day(day).first()
            try:
                days.add_day(registrant, day, now=self.now)
            except errors.RegistrationClosed:
                assert day.is_called_off
            except errors.AlreadyOnDay:
                assert not live.is_pending

    @rule(number=NUMBERS, hours=st.integers(-3, 3))
    def move(self, number, hours):
        day, by = self.day(number), timedelta(hours=hours)
        day_changes.reschedule(day, starts_at=day.starts_at + by, ends_at=day.ends_at + by, now=self.now)

    @rule(which=ANY)
    def call_off(self, which):
        for row in self.pick(which, self.rows.confirmed()):
            day_changes.call_off(row.day, now=self.now)

    @rule()
    def restore(self):
        for number in (1, 2):
            if self.day(number).is_called_off:
                day_changes.restore(self.day(number), now=self.now)
                self.confirmed.pop(number, None)  # everybody is back, however few places there are by now

    @rule(which=ANY)
    def take_back(self, which):
        for notice in self.pick(which, DayNotice.objects.waiting(self.now).order_by("pk")):
            with suppress(day_changes.TooLate):
                day_changes.take_back(notice, user=self.organiser, now=self.now)
                self.confirmed.pop(notice.day.number, None)

    @rule(number=NUMBERS, capacity=CAPACITIES)
    def change_capacity(self, number, capacity):
        places_of_days.change_capacity(self.day(number), capacity=capacity, now=self.now, user=self.organiser)

    @rule(which=ANY)
    def send_again(self, which):
        for registrant in self.pick(which, self.people.verified()):
            days.send_again(registrant, now=self.now)

    @rule(which=ANY)
    def stop_or_start_invites(self, which):
        for registrant in self.pick(which, self.people.verified()):
            set_calendar_mails(registrant, wanted=not registrant.calendar_mails)
            self.stopped.add(registrant.email)

    @rule(which=ANY)
    def hide_or_show_the_topic(self, which):
        for registrant in self.pick(which, self.people.verified()):
            set_neutral_titles(registrant, wanted=not registrant.neutral_titles, now=self.now)

    @rule(which=ANY)
    def erase(self, which):
        for registrant in self.pick(which, self.people):
            rows, mails = registrant.registrations.all(), registrant.mails.all()
            uids = [str(uid) for uid in rows.values_list("invite_uid", flat=True)]
            keys = list(mails.values_list("pk", flat=True))
            erase.erase(registrant, now=self.now)
            self.receive()
            for calendar in self.calendars.values():
                calendar.forget(uids)  # nobody writes to them any more
            assert not self.people.named(registrant.name).exists()
            assert not OutboxMessage.objects.with_ids(keys).exists()

    @rule()
    def deliver(self):
        # The second day is for links that the worker sends again, because one person of a mailbox was erased: after the
        # fifth mail of a day they wait for the next.
        for _day in range(2):
            OutboxMessage.objects.held_back().queued().update(due_at=self.now)  # as if a day had passed
            DayNotice.objects.update(due_at=self.now)  # as if ten minutes had passed
            Worker(write=write_letter, jobs=JOBS_OF_A_DAY).run(once=True)
            if not OutboxMessage.objects.held_back().queued().exists():
                break
        self.receive()
        assert not OutboxMessage.objects.queued().exists()

    @rule()
    def kill_a_worker(self):
        DayNotice.objects.update(due_at=self.now)
        with suppress(WorkerDied):
            DyingWorker(write=write_letter, jobs=JOBS_OF_A_DAY).run(once=True)
        OutboxMessage.objects.queued().update(due_at=self.now)  # as if its lease had run out
        self.receive()

    def receive(self):
        """Give what the mail server took to the calendars of those it is for."""
        while self.smtp.received:
            mail = self.smtp.received.pop(0)
            address = mail.recipient
            for part in mail.message.walk():
                if part.get_content_type() == "text/calendar":
                    self.calendars[address].take(part.get_payload(decode=True))

    @invariant()
    def places_hold(self):
        if not hasattr(self, "conference"):
            return
        live = Counter(Registration.objects.live().values_list("day", "status"))
        for day in Day.objects.for_edition(self.conference):
            confirmed, waiting = live[day.pk, Status.CONFIRMED], live[day.pk, Status.WAITLISTED]
            before, self.confirmed[day.number] = self.confirmed.get(day.number, confirmed), confirmed
            if day.is_called_off:
                assert not any(number for (key, _status), number in live.items() if key == day.pk)
                continue
            held = DayNotice.objects.more_places_of(day)
            for_the_line = held.was_capacity if held else day.capacity
            if day.has_capacity:
                assert confirmed <= max(day.capacity, before), "sold more places than there are"
            if for_the_line is None:
                assert not waiting
            else:
                assert not waiting or confirmed >= for_the_line, "someone waits while a place is free"

    def calendars_show_what_the_site_says(self):
        expected = {address: [] for address in self.calendars}
        for row in Registration.objects.confirmed().with_people():
            assert row.registrant.is_verified
            calendar, uid = self.calendars[row.registrant.email], str(row.invite_uid)
            if not row.is_invited:
                assert row.registrant.email in self.stopped
                continue
            assert calendar.newest[uid] == row.invite_sequence
            assert (row.day.title in calendar.titles[uid]) != row.registrant.neutral_titles
            expected.setdefault(row.registrant.email, []).append((row.day.starts_at, row.day.ends_at))
        assert {address: self.calendars[address].times for address in expected} == {
            address: sorted(times) for address, times in expected.items()
        }


class LifeOfTwoSignUps(Life):
    """The same, where organisers also put two sign-ups together, and part them again."""

    @rule(which=ANY, other=ANY)
    def merge(self, which, other):
        for kept in self.pick(which, self.people):
            for left in self.pick(other, self.people.other_than(kept)):
                with suppress(errors.NotConfirmed, errors.NewsWaits):
                    merges.merge(kept, left, user=self.organiser, now=self.now)
                    assert not self.people.only_row(left).exists()

    @rule(which=ANY)
    def part(self, which):
        for merge in self.pick(which, Merge.objects.select_related("kept").order_by("pk")):
            with suppress(errors.TooLateToUndo, errors.AlreadySignedUp, errors.NewsWaits):
                merges.take_apart(merge, user=self.organiser, now=self.now)
                self.confirmed.clear()  # both have their places, however many there are by now


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("machine", "examples"), [(Life, 60), (LifeOfTwoSignUps, 12)])
def test_calendars_and_places_stay_true_whatever_happens(smtp_server, machine, examples):
    machine.smtp = smtp_server

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            phases=[Phase.explicit, Phase.generate, Phase.shrink],  # not "explain": it traces every line, slowly
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_strict_calendar_refuses_old_versions_and_revived_uids():
    client = CalendarClient()

    def message(method, sequence, hour):
        return (
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\n"
            f"METHOD:{method}\r\nBEGIN:VEVENT\r\nUID:a\r\nSEQUENCE:{sequence}\r\nDTSTAMP:20270901T000000Z\r\n"
            f"DTSTART:20270912T{hour}0000Z\r\nDTEND:20270912T230000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        ).encode()

    client.take(message("REQUEST", 1, 20))
    client.take(message("REQUEST", 0, 19))
    kept = [start.hour for start, _end in client.times]
    client.take(message("CANCEL", 2, 20))
    client.take(message("REQUEST", 3, 20))

    assert kept == [20]
    assert client.times == []
    assert client.cancelled == {"a"}
