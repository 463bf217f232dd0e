"""QuerySet methods that all tables share."""

from django.db import models


class RowQuerySet(models.QuerySet):
    """Filters by primary key, and locks."""

    FEW = 1000  # how many keys fit into another query

    def only_row(self, row):
        """This row, to read or change its current state."""
        return self.filter(pk=row.pk)

    def only_rows(self, rows):
        """These rows."""
        return self.filter(pk__in=[row.pk for row in rows])

    def other_than(self, row):
        return self.exclude(pk=row.pk)

    def with_id(self, key):
        """The row with this primary key; none for None."""
        return self.filter(pk=key)

    def with_ids(self, keys):
        """The rows whose primary keys are in `keys`, a list or a subquery."""
        return self.filter(pk__in=keys)

    def keys_if_few(self):
        """Return the keys of these rows in any order, or None if they are more than `FEW`."""
        keys = list(self.order_by().values_list("pk", flat=True)[: self.FEW + 1])
        return keys if len(keys) <= self.FEW else None

    def locked(self, *, no_key=False):
        """Lock these rows until the transaction ends, always in the same order to avoid deadlocks.

        Take the lock of a day before the locks of its people. With `no_key` rows that refer to these can still be
        added. SQLite locks the whole file instead (transaction_mode IMMEDIATE), which has the same effect.
        """
        return self.order_by("pk").select_for_update(of=("self",), no_key=no_key)
