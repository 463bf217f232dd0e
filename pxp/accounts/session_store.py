"""Where sessions are kept: Django's table, renewed in one statement."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError


class SessionStore(db.SessionStore):
    """Django's own, which wraps the renewal of a session in a transaction: two more statements for one row."""

    def save(self, must_create=False):
        """Write the session.

        Raises UpdateError if its row is gone or cannot be written, and, with `must_create`, CreateError if there is one
        already.
        """
        if must_create or self.session_key is None:
            super().save(must_create=must_create)
            return
        row = self.create_model_instance(self._get_session())
        try:
            found = self.model.objects.filter(pk=row.pk).update(
                session_data=row.session_data, expire_date=row.expire_date
            )
        except DatabaseError as fault:
            raise UpdateError from fault
        if not found:
            raise UpdateError
