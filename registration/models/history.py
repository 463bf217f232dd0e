"""What the organisers' history says about one person: it quotes names, so it is theirs to see and to have deleted."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from registration.models import AccessRequest, OutboxMessage, Registrant, Registration


def entries_about(registrant):
    """Return the LogEntry rows about a person, their days, requests and mails, the oldest first."""
    rows = Q()
    about = [(Registrant, [registrant.pk])]
    about += [(Registration, _keys(Registration.objects.of(registrant)))]
    about += [(model, _keys(model.objects.to(registrant))) for model in (AccessRequest, OutboxMessage)]
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
