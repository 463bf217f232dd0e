"""The organisers' history about one person: it contains names, so the person may see it and have it deleted."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from registration.models import AccessRequest, OutboxMessage, Registrant, Registration


def note(user, row, words, *, flag=CHANGE):
    """Write into the organisers' history that the account `user` did something to a row, in words. Returns its key."""
    (entry,) = note_all(user, [row], words, flag=flag)
    return entry.pk


def note_all(user, rows, words, *, flag=CHANGE):
    """Write one row of the history for each of `rows`, of one model or of several. Returns them."""
    return LogEntry.objects.bulk_create(
        LogEntry(
            user_id=user.pk,
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=str(row)[:200],
            action_flag=flag,
            change_message=words,
        )
        for row in rows
    )


def note_table(user, model, words):
    """Write into the history what was done with a whole table, like a download. It names no row."""
    LogEntry.objects.create(
        user_id=user.pk,
        content_type=ContentType.objects.get_for_model(model),
        object_repr=str(model._meta.verbose_name_plural),
        action_flag=CHANGE,
        change_message=words,
    )


def entries_about(registrant, *, needs=None):
    """Return the LogEntry rows about a person, their days, requests and mails, the oldest first.

    `needs` are the AccessRequests that the reader may know of; None for all.
    """
    rows = Q()
    about = [(Registrant, [registrant.pk])]
    about += [(Registration, _keys(Registration.objects.for_person(registrant)))]
    about += [(AccessRequest, _keys(AccessRequest.objects.for_person(registrant) if needs is None else needs))]
    about += [(OutboxMessage, _keys(OutboxMessage.objects.for_person(registrant)))]
    for model, keys in about:
        content_type = ContentType.objects.get_for_model(model)
        rows |= Q(content_type=content_type, object_id__in=[str(key) for key in keys])
    return LogEntry.objects.filter(rows).order_by("pk")


def forget_rows(model, rows):
    """Delete what the history says of these rows of `model`."""
    content_type = ContentType.objects.get_for_model(model)
    LogEntry.objects.filter(content_type=content_type, object_id__in=[str(key) for key in _keys(rows)]).delete()


def _keys(rows):
    return list(rows.values_list("pk", flat=True))
