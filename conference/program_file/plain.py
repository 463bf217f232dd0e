"""A program file of any format as plain data, before anything is known of what it means."""

from dataclasses import dataclass, field


@dataclass
class Plain:
    """Dicts, lists and texts, with the line of each part by its place, like ("days", 0, "title").

    `faults` are those of rows that belong nowhere in `data`: on a day that there is not, for example.
    """

    data: object
    lines: dict
    faults: list = field(default_factory=list)

    def faulty(self, faults):
        """Return how many sessions have one of the `faults`, of how many; 0 and 0 where others would not be left."""
        bad = {fault.session for fault in faults}
        lost = {fault.session for fault in self.faults}
        sessions = len(list(self._sessions())) + len(lost)
        return (0, 0) if None in bad or len(bad) == sessions else (len(bad), sessions)

    def without(self, places):
        """Return the same without the sessions at `places`, and without the rows that belong nowhere."""
        moved, days = {}, []
        for number, day in enumerate(self.data["days"]):
            left = [place for place in self._of_day(number, day) if place not in places]
            moved |= {place: ("days", number, "sessions", now) for now, place in enumerate(left)}
            days.append(day | {"sessions": [day["sessions"][place[3]] for place in left]} if left else _bare(day))
        lines = {}
        for place, line in self.lines.items():
            if place[:4] in moved:
                lines[(*moved[place[:4]], *place[4:])] = line
            elif not (len(place) > 3 and place[2] == "sessions"):
                lines[place] = line
        return Plain(self.data | {"days": days}, lines)

    def _sessions(self):
        days = self.data.get("days") if isinstance(self.data, dict) else None
        for number, day in enumerate(days if isinstance(days, list) else ()):
            yield from self._of_day(number, day)

    def _of_day(self, number, day):
        sessions = day.get("sessions") if isinstance(day, dict) else None
        count = len(sessions) if isinstance(sessions, list) else 0
        return [("days", number, "sessions", place) for place in range(count)]


def _bare(day):
    return {name: value for name, value in day.items() if name != "sessions"}
