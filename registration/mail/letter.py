"""What the writing of a letter may answer instead of one."""


class NoLongerTrue(Exception):
    """What the letter would say is not so any more when its turn comes: it is not sent."""


class NotYet(Exception):
    """A newer letter is about to take this one's place: it waits for that."""
