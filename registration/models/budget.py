"""The mail budget: mails that forms and buttons caused, and how fast more may follow."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from conference.models import RowQuerySet

_START = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(microseconds=1)


# One statement, whether or not the mailbox has had mail: the response time must not reveal that.
_WITH_MAILS = """
    SELECT spent.person, spent.due_at, mail.state, mail.finished_at, mail.due_at
    FROM registration_spentmail AS spent
    LEFT JOIN registration_outboxmessage AS mail ON mail.message_id = spent.message_id
    WHERE spent.mailbox = %s AND spent.due_at > %s
"""


class Spent(NamedTuple):
    """A mail that was asked for, and the state of its row in the outbox: None if there is none (any more)."""

    person: str
    due_at: datetime
    mail_state: str | None
    mail_finished_at: datetime | None
    mail_due_at: datetime | None


class SpentMailQuerySet(RowQuerySet):
    def with_mails(self, mailbox, *, due_after):
        """Return a Spent for each mail to a mailbox that may leave after the UTC instant. It is no QuerySet."""
        with connection.cursor() as cursor:
            cursor.execute(_WITH_MAILS, [mailbox, connection.ops.adapt_datetimefield_value(due_after)])
            return [Spent(*map(_aware, row)) for row in cursor.fetchall()]


class SpentMail(models.Model):
    """One mail to a mailbox, caused on our pages. The keys are keyed hashes, so they reveal no address."""

    mailbox = models.CharField(_("mailbox"), max_length=64)
    # Empty if anyone could cause it; else the person whose page did.
    person = models.CharField(_("person"), max_length=64, blank=True)
    # The mail, which may be deleted before this row; empty if the address is unused and got none.
    message_id = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField(_("may leave"))

    objects = SpentMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail that was asked for")
        verbose_name_plural = _("mails that were asked for")
        indexes = [models.Index(fields=["mailbox", "due_at"], name="spent_mail_by_mailbox")]

    def __str__(self):
        return f"{self.due_at:%Y-%m-%d %H:%M}"


# An existing row advances from its instant, or from now if that is past.
_TAKE_TURNS = """
    INSERT INTO registration_pace (name, key, free_at) VALUES {rows}
    ON CONFLICT (name, key) DO UPDATE SET free_at = excluded.free_at
        + CASE WHEN registration_pace.free_at > %s THEN registration_pace.free_at - %s ELSE 0 END
    RETURNING name, free_at
"""


class PaceQuerySet(RowQuerySet):
    def take_turns(self, wanted, now):
        """Take the next turn under several paces at the UTC instant `now`, in one statement: (name, key, seconds) each.

        Returns {name: the UTC instant at which that pace is free again}. (GCRA, as in ATM networks: one row, one
        instant.) The rows stay locked until the transaction ends; everybody names them in the same order.
        """
        at = _microseconds(now)
        rows = [value for name, key, seconds in wanted for value in (name, key, at + round(seconds * 1_000_000))]
        sql = _TAKE_TURNS.format(rows=", ".join(["(%s, %s, %s)"] * len(wanted)))
        with connection.cursor() as cursor:
            cursor.execute(sql, [*rows, at, at])
            return {name: _START + free_at * _STEP for name, free_at in cursor.fetchall()}

    def bring_back(self, back, *, now):
        """Bring along what is ahead of the UTC instant `now`, to which the clock went back by `back` (a timedelta)."""
        return self.filter(free_at__gt=_microseconds(now)).update(free_at=models.F("free_at") - back // _STEP)

    def free_at(self, wanted):
        """Return {key: the UTC instant at which its pace is free again} for some (name, key), if it was used."""
        names, keys = zip(*wanted, strict=True)
        rows = self.filter(name__in=names, key__in=keys).values_list("key", "free_at")
        return {key: _START + free_at * _STEP for key, free_at in rows}

    def is_ahead(self, name, key, instant):
        """Whether a pace is not free before the UTC instant."""
        return self.filter(name=name, key=key, free_at__gt=_microseconds(instant)).exists()

    def used_up_before(self, instant):
        return self.filter(free_at__lt=_microseconds(instant))


def _aware(value):
    """Make an instant from a raw statement aware: SQLite stores all instants in UTC, without a zone."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def _microseconds(instant):
    return (instant - _START) // _STEP


class Pace(models.Model):
    """How far ahead of time the mails of a network, to a domain or of the whole site are. The key is a keyed hash."""

    name = models.CharField(_("limit"), max_length=30)
    key = models.CharField(_("key"), max_length=64)
    # A number, because both databases can add to it in one statement.
    free_at = models.BigIntegerField(_("free again, in microseconds since 1970 in UTC"))

    objects = PaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("pace of mails")
        verbose_name_plural = _("paces of mails")
        constraints = [models.UniqueConstraint(fields=["name", "key"], name="pace_once_per_key")]

    def __str__(self):
        return self.name
