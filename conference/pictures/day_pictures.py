"""The picture of a day's hours. Pure: a span in, positions and words out.

templates/conference/partials/when/bar.svg draws it.
"""

from dataclasses import dataclass
from math import ceil

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from conference.clock import Span, full_hour_words, hours_from_midnight
from conference.clock.parts import NIGHT, NIGHT_ENDS

LEAST_FREE = 4  # hours of a 24-hour bar that a word needs at 320 px


@dataclass(frozen=True)
class HoursBar:
    """A Span on the hours of its local day, midnight to midnight, or longer if it goes past midnight.

    Positions and widths are texts in per cent of the bar, as SVG takes them in any language. They are counted from the
    left, and the hours run as one reads: from the right in Arabic. `number` is the day's.
    """

    span: Span
    number: int | None = None

    @property
    def length(self):
        """Hours that the bar shows: 24, or more in steps of six until the span fits."""
        return hours_needed(self.span)

    @property
    def is_green(self):
        """Whether the span has the colour of the logo's middle circle, as every second day has."""
        return self.number is not None and self.number % 2 == 0

    @property
    def nights(self):
        """(start, width) of each night."""
        return [self._place(*band) for band in self._nights]

    @property
    def touches_night(self):
        """Whether some of the span is at night."""
        start, end = hours_from_midnight(self.span)
        return any(start < until and end > begins for begins, until in self._nights)

    @property
    def event(self):
        """(start, width) of the span itself."""
        return self._place(*hours_from_midnight(self.span))

    @property
    def event_middle(self):
        return self._position(sum(hours_from_midnight(self.span)) / 2)

    @property
    def labels(self):
        """(position, word, whether its background is night) for each band with room for a word beside the span."""
        named = [(band, _("Night"), True) for band in self._nights]
        placed = [(self._free_middle(*band), word, dark) for band, word, dark in named]
        return [(self._position(middle), word, dark) for middle, word, dark in placed if middle is not None]

    @property
    def ticks(self):
        """(position, time, alignment of the text) for every six hours, or every twelve on a longer bar."""
        step = 6 if self.length <= 24 else 12  # more hours than these would lie on each other in large letters
        ends = {0: "start", self.length: "end"}
        return [
            (
                self._position(hour),
                full_hour_words(hour % 24 if hour != self.length else self._last, self.span.zone),
                ends.get(hour, "middle"),
            )
            for hour in range(0, self.length + 1, step)
        ]

    @property
    def midnights(self):
        """Positions of the midnights within the bar."""
        return [self._position(hour) for hour in range(24, self.length, 24)]

    @property
    def _last(self):
        return 24 if self.length % 24 == 0 else self.length % 24

    @property
    def _nights(self):
        days = range(ceil(self.length / 24))
        edges = [(0, NIGHT_ENDS), *((24 * day + NIGHT, 24 * day + 24 + NIGHT_ENDS) for day in days)]
        return [(start, min(end, self.length)) for start, end in edges if start < self.length]

    def _free_middle(self, start, end):
        """The middle of the longer part of a band that the span leaves free, or None if a word has no room."""
        begins, until = hours_from_midnight(self.span)
        pieces = [(start, min(end, begins)), (max(start, until), end)]
        start, end = max(pieces, key=lambda piece: piece[1] - piece[0])
        return (start + end) / 2 if (end - start) / self.length >= LEAST_FREE / 24 else None

    def _place(self, start, end):
        """Where a piece begins, seen from the left, and how wide it is."""
        return self._position(end if get_language_bidi() else start), self._percent(end - start)

    def _position(self, hour):
        return self._percent(self.length - hour if get_language_bidi() else hour)

    def _percent(self, hours):
        return f"{100 * hours / self.length:.4g}%"


def hours_needed(span):
    """Return how many hours a bar must show for the span to fit: 24, 30, 36, …"""
    return max(24, 6 * ceil(hours_from_midnight(span)[1] / 6))
