"""Reports of a mail provider: a mail bounced, was called spam, or arrived.

django-anymail checks the signature and normalises every provider's report. Without a provider nothing here runs: the
worker notes the mail server's immediate refusals (`mail.leases`).
"""

import re
from collections.abc import Callable
from typing import Any, cast

from anymail.signals import EventType, RejectReason
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from registration.mail.refusals import is_about_address
from registration.models import Registrant


class _ReadsOrRefuses:
    """Mixin for a provider's view of django-anymail, which crashes on a report that is malformed."""

    def parse_events(self, request: HttpRequest) -> list[Any]:
        """Return the events of a report. Raises BadRequest, which Django answers with status 400."""
        try:
            return super().parse_events(request)  # type: ignore[misc]  # of the view that it is mixed into
        except (ValueError, LookupError, TypeError, AttributeError):
            raise BadRequest("This report cannot be read.") from None


def tracking_view(provider: str) -> Callable[..., HttpResponseBase]:
    """Return the view that takes the reports of a provider ("postmark", "mailgun", …).

    Raises LookupError for a provider that django-anymail does not know.
    """
    from anymail import urls  # imports the code for all providers: 6 MB

    for pattern in urls.urlpatterns:
        if pattern.name == f"{provider}_tracking_webhook":
            view = pattern.callback.view_class
            mixed = cast(type[View], type(view.__name__, (_ReadsOrRefuses, view), {}))
            return mixed.as_view(**pattern.callback.view_initkwargs)
    raise LookupError(provider)


def record_event(sender: Any, event: Any, esp_name: str, **kwargs: Any) -> None:
    """Record one report on everybody at its address. Anymail calls it after checking the signature."""
    people, kind, reason = Registrant.objects.with_address(event.recipient or ""), event.event_type, event.reject_reason
    # Reports come late and in any order. By a clock that is ahead, none is from the future.
    at = min(event.timestamp or timezone.now(), timezone.now())
    if kind == EventType.BOUNCED and _is_about_address(event):
        people.set_undeliverable(_("The mail came back: the address does not accept our mail."), at)
    elif kind == EventType.REJECTED and reason in (RejectReason.INVALID, RejectReason.BOUNCED):
        people.set_undeliverable(_("Our mail provider does not send to this address any more."), at)
    elif kind in (EventType.COMPLAINED, EventType.UNSUBSCRIBED):
        people.update(reminders=False, news_mails=False)  # people who call our mail spam get only what they ask for
    elif kind == EventType.DELIVERED:
        people.set_deliverable(at=at)


def _is_about_address(event: Any) -> bool:
    """Whether no mail will ever arrive there. A full mailbox, or a server that took ours for spam, does not count."""
    is_for_good = event.reject_reason in (RejectReason.INVALID, RejectReason.BOUNCED)
    is_sure = is_for_good and not _PASSES.search(str(event.esp_event))
    return is_about_address(event.mta_response or event.description or "", is_sure=is_sure)


# How providers name, in their own fields, a temporary bounce; django-anymail calls both kinds "bounced".
_PASSES = re.compile(r"soft\W?_?bounce|transient|undetermined", re.IGNORECASE)
