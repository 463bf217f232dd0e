"""Factories for the rows that tests start with. Omitted arguments get an everyday value."""

from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import Group, User

from conference.models import AnnouncedDate, Appearance, Conference, Day, Session, Speaker
from registration.groups import ORGANISERS
from registration.models import Registration
from registration.services.days import confirm
from registration.services.reminders import set_usual_marks
from registration.services.sign_up import Person, sign_up

FIRST_DAY = datetime(2027, 9, 12, 19, tzinfo=UTC)
NOW = datetime(2027, 9, 1, 12, tzinfo=UTC)  # sign-up is open, the first day is to come


def make_conference(**fields):
    """Make a published edition without days."""
    year = fields.setdefault("slug", "2027")
    conference = Conference.objects.create(
        **{"name": f"PxP {year}", "short_name": "PxP", "is_published": True} | fields
    )
    set_usual_marks(conference)
    return conference


def make_day(conference=None, number=1, **fields):
    """Make a day of three hours; Day 1 starts at FIRST_DAY, each further one 24 hours later."""
    starts_at = fields.setdefault("starts_at", FIRST_DAY + timedelta(days=number - 1))
    fields.setdefault("ends_at", starts_at + timedelta(hours=3))
    return Day.objects.create(conference=conference or make_conference(), number=number, **fields)


def make_announced_date(day, region="Asia and Oceania", **fields):
    """Announce a day's date to a region; by default the date after its own in UTC."""
    fields.setdefault("date", day.starts_at.date() + timedelta(days=1))
    return AnnouncedDate.objects.create(day=day, region=region, **fields)


def make_session(day=None, number=1, **fields):
    """Make a session without a time of its own, whose address says where program files put it."""
    day = day or make_day()
    everyday = {"title": f"Topic {number}", "slug": f"{day.slug}-session-{number}"}
    return Session.objects.create(day=day, number=number, **everyday | fields)


def make_speaker(conference=None, **fields):
    """Make a speaker who appears nowhere yet."""
    return Speaker.objects.create(
        conference=conference or make_conference(), **{"slug": "grace", "name": "Grace"} | fields
    )


def make_appearance(session=None, speaker=None, **fields):
    """Put a speaker into a session."""
    session = session or make_session()
    speaker = speaker or make_speaker(session.day.conference)
    return Appearance.objects.create(session=session, speaker=speaker, **fields)


def make_program(days=3, sessions=3, **fields):
    """Make an edition with days, each with as many sessions, and a speaker in every session."""
    conference = make_conference(**fields)
    speaker = make_speaker(conference)
    for number in range(1, days + 1):
        day = make_day(conference, number, title=f"Theme {number}")
        for session_number in range(1, sessions + 1):
            make_appearance(make_session(day, session_number), speaker)
    return conference


# --- People, made by the services, so nobody is in a state that the product cannot reach ------------------------


def person(name="Ada", **fields):
    """Return what a person types into the form: Ada of Toronto, Bob or Eve by name."""
    everyday = {"email": f"{name.split()[0].lower()}@example.org", "country": "CA", "time_zone": "America/Toronto"}
    return Person(name=name, **everyday | fields)


def make_pending(*days, name="Ada", needs="", now=NOW, **fields):
    """Sign a person up for days; they have not confirmed yet. Return the registrant."""
    return sign_up(days[0].conference, person=person(name, **fields), days=days, needs=needs, now=now)


def make_confirmed(*days, name="Ada", needs="", now=NOW, **fields):
    """Sign a person up for days and confirm; they wait for a day that is full. Return the registrant."""
    registrant = make_pending(*days, name=name, needs=needs, now=now, **fields)
    confirm(registrant, now=now)
    registrant.refresh_from_db()
    return registrant


def the_registration(registrant, day):
    """Return a person's newest registration for a day."""
    return Registration.objects.for_person(registrant).for_day(day).last()


# --- People who work behind the site ---------------------------------------------------------------------------------


def make_staff(*groups, username="organiser", **fields):
    """Make an account for /organisers/ in these groups, by default the organisers'. It has no password unless named."""
    user = User.objects.create_user(username, is_staff=True, **fields)
    user.groups.set(Group.objects.filter(name__in=groups or [ORGANISERS]))
    return user
