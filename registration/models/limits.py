"""Counts of tries, for rate limits."""

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from conference.models import RowQuerySet

_COUNT_ONE = """
    INSERT INTO registration_attemptcount ("limit", key, window_starts_at, count) VALUES (%s, %s, %s, 1)
    ON CONFLICT ("limit", key, window_starts_at) DO UPDATE SET count = registration_attemptcount.count + 1
    RETURNING count
"""


class AttemptCountQuerySet(RowQuerySet):
    def within(self, limit, key, starts_at):
        """The count of one limit for one key in the window that began at the UTC instant `starts_at`."""
        return self.filter(limit=limit, key=key, window_starts_at=starts_at)

    def count_one(self, limit, key, starts_at):
        """Count one try in the window that began at the UTC instant `starts_at`; return how many that makes.

        One atomic statement, so concurrent tries are all counted.
        """
        with transaction.atomic(), connection.cursor() as cursor:  # a transaction, to queue on SQLite
            cursor.execute(_COUNT_ONE, [limit, key, connection.ops.adapt_datetimefield_value(starts_at)])
            return cursor.fetchone()[0]


class AttemptCount(models.Model):
    """Tries by one key within one window of time. The key is a keyed hash: neither address nor network can be read."""

    limit = models.CharField(_("limit"), max_length=30)
    key = models.CharField(_("key"), max_length=64)
    window_starts_at = models.DateTimeField(_("from"))
    count = models.PositiveIntegerField(_("tries"), default=0)

    objects = AttemptCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of tries")
        verbose_name_plural = _("counts of tries")
        constraints = [
            models.UniqueConstraint(fields=["limit", "key", "window_starts_at"], name="attempt_count_once_per_window"),
        ]

    def __str__(self):
        return f"{self.limit}: {self.count}"
