"""Registrants: people at one edition, without account or password."""

import re
import uuid
from functools import reduce
from operator import or_
from zoneinfo import ZoneInfo

from django.db import connections, models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from conference.clock import UnknownZone, canonical_zone, place_name
from conference.models import Conference, RowQuerySet, prepared
from conference.scripts import isolated
from registration.addresses import key_of, key_of_address, key_of_name
from registration.status import READABLE_NEEDS, Status


class RegistrantQuerySet(RowQuerySet):
    def for_edition(self, conference):
        """The people of one edition."""
        return self.filter(conference=conference)

    def of_public_editions(self):
        """The people of all editions that the public may read, with the edition loaded, those of the newest first."""
        editions = Conference.objects.published()
        return self.filter(conference__in=editions).with_conference().order_by("-conference__slug", "pk")

    def with_address(self, email):
        """Everybody with this mail address, in any spelling."""
        return self.filter(email_key=key_of_address(email))

    def at_address_of(self, person):
        """Everybody at this person's edition with the same mail address, including this person."""
        return self.for_edition(person.conference_id).with_address(person.email)

    def named(self, name):
        return self.filter(name_key=key_of_name(name))

    def verified(self):
        return self.filter(verified_at__isnull=False)

    def unverified(self):
        return self.filter(verified_at__isnull=True)

    def from_country(self, code):
        """People from one country; "" for those who did not say."""
        return self.filter(country=code)

    def with_language(self, code):
        return self.filter(language=code)

    def from_countries(self, codes):
        """People from any of these countries; "" includes those who did not say."""
        return self.filter(country__in=codes)

    def with_languages(self, codes):
        return self.filter(language__in=codes)

    def with_any_role(self, roles):
        """People who named any of these roles."""
        rows = self.annotate(roles_text=Cast("roles", models.TextField()))
        return rows.filter(reduce(or_, (Q(roles_text__contains=f'"{role}"') for role in roles)))

    def with_needs(self):
        """People with needs that the Access team may read."""
        return self.filter(pk__in=self.model.objects.filter(access_requests__state__in=READABLE_NEEDS).values("pk"))

    def values_in_use(self, column):
        """Return the distinct values of `column`, in order, with one index look-up for each.

        DISTINCT would read all 100,000 rows. The indexes begin with the edition, so it looks at each edition
        separately.
        """
        table, of_edition = self.model._meta.db_table, Conference._meta.db_table
        rest = f"conference_id = used.edition AND {column} > used.value"
        next_one = f"SELECT min({column}) FROM {table} WHERE {rest}"  # noqa: S608 - names of ours
        sql = f"""
            WITH RECURSIVE used(edition, value) AS (
                SELECT id, (SELECT min({column}) FROM {table} WHERE conference_id = {of_edition}.id) FROM {of_edition}
                UNION ALL
                SELECT edition, ({next_one}) FROM used WHERE value IS NOT NULL
            )
            SELECT DISTINCT value FROM used WHERE value IS NOT NULL ORDER BY value
        """  # noqa: S608 - names of ours
        with connections[self.db].cursor() as cursor:
            cursor.execute(sql)
            return [value for (value,) in cursor.fetchall()]

    def reachable(self):
        """People whose address works, as far as we know."""
        return self.filter(undeliverable_at=None)

    def undeliverable(self):
        """People whose address refused our newest mail for good."""
        return self.filter(undeliverable_at__isnull=False)

    def wanting_news(self):
        return self.filter(news_mails=True)

    def without_mail_of(self, broadcasts):
        """People who got none of these broadcasts (a QuerySet)."""
        written_to = self.model.objects.filter(pk=OuterRef("pk"), mails__broadcast__in=broadcasts)
        return self.filter(~Exists(written_to))

    def after(self, pk):
        """People with a later key, in the order of keys."""
        return self.filter(pk__gt=pk).order_by("pk")

    def with_registration(self, **about):
        """People who have a registration that matches all of `about` (day=..., status=..., status__in=...)."""
        conditions = {f"registrations__{name}": value for name, value in about.items()}
        return self.filter(pk__in=self.model.objects.filter(**conditions).values("pk"))

    def with_registrations(self, registrations):
        """The people of some registrations (a QuerySet), each once."""
        return self.filter(pk__in=registrations.order_by().values("registrant"))

    def without_registrations(self, registrations):
        """People who have none of some registrations (a QuerySet)."""
        return self.filter(~Exists(registrations.order_by().filter(registrant=OuterRef("pk"))))

    def matching(self, words):
        """People in whose name or address each of the words occurs, in any case, script and spelling."""
        rows = self
        # As mail programs copy it: “Zoë <zoe@example.org>,”, “mailto:zoe@example.org”.
        for word in re.sub(r"mailto:|[<>,;\"“”]", " ", words).split():
            rows = rows.filter(Q(name_key__contains=key_of_name(word)) | Q(email_key__contains=key_of(word)))
        return rows

    def to_send_again(self, now):
        """People with a place, or a day to confirm, that is not over at the UTC instant `now`."""
        return self.with_registration(status__in=(Status.PENDING, Status.CONFIRMED), day__ends_at__gt=now)

    def count_for_sending_again(self, now):
        """Return how many people are `to_send_again`, and how many are not."""
        number = self.order_by().to_send_again(now).count()
        return number, self.order_by().count() - number

    def known_as(self, public_id):
        """The person with this public id."""
        return self.filter(public_id=public_id)

    def known_as_any(self, public_ids):
        """The people with one of these public ids."""
        return self.filter(public_id__in=public_ids)

    def set_deliverable(self, *, at=None):
        """Record that a mail to their address arrived: now, or at the UTC instant `at`, when a later refusal stays."""
        rows = self.filter(undeliverable_at__lte=at) if at else self
        return rows.update(undeliverable_at=None, undeliverable_reason="")

    def set_undeliverable(self, reason, now):
        """Record that the mail server refused their address permanently at the UTC instant `now`, with its reply."""
        return self.update(undeliverable_at=now, undeliverable_reason=reason[:300])

    def with_conference(self):
        return self.select_related("conference")

    def with_shared_addresses(self):
        """Annotate `shares_address`, which saves a query for each."""
        others = self.model.objects.filter(conference=OuterRef("conference"), email_key=OuterRef("email_key"))
        return self.annotate(shares_address=Exists(others.exclude(pk=OuterRef("pk"))))

    def with_days(self):
        """Their registrations and the days of these, loaded in two more queries."""
        return self.select_related("conference").prefetch_related("registrations__day__conference")

    def newest_first(self):
        return self.order_by("-created_at", "-pk")


