"""The worker's jobs beside sending mail, and how often they run."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from registration import people_file
from registration.letters import outbox
from registration.services import (
    accounts,
    broadcasts,
    capacity,
    day_changes,
    erased_list,
    farewells,
    growth,
    lost_link,
    planned_acts,
    reminders,
    retention,
)


@dataclass(frozen=True)
class Job:
    """Something to do again and again: `run(now)` returns how much it did; 0 when nothing is left to do.

    One that `ends_things` does what no later look at the clock makes good, so it waits while the clock is in doubt.
    """

    name: str
    every: timedelta
    run: Callable
    ends_things: bool = False


JOBS = [
    Job("write to people about changed days", timedelta(0), lambda now: day_changes.tell_news(now=now)),
    Job("give places that were added", timedelta(0), lambda now: capacity.give_added_places(now=now)),
    Job("answer people who asked for their link", timedelta(0), lambda now: lost_link.answer_link_requests(now=now)),
    Job("do what organisers asked for many people", timedelta(0), lambda now: planned_acts.carry_on(now=now)),
    Job("queue what organisers wrote to many people", timedelta(0), lambda now: broadcasts.carry_on(now=now)),
    Job("bring in organisers' files with people", timedelta(0), lambda now: people_file.carry_on(now=now)),
    Job(
        "delete files with people after a day",
        timedelta(minutes=5),
        lambda now: retention.apply_rule("files", now=now),
        ends_things=True,
    ),
    Job("write to organisers' accounts", timedelta(seconds=5), lambda now: accounts.send_letters(now=now)),
    Job("tell people that their data is gone", timedelta(seconds=5), lambda now: farewells.send_farewells(now=now)),
    Job("empty SQLite's log of who was deleted", timedelta(minutes=10), lambda now: farewells.empty_the_log()),
    Job("list who was erased beside the backups", timedelta(seconds=5), lambda now: erased_list.copy_erasures()),
    Job("remind people of their days", timedelta(seconds=30), lambda now: reminders.remind(now=now)),
    Job(
        "take back mails that come too late",
        timedelta(seconds=10),
        lambda now: outbox.drop_expired(now=now),
        ends_things=True,
    ),
    Job("count how the conference grows", growth.COUNT_EVERY, lambda now: growth.count_what_grows(now=now)),
    Job(
        "delete what was kept long enough",
        timedelta(hours=24),
        lambda now: sum(retention.apply_policy(now=now).values()),
        ends_things=True,
    ),
    Job("delete sessions that have ended", timedelta(hours=24), lambda now: accounts.clear_sessions()),
]
