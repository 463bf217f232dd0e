"""A line chart as the server draws it: positions in per cent, so words keep their size at every width."""

from dataclasses import dataclass
from itertools import pairwise

LEFT, RIGHT, TOP, BOTTOM = 9, 99, 6, 88  # per cent of the picture
STEPS = 3


@dataclass(frozen=True)
class Line:
    """One day: its name, its number now, its place in the key, and (x1, y1, x2, y2) of each piece, in per cent."""

    name: str
    now: int
    mark: str
    pieces: list


@dataclass(frozen=True)
class Chart:
    """Numbers over time. `labels` name the points; `rows` are (name, a number for each point)."""

    labels: list
    rows: list

    @property
    def top(self):
        """The number at the top: the next round one."""
        most = max((number for _name, numbers in self.rows for number in numbers), default=0)
        # Rounded up to one digit and zeros, so each line of the grid has a number that is easy to read.
        step = max(1, most // STEPS)
        size = 10 ** (len(str(step)) - 1)
        step = -(-max(1, -(-most // STEPS)) // size) * size
        return step * STEPS

    def x(self, place):
        """Return the position of the point with this number."""
        return f"{LEFT + (RIGHT - LEFT) * place / max(1, len(self.labels) - 1):.1f}%"

    def y(self, number):
        """Return the height of a number."""
        return f"{BOTTOM - (BOTTOM - TOP) * number / self.top:.1f}%"

    @property
    def grid(self):
        """(y, number) of each horizontal line, from below."""
        return [(self.y(self.top * step // STEPS), self.top * step // STEPS) for step in range(STEPS + 1)]

    @property
    def lines(self):
        """The Lines, the highest number first, as in the key."""
        drawn = [
            Line(name, numbers[-1], f"d{place % 5 + 1}", self._pieces(numbers))
            for place, (name, numbers) in enumerate(self.rows)
        ]
        return sorted(drawn, key=lambda line: -line.now)

    def _pieces(self, numbers):
        spots = [(self.x(place), self.y(number)) for place, number in enumerate(numbers)]
        return [(*one, *other) for one, other in pairwise(spots)]

    @property
    def marks(self):
        """(x, words, anchor, whether it is left out if there is little room) under the lowest line."""
        last = len(self.labels) - 1
        places = sorted({0, round(last / 4), round(last / 2), round(last * 3 / 4), last})
        anchors = {0: "start", last: "end"}
        shown = [(self.x(place), self.labels[place], anchors.get(place, "middle")) for place in places]
        return [(*mark, place not in (0, round(last / 2), last)) for mark, place in zip(shown, places, strict=True)]

    @property
    def table(self):
        """(label, numbers) of each point, the same as the lines."""
        return [(label, [numbers[place] for _name, numbers in self.rows]) for place, label in enumerate(self.labels)]

    @property
    def names(self):
        return [name for name, _numbers in self.rows]

    @property
    def story(self):
        """(name, first number, last number) of each line, for people who do not see it."""
        return [(name, numbers[0], numbers[-1]) for name, numbers in self.rows]