class Registrant(models.Model):
    """A person at one edition. The same address with another name is another person."""

    class Role(models.TextChoices):
        PATIENT_PARTNER = "patient_partner", _("Patient partner")
        PATIENT = "patient", _("Patient or person with lived experience")
        CAREGIVER = "caregiver", _("Relative or caregiver")
        PUBLIC = "public", _("Member of the public")
        RESEARCHER = "researcher", _("Researcher")
        OTHER = "other", _("Something else")

    conference = models.ForeignKey(
        Conference, on_delete=models.PROTECT, related_name="registrants", verbose_name=_("conference")
    )
    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    # Longer than the name: one letter can become three in the key (ﬃ).
    name_key = models.CharField(max_length=600, editable=False)
    email = models.EmailField(_("email"), max_length=254)
    email_key = models.CharField(max_length=762, editable=False)
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("ISO 3166 code, like CA."))
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, help_text=_("IANA name, like America/Toronto. Empty: not known.")
    )
    language = models.CharField(_("language of mails"), max_length=12, default="en")
    roles = models.JSONField(_("roles"), default=list, blank=True)
    role_words = models.CharField(_("role in their own words"), max_length=300, blank=True)
    calendar_mails = models.BooleanField(
        _("calendar mails"), default=True, help_text=_("Off: this person gets no calendar invites by mail.")
    )
    reminders = models.BooleanField(
        _("reminders"), default=True, help_text=_("Off: this person gets no mail before a day.")
    )
    news_mails = models.BooleanField(
        _("other messages"),
        default=True,
        help_text=_("Off: this person gets no message from the organisers that is not about their own place."),
    )
    neutral_titles = models.BooleanField(
        _("neutral calendar titles"),
        default=False,
        help_text=_("On: calendar entries name no subject, for people who share a calendar at work."),
    )
    carer_name = models.CharField(
        _("signed up by"),
        max_length=200,
        blank=True,
        help_text=_("Who signed this person up and reads the mails, if that is someone else."),
    )
    is_added_by_organiser = models.BooleanField(_("added by an organiser"), default=False)
    # A new address that the person has not verified yet.
    new_email = models.EmailField(_("new address, not confirmed yet"), max_length=254, blank=True)
    created_at = models.DateTimeField(_("signed up"))
    verified_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)
    undeliverable_at = models.DateTimeField(
        _("address has not worked since"),
        null=True,
        blank=True,
        help_text=_("Their mail server refused our mail for good."),
    )
    undeliverable_reason = models.CharField(_("why it does not work"), max_length=300, blank=True)
    page_link_version = models.PositiveSmallIntegerField(default=1, editable=False)
    calendar_link_version = models.PositiveSmallIntegerField(default=1, editable=False)
    door_link_version = models.PositiveSmallIntegerField(default=1, editable=False)

    objects = RegistrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "email_key", "name_key"],
                name="registrant_once_per_name_and_address",
                violation_error_message=_("This person, with this address, has signed up already."),
            ),
            models.CheckConstraint(
                condition=~Q(name_key="") & ~Q(email_key=""),
                name="registrant_has_name_and_address",
                violation_error_message=_("A name and an email address are needed."),
            ),
        ]
        # For the organisers' lists, with 100,000 people in them.
        indexes = [
            models.Index(fields=["conference", "-created_at", "-id"], name="registrant_newest"),
            models.Index(fields=["conference", "country"], name="registrant_country"),
            models.Index(fields=["conference", "language"], name="registrant_language"),
            models.Index(
                fields=["conference", "undeliverable_at"],
                condition=Q(undeliverable_at__isnull=False),
                name="registrant_dead_address",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def zone(self):
        """The ZoneInfo for calculations: that of their clock, or UTC while it is unknown."""
        return self.clock or ZoneInfo("UTC")

    @property
    def clock(self):
        """The ZoneInfo of their clock; None while it is unknown, or if the zone database dropped its name."""
        try:
            return canonical_zone(self.time_zone)
        except UnknownZone:
            return None

    @property
    def place(self):
        """The place that their clock is named after, or "" while it is unknown."""
        return place_name(self.clock.key) if self.clock else ""

    @property
    def reader(self):
        """The reader of our mails: the carer who signed them up, or the person."""
        return self.carer_name or self.name

    @property
    def must_be_named(self):
        """Whether mails must name the person: for a carer, or at a shared address. One query."""
        if self.carer_name or self._state.adding:
            return bool(self.carer_name)
        return self.shares_address

    def entry_title(self, title):
        """Return the title of a calendar or an entry of it, with the name if a reader may have several people's."""
        return f"{title} ({isolated(self.name)})" if self.must_be_named else title

    @cached_property
    def shares_address(self):
        """Whether other people of the edition get mail at this address. One query."""
        return _others_at_address.exists(self.conference_id, key_of_address(self.email), self)

    @property
    def is_undeliverable(self):
        """Whether the mail server of their address refused our newest mail for good."""
        return self.undeliverable_at is not None

    @property
    def is_verified(self):
        """Whether they have confirmed their address. Before that they get only one kind of mail."""
        return self.verified_at is not None


@prepared
def person_named(conference, email_key, name_key):
    """The person of an edition with this address and this name, locked."""
    return Registrant.objects.for_edition(conference).filter(email_key=email_key, name_key=name_key).locked()


@prepared
def person_known_as(public_id):
    """The person with this public id, with the edition."""
    return Registrant.objects.known_as(public_id).with_conference()


@prepared
def person_with_edition(key):
    """The person with this key, with the edition."""
    return Registrant.objects.with_id(key).with_conference()


@prepared
def locked_person(registrant):
    """This person, locked."""
    return Registrant.objects.with_id(registrant).locked()


@prepared
def note_verified(registrant, now):
    """Record that a person verified the address at the UTC instant `now`."""
    return Registrant.objects.with_id(registrant), {"verified_at": now}


@prepared
def _others_at_address(conference, email_key, registrant):
    return Registrant.objects.for_edition(conference).filter(email_key=email_key).exclude(pk=registrant)
