"""Why a mail to many does not leave."""

from typing import Any


class NotADraft(Exception):
    """Somebody sent it, took it back or stopped it a moment before."""


class NotReady(Exception):
    """Something has to be mended first; `findings` says what."""

    def __init__(self, findings: Any) -> None:
        super().__init__()
        self.findings = findings


class MorePeople(Exception):
    """It would reach more people than the button named: `number`."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class ChangedMeanwhile(Exception):
    """Somebody else saved the words of the draft since they were shown."""
