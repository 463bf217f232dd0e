"""Ending reminders: mail programs do it with one press of their own (RFC 8058), people with a button."""

from django.template.response import TemplateResponse

from registration.services import reminders

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
    context = {"wants": registrant.reminders, "is_done": request.method == "POST"}
    return TemplateResponse(request, "registration/unsubscribe.html", context)
