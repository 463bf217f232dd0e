"""The audience of a mail to many: filters that combine, as plain data for a row."""

from dataclasses import asdict, dataclass, fields

from registration.status import Came, Status

from .registrants import Registrant, RegistrantQuerySet
from .registrations import Registration, RegistrationQuerySet


@dataclass(frozen=True)
class Audience:
    """Filters combined with AND. An empty one matches everybody.

    Days, states and came are about one and the same registration: "Day 2" and "has a place" mean a place on Day 2.
    """

    days: tuple[int, ...] = ()  # keys
    states: tuple[str, ...] = (Status.CONFIRMED,)
    came: str = ""
    countries: tuple[str, ...] = ()  # ISO 3166; "" for people who did not say
    languages: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    people: tuple[int, ...] = ()  # keys, for a mail to particular people
    with_needs: bool = False

    @classmethod
    def from_plain(cls, plain):
        """Return the audience that `as_plain` wrote; filters added in a newer version get their default."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in plain.items() if name in known}
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})

    def as_plain(self):
        """Return it as JSON holds it."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @property
    def is_unconfirmed(self):
        """Whether it is about people who have not confirmed: they get one kind of mail only."""
        return Status.PENDING in self.states

    def everybody(self, conference) -> RegistrantQuerySet:
        """The people of an edition who match the filters, whether or not we may or can write to them."""
        people = Registrant.objects.for_edition(conference).with_registrations(self.registrations(conference))
        if self.came == Came.NO:
            people = people.without_registrations(self._places(conference).came())
        if self.countries:
            people = people.from_countries(self.countries)
        if self.languages:
            people = people.with_languages(self.languages)
        if self.people:
            people = people.with_ids(self.people)
        if self.roles:
            people = people.with_any_role(self.roles)
        return people.with_needs() if self.with_needs else people

    def registrations(self, conference) -> RegistrationQuerySet:
        """The registrations because of which people match the filters."""
        rows = self._places(conference)
        return rows.came() if self.came == Came.YES else rows

    def days_of(self, registrant) -> RegistrationQuerySet:
        """The days of one person that a mail to this audience speaks of: those chosen, or all they have or wait for."""
        rows = Registration.objects.for_person(registrant).with_states((Status.CONFIRMED, Status.WAITLISTED))
        rows = rows.select_related("day")
        return rows.on_days(self.days) if self.days else rows

    def _places(self, conference):
        rows = Registration.objects.for_edition(conference).with_states(self.states)
        return rows.on_days(self.days) if self.days else rows
