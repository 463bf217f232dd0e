"""Reasons not to send a letter, raised while it is rendered."""


class NoLongerTrue(Exception):
    """The letter is no longer true when its turn comes, so it is not sent."""


class TooLate(NoLongerTrue):
    """Nothing is left to say because the day is over, by the machine's clock."""


class NotYet(Exception):
    """A newer letter is about to replace this one, which waits for that."""
