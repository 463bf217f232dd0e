"""People's tables: who takes part, on which days, what they need, and the mails to them."""

from .access import AccessRequest
from .outbox import OutboxMessage
from .questions import Answer, Question
from .registrants import Registrant
from .registrations import Registration

__all__ = ["AccessRequest", "Answer", "OutboxMessage", "Question", "Registrant", "Registration"]
