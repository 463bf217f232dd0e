"""People's tables: who takes part, on which days, what they need, and the mails to them."""

from .access import AccessRequest
from .accounts import AccountLetter, AccountMail, Organiser
from .acts import PlannedAct
from .budget import Pace, SpentMail
from .erasures import Erasure
from .farewells import Farewell
from .limits import AttemptCount, LinkRequest
from .outbox import OutboxMessage
from .questions import Answer, Question, QuestionKind
from .registrants import Registrant
from .registrations import Registration
from .reminders import Reminder, ReminderMark
from .tallies import ErasedCount

__all__ = [
    "AccessRequest",
    "AccountLetter",
    "AccountMail",
    "Answer",
    "AttemptCount",
    "ErasedCount",
    "Erasure",
    "Farewell",
    "LinkRequest",
    "Organiser",
    "OutboxMessage",
    "Pace",
    "PlannedAct",
    "Question",
    "QuestionKind",
    "Registrant",
    "Registration",
    "Reminder",
    "ReminderMark",
    "SpentMail",
]
