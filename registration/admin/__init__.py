"""Organisers' pages for people and mails, one file a subject; the site's first page; places on the days' pages."""

from .access import AccessRequestAdmin
from .conferences import ConferenceWithRemindersAdmin
from .days import DayWithPlacesAdmin
from .history import HistoryAdmin
from .outbox import OutboxMessageAdmin
from .people import RegistrantAdmin
from .questions import QuestionAdmin
from .registrations import RegistrationAdmin

__all__ = [
    "AccessRequestAdmin",
    "ConferenceWithRemindersAdmin",
    "DayWithPlacesAdmin",
    "HistoryAdmin",
    "OutboxMessageAdmin",
    "QuestionAdmin",
    "RegistrantAdmin",
    "RegistrationAdmin",
]
