"""Makes the next edition from this one: its settings, days, words, questions and reminders. Never its people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models, transaction

from conference.models import ClockState, Conference, Day, RowQuerySet, Text
from registration.models import Question, ReminderMark

from .errors import YearIsTaken

SAME_WEEKDAY = timedelta(weeks=52)


@dataclass(frozen=True)
class Copied:
    """How much of an edition goes into the next one."""

    days: int
    texts: int
    questions: int
    reminders: int


def count_copies(conference: Conference) -> Copied:
    """Return how many rows of each kind `copy_edition` would copy."""
    return Copied(
        days=Day.objects.for_edition(conference).count(),
        texts=Text.objects.for_edition(conference).changed().count(),
        questions=_questions(conference).count(),
        reminders=ReminderMark.objects.for_edition(conference).count(),
    )


def usual_dates(days: Sequence[Day], zone: ZoneInfo) -> list[date]:
    """Return the dates on which these days fall a year later on the same weekdays, on the clock of `zone`."""
    return [day.starts_at.astimezone(zone).date() + SAME_WEEKDAY for day in days]


@transaction.atomic
def copy_edition(conference: Conference, *, dates: Sequence[date], zone: ZoneInfo) -> Conference:
    """Make an edition of the year of the first date, as a draft that nobody but organisers sees. Sends nothing.

    The days keep their hours on the clock of `zone` and what they offer; titles, sessions, speakers, meeting links and
    recordings belong to one year and stay behind. Sign-up windows move by as many days as the first day.

    Args:
        conference: the edition to copy.
        dates: the date of each of its days on the clock of `zone`, in their order; at least one.
        zone: the organiser's zone.

    Raises YearIsTaken if that year has an edition already, and ValueError for another number of dates.
    """
    year = str(dates[0].year)
    if Conference.objects.for_year(year).exists() or Conference.objects.had_year(year).exists():
        raise YearIsTaken
    days = list(Day.objects.for_edition(conference))
    moved = dates[0] - days[0].starts_at.astimezone(zone).date()
    later = partial(_later, by=moved, zone=zone)
    edition = _copy(
        conference,
        slug=year,
        first_slug="",
        name=conference.name.replace(conference.slug, year),
        translations=_with_year(conference.translations, conference.slug, year),
        is_published=False,
        clock=ClockState.PROVISIONAL,
        sign_up_opens_at=later(conference.sign_up_opens_at),
        sign_up_closes_at=later(conference.sign_up_closes_at),
        needs_by=conference.needs_by and conference.needs_by + moved,
    )
    for day, on in zip(days, dates, strict=True):
        _copy_day(day, edition, on=on, zone=zone, later=later)
    for rows in (Text.objects.for_edition(conference).changed(), _questions(conference)):
        for row in rows:
            _copy(row, conference=edition)
    for mark in ReminderMark.objects.for_edition(conference):
        _copy(mark, conference=edition)
    return edition


def _copy_day(day: Day, edition: Conference, *, on: date, zone: ZoneInfo, later: Callable[..., Any]) -> None:
    starts_at = _on_date(day.starts_at, on, zone)
    _copy(
        day,
        conference=edition,
        title="",
        summary="",
        starts_at=starts_at,
        ends_at=starts_at + (day.ends_at - day.starts_at),
        called_off_at=None,
        sign_up_opens_at=later(day.sign_up_opens_at),
        sign_up_closes_at=later(day.sign_up_closes_at),
        meeting_url="",
        recording_url="",
        is_from_file=False,
        translations=_without(day.translations, "title", "summary"),
    )


def _later(instant: datetime | None, *, by: timedelta, zone: ZoneInfo) -> datetime | None:
    """Return the instant some days later, at the same time on the clock of `zone`; None stays."""
    return instant and _on_date(instant, instant.astimezone(zone).date() + by, zone)


def _questions(conference: Conference) -> RowQuerySet:
    return Question.objects.for_edition(conference).filter(is_asked=True)


def _copy[Row: models.Model](row: Row, **changes: Any) -> Row:
    """Save a new row with all that this one says, but for the changes."""
    same = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if not field.primary_key}
    return type(row)._base_manager.create(**same | changes)


def _on_date(instant: datetime, on: date, zone: ZoneInfo) -> datetime:
    """Return the instant at which the clock of `zone` shows the same time on another date."""
    here = instant.astimezone(zone)
    return datetime.combine(on, here.time(), tzinfo=zone)


def _with_year(translations: dict[str, dict[str, Any]], before: str, after: str) -> dict[str, dict[str, Any]]:
    """Return the translations with another year in the name."""
    return {
        code: {
            name: {key: words.replace(before, after) for key, words in said.items()} if name == "name" else said
            for name, said in each.items()
        }
        for code, each in translations.items()
    }


def _without(translations: dict[str, dict[str, Any]], *names: str) -> dict[str, dict[str, Any]]:
    return {
        code: {name: said for name, said in each.items() if name not in names} for code, each in translations.items()
    }
