"""The valid sessions of a program file."""

from dataclasses import dataclass, field

from conference.program_file import Fault, Plain, Program, ProgramFaults, check


@dataclass
class GoodSessions:
    """A Program without its faulty sessions: how many were left out, of how many, and all their faults."""

    program: Program
    left_out: int = 0
    sessions: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def left(self):
        """How many sessions are right."""
        return self.sessions - self.left_out


def drop_faulty_sessions(plain, *, anyway=False):
    """Return the GoodSessions of a file's Plain data.

    Raises ProgramFaults if something else than sessions is wrong, or if no session is right. `anyway` is as for
    `check`.
    """
    left_out, sessions, good, faults = 0, 0, plain, []
    while True:  # a fault may hide another
        try:
            return GoodSessions(check(good, anyway=anyway), left_out, sessions, faults)
        except ProgramFaults as wrong:
            if None in wrong.sessions:
                raise
            sessions = sessions or len({*_places(plain.data), *(fault.session for fault in plain.faults)})
            left_out += len(wrong.sessions)
            faults += wrong.faults
            if left_out == sessions:
                raise
            good = _without(good, wrong.sessions)


def _places(data):
    """Return the place of each session."""
    return [
        ("days", number, "sessions", place)
        for number, day in enumerate(data["days"])
        for place in range(len(day.get("sessions") or ()))
    ]


def _without(plain, faulty):
    """Return the same without the sessions at some places, and without the rows that belong nowhere."""
    days = [{name: part for name, part in day.items() if name != "sessions"} for day in plain.data["days"]]
    moved = {}
    for place in _places(plain.data):
        if place not in faulty:
            sessions = days[place[1]].setdefault("sessions", [])
            moved[place] = (*place[:3], len(sessions))
            sessions.append(plain.data["days"][place[1]]["sessions"][place[3]])
    lines = {
        moved.get(place[:4], place[:4]) + place[4:]: line
        for place, line in plain.lines.items()
        if place[:4] not in faulty
    }
    return Plain(plain.data | {"days": days}, lines)
