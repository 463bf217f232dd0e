"""Why a mail to many cannot be sent."""

from typing import Any


class NotADraft(Exception):
    """Someone else just sent it, took it back or stopped it."""


class NotReady(Exception):
    """Something must be fixed first; `findings` says what."""

    def __init__(self, findings: Any) -> None:
        super().__init__()
        self.findings = findings


class MorePeople(Exception):
    """It would reach more people than the button named: `number`."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class ChangedMeanwhile(Exception):
    """Someone else saved the words of the draft since they were shown."""
