"""Ending reminders and other messages: mail programs do it with one press (RFC 8058), people with a button."""

from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from conference.scripts import isolated
from registration.models import Registration
from registration.services import broadcasts, reminders

from .decorators import of_person, open_to_all_origins, personal


# A mail program's own page may send this; the unguessable address is the proof (RFC 8058 §3.1).
@open_to_all_origins
@personal(of_person("unsubscribe"))
def unsubscribe(request, registrant):
    """Show a button; on POST switch reminders off, or on again. Repeating it does nothing more."""
    if request.method == "POST":
        wanted = "again" in request.POST
        reminders.set_reminders(registrant, wanted=wanted, now=request.edition.now)
        registrant.reminders = wanted
    context = {
        "wants": registrant.reminders,
        "is_done": request.method == "POST",
        "kept": kept_words(registrant) if has_days_to_come(request, registrant) else "",
    }
    return TemplateResponse(request, "registration/unsubscribe.html", context)


@open_to_all_origins
@personal(of_person("unsubscribe"))
def unsubscribe_news(request, registrant):
    """The same for messages from the organisers that are not about the person's own place."""
    if request.method == "POST":
        wanted = "again" in request.POST
        broadcasts.set_news(registrant, wanted=wanted)
        registrant.news_mails = wanted
    context = {
        "wants": registrant.news_mails,
        "is_done": request.method == "POST",
        "kept": kept_words(registrant, is_reminded=registrant.reminders)
        if has_days_to_come(request, registrant)
        else "",
    }
    return TemplateResponse(request, "registration/unsubscribe_news.html", context)


def has_days_to_come(request, registrant):
    """Whether the person has a place, or waits for one, on a day that is to come."""
    return Registration.objects.for_person(registrant).live().taking_place().not_over(request.edition.now).exists()


def kept_words(registrant, *, is_reminded=False):
    """Return what stays as it is, in words for the person or for a carer; `is_reminded`: they still get reminders."""
    if registrant.carer_name:
        words = {"name": isolated(registrant.name)}
        return _("%(name)s’s place is kept. We still write to you when a day changes.") % words
    if is_reminded:
        return _("You keep your place. We still write to you about it, and remind you of your days.")
    return _("You keep your place. We still write to you when a day changes.")
