"""The people a mail to many reaches, and those it leaves out and why."""

from dataclasses import dataclass

from django.db.models import Count

from registration.models import Broadcast, Registrant
from registration.models.registrants import RegistrantQuerySet


@dataclass(frozen=True)
class Reach:
    """The people who get it, and how many matching people do not."""

    people: RegistrantQuerySet
    number: int
    undeliverable: int = 0
    unwilling: int = 0  # they ended messages that are not about their own place
    asked_before: int = 0  # they were asked once more to confirm already

    def by_language(self) -> dict[str, int]:
        """Return {language: number of people}, the most first."""
        rows = self.people.order_by().values_list("language").annotate(number=Count("pk"))
        return dict(sorted(rows, key=lambda row: (-row[1], row[0])))

    def readers(self) -> list[Registrant]:
        """Return the three people whose mails differ most, or all if there are fewer."""
        return most_different(list(self.people.order_by("pk").with_conference()[:SAMPLE]))


SAMPLE, READERS = 200, 3


def most_different(sample: list[Registrant]) -> list[Registrant]:
    """Return the three of these people whose mails differ most, or all if there are fewer."""
    chosen: list[Registrant] = []
    while len(chosen) < min(READERS, len(sample)):
        left = [person for person in sample if person not in chosen]
        chosen.append(max(left, key=lambda person: _differences(person, chosen)))
    return chosen


def _differences(person: Registrant, chosen: list[Registrant]) -> int:
    """How much a person's mail differs from those of the people chosen: by language above all, then by clock."""
    languages, zones = {one.language for one in chosen}, {one.time_zone for one in chosen}
    return 4 * (person.language not in languages) + 2 * (person.time_zone not in zones) + bool(person.carer_name)


def reach_of(broadcast: Broadcast) -> Reach:
    """Count the people a broadcast reaches now.

    It leaves out addresses that do not work. Messages that are not about people's own place leave out those who stopped
    them. A request to confirm leaves out people asked before; all others, people who have not confirmed.
    """
    wanted = broadcast.whom.everybody(broadcast.conference_id)
    undeliverable = wanted.undeliverable().count()
    people = wanted.reachable()
    if broadcast.asks_to_confirm:
        asked = Broadcast.objects.for_edition(broadcast.conference_id).asking().exclude(pk=broadcast.pk)
        fresh = people.without_mail_of(asked)
        number = fresh.count()
        return Reach(fresh, number, undeliverable, asked_before=people.count() - number)
    people = people.verified()
    if broadcast.is_about_places:
        return Reach(people, people.count(), undeliverable)
    willing = people.wanting_news()
    number = willing.count()
    return Reach(willing, number, undeliverable, unwilling=people.count() - number)
