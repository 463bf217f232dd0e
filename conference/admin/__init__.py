"""Organisers' pages for the program, one file a subject. `registration.admin` adds what people's places need."""

from .conferences import ConferenceAdmin
from .days import DayAdmin
from .sessions import SessionAdmin
from .speakers import SpeakerAdmin
from .texts import TextAdmin

__all__ = ["ConferenceAdmin", "DayAdmin", "SessionAdmin", "SpeakerAdmin", "TextAdmin"]
