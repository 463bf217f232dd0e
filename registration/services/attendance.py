"""Going through the door to a day's meeting, which counts as attendance."""

from datetime import datetime

from registration.models import Registration
from registration.pages.door import Door

from .errors import DoorIsClosed


def go_through(registration: Registration, *, now: datetime) -> str:
    """Let a person into the meeting at the UTC instant `now`, and record their attendance once per day.

    `registration` has just been read, with its day, person and conference. Going in again, or at the same moment from a
    second device, notes nothing more; neither does coming back to the day after it was dropped.

    Returns the meeting's URL, only for this person's browser. Raises DoorIsClosed. Sends nothing.
    """
    if not Door(registration, now).is_open:
        raise DoorIsClosed
    if registration.attended_at is None:
        rounds = Registration.objects.newest_of_same(registration)
        if not rounds.came().exists():
            Registration.objects.only_row(registration).did_not_come().update(attended_at=now)
    return registration.day.meeting_url
