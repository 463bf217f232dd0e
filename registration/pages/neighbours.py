"""The other people who wait for confirmation at an address: any mail to it leads to all of them."""

from dataclasses import dataclass

from django.urls import reverse

from registration import links
from registration.models import Registrant, Registration

# Nobody reads a longer list; a bot may have made it.
MOST = 50


@dataclass(frozen=True)
class Neighbour:
    """A person who has not confirmed yet, the days they asked for, and the link of their button."""

    name: str
    days: list
    path: str

    @property
    def numbers(self):
        """The days' numbers as the button sends them."""
        return " ".join(str(day.number) for day in self.days)


def neighbours(registrant, *, now):
    """Return up to 50 people who wait at this person's address, the oldest first, without the person.

    One query for nearly everybody, who is alone at their address; one more for others.
    """
    if not registrant.shares_address:
        return []
    people = Registrant.objects.at_address_of(registrant).other_than(registrant)
    waiting = {}
    for row in Registration.objects.for_people(people).pending().with_people():
        if row.day.is_to_come(now):
            waiting.setdefault(row.registrant, []).append(row.day)
    return [_neighbour(person, days) for person, days in list(waiting.items())[:MOST]]


def _neighbour(registrant, days):
    path = reverse("registration:confirm", args=[links.token("confirm", registrant)])
    return Neighbour(registrant.name, days, path)
