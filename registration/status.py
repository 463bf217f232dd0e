"""States of registrations, access requests and mails, and their allowed transitions: plain data."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ImpossibleTransition(Exception):
    """The table of transitions does not allow this step. A mistake in our code, never a person's."""


def check_transition[State: TextChoices](transitions: Mapping[State, set[State]], old: State, new: State) -> None:
    """Raise ImpossibleTransition if `transitions`, one of the tables below, does not lead from `old` to `new`."""
    if new not in transitions[old]:
        raise ImpossibleTransition(f"{old} -> {new}")


class Status(TextChoices):
    """The status of one person on one day."""

    PENDING = "pending", _("Waiting for them to confirm")
    CONFIRMED = "confirmed", _("Confirmed")
    WAITLISTED = "waitlisted", _("On the waiting list")
    CANCELLED = "cancelled", _("Cancelled")


# A cancelled row is history. Coming back makes a new row, with a new calendar UID.
TRANSITIONS = {
    Status.PENDING: {Status.CONFIRMED, Status.WAITLISTED, Status.CANCELLED},
    Status.CONFIRMED: {Status.CANCELLED},
    Status.WAITLISTED: {Status.CONFIRMED, Status.CANCELLED},
    Status.CANCELLED: set(),
}

LIVE = (Status.PENDING, Status.CONFIRMED, Status.WAITLISTED)
BEST_FIRST = (Status.CONFIRMED, Status.WAITLISTED, Status.PENDING)  # of two sign-ups of one person for a day
HOLDS_PLACE = (Status.CONFIRMED,)


class CancelledBy(TextChoices):
    """The reason why a registration ended."""

    PERSON = "person", _("The person")
    ORGANISER = "organiser", _("An organiser")
    DAY = "day", _("The day was called off")


class News(TextChoices):
    """News of a day that this person has not been told yet."""

    MOVED = "moved", _("The day's time changed")
    CALLED_OFF = "called_off", _("The day was called off")
    RESTORED = "restored", _("The day takes place after all")


# The kind of a notice beside news of a day: it has more places, of which only the first in line hear.
MORE_PLACES = "places"


class Act(TextChoices):
    """Acts of organisers on many people at once."""

    CONFIRM = "confirm", _("Confirm")
    CANCEL = "cancel", _("Cancel")
    MOVE = "move", _("Move to another day")
    SEND_AGAIN = "again", _("Send the mails again")


class NeedState(TextChoices):
    """The Access team's progress on a request."""

    UNCONFIRMED = "unconfirmed", _("Waiting for the person to confirm")
    NEW = "new", _("New")
    IN_HAND = "in_hand", _("In hand")
    ARRANGED = "arranged", _("Arranged")
    CANNOT_BE_MET = "cannot", _("Cannot be met")


READABLE_NEEDS = tuple(state for state in NeedState if state != NeedState.UNCONFIRMED)


class MailState(TextChoices):
    """The state of one mail."""

    QUEUED = "queued", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    DEAD = "dead", _("Given up")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# A mail that was given up waits again when organisers say so, or when its person gets another address.
MAIL_TRANSITIONS = {
    MailState.QUEUED: {MailState.SENT, MailState.DEAD, MailState.WITHDRAWN},
    MailState.SENT: set(),
    MailState.DEAD: {MailState.QUEUED, MailState.WITHDRAWN},
    MailState.WITHDRAWN: set(),
}


class MailKind(TextChoices):
    """Why a mail is written."""

    PLEASE_CONFIRM = "please_confirm", _("Please confirm")
    CONFIRMATION = "confirmation", _("Confirmation")
    INVITE = "invite", _("Calendar invite")
    UPDATE = "update", _("Changed calendar invite")
    CANCEL = "cancel", _("Calendar cancellation")
    WAITING = "waiting", _("On the waiting list")
    PLACE = "place", _("A place has come free")
    LINK = "link", _("Link to their page")
    ADDRESS = "address", _("New address: please confirm")
    REMINDER = "reminder", _("Reminder")
    NOTE = "note", _("Note")
    MESSAGE = "message", _("Message from the organisers")
    TEST = "test", _("Test")


class Letter(TextChoices):
    """The kind of a mail: a row of the outbox names it, and the worker writes it when its turn comes.

    Organisers see only the kind: not all of them may know that a person told us about needs.
    """

    PLEASE_CONFIRM = "please_confirm"
    CONFIRMATION = "confirmation"
    INVITE = "invite"
    UPDATE = "update"
    CANCEL = "cancel"
    PLACE = "place"
    RESTORED = "restored"
    LINK = "link"
    ADDRESS = "address"
    ADDRESS_ASKED = "address_asked"
    ADDRESS_CHANGED = "address_changed"
    PRIVATE = "private"
    REMINDER = "reminder"
    NEED_ANSWER = "need_answer"
    BROADCAST = "broadcast"
    TEST = "test"


class MailFault(TextChoices):
    """Why a mail waits, if organisers should know."""

    LETTER = "letter", _("The site cannot write this letter")
    SERVER = "server", _("A mail server refuses our mail")
    MAILBOX = "mailbox", _("The person’s mailbox is full")


# Mails about one registration that carry its calendar entry: a newer version replaces an older one that still waits.
CALENDAR_KINDS = (MailKind.CONFIRMATION, MailKind.PLACE, MailKind.INVITE, MailKind.UPDATE, MailKind.CANCEL)


class BroadcastState(TextChoices):
    """How far a mail to many people is."""

    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waits for its time")
    WRITING = "writing", _("Begins to leave")
    LEAVING = "leaving", _("On its way")
    DONE = "done", _("Sent")
    STOPPED = "stopped", _("Stopped")


# A waiting message can be taken back to a draft. Once sending began, it can be stopped, and stays on record.
BROADCAST_TRANSITIONS = {
    BroadcastState.DRAFT: {BroadcastState.WAITING},
    BroadcastState.WAITING: {BroadcastState.DRAFT, BroadcastState.WRITING},
    BroadcastState.WRITING: {BroadcastState.LEAVING, BroadcastState.STOPPED},
    BroadcastState.LEAVING: {BroadcastState.DONE, BroadcastState.STOPPED},
    BroadcastState.DONE: set(),
    BroadcastState.STOPPED: set(),
}


class Came(TextChoices):
    """Whether a person went through the door of a day."""

    YES = "yes", _("Came")
    NO = "no", _("Did not come")


class PeopleFileState(TextChoices):
    """How far the import of a file with people is. Stored under the names that these states had first."""

    PREVIEWING = "looking", _("Being looked at")
    READY = "ready", _("Looked at")
    IMPORTING = "bringing", _("Being brought in")
    DONE = "done", _("Brought in")
    UNDOING = "undoing", _("Being taken back")
    TAKEN_BACK = "taken back", _("Taken back")


# Other choices about a file that was looked at have it looked at again.
PEOPLE_FILE_TRANSITIONS = {
    PeopleFileState.PREVIEWING: {PeopleFileState.READY, PeopleFileState.PREVIEWING},
    PeopleFileState.READY: {PeopleFileState.PREVIEWING, PeopleFileState.IMPORTING},
    PeopleFileState.IMPORTING: {PeopleFileState.DONE, PeopleFileState.UNDOING},
    PeopleFileState.DONE: {PeopleFileState.UNDOING},
    PeopleFileState.UNDOING: {PeopleFileState.TAKEN_BACK},
    PeopleFileState.TAKEN_BACK: set(),
}
