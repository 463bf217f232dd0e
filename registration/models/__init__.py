"""People's tables: registrants, their days, their needs, and the mails to them."""

from .access import AccessRequest
from .accounts import AccountLetter, AccountMailKind, Organiser
from .acts import PlannedAct
from .audiences import Audience
from .broadcasts import Broadcast
from .budget import Pace, SpentMail
from .erasures import Erasure
from .farewells import Farewell
from .letter_texts import LetterText
from .limits import AttemptCount
from .link_requests import LinkRequest
from .merges import Merge
from .notices import DayNotice
from .outbox import OutboxMessage
from .people_files import FilePerson, FilePortion, PeopleFile
from .questions import Answer, Question, QuestionKind
from .registrants import Registrant
from .registrations import Registration
from .reminders import Reminder, ReminderMark
from .tables import TableColumns
from .tallies import ErasedCount, GrowthCount

__all__ = [
    "AccessRequest",
    "AccountLetter",
    "AccountMailKind",
    "Answer",
    "AttemptCount",
    "Audience",
    "Broadcast",
    "DayNotice",
    "ErasedCount",
    "Erasure",
    "Farewell",
    "FilePerson",
    "FilePortion",
    "GrowthCount",
    "LetterText",
    "LinkRequest",
    "Merge",
    "Organiser",
    "OutboxMessage",
    "Pace",
    "PeopleFile",
    "PlannedAct",
    "Question",
    "QuestionKind",
    "Registrant",
    "Registration",
    "Reminder",
    "ReminderMark",
    "SpentMail",
    "TableColumns",
]
