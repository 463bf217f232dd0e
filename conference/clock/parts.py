"""Which part of a person's day a span covers."""

from .spans import Span

# Hours of the local clock; night is when most people sleep.
NIGHT_ENDS, EVENING, NIGHT = 7, 18, 22


def hours_from_midnight(span: Span) -> tuple[float, float]:
    """Return (start, end) of a Span in hours since the midnight before it: (22.0, 25.0) is 22:00 until 01:00.

    The end counts elapsed hours, so it is never before the start when clocks are set back in between.
    """
    start = span.start.hour + span.start.minute / 60
    return start, start + span.minutes / 60
