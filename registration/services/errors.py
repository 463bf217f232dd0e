"""Domain errors: reasons to refuse a change. Views and admin word them for people."""


class RegistrationError(Exception):
    """Base class of errors about places and days."""


class RegistrationClosed(RegistrationError):
    """The day, or the whole conference, takes no sign-ups now."""


class DoorIsClosed(RegistrationError):
    """The way to the meeting is not open for this person at this time."""


class AlreadyOnDay(RegistrationError):
    """The person has a live registration for that day."""


class AnswerIsMissing(RegistrationError):
    """A request that cannot be met has no answer to the person."""


class NotConfirmed(RegistrationError):
    """The person has not shown yet that the address is theirs."""


class AlreadySignedUp(RegistrationError):
    """Another row has this name and address, so it is the same person."""


class YearIsTaken(RegistrationError):
    """That year has an edition already."""


class NotTwice(RegistrationError):
    """These two cannot be merged: they are the same row, or people at two conferences."""


class MoreMails(RegistrationError):
    """More mails would leave than the button named: `number`."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class NewsWaits(RegistrationError):
    """News of a day waits to be told to them, and may be taken back until then."""


class TooLateToUndo(RegistrationError):
    """A day has passed, or something else has changed since."""
