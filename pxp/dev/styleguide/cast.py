"""The program and the people of the style guide: real rows, made by the services in a transaction that never commits.

Only the request that makes them ever sees them. They live at one fixed instant, in a year that no edition has, so the
style guide looks the same every day.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings

from conference.changes import noting_changes
from conference.models import AnnouncedDate, Appearance, Conference, Day, Session, Speaker
from conference.site.edition import Edition
from registration.models import Question, Registrant, Registration
from registration.pages.done import Done
from registration.pages.door import Door
from registration.pages.my_days import days_on_page
from registration.pages.neighbours import Neighbour
from registration.pages.next_day import NextDay
from registration.services.answers import change_answers
from registration.services.day_changes import call_off
from registration.services.days import cancel, confirm
from registration.services.reminders import set_usual_marks
from registration.services.sign_up import Person, sign_up

YEAR = 2100
NOW = datetime(YEAR, 9, 1, 12, tzinfo=UTC)
FIRST_DAY = datetime(YEAR, 9, 12, 19, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ELSEWHERE = "https://video.example.org/"


class Cast:
    """Six days, one in each state, an edition that is over, and Ada and Bob. Use it within `drafts.roll_back` only."""

    def __init__(self, *, zone=None, look=()):
        """Make all rows. The page is shown on the clock of `zone` (a ZoneInfo, or None for nobody's) in `look`."""
        self.languages = settings.LANGUAGES
        self.conference = _make_conference(YEAR)
        rows = [_make_day(self.conference, number, **words) for number, words in enumerate(DAYS, 1)]
        _make_sessions(rows[0])
        self.past_conference = _make_conference(YEAR - 1)
        past = _make_day(self.past_conference, 1, starts_at=FIRST_DAY - 365 * DAY, recording_url=ELSEWHERE)
        Session.objects.create(day=past, number=1, title="Global voices", recording_url=ELSEWHERE)
        self.questions = [
            Question.objects.create(conference=self.conference, position=number, **words)
            for number, words in enumerate(QUESTIONS)
        ]
        self.bob = _sign_up("Bob", rows[0], rows[1])
        confirm(self.bob, now=NOW)
        cancel(_row(self.bob, rows[0]), now=NOW)
        self.ada = _sign_up("Ada", rows[0], rows[1], rows[3])
        confirm(self.ada, now=NOW)
        _sign_up("Ada", rows[2])
        change_answers(self.ada, {self.questions[0].pk: ["A friend"], self.questions[3].pk: ["Pain"]})
        call_off(rows[3], now=NOW)
        self.edition = _edition(self.conference, self.conference, zone=zone, look=look)
        self.past_edition = _edition(self.past_conference, self.conference, zone=zone, look=look)

    @cached_property
    def days(self):
        """Known, full, to be announced, called off, sign-up over, sign-up to come; each with its program."""
        return _days(self.conference)

    @cached_property
    def neighbours(self):
        """Two more people who wait at a person's address."""
        return [Neighbour("Zoë O’Brien & Søn", self.days[:2], "#"), Neighbour("Bob", self.days[:1], "#")]

    @cached_property
    def past_day(self):
        return _days(self.past_conference)[0]

    @cached_property
    def sessions(self):
        """A session with every field, one with none, and one with only a description."""
        rows = Session.objects.for_edition(self.conference).with_people().with_announced_dates()
        return dict(zip(("known", "unknown", "described"), rows, strict=True))

    @cached_property
    def editions(self):
        """The edition as other visitors see it."""
        past = self.past_edition.conference
        return {
            "nowhere": replace(self.edition, zone=None),
            "tokyo": replace(self.edition, zone=ZoneInfo("Asia/Tokyo")),
            "kolkata": replace(self.edition, zone=ZoneInfo("Asia/Kolkata")),  # Day 1 is 00:30 to 03:30 there
            "riyadh": replace(self.edition, zone=ZoneInfo("Asia/Riyadh")),  # Day 1 is 22:00 to 01:00 there
            "lost": replace(self.edition, wrong_zone="Mars/Olympus"),
            "past": self.past_edition,
            "over": replace(self.edition, conference=past, current=past),
        }

    @cached_property
    def lengths(self):
        """The days of conferences of one to five days: all open but the second, which is full."""
        known, full, unknown, *_rest = self.days
        open_days = [known, full, unknown, *(replace_number(known, number) for number in (4, 5))]
        return [open_days[:length] for length in range(1, 6)]

    @cached_property
    def first_screens(self):
        """(when, edition, days) for each first screen of the home page."""
        days, first = self.lengths[2], self.days[0].starts_at
        closed = self.days[4:5]
        at = {"Three hours before": first - 3 * HOUR, "On now": first + HOUR, "Between two days": first + 5 * HOUR}
        return [
            ("Before the conference", self.editions["tokyo"], days),
            ("Before, nobody knows where", self.editions["nowhere"], days),
            ("Sign-up is over", self.editions["tokyo"], closed),
            ("Sign-up is to come", self.editions["tokyo"], self.days[5:6]),
            *((name, replace(self.editions["tokyo"], now=now), days) for name, now in at.items()),
            ("Between two conferences", self.editions["over"], [self.past_day]),
            ("Nothing announced", self.editions["nowhere"], []),
        ]

    @cached_property
    def my_days(self):
        """Ada's days: a place, the waiting list, to confirm, called off, and two that she is not on."""
        return days_on_page(self.ada, now=NOW)

    @cached_property
    def next_days(self):
        """Ada's next day in each of its states: a place, the waiting list, to confirm."""
        return [NextDay(item, NOW) for item in self.my_days[:3]]

    @cached_property
    def done(self):
        """The result of a button, with its undo."""
        return Done("success", "You are no longer signed up for Day 2.", undo="add", day=self.days[1])

    @cached_property
    def doors(self):
        """(state, Door) for each state of a day's door."""
        known, full, unknown, called_off, *_rest = self.days
        soon = known.starts_at - 20 * MINUTE
        doors = [
            Door(_row(self.ada, known), NOW),
            Door(_row(self.ada, known), soon),
            Door(_row(self.ada, known), known.starts_at + HOUR),
            Door(_row(self.bob, full), full.starts_at - 20 * MINUTE),
            Door(_row(self.ada, known), known.ends_at + HOUR),
            Door(_row(self.ada, called_off), NOW),
            Door(_row(self.ada, full), NOW),
            Door(_row(self.ada, unknown), NOW),
            Door(_row(self.bob, known), soon),
        ]
        return [(str(door.state), door) for door in doors]


DAYS = [
    {
        "title": "Boost your skills",
        "summary": "Tools and ways of working that make partnership easier.",
        "capacity": 40,
        "meeting_url": "https://meeting.example.org/",
        "captions": "yes",
        "breaks": "yes",
        "recording": "yes",
        "sign_language": "no",
        "access_note": "Captions in English and French.",
    },
    {"title": "Trailblaze new approaches", "capacity": 1},
    {},
    {"title": "Strengthen what works"},
    {"title": "Warm up", "sign_up_closes_at": NOW - DAY},
    {"title": "Look back", "sign_up_opens_at": NOW + DAY},
]
SPEAKERS = [("Grace O’Neil", "speaker"), ("Søren Ås", "speaker"), ("Wanjiru Mwangi", "facilitator")]
QUESTIONS = [
    {"label": "How did you hear of us?", "hint": "One word is enough.", "is_required": True},
    {"label": "What should we talk about?", "kind": "long"},
    {"label": "Is this your first PxP?", "kind": "one", "options": "Yes\nNo"},
    {"label": "Which topics?", "kind": "several", "options": "Cancer\nRare diseases\nPain", "is_required": True},
]


def replace_number(day, number):
    """Return an unsaved copy of `day`, of the same conference, with another number."""
    other = Day.objects.with_program().with_conference().get(pk=day.pk)
    other.number, other.title = number, f"Day {number}"
    other.starts_at, other.ends_at = (at + (number - day.number) * DAY for at in (day.starts_at, day.ends_at))
    return other


def _make_conference(year):
    conference = Conference.objects.create(
        slug=str(year),
        name=f"PxP {year}",
        cost="free",
        format="virtual",
        platform="Zoom",
        supported_by="a foundation for research",
        needs_by=datetime(year, 9, 5, tzinfo=UTC).date(),
        is_published=True,
    )
    set_usual_marks(conference)
    return conference


def _make_day(conference, number, **words):
    starts_at = words.pop("starts_at", FIRST_DAY + (number - 1) * DAY)
    day = Day.objects.create(
        conference=conference, number=number, starts_at=starts_at, ends_at=starts_at + 3 * HOUR, **words
    )
    for position, region in enumerate(("Europe, Africa, North and South America", "Asia and Oceania")):
        date = starts_at.date() + position * DAY
        AnnouncedDate.objects.create(day=day, position=position, region=region, date=date)
    return day


def _make_sessions(day):
    known = Session.objects.create(
        day=day,
        number=1,
        title="Talk with your research team",
        summary="How to say what you need, and be heard.",
        starts_at=day.starts_at,
        ends_at=day.starts_at + 50 * MINUTE,
        break_minutes=10,
    )
    Session.objects.create(day=day, number=2)
    Session.objects.create(day=day, number=3, title="types of recognition", title_is_description=True)
    for position, (name, role) in enumerate(SPEAKERS):
        speaker = Speaker.objects.create(
            conference=day.conference, slug=f"speaker-{position}", name=name, affiliation="A patients’ group"
        )
        Appearance.objects.create(session=known, speaker=speaker, role=role)
    with noting_changes(now=NOW):
        # Past midnight in Riyadh, where the day has its first session on one date and the others on the next.
        known.starts_at, known.ends_at = known.starts_at + 90 * MINUTE, known.ends_at + 90 * MINUTE
        known.save()


def _edition(conference, current, **visitor):
    seen = Conference.objects.with_last_end().for_year(conference.slug).get()
    now = Conference.objects.with_last_end().for_year(current.slug).get()
    return Edition(seen, now, NOW, **visitor)


def _days(conference):
    return list(Day.objects.for_edition(conference).with_conference().with_program())


def _sign_up(name, *days):
    person = Person(
        name=name,
        email=f"{name.lower()}@example.org",
        country="CA",
        time_zone="America/Toronto",
        roles=[Registrant.Role.PATIENT_PARTNER],
        role_words="I have lived with pain for ten years.",
    )
    return sign_up(days[0].conference, person=person, days=days, now=NOW)


def _row(registrant, day):
    return Registration.objects.for_person(registrant).for_day(day).with_people().with_sessions().last()
