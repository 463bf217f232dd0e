"""Programs that send WATCH_TOKEN may watch."""

from django.conf import settings
from django.utils.crypto import constant_time_compare


def may_watch(request):
    """Return whether a request carries `Authorization: Bearer` and the token (RFC 6750, 2.1)."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    return (
        bool(settings.WATCH_TOKEN) and kind.lower() == "bearer" and constant_time_compare(token, settings.WATCH_TOKEN)
    )
