"""What people need, as a table only for the Access team."""

from collections.abc import Iterator
from typing import BinaryIO

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.models import Conference
from conference.tables import write
from registration.models import AccessRequest
from registration.models.access import AccessRequestQuerySet
from registration.models.history import note_table

from .columns import instant_words


def table_of_needs(conference: Conference, *, kind: str, user: User) -> BinaryIO:
    """Return a file with one row for each request, and log the download where only the Access team sees it.

    The caller has made sure that `user` is on that team, and closes the file.
    """
    needs = AccessRequest.objects.for_edition(conference).readable()
    number = needs.count()
    words = ngettext(
        "Downloaded %(n)d access request as a table", "Downloaded %(n)d access requests as a table", number
    )
    note_table(user, AccessRequest, words % {"n": number})
    heads = [
        _("Name"),
        _("Email"),
        _("Days"),
        _("What they need"),
        _("Status of the request"),
        _("Our answer"),
        _("Asked (UTC)"),
    ]
    return write(kind, [(_("What people need"), heads, _rows(needs))])


def _rows(needs: AccessRequestQuerySet) -> Iterator[list[str]]:
    loaded = needs.with_people().prefetch_related("registrant__registrations__day").order_by("pk")
    for need in loaded.iterator(chunk_size=500):
        live = [row for row in need.registrant.registrations.all() if row.is_live]
        yield [
            need.registrant.name,
            need.registrant.email,
            "; ".join(row.day.label for row in sorted(live, key=lambda row: row.day.number)),
            need.words,
            str(need.get_state_display()),
            need.answer,
            instant_words(need.created_at),
        ]
